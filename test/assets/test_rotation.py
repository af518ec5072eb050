"""A password that is changed while the server runs."""

import subprocess
import sys
import threading
import uuid
from pathlib import Path

import pytest
from psycopg2 import sql

import processes
from conftest import ADMIN, PASSWORD, assert_no_secret
from processes import wait_for
from secrets_manager import ARN, SecretsManager

SEARCH = "/api/2.0/mlflow/experiments/search?max_results=10"
# Each printable character that PASSWORD begins with, in another order.
NEW = "rotated " + PASSWORD[::-1]
NEWER = "rotated again " + PASSWORD[::-1]
TOOK = "cdk-mlflow: took a new database password\n"


@pytest.fixture
def manager():
    stand_in = SecretsManager()
    yield stand_in
    stand_in.close()


@pytest.fixture
def role(postgres):
    """A role of the test's own, whose password can be changed."""
    name = "rotated role " + uuid.uuid4().hex
    postgres.create_role(name, PASSWORD)
    return name


class Rotation:
    """What Secrets Manager and its function do, step by step."""

    def __init__(self, postgres, manager, role):
        self.postgres, self.manager, self.role = postgres, manager, role
        manager.passwords["AWSCURRENT"] = PASSWORD

    def begin(self, password):
        self.manager.passwords["AWSPENDING"] = password
        statement = sql.SQL("alter role {} password {}")
        self.postgres.query(
            "postgres", statement.format(sql.Identifier(self.role), sql.Literal(password))
        )
        # Open connections outlive a rotation, but each of them ends some day.
        self.postgres.query(
            "postgres",
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = %s",
            self.role,
        )

    def finish(self):
        self.manager.passwords["AWSCURRENT"] = self.manager.passwords.pop("AWSPENDING")


@pytest.fixture
def rotation(postgres, manager, role):
    return Rotation(postgres, manager, role)


@pytest.fixture
def given(postgres, role, current, environment_for, tmp_path):
    """The environment of a server on a database of the test's own."""
    name = postgres.create_database(role, current)
    # The copy's tables belong to the owner of the original.
    postgres.query(name, sql.SQL('grant "mlflow owner" to {}').format(sql.Identifier(role)))
    return environment_for(name, tmp_path, PGUSER=role)


def test_a_client_loses_nothing(postgres, rotation, manager, given, serve, tmp_path):
    server = serve({**given, **manager.environment}).wait_until_healthy()
    environment = {
        **processes.base_environment(tmp_path),
        "MLFLOW_TRACKING_URI": "http://127.0.0.1:%d" % server.port,
        "MLFLOW_TRACKING_USERNAME": ADMIN[0],
        "MLFLOW_TRACKING_PASSWORD": ADMIN[1],
    }
    client = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("write.py"))],
        env=environment,
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    lines = []
    reader = threading.Thread(target=lambda: lines.extend(iter(client.stdout.readline, "")))
    reader.start()

    def writes(count):
        target = len(lines) + count
        wait_for(lambda: len(lines) >= target or client.poll() is not None, 90)

    try:
        writes(5)
        assert manager.requests == []
        for password in (NEW, NEWER):
            rotation.begin(password)
            writes(5)
            rotation.finish()
            writes(5)
        client.stdin.close()
        assert client.wait(60) == 0, client.stderr.read()
    finally:
        client.kill()
        reader.join(10)
    run, acknowledged = lines[0].strip(), int(lines[-1])
    assert acknowledged >= 24
    steps = postgres.query(
        given["PGDATABASE"], "select step from metrics where run_uuid = %s order by step", run
    )
    # The last one may have been stored while the client was told to end.
    assert [step for (step,) in steps] == list(range(acknowledged))
    assert client.stderr.read() == ""
    assert server.output.count(TOOK) == 2
    assert set(manager.requests) == {
        (ARN, "AWSCURRENT", "eu-west-1"),
        (ARN, "AWSPENDING", "eu-west-1"),
    }
    assert_no_secret(server.output, {**given, "PGPASSWORD": NEW})
    assert_no_secret(server.output, {**given, "PGPASSWORD": NEWER})


def test_without_the_secret_new_connections_fail(rotation, given, serve):
    server = serve(given).wait_until_healthy()
    assert server.request(SEARCH, user=ADMIN)[0] == 200
    rotation.begin(NEW)
    # MLflow's clients retry this status, in vain here.
    assert server.request(SEARCH, user=ADMIN)[0] in (500, 503)


def test_says_why_a_new_password_cannot_be_read(rotation, manager, given, serve):
    server = serve({**given, **manager.environment}).wait_until_healthy()
    assert server.request(SEARCH, user=ADMIN)[0] == 200
    manager.denies = True
    rotation.begin(NEW)
    assert server.request(SEARCH, user=ADMIN)[0] in (500, 503)
    line = "cdk-mlflow: new database password cannot be read: An error occurred (AccessDeniedException)"
    assert line in server.output
    manager.denies = False
    assert server.request(SEARCH, user=ADMIN)[0] == 200


def test_asks_for_no_other_failure(postgres, rotation, manager, given, serve):
    server = serve({**given, **manager.environment}).wait_until_healthy()
    assert server.request(SEARCH, user=ADMIN)[0] == 200
    postgres.query("postgres", "alter database %s connection limit 0" % given["PGDATABASE"])
    postgres.query(
        "postgres",
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = %s",
        rotation.role,
    )
    assert server.request(SEARCH, user=ADMIN)[0] in (500, 503)
    assert manager.requests == []


def test_migrates_with_a_password_that_was_changed_since(rotation, manager, given):
    rotation.begin(NEW)
    rotation.finish()
    result = processes.run(processes.inlined("migrate"), {**given, **manager.environment})
    assert result.returncode == 0, result.stderr
    assert TOOK in result.stdout


def test_a_module_path_that_is_given_stays(bootstrap, tmp_path):
    environ = {"CDK_MLFLOW_DATABASE_SECRET": ARN, "PYTHONPATH": "/given"}
    assert bootstrap.with_files(environ, tmp_path)["PYTHONPATH"] == "%s:/given" % tmp_path
    assert "PYTHONPATH" not in bootstrap.with_files({}, tmp_path)
    assert (tmp_path / "sitecustomize.py").stat().st_mode & 0o777 == 0o600
