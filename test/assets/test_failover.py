"""A database whose name moves to another address, while the old one falls silent."""

import contextlib
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

import processes
from conftest import ADMIN, PASSWORD, ROLE
from network import FIRST, SECOND, THIRD, Network, Unavailable
from postgres import Postgres, free_port
from processes import published, wait_for

pytestmark = pytest.mark.namespaces

WRITERS = 2
# The silence that connections bear (10 s), a connection attempt that began before the name moved
# (10 s), and the client's own pause.
BOUND = 30
TABLE = "alembic_version"


class Writer:
    def __init__(self, network, port, directory):
        environment = {
            **processes.base_environment(directory),
            "MLFLOW_TRACKING_URI": "http://127.0.0.1:%d" % port,
            "MLFLOW_TRACKING_USERNAME": ADMIN[0],
            "MLFLOW_TRACKING_PASSWORD": ADMIN[1],
        }
        program = str(Path(__file__).with_name("write.py"))
        pipe = subprocess.PIPE
        self._client = subprocess.Popen(
            network.server.command([sys.executable, program]),
            env=environment,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            text=True,
        )
        self.times, self.lines = [], []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self._client.stdout:
            self.lines.append(line.strip())
            self.times.append(time.monotonic())

    def pause_after(self, moment):
        """The seconds until the first write that was acknowledged after it."""
        return next((at - moment for at in list(self.times) if at > moment), None)

    def finish(self):
        """The exit code and what it complained of; it is ended where it hangs."""
        self._client.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._client.wait(10)
        self.end()
        return self._client.returncode, self._client.stderr.read()

    def end(self):
        self._client.kill()
        self._client.wait()
        self._reader.join(10)


@dataclass
class Failover:
    """What was seen."""

    migration_survived: bool
    migration_after_silence: float
    migration: tuple
    probe_delays: list
    pauses: list
    acknowledged: dict
    stored: dict
    clients: list


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    if sys.platform != "linux":
        pytest.skip("network namespaces are Linux's")
    try:
        network = Network(tmp_path_factory.mktemp("network"))
    except Unavailable as problem:
        pytest.fail(str(problem))
    yield network
    network.end()


@pytest.fixture(scope="module")
def primary(network, authority):
    """A database that keeps what it acknowledged, also when it is killed."""
    cluster = Postgres(
        os.environ["POSTGRES_BIN"],
        authority,
        listen="*",
        settings="synchronous_commit = on",
        within=network.database_command,
    )
    try:
        cluster.start()
        cluster.create_role(ROLE, PASSWORD)
        yield cluster
    finally:
        cluster.remove()


@pytest.fixture(scope="module")
def given(primary, environment_for, tmp_path_factory):
    """Makes an environment in which only the name tells where the database is."""

    def make(database, **more):
        directory = tmp_path_factory.mktemp(database)
        timeout = published("PGCONNECT_TIMEOUT")
        environment = environment_for(database, directory, PGCONNECT_TIMEOUT=timeout)
        del environment["PGHOSTADDR"]
        return {**environment, "PGPORT": str(primary.port), **more}

    return make


def inside(network, verb, *arguments):
    return network.server.command(processes.inlined(verb, *arguments))


def ended_after(process, moment, limit):
    """The seconds until it ended, at most the limit."""
    while process.poll() is None and time.monotonic() < moment + limit:
        time.sleep(0.1)
    return time.monotonic() - moment


@pytest.fixture(scope="module")
def failover(network, primary, given, tmp_path_factory):
    database = primary.create_database(ROLE)
    result = processes.run(inside(network, "migrate"), given(database))
    assert result.returncode == 0, result.stderr
    other = primary.create_database(ROLE, database)
    blocker = primary.hold(other, TABLE, "access exclusive")
    # By a way of its own, which can be cut while the server starts.
    migration = processes.start(inside(network, "migrate"), given(other, PGHOSTADDR=THIRD[2]))
    port = free_port()
    arguments = ["--app-name", "basic-auth", "--workers", "1", "--port", str(port)]
    server = processes.Server(inside(network, "serve", *arguments), given(database), port)
    writers = []
    try:
        wait_for(lambda: primary.waiters(other, TABLE))
        waiting = time.monotonic()
        # Whatever is sent in the meantime is lost, as probes are once in a while.
        time.sleep(5)
        network.silence(THIRD)
        time.sleep(6)
        network.speak(THIRD)
        wait_for(lambda: "Application startup complete" in server.output)
        directories = [tmp_path_factory.mktemp("writer") for _ in range(WRITERS)]
        writers += [Writer(network, port, directory) for directory in directories]
        wait_for(lambda: all(len(writer.lines) > 10 for writer in writers))
        # Longer than the silence that a connection bears.
        time.sleep(max(0, waiting + 17 - time.monotonic()))
        survived = migration.poll() is None
        delays = network.probe_delays(primary.port)
        network.silence(THIRD)
        network.silence(FIRST)
        silent = time.monotonic()
        # As after RDS's failover, the next one starts from the same disk.
        primary.kill()
        primary.start()
        time.sleep(2)
        network.name_leads_to(SECOND)
        moved = time.monotonic()
        migration_ended = ended_after(migration, silent, BOUND)
        while None in [w.pause_after(moved) for w in writers] and time.monotonic() < moved + BOUND:
            time.sleep(0.1)
        pauses = [writer.pause_after(moved) for writer in writers]
        clients = [writer.finish() for writer in writers]
    finally:
        blocker.close()
        processes.end(migration)
        for writer in writers:
            writer.end()
        server.end()
    statement = "select run_uuid, array_agg(step order by step) from metrics group by run_uuid"
    return Failover(
        migration_survived=survived,
        migration_after_silence=migration_ended,
        migration=(migration.returncode, migration.stderr.read()),
        probe_delays=delays,
        pauses=pauses,
        acknowledged={writer.lines[0]: int(writer.lines[-1]) for writer in writers},
        stored=dict(primary.query(database, statement)),
        clients=clients,
    )


def test_each_connection_is_probed(failover):
    # Of the migration and its lock, of the server's stores, and of its users.
    assert len(failover.probe_delays) >= 4
    assert all(delay is not None and delay <= 4 for delay in failover.probe_delays)


def test_the_server_recovers(failover):
    assert all(pause is not None and pause < BOUND for pause in failover.pauses)


def test_no_acknowledged_write_is_lost(failover):
    assert len(failover.acknowledged) == WRITERS
    for run, acknowledged in failover.acknowledged.items():
        # The last one may have been stored while the client was told to end.
        assert failover.stored[run] in [list(range(acknowledged)), list(range(acknowledged + 1))]


def test_no_client_sees_an_error(failover):
    assert failover.clients == [(0, "")] * WRITERS


def test_a_migration_outlives_a_silent_statement_and_lost_packets(failover):
    assert failover.migration_survived


def test_a_migration_does_not_wait_for_a_database_that_is_gone(failover):
    assert failover.migration_after_silence < BOUND
    code, errors = failover.migration
    assert code == 1
    assert "cdk-mlflow: migrate failed with OperationalError" in errors
