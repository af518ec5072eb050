"""The server that `serve` becomes."""

import json
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote

import pytest

import processes
from conftest import ADMIN, ROLE, assert_no_secret
from postgres import free_port
from processes import URI, wait_for

BALANCER = "internal-Mlflow-AbC-123.us-east-1.elb.amazonaws.com"
SEARCH = "/api/2.0/mlflow/experiments/search?max_results=10"
ME = "/api/2.0/mlflow/users/current"


@pytest.fixture(scope="module")
def running(postgres, environment_for, current, tmp_path_factory):
    """One server for every test that leaves it as it is."""
    directory = tmp_path_factory.mktemp("running")
    port = free_port()
    environment = environment_for(
        postgres.create_database(ROLE, current),
        directory,
        MLFLOW_SERVER_ALLOWED_HOSTS="localhost,localhost:*,127.0.0.1:*,%s" % BALANCER,
        MLFLOW_WORKSPACE="a-clients-workspace",
    )
    command = processes.inlined(
        "serve", "--app-name", "basic-auth", "--workers", "1", "--port", str(port)
    )
    server = processes.Server(command, environment, port)
    try:
        yield server.wait_until_healthy()
    finally:
        server.end()


def test_becomes_mlflow(running):
    line = Path("/proc", str(running.process.pid), "cmdline").read_bytes().split(b"\0")
    assert line[:4] == [sys.executable.encode(), b"-m", b"mlflow", b"server"]
    assert b"--app-name" in line and b"basic-auth" in line


def test_signs_in_the_administrator(running):
    assert running.request(ME)[0] == 401
    assert running.request(ME, user=("admin", "wrong-password"))[0] == 401
    status, text = running.request(ME, user=ADMIN)
    assert status == 200
    assert json.loads(text)["user"]["is_admin"] is True


@pytest.mark.parametrize(
    "host, status",
    [
        (BALANCER, 200),
        (BALANCER.lower(), 200),
        ("localhost", 200),
        (BALANCER.upper(), 403),
        ("other.test", 403),
    ],
)
def test_answers_to_the_names_of_the_balancer(running, host, status):
    assert running.request(SEARCH, user=ADMIN, host=host)[0] == status


def test_shows_no_secret(running):
    assert_no_secret(running.output, running.environment)
    lines = processes.command_lines(running.process.pid)
    assert len(lines) >= 2
    for line in lines:
        assert_no_secret(line, running.environment)


def test_gives_mlflow_nothing_of_its_own(running):
    environment = processes.environment_of(running.process.pid)
    assert [name for name in environment if name.startswith("CDK_MLFLOW_")] == []
    assert "MLFLOW_WORKSPACE" not in environment
    assert environment["PGPASSWORD"] == running.environment["PGPASSWORD"]


def test_keeps_its_files_to_itself(running):
    environment = processes.environment_of(running.process.pid)
    paths = [Path(environment[x]) for x in ("PGSSLROOTCERT", "MLFLOW_AUTH_CONFIG_PATH")]
    for path in paths:
        assert path.stat().st_mode & 0o7777 == 0o600
        assert path.parent.stat().st_mode & 0o7777 == 0o700
        assert path.parent.parent == Path(running.environment["TMPDIR"])
    assert paths[0].read_text() == running.environment["CDK_MLFLOW_DATABASE_CA"]


def test_reads_the_authentication_it_is_given(running):
    path = processes.environment_of(running.process.pid)["MLFLOW_AUTH_CONFIG_PATH"]
    lines = Path(path).read_text().splitlines()
    assert "auth_cache_ttl_seconds = 60" in lines
    assert "database_uri = " + URI in lines


def test_ends_in_time_and_finishes_what_it_is_doing(
    postgres, database, environment_for, serve, tmp_path
):
    name = database("current")
    server = serve(environment_for(name, tmp_path)).wait_until_healthy()
    assert server.request(SEARCH, user=ADMIN)[0] == 200
    blocker = postgres.hold(name, "experiments", "access exclusive")
    answers = []
    thread = threading.Thread(target=lambda: answers.append(server.request(SEARCH, user=ADMIN)))
    thread.start()
    wait_for(lambda: postgres.waiters(name, "experiments"))
    server.process.terminate()
    started = time.monotonic()
    time.sleep(1.5)
    assert server.process.poll() is None and not answers
    blocker.close()
    thread.join(15)
    assert [status for status, _ in answers] == [200]
    assert server.process.wait(15) == 0
    assert time.monotonic() - started < 15
    with pytest.raises(OSError):
        server.request("/health", timeout=2)


def test_three_at_once_start_on_a_database_without_users(
    postgres, database, environment_for, serve, tmp_path
):
    name = database("current")
    assert postgres.query(name, "select count(*) from users") == [(0,)]
    assert postgres.query(name, "select count(*) from experiments") == [(0,)]
    environment = environment_for(name, tmp_path)
    # All three have found nothing, and are about to add the same row, when each lock is let go.
    blockers = [(table, postgres.hold(name, table, "share")) for table in ("experiments", "users")]
    servers = [serve(environment) for _ in range(3)]
    for table, blocker in blockers:
        wait_for(lambda table=table: postgres.waiters(name, table) == 3)
        blocker.close()
    for server in servers:
        server.wait_until_healthy()
        assert server.request(ME, user=ADMIN)[0] == 200
        assert server.request(SEARCH, user=ADMIN)[0] == 200
        assert_no_secret(server.output, environment)
    assert postgres.query(name, "select username, is_admin from users") == [("admin", True)]
    assert postgres.query(name, "select experiment_id, name from experiments") == [(0, "Default")]


def test_takes_a_password_inside_the_uri(
    postgres, database, environment_for, migrate, serve, tmp_path
):
    environment = environment_for(database("current"), tmp_path)
    password = environment.pop("PGPASSWORD")
    user = environment.pop("PGUSER")
    environment["MLFLOW_BACKEND_STORE_URI"] = "postgresql+psycopg2://%s:%s@database.test/%s" % (
        quote(user, ""),
        quote(password, ""),
        environment.pop("PGDATABASE"),
    )
    result = processes.run(processes.inlined("migrate"), environment)
    assert result.returncode == 0, result.stderr
    assert quote(password, "") not in result.stdout + result.stderr
    server = serve(environment).wait_until_healthy()
    assert server.request(ME, user=ADMIN)[0] == 200


def refusal(environment, *arguments):
    result = processes.run(processes.inlined("serve", *arguments), environment)
    assert result.returncode == 1
    return result.stderr


def test_refuses_to_let_everybody_in(environment_for, tmp_path):
    line = refusal(environment_for("postgres", tmp_path), "--workers", "1")
    assert line == "cdk-mlflow: server would let everybody in; add '--app-name basic-auth'\n"


def test_fails_in_one_line(environment_for, tmp_path):
    environment = environment_for("postgres", tmp_path, CDK_MLFLOW_AUTH_CONFIG="[]")
    assert refusal(environment, "--app-name=basic-auth") == (
        "cdk-mlflow: CDK_MLFLOW_AUTH_CONFIG is no JSON object "
        "('list' object has no attribute 'items'); give one\n"
    )
