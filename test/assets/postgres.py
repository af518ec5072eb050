"""A throwaway PostgreSQL that takes nothing but TLS from the network."""

import contextlib
import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg2
from psycopg2 import sql

# The name in the certificate; PGHOSTADDR leads there, as DNS would.
HOST = "database.test"
# PostgreSQL refuses to run as root.
NOBODY = 65534

CONFIGURATION = """
listen_addresses = '{listen}'
unix_socket_directories = '{directory}'
port = {port}
ssl = on
ssl_cert_file = '{directory}/server.pem'
ssl_key_file = '{directory}/server.key'
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 200
{settings}
"""
ACCESS = """
local   all all              trust
hostssl all all all          scram-sha-256
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children(parent):
    """The processes that a process started and that have not ended."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                # After the name, which is in brackets: the state, the parent.
                if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                    found.append(int(entry.name))
    return found


class Postgres:
    """`within` turns a command into one that runs elsewhere, as who may own a database."""

    def __init__(self, binaries, authority, listen="127.0.0.1", settings="", within=None):
        self._binaries = Path(binaries)
        self._directory = Path(tempfile.mkdtemp(prefix="pg-"))
        self._numbers = itertools.count(1)
        self._process = None
        self.port = free_port()
        certificate, key = authority.issue(HOST)
        self._as_nobody = {"user": NOBODY, "group": NOBODY} if os.getuid() == 0 else {}
        self._write("server.pem", certificate)
        self._write("server.key", key)
        if self._as_nobody:
            os.chown(self._directory, NOBODY, NOBODY)
        self._within = within
        self._initialise(listen, settings)

    def _write(self, name, text):
        path = self._directory / name
        path.write_text(text)
        path.chmod(0o600)
        if self._as_nobody:
            os.chown(path, NOBODY, NOBODY)

    def _initialise(self, listen, settings):
        data = self._directory / "data"
        subprocess.run(
            [self._binaries / "initdb", "-D", data, "-U", "postgres", "-E", "UTF8"]
            + ["--locale=C", "--no-sync", "-A", "trust"],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"]},
            **self._as_nobody,
        )
        text = CONFIGURATION.format(
            directory=self._directory, port=self.port, listen=listen, settings=settings
        )
        with open(data / "postgresql.conf", "a") as file:
            file.write(text)
        (data / "pg_hba.conf").write_text(ACCESS)

    def start(self):
        command = [str(self._binaries / "postgres"), "-D", str(self._directory / "data")]
        with open(self._directory / "log", "w") as log:
            self._process = subprocess.Popen(
                self._within(command) if self._within else command,
                cwd="/",
                stdout=log,
                stderr=log,
                env={"PATH": os.environ["PATH"]},
                **({} if self._within else self._as_nobody),
            )
        deadline = time.monotonic() + 30
        while True:
            try:
                self.connect("postgres").close()
                return
            except psycopg2.OperationalError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise RuntimeError((self._directory / "log").read_text())
                time.sleep(0.1)

    def stop(self):
        """Ends its connections at once; it can be started again."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(30)

    def kill(self):
        """Ends each of its processes without a chance to say so; what is on the disk stays."""
        victims = [self._process.pid, *children(self._process.pid)]
        for pid in victims:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait(30)
        # Their shared memory keeps the next one from starting.
        deadline = time.monotonic() + 30
        while any(Path("/proc", str(pid)).exists() for pid in victims):
            if time.monotonic() > deadline:
                raise RuntimeError("processes of the database do not end")
            time.sleep(0.05)

    def remove(self):
        self.stop()
        shutil.rmtree(self._directory, ignore_errors=True)

    def connect(self, database, user="postgres"):
        """As the owner of the cluster, past the network."""
        connection = psycopg2.connect(
            host=str(self._directory), port=self.port, user=user, dbname=database
        )
        connection.autocommit = True
        return connection

    def query(self, database, statement, *values):
        connection = self.connect(database)
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, values or None)
                return cursor.fetchall() if cursor.description else None
        finally:
            connection.close()

    def hold(self, database, table, mode):
        """A connection that keeps the table locked until it is closed."""
        connection = self.connect(database)
        connection.autocommit = False
        with connection.cursor() as cursor:
            cursor.execute("lock table %s in %s mode" % (table, mode))
        return connection

    def waiters(self, database, table):
        """How many sessions wait for a lock on the table."""
        statement = "select count(*) from pg_locks where not granted and relation = %s::regclass"
        return self.query(database, statement, table)[0][0]

    def create_role(self, name, password):
        statement = sql.SQL("create role {} login password {}")
        self.query("postgres", statement.format(sql.Identifier(name), sql.Literal(password)))

    def create_database(self, owner, template="template0"):
        """A new database, empty or a copy; returns its name."""
        name = "db%d" % next(self._numbers)
        statement = sql.SQL("create database {} owner {} template {}")
        self.query(
            "postgres",
            statement.format(*(sql.Identifier(x) for x in (name, owner, template))),
        )
        return name
