"""Makes the temporary directory writable for the server's user."""

import os

path = os.environ["TMPDIR"]
os.chmod(path, 0o1777)
print("cdk-mlflow: %s is writable for every user" % path, flush=True)
