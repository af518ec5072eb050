import json
import os
import random
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import processes
from certificates import Authority
from postgres import HOST, Postgres, free_port

MLFLOW = "3.17.2"
ROLE = "mlflow owner"
# Each printable character of ASCII once; whatever a generated password may hold is in it.
PRINTABLE = [chr(code) for code in range(32, 127)]
PASSWORD = "".join(random.Random(1).sample(PRINTABLE, len(PRINTABLE)))
BASIC_AUTH = ("--app-name", "basic-auth")
ADMIN = ("admin", "administrator%s password")
OLDER_ADMIN = ("admin", "the older release's password")
SECRETS = {
    "MLFLOW_FLASK_SERVER_SECRET_KEY": "flask-key-of-the-tests",
    "MLFLOW_AUTH_ADMIN_PASSWORD": ADMIN[1],
    "MLFLOW_CRYPTO_KEK_PASSPHRASE": "passphrase-of-the-tests-0123456789abcdef",
    "MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY": "W3bh00kKeyOfTheTests" + "a" * 23,
}


REQUIRED = {
    "POSTGRES_BIN": ("the directory of PostgreSQL's 'postgres' and 'initdb'", "initdb"),
    "OLDER_MLFLOW_PYTHON": ("the python of an environment with an older mlflow", ""),
}


def pytest_sessionstart():
    for name, (meaning, file) in REQUIRED.items():
        value = os.environ.get(name)
        if not value or not Path(value, file).exists():
            pytest.exit("got '%s' for %s; give %s" % (value or "", name, meaning), returncode=2)
    if version("mlflow") != MLFLOW:
        got = version("mlflow")
        pytest.exit("got mlflow %s; run pytest with mlflow %s" % (got, MLFLOW), returncode=2)


@pytest.fixture(scope="session")
def bootstrap():
    return processes.load()


@pytest.fixture(scope="session")
def authority():
    return Authority("authority of the tests")


@pytest.fixture(scope="session")
def postgres(authority):
    cluster = Postgres(os.environ["POSTGRES_BIN"], authority)
    try:
        cluster.start()
        cluster.create_role(ROLE, PASSWORD)
        yield cluster
    finally:
        cluster.remove()


@pytest.fixture(scope="session")
def environment_for(postgres, authority):
    """Makes the environment that the deployed server is given."""

    def make(database, directory, **more):
        return {
            **processes.base_environment(directory),
            "MLFLOW_BACKEND_STORE_URI": processes.URI,
            "PGHOST": HOST,
            "PGHOSTADDR": "127.0.0.1",
            "PGPORT": str(postgres.port),
            "PGUSER": ROLE,
            "PGPASSWORD": PASSWORD,
            "PGDATABASE": database,
            "PGSSLMODE": "verify-full",
            "CDK_MLFLOW_DATABASE_CA": authority.pem,
            "CDK_MLFLOW_AUTH_CONFIG": json.dumps({"auth_cache_ttl_seconds": 60}),
            **SECRETS,
            **more,
        }

    return make


@pytest.fixture(scope="session")
def current(postgres, environment_for, tmp_path_factory):
    """The name of a database of this release, to be copied."""
    name = postgres.create_database(ROLE)
    environment = environment_for(name, tmp_path_factory.mktemp("current"))
    succeeds(processes.inlined("migrate"), environment)
    return name


@pytest.fixture(scope="session")
def older(postgres, environment_for, authority, tmp_path_factory):
    """The name of a database that an older release set up and filled, to be copied."""
    directory = tmp_path_factory.mktemp("older")
    name = postgres.create_database(ROLE)
    (directory / "ca.pem").write_text(authority.pem)
    (directory / "auth.ini").write_text(
        "[mlflow]\ndefault_permission = READ\ndatabase_uri = %s\n"
        "admin_username = admin\nadmin_password = %s\n" % (processes.URI, OLDER_ADMIN[1])
    )
    environment = environment_for(
        name,
        directory,
        PGSSLROOTCERT=str(directory / "ca.pem"),
        MLFLOW_AUTH_CONFIG_PATH=str(directory / "auth.ini"),
        MLFLOW_AUTH_ADMIN_PASSWORD=OLDER_ADMIN[1],
        MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY=SECRETS["MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY"] + "=",
    )
    python = os.environ["OLDER_MLFLOW_PYTHON"]
    auth = ["-m", "mlflow.server.auth", "db", "upgrade", "--url", processes.URI]
    for arguments in (["-m", "mlflow", "db", "upgrade", processes.URI], auth):
        succeeds([python, *arguments], environment)
    port = free_port()
    command = [python, "-m", "mlflow", "server", "--app-name", "basic-auth", "--workers", "1"]
    command += ["--port", str(port), "--artifacts-destination", str(directory / "artifacts")]
    server = processes.Server(command, environment, port)
    try:
        server.wait_until_healthy()
        client = {
            **processes.base_environment(directory),
            "MLFLOW_TRACKING_URI": "http://127.0.0.1:%d" % port,
            "MLFLOW_TRACKING_USERNAME": OLDER_ADMIN[0],
            "MLFLOW_TRACKING_PASSWORD": OLDER_ADMIN[1],
        }
        succeeds([python, str(Path(__file__).with_name("fill.py"))], client)
    finally:
        server.end()
    return name


@pytest.fixture
def database(postgres, request):
    """Makes a database of its own for the test: 'empty', 'current' or 'older'."""

    def make(kind):
        if kind == "empty":
            return postgres.create_database(ROLE)
        return postgres.create_database(ROLE, request.getfixturevalue(kind))

    return make


@pytest.fixture
def migrate():
    """Runs `migrate`; what it prints must never hold a secret."""

    def go(environment, form=processes.inlined):
        result = processes.run(form("migrate"), environment)
        assert_no_secret(result.stdout + result.stderr, environment)
        return result

    return go


@pytest.fixture
def serve():
    """Starts `serve`, and ends it with the test."""
    servers = []

    def go(environment, *arguments, app=BASIC_AUTH, python=sys.executable):
        port = free_port()
        command = processes.inlined(
            "serve", *app, "--workers", "1", "--port", str(port), *arguments, python=python
        )
        servers.append(processes.Server(command, environment, port))
        return servers[-1]

    yield go
    for server in servers:
        server.end()


def succeeds(command, environment):
    result = processes.run(command, environment)
    assert result.returncode == 0, result.stdout + result.stderr


def assert_no_secret(text, environment):
    for name in ("PGPASSWORD", *SECRETS):
        assert environment[name] not in text, "%s is in: %s" % (name, text)
