"""A network with a server's host, and a database's host that has several addresses.

It can give up an address: from then on nothing that is sent there is answered, as after a
failover. A proxy cannot show that: its kernel would go on acknowledging what it receives.
"""

import os
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path

from postgres import HOST, NOBODY

# Reserved for tests of networks: (interface, the server's address, the database's address).
FIRST = ("first", "198.18.0.1", "198.18.0.2")
SECOND = ("second", "198.18.0.5", "198.18.0.6")
THIRD = ("third", "198.18.0.9", "198.18.0.10")
MAC = "02:00:00:00:00:%02x"
NEEDS = "this test needs Linux's namespaces, as root or where every user may have them, and %s"


class Unavailable(Exception):
    """What the machine lacks."""


def program(name):
    # Debian keeps `ip` where only root looks.
    path = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if not path:
        raise Unavailable(NEEDS % name + ", which is not installed")
    return path


class Namespace:
    """Namespaces of the kernel; they end with this process, at the latest."""

    def __init__(self, *kinds, within=lambda command: command):
        self._kinds, self._within = kinds, within
        command = [program("unshare"), *kinds, "sh", "-c", "echo ready; exec cat"]
        pipe = subprocess.PIPE
        self._holder = subprocess.Popen(
            within(command), stdin=pipe, stdout=pipe, stderr=pipe, text=True
        )
        if self._holder.stdout.readline() != "ready\n":
            raise Unavailable(NEEDS % "unshare" + ": " + self._holder.communicate()[1].strip())

    def command(self, command):
        """The same command, inside."""
        kinds = [kind for kind in self._kinds if kind != "--map-root-user"]
        enter = [program("nsenter"), "--target", str(self._holder.pid), *kinds]
        return self._within([*enter, "--preserve-credentials", "--", *command])

    def run(self, *command):
        """What it prints."""
        done = subprocess.run(
            self.command(command), check=True, timeout=30, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    @property
    def pid(self):
        return str(self._holder.pid)

    def end(self):
        self._holder.communicate()


class Network:
    def __init__(self, directory):
        self._root = os.getuid() == 0
        self._ip = program("ip")
        self._hosts = Path(directory, "hosts")
        self._ends = ExitStack()
        try:
            self._set_up()
        except BaseException:
            self.end()
            raise

    def _set_up(self):
        user = () if self._root else ("--user", "--map-root-user")
        self.server = Namespace(*user, "--net", "--mount")
        self._ends.callback(self.server.end)
        self._database = Namespace("--net", within=self.server.command)
        self._ends.callback(self._database.end)
        self.name_leads_to(FIRST)
        self.server.run("mount", "--bind", str(self._hosts), "/etc/hosts")
        self.server.run(self._ip, "link", "set", "lo", "up")
        for number, (name, near, far) in enumerate((FIRST, SECOND, THIRD)):
            mac = MAC % number
            pair = ["type", "veth", "peer", "name", name, "address", mac]
            peer = [*pair, "netns", self._database.pid]
            self.server.run(self._ip, "link", "add", "name", name, *peer)
            self.server.run(self._ip, "address", "add", near + "/30", "dev", name)
            self.server.run(self._ip, "link", "set", name, "up")
            self._database.run(self._ip, "address", "add", far + "/30", "dev", name)
            self._database.run(self._ip, "link", "set", name, "up")
            # As in a VPC, where no host notices that another one is gone.
            known = [far, "lladdr", mac, "nud", "permanent"]
            self.server.run(self._ip, "neighbour", "replace", *known, "dev", name)

    def database_command(self, command):
        """The same command on the database's host; no database runs as root."""
        if self._root:
            ids = ["--reuid=%d" % NOBODY, "--regid=%d" % NOBODY, "--clear-groups"]
            return self._database.command([program("setpriv"), *ids, *command])
        ids = ["--map-user=%d" % os.getuid(), "--map-group=%d" % os.getgid()]
        return self._database.command([program("unshare"), "--user", *ids, *command])

    def name_leads_to(self, link):
        # In place: what is mounted is this file, not its name.
        self._hosts.write_text("127.0.0.1 localhost\n%s %s\n" % (link[2], HOST))

    def silence(self, link):
        name, _, far = link
        self._database.run(self._ip, "address", "del", far + "/30", "dev", name)

    def speak(self, link):
        name, _, far = link
        self._database.run(self._ip, "address", "add", far + "/30", "dev", name)

    def probe_delays(self, port):
        """In how many seconds each idle connection to the port is probed."""
        lines = self.server.run("cat", "/proc/net/tcp").splitlines()[1:]
        rows = [line.split() for line in lines]
        # Remote address, state (established), and the timer (2: of keepalive) with its hundredths.
        timers = [row[5] for row in rows if row[2].endswith(":%04X" % port) and row[3] == "01"]
        return [
            int(timer[3:], 16) / 100 if timer[:2] == "02" else None
            for timer in timers
            if timer[:2] in ("00", "02")
        ]

    def end(self):
        self._ends.close()
