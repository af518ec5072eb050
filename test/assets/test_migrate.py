"""Bringing databases of every age to this release's schema."""

import json
import signal
import time

import pytest
from mlflow.store.db.utils import _get_latest_schema_revision

import processes
from conftest import ADMIN, OLDER_ADMIN
from processes import wait_for

# `serve` refuses any schema but this one.
HEAD = _get_latest_schema_revision()
DONE = "cdk-mlflow: database is up to date"


def revision(postgres, name, table="alembic_version"):
    return postgres.query(name, "select version_num from %s" % table)[0][0]


def holders(postgres, name):
    """Who has the lock for migrations, as (pid, what its session does)."""
    return postgres.query(
        name,
        "select a.pid, a.state from pg_locks l join pg_stat_activity a using (pid) "
        "where l.locktype = 'advisory' and l.granted and a.datname = %s",
        name,
    )


def test_the_older_database_is_older(postgres, older):
    assert revision(postgres, older) != HEAD


def test_tells_each_step_and_leaves_nothing_behind(
    postgres, database, environment_for, migrate, tmp_path
):
    name = database("current")
    result = migrate(environment_for(name, tmp_path))
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == [
        "cdk-mlflow: bringing the tracking schema to mlflow 3.17.2",
        "cdk-mlflow: bringing the authentication schema to it",
        DONE,
    ]
    assert revision(postgres, name) == HEAD
    assert revision(postgres, name, "alembic_version_auth")
    assert list(tmp_path.iterdir()) == [], "left something behind"


def test_makes_no_table_for_users_without_authentication(
    postgres, database, environment_for, migrate, tmp_path
):
    name = database("empty")
    environment = environment_for(name, tmp_path)
    del environment["CDK_MLFLOW_AUTH_CONFIG"]
    result = migrate(environment, processes.as_a_file)
    assert result.returncode == 0, result.stderr
    assert revision(postgres, name) == HEAD
    assert postgres.query(name, "select to_regclass('users')") == [(None,)]


@pytest.mark.parametrize("kind", ["empty", "current", "older"])
def test_three_at_once_all_succeed(postgres, database, environment_for, tmp_path, kind):
    name = database(kind)
    environment = environment_for(name, tmp_path)
    results = processes.together(processes.inlined("migrate"), [environment] * 3)
    for result in results:
        assert result.returncode == 0, result.stderr
        assert result.stdout.splitlines()[-1] == DONE
    assert revision(postgres, name) == HEAD
    assert holders(postgres, name) == []


def test_keeps_what_the_older_release_wrote(
    postgres, database, environment_for, migrate, serve, tmp_path
):
    name = database("older")
    environment = environment_for(name, tmp_path)
    assert migrate(environment).returncode == 0
    assert revision(postgres, name) == HEAD
    server = serve(environment).wait_until_healthy()

    def get(path, **body):
        status, text = server.request(
            "/api/2.0/mlflow/" + path, user=OLDER_ADMIN, body=body or None
        )
        assert status == 200, text
        return json.loads(text)

    assert server.request("/api/2.0/mlflow/users/current", user=ADMIN)[0] == 401
    experiment = get("experiments/get-by-name?experiment_name=before%20the%20upgrade")
    ident = experiment["experiment"]["experiment_id"]
    (run,) = get("runs/search", experiment_ids=[ident])["runs"]
    assert run["info"]["status"] == "FINISHED"
    assert run["data"]["params"] == [{"key": "depth", "value": "7"}]
    assert {"key": "team", "value": "blue"} in run["data"]["tags"]
    history = get("metrics/get-history?metric_key=loss&run_id=" + run["info"]["run_id"])
    assert [round(x["value"], 3) for x in history["metrics"]] == [1.0, 0.5, 0.333]
    model = get("registered-models/get?name=model-before-the-upgrade")["registered_model"]
    assert model["latest_versions"][0]["run_id"] == run["info"]["run_id"]


def test_waits_for_whoever_holds_the_lock(postgres, database, environment_for, tmp_path):
    name = database("current")
    connection = postgres.connect(name)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(120312342278007)")
    process = processes.start(processes.inlined("migrate"), environment_for(name, tmp_path))
    try:
        assert process.stdout.readline() == "cdk-mlflow: waiting for another migration to end\n"
        time.sleep(2)
        assert process.poll() is None
        connection.close()
        output, errors = process.communicate(timeout=60)
    finally:
        processes.end(process)
    assert process.returncode == 0, errors
    assert output.splitlines()[-1] == DONE


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_gives_the_lock_back_when_it_is_killed(postgres, database, environment_for, tmp_path, how):
    name = database("current")
    blocker = postgres.hold(name, "alembic_version", "access exclusive")
    process = processes.start(processes.inlined("migrate"), environment_for(name, tmp_path))
    try:
        ((_, state),) = wait_for(lambda: holders(postgres, name))
        # A transaction left open would hold back vacuum, and be ended by the database.
        assert state == "idle"
        wait_for(lambda: postgres.waiters(name, "alembic_version"))
        process.send_signal(how)
        # A signal is handled once the database has answered.
        if how == signal.SIGTERM:
            blocker.close()
        output, _ = process.communicate(timeout=30)
    finally:
        processes.end(process)
        blocker.close()
    assert process.returncode == (-9 if how == signal.SIGKILL else 143)
    assert DONE not in output
    wait_for(lambda: not holders(postgres, name))
    if how == signal.SIGTERM:
        assert list(tmp_path.iterdir()) == [], "left something behind"


def test_its_lock_outlives_silence(
    bootstrap, postgres, database, environment_for, tmp_path, monkeypatch
):
    environment = environment_for(database("empty"), tmp_path)
    for key, value in bootstrap.with_files(environment, tmp_path).items():
        monkeypatch.setenv(key, value)
    engine = bootstrap.lock_engine(processes.URI)
    with bootstrap.connect(engine, 5) as connection:
        connection.exec_driver_sql("set idle_session_timeout = 1000")
        bootstrap.lock(connection)
        shown = [
            connection.exec_driver_sql("show " + name).scalar()
            for name in (
                "idle_session_timeout",
                "tcp_keepalives_idle",
                "tcp_keepalives_interval",
                "tcp_keepalives_count",
            )
        ]
        assert shown == ["0", "9", "9", "9"]
        # The migration's own connections end after 10 s of silence, and the lock with them.
        parameters = connection.connection.dbapi_connection.get_dsn_parameters()
        assert parameters["tcp_user_timeout"] == "90000"
        assert parameters["keepalives_idle"] == "4"
    engine.dispose()


def test_other_databases_are_given_no_parameter_of_postgresql(bootstrap):
    for uri in ("postgresql+psycopg2://", "sqlite:///file.db"):
        assert bootstrap.lock_engine(uri).url.query == {}


def test_tells_that_the_database_is_newer(postgres, database, environment_for, migrate, tmp_path):
    name = database("current")
    postgres.query(name, "update alembic_version set version_num = 'ffffffffffff'")
    result = migrate(environment_for(name, tmp_path))
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == (
        "cdk-mlflow: database cannot be upgraded: Can't locate revision identified by "
        "'ffffffffffff'; deploy the newer mlflow that its schema comes from, or restore a snapshot"
    )
    assert "Traceback" not in result.stderr
    assert revision(postgres, name) == "ffffffffffff"
