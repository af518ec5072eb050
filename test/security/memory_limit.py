"""A limit on a process's memory, as that of a task is: the kernel kills what passes it."""

import os
import uuid
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")


class Limited:
    """The server's processes; their memory is only watched where this machine allows no limit."""

    def __init__(self, pid, mebibytes):
        self.pid, self.limit = pid, mebibytes * 1024 * 1024
        self.version2 = (ROOT / "cgroup.controllers").exists()
        self.group = (ROOT if self.version2 else ROOT / "memory") / ("test-" + uuid.uuid4().hex)
        try:
            self.group.mkdir()
            name = "memory.max" if self.version2 else "memory.limit_in_bytes"
            (self.group / name).write_text(str(self.limit))
            (self.group / "cgroup.procs").write_text(str(pid))
        except OSError:
            self.remove()
            self.group = None

    def kills(self):
        if not self.group:
            return 0
        file = self.group / ("memory.events" if self.version2 else "memory.oom_control")
        counts = dict(line.split() for line in file.read_text().splitlines())
        return int(counts["oom_kill"])

    def used(self):
        """What the processes have, their shares of what they have together, in bytes."""
        total = 0
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and os.getpgid(int(entry.name)) == self.pid:
                    lines = (entry / "smaps_rollup").read_text().splitlines()
                    total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
            except OSError:
                # It has ended meanwhile.
                pass
        return total * 1024

    def remove(self):
        try:
            self.group.rmdir()
        except OSError:
            pass
