"""Prints what an image holds, as JSON: bytes of all files, of compiled modules and below /opt/mlflow, each file once."""

import json
import os
import stat

NOT_OF_THE_IMAGE = {"/proc", "/sys", "/dev", "/run", "/tmp"}

seen = set()
sizes = {"all": 0, "compiled": 0, "packages": 0, "files": 0}
for directory, names, files in os.walk("/"):
    names[:] = [name for name in names if os.path.join(directory, name) not in NOT_OF_THE_IMAGE]
    for name in files:
        path = os.path.join(directory, name)
        status = os.lstat(path)
        if not stat.S_ISREG(status.st_mode) or status.st_ino in seen:
            continue
        seen.add(status.st_ino)
        sizes["files"] += 1
        sizes["all"] += status.st_size
        sizes["compiled"] += status.st_size if name.endswith(".pyc") else 0
        sizes["packages"] += status.st_size if path.startswith("/opt/mlflow/") else 0
print(json.dumps(sizes))
