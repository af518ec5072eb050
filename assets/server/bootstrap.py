"""Starts MLflow the same way wherever it runs, with nothing but what the server's image has.

migrate          brings the database to this image's schema, one process at a time
serve [ARG ...]  writes what must be a file, then becomes `mlflow server ARG ...`

CDK_MLFLOW_DATABASE_CA            PEM text for the file that PGSSLROOTCERT names
CDK_MLFLOW_DATABASE_SECRET        ARN of the secret to read the password from once it has changed
CDK_MLFLOW_DATABASE_WAIT_SECONDS  how long `migrate` waits for the database (60)
CDK_MLFLOW_AUTH_CONFIG            JSON object for the ini of MLflow's basic-auth
CDK_MLFLOW_TRACE_ARCHIVAL         YAML text for the file that MLFLOW_TRACE_ARCHIVAL_CONFIG names
"""

import argparse
import configparser
import importlib.util
import io
import itertools
import json
import os
import re
import signal
import sys
import tempfile
import time
from pathlib import Path

# The bytes of "mlflow": whatever else changes the schema can take this lock too.
LOCK = "select pg_try_advisory_lock(120312342278007)"
# The lock's connection is silent while a migration runs, maybe for hours. Probes carry it through
# firewalls, and free the lock within 90 s of its holder's host being gone.
KEEP_LOCK = """select set_config(name, case when name ~ '^tcp' then '9' else '0' end, false)
from pg_settings where name ~ '^(tcp_keepalives|idle_session_timeout)'"""
# Its own end waits as long: a silent network ends a migration before it frees the lock.
LOCK_TIMEOUT = {"tcp_user_timeout": "90000"}
HOPELESS = re.compile(
    "authentication|does not exist|pg_hba|permi|certificate|not support SSL|invalid|no password"
)
SECRET_NAME = re.compile("PASSWORD|PASSPHRASE|SECRET|TOKEN|KEY$")
SECRET_IN_URI = re.compile(r"(://[^:@/\s]*:)\S*@")

# Runs in each Python of the server: where the database refuses the password, it tries those of the
# secret. Until a rotation is finished, the valid one is the pending one.
RENEWAL = """
import json, sys, threading
import psycopg2

connect, known, lock = psycopg2.connect, {}, threading.Lock()


def candidates():
    yield from list(known.values())
    import boto3, botocore.config

    config = botocore.config.Config(connect_timeout=5, read_timeout=5)
    region = SECRET.split(":")[3]
    manager = boto3.Session(region_name=region).client("secretsmanager", config=config)
    for stage in ("AWSCURRENT", "AWSPENDING"):
        try:
            answer = manager.get_secret_value(SecretId=SECRET, VersionStage=stage)
            yield json.loads(answer["SecretString"])["password"]
        except manager.exceptions.ResourceNotFoundException:
            pass


def renewing(*args, **more):
    try:
        return connect(*args, **{**known, **more})
    except psycopg2.OperationalError as error:
        if "password authentication failed" not in str(error) or "password" in more:
            raise
        with lock:
            try:
                for password in candidates():
                    try:
                        connection = connect(*args, password=password, **more)
                    except psycopg2.OperationalError:
                        continue
                    known["password"] = password
                    print("cdk-mlflow: took a new database password", flush=True)
                    return connection
            except Exception as problem:
                text = "cdk-mlflow: new database password cannot be read: %s" % problem
                print(text, file=sys.stderr, flush=True)
        raise


psycopg2.connect = renewing
"""

# The files of the guard by their names, put here where the program is one text.
GUARD = {}

# Each Python of the server imports it. Python itself goes on whatever is raised there.
STARTUP = """
try:
    import cdk_mlflow_guard

    cdk_mlflow_guard.install(SETTINGS)
except BaseException as error:
    import os

    text = "cdk-mlflow: server would be without its guard: %r" % error
    os.write(2, text.encode(errors="replace") + b"\\n")
    os._exit(1)
"""

# An image's own module of this name comes after.
OWN_STARTUP = """
import os, sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec

here = os.path.dirname(os.path.abspath(__file__))
spec = PathFinder.find_spec("sitecustomize", [path for path in sys.path if path != here])
if spec and spec.loader:
    spec.loader.exec_module(module_from_spec(spec))
"""

# MLflow asks nobody to sign in whose path begins with one of these.
OPEN = ("/static", "/health", "/favicon.ico")


class Problem(Exception):
    """What the reader of the log can put right."""


def say(text):
    print("cdk-mlflow: " + text, flush=True)


def masked(text, environ):
    """The text on one line, without any secret of the environment."""
    secrets = [value for name, value in environ.items() if value and SECRET_NAME.search(name)]
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return " ".join(SECRET_IN_URI.sub(r"\1***@", text).split())


def is_hopeless(message):
    """Whether trying again is no use; the names are in quotes."""
    return bool(HOPELESS.search(re.sub('"[^"]*"', "", message)))


def in_any_case(value):
    """MLflow compares letter by letter, and most clients send a name in lower case."""
    names = [name.strip() for name in value.split(",")]
    return ",".join(dict.fromkeys(names + [name.lower() for name in names]))


def fernet_key(value):
    """A generated secret cannot end in the padding that a key of 32 bytes needs."""
    return value + "=" if re.fullmatch("[A-Za-z0-9]{43}", value) else value


def server_environment(environ):
    result = {k: v for k, v in environ.items() if not k.startswith("CDK_MLFLOW_")}
    result.pop("MLFLOW_WORKSPACE", None)
    for name, change in (
        ("MLFLOW_SERVER_ALLOWED_HOSTS", in_any_case),
        ("MLFLOW_SERVER_CORS_ALLOWED_ORIGINS", in_any_case),
        ("MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY", fernet_key),
    ):
        if name in result:
            result[name] = change(result[name])
    return result


def auth_entries(environ):
    """The ini's entries, none without authentication."""
    name = "CDK_MLFLOW_AUTH_CONFIG"
    if not environ.get(name):
        return {}
    try:
        entries = json.loads(environ[name]).items()
    except (ValueError, AttributeError) as error:
        raise Problem("%s is no JSON object (%s); give one" % (name, error))
    result = {"database_uri": environ.get("MLFLOW_BACKEND_STORE_URI")}
    # Older releases take the administrator from the ini alone, and package a password for it.
    for key in ("admin_username", "admin_password"):
        if environ.get("MLFLOW_AUTH_" + key.upper()):
            result[key] = environ["MLFLOW_AUTH_" + key.upper()]
    for key, value in entries:
        if not isinstance(value, (str, int, float)):
            raise Problem("%s has no plain '%s'; give a string" % (name, key))
        result[key.lower()] = value if isinstance(value, str) else json.dumps(value)
    if not result["database_uri"]:
        raise Problem("basic-auth has no database; set MLFLOW_BACKEND_STORE_URI")
    return result


def auth_ini(packaged, entries):
    """The entries over the packaged ini: MLflow reads nothing else once it is given a file."""
    ini = configparser.ConfigParser(interpolation=None)
    ini.read_string(packaged)
    ini["mlflow"].update({name: value.replace("%", "%%") for name, value in entries.items()})
    text = io.StringIO()
    ini.write(text)
    return text.getvalue()


def write_private(directory, name, text):
    path = Path(directory, name)
    path.touch(0o600, exist_ok=False)
    path.write_text(text)
    return str(path)


def renewal(environ):
    """The program that takes a new password; none where the secret does not change."""
    secret = environ.get("CDK_MLFLOW_DATABASE_SECRET")
    return "SECRET = %r\n%s" % (secret, RENEWAL) if secret else ""


def with_files(environ, directory, before="", after=""):
    """What MLflow is given, once what must be a file is one."""
    result = server_environment(environ)
    startup = before + renewal(environ) + after
    if startup:
        # Each Python imports the module of this name when it starts.
        write_private(directory, "sitecustomize.py", startup)
        paths = [str(directory), environ.get("PYTHONPATH")]
        result["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    ca = environ.get("CDK_MLFLOW_DATABASE_CA")
    if ca and not environ.get("PGSSLROOTCERT"):
        result["PGSSLROOTCERT"] = write_private(directory, "database-ca.pem", ca)
        # libpq checks no certificate unless it is told to.
        result.setdefault("PGSSLMODE", "verify-full")
    archival = environ.get("CDK_MLFLOW_TRACE_ARCHIVAL")
    if archival:
        path = write_private(directory, "trace-archival.yaml", archival)
        result["MLFLOW_TRACE_ARCHIVAL_CONFIG"] = path
    entries = auth_entries(environ)
    if entries:
        package = Path(importlib.util.find_spec("mlflow").origin).parent
        text = auth_ini((package / "server/auth/basic_auth.ini").read_text(), entries)
        result["MLFLOW_AUTH_CONFIG_PATH"] = write_private(directory, "basic_auth.ini", text)
    return result


def connect(engine, seconds):
    from sqlalchemy.exc import OperationalError

    deadline = time.monotonic() + seconds
    for attempt in itertools.count():
        try:
            return engine.connect()
        except OperationalError as error:
            message = str(error.orig).strip()
        if is_hopeless(message):
            raise Problem("database refused: %s; check its user, password, name and CA" % message)
        if time.monotonic() > deadline:
            advice = "check that it runs and the network leads there"
            raise Problem("database unreachable for %d s: %s; %s" % (seconds, message, advice))
        attempt or say("waiting for the database")
        time.sleep(1)


def lock(connection):
    """Waits until nobody else migrates; the lock ends with the connection, however that ends."""
    if connection.dialect.name != "postgresql":
        return say("no lock for %s; run one migration at a time" % connection.dialect.name)
    connection.exec_driver_sql(KEEP_LOCK)
    for attempt in itertools.count():
        if connection.exec_driver_sql(LOCK).scalar():
            return
        attempt or say("waiting for another migration to end")
        time.sleep(1)


def lock_engine(uri):
    from sqlalchemy import create_engine, engine, exc, pool

    try:
        url = engine.make_url(uri)
        if "tcp_user_timeout" in url.query:
            url = url.update_query_dict(LOCK_TIMEOUT)
        # No transaction may stay open around a long migration.
        return create_engine(url, isolation_level="AUTOCOMMIT", poolclass=pool.NullPool)
    except (ValueError, exc.ArgumentError):
        # Its message can hold a part of the password.
        raise Problem("MLFLOW_BACKEND_STORE_URI has no database's URI; percent-encode its parts")


def upgrade(uri, auth_uri):
    import mlflow.db
    from alembic.util import CommandError

    try:
        say("bringing the tracking schema to mlflow " + mlflow.__version__)
        mlflow.db.upgrade.callback(uri)
        if auth_uri:
            from mlflow.server.auth.db import cli

            say("bringing the authentication schema to it")
            cli.upgrade.callback(auth_uri, "head")
    except CommandError as error:
        advice = "deploy the newer mlflow that its schema comes from, or restore a snapshot"
        raise Problem("database cannot be upgraded: %s; %s" % (error, advice))


def migrate(environ):
    uri = environ.get("MLFLOW_BACKEND_STORE_URI", "")
    wait = environ.get("CDK_MLFLOW_DATABASE_WAIT_SECONDS") or "60"
    if not wait.isdigit():
        raise Problem("CDK_MLFLOW_DATABASE_WAIT_SECONDS is '%s'; give whole seconds" % wait)
    engine = lock_engine(uri)
    with tempfile.TemporaryDirectory() as directory:
        changed = with_files(environ, directory)
        # A host that the network hides takes minutes for each try.
        changed.setdefault("PGCONNECT_TIMEOUT", "10")
        os.environ.clear()
        os.environ.update(changed)
        exec(renewal(environ), {})
        with connect(engine, int(wait)) as connection:
            lock(connection)
            upgrade(uri, auth_entries(environ).get("database_uri"))
        say("database is up to date")


def raising(text):
    raise Problem(text)


def options(environ, arguments):
    """What `mlflow server` is told by its arguments, otherwise by its variables."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.error = lambda text: raising("mlflow server cannot be started: " + text)
    parser.add_argument("--port", "-p", default=environ.get("MLFLOW_PORT") or "5000")
    parser.add_argument("--static-prefix", default=environ.get("MLFLOW_STATIC_PREFIX") or "")
    parser.add_argument("--app-name")
    return parser.parse_known_args(arguments)[0]


def guard():
    beside = Path(globals().get("__file__", "/none")).with_name("guard")
    files = GUARD or {path.name: path.read_text() for path in beside.glob("*.py")}
    if not files:
        raise Problem("server would be without its guard; run the program that contains it")
    return files


def serve(environ, *arguments):
    given = options(environ, arguments)
    if auth_entries(environ) and not given.app_name:
        raise Problem("server would let everybody in; add '--app-name basic-auth'")
    if given.static_prefix.startswith(OPEN):
        text = "static prefix is '%s', and mlflow asks nobody to sign in below %s; choose another"
        raise Problem(text % (given.static_prefix, ", ".join(OPEN)))
    if not given.port.isdigit():
        raise Problem("port is '%s'; give a whole number" % given.port)
    directory = tempfile.mkdtemp()
    package = Path(directory, "cdk_mlflow_guard")
    package.mkdir(0o700)
    for name, text in guard().items():
        write_private(package, name, text)
    settings = {
        "port": int(given.port),
        "basic": given.app_name == "basic-auth",
        "origins": server_environment(environ).get("MLFLOW_SERVER_CORS_ALLOWED_ORIGINS", ""),
    }
    startup = "SETTINGS = %r\n%s" % (settings, STARTUP)
    changed = with_files(environ, directory, startup, OWN_STARTUP)
    say("starting mlflow server")
    os.execve(sys.executable, [sys.executable, "-m", "mlflow", "server", *arguments], changed)


def main(verb="", *arguments):
    verbs = {"migrate": migrate, "serve": serve}
    environ = dict(os.environ)
    # A container's first process ignores each signal that it does not handle.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        if verb not in verbs:
            raise Problem("got '%s'; give migrate or serve [ARG ...]" % verb)
        return verbs[verb](environ, *arguments)
    except Problem as problem:
        text = str(problem)
    except Exception as error:
        cause = getattr(error, "orig", error)
        text = "%s failed with %s: %s" % (verb, type(cause).__name__, cause)
    print("cdk-mlflow: " + masked(text, environ), file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
