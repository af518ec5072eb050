"""Finding the database, and telling what is wrong with it."""

import os
import time

import pytest
import sqlalchemy

import processes
from certificates import Authority
from conftest import PASSWORD, PRINTABLE, ROLE
from postgres import Postgres, free_port

TO_SERVER = 'connection to server at "127.0.0.1", port '


def refused(message):
    return "cdk-mlflow: database refused: %s; check its user, password, name and CA\n" % message


def failure(environment):
    """The one line with which `migrate` fails, and how long that took."""
    started = time.monotonic()
    result = processes.run(processes.inlined("migrate"), environment)
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    return result.stderr, time.monotonic() - started


@pytest.mark.parametrize(
    "message, hopeless",
    [
        ("FATAL:  password authentication failed for user", True),
        ('FATAL:  database "x" does not exist', True),
        ('FATAL:  role "x" is not permitted to log in', True),
        ('FATAL:  permission denied for database "x"', True),
        ("FATAL:  no pg_hba.conf entry for host", True),
        ("SSL error: certificate verify failed", True),
        ('root certificate file "x" does not exist', True),
        ("server does not support SSL, but SSL was required", True),
        ('invalid sslmode value: "x"', True),
        ("fe_sendauth: no password supplied", True),
        ("Connection refused\nFATAL:  password authentication failed", True),
        ("FATAL:  the database system is starting up", False),
        ("FATAL:  the database system is shutting down", False),
        ("FATAL:  the database system is in recovery mode", False),
        ("FATAL:  the database system is not yet accepting connections", False),
        ("FATAL:  sorry, too many clients already", False),
        ("FATAL:  remaining connection slots are reserved", False),
        ("FATAL:  terminating connection due to administrator command", False),
        ('FATAL:  database "x" is not currently accepting connections', False),
        ("Connection refused", False),
        ('connection to server at "invalid-certificate.test" failed: Connection refused', False),
        ("timeout expired", False),
        ('could not translate host name "x" to address', False),
        ("server closed the connection unexpectedly", False),
    ],
)
def test_knows_what_waiting_cannot_mend(bootstrap, message, hopeless):
    assert bootstrap.is_hopeless(message) is hopeless


def test_refuses_a_wrong_password_at_once(database, environment_for, tmp_path):
    environment = environment_for(database("empty"), tmp_path, PGPASSWORD="wr0ng-password")
    line, seconds = failure(environment)
    message = 'FATAL: password authentication failed for user "%s"' % ROLE
    assert line == refused(TO_SERVER + environment["PGPORT"] + " failed: " + message)
    assert seconds < 15


def test_refuses_a_missing_database_at_once(environment_for, tmp_path):
    environment = environment_for("nowhere", tmp_path)
    line, seconds = failure(environment)
    message = 'FATAL: database "nowhere" does not exist'
    assert line == refused(TO_SERVER + environment["PGPORT"] + " failed: " + message)
    assert seconds < 15


def test_refuses_another_certificate_authority(environment_for, tmp_path):
    other = Authority("authority of somebody else").pem
    environment = environment_for("postgres", tmp_path, CDK_MLFLOW_DATABASE_CA=other)
    line, _ = failure(environment)
    message = " failed: SSL error: certificate verify failed"
    assert line == refused(TO_SERVER + environment["PGPORT"] + message)


def test_refuses_another_host_name(environment_for, tmp_path):
    line, _ = failure(environment_for("postgres", tmp_path, PGHOST="other.test"))
    assert 'server certificate for "database.test" does not match host name "other.test"' in line


def test_prefers_the_certificate_file_that_is_given(environment_for, tmp_path):
    path = tmp_path / "given.pem"
    path.write_text(Authority("authority of somebody else").pem)
    line, _ = failure(environment_for("postgres", tmp_path, PGSSLROOTCERT=str(path)))
    assert "certificate verify failed" in line


def test_gives_up_on_a_database_that_does_not_answer(environment_for, tmp_path):
    environment = environment_for(
        "postgres", tmp_path, PGPORT=str(free_port()), CDK_MLFLOW_DATABASE_WAIT_SECONDS="2"
    )
    line, seconds = failure(environment)
    assert line == (
        "cdk-mlflow: database unreachable for 2 s: %s%s failed: Connection refused Is the server "
        "running on that host and accepting TCP/IP connections?; check that it runs and the "
        "network leads there\n" % (TO_SERVER, environment["PGPORT"])
    )
    assert 2 <= seconds < 20


@pytest.mark.parametrize(
    "more, line",
    [
        ({"MLFLOW_BACKEND_STORE_URI": ""},
         "MLFLOW_BACKEND_STORE_URI has no database's URI; percent-encode its parts"),
        ({"MLFLOW_BACKEND_STORE_URI": "owner:pass-word@host/name"},
         "MLFLOW_BACKEND_STORE_URI has no database's URI; percent-encode its parts"),
        ({"CDK_MLFLOW_DATABASE_WAIT_SECONDS": "soon"},
         "CDK_MLFLOW_DATABASE_WAIT_SECONDS is 'soon'; give whole seconds"),
    ],
)  # fmt: skip
def test_names_a_setting_that_it_cannot_use(environment_for, tmp_path, more, line):
    assert failure(environment_for("postgres", tmp_path, **more))[0] == "cdk-mlflow: %s\n" % line


def test_waits_for_a_database_that_comes_up_late(authority, environment_for, tmp_path):
    late = Postgres(os.environ["POSTGRES_BIN"], authority)
    try:
        late.start()
        late.create_role(ROLE, PASSWORD)
        name = late.create_database(ROLE)
        late.stop()
        environment = environment_for(name, tmp_path, PGPORT=str(late.port))
        process = processes.start(processes.inlined("migrate"), environment)
        try:
            assert process.stdout.readline() == "cdk-mlflow: waiting for the database\n"
            late.start()
            output, errors = process.communicate(timeout=60)
        finally:
            processes.end(process)
        assert process.returncode == 0, errors
        assert output.endswith("cdk-mlflow: database is up to date\n")
    finally:
        late.remove()


PASSWORDS = {
    "plain": "x",
    "percent": "%41%%(here)s%",
    "quotes": "'\"`'\"`\\' \\\\",
    "uri": "p@ss:/w%rd#$'\"x1?a=b&c",
    "shell": "$(id) $HOME !! ~ * ;|<>",
    "spaces": "  two at each end  ",
    "all": "".join(PRINTABLE),
}


@pytest.mark.parametrize("name", PASSWORDS)
def test_takes_any_printable_password(bootstrap, postgres, authority, tmp_path, monkeypatch, name):
    role = "role %s %%s @:/" % name
    postgres.create_role(role, PASSWORDS[name])
    given = {
        "PGHOST": "database.test", "PGHOSTADDR": "127.0.0.1", "PGPORT": str(postgres.port),
        "PGUSER": role, "PGPASSWORD": PASSWORDS[name], "PGDATABASE": "postgres",
    }  # fmt: skip
    environ = {**given, "CDK_MLFLOW_DATABASE_CA": authority.pem}
    for key, value in bootstrap.with_files(environ, tmp_path).items():
        monkeypatch.setenv(key, value)
    with bootstrap.connect(sqlalchemy.create_engine(processes.URI), 5) as connection:
        row = connection.exec_driver_sql(
            "select current_user, ssl from pg_stat_ssl where pid = pg_backend_pid()"
        ).one()
    assert tuple(row) == (role, True)
    monkeypatch.setenv("PGPASSWORD", PASSWORDS[name] + "x")
    with pytest.raises(bootstrap.Problem):
        bootstrap.connect(sqlalchemy.create_engine(processes.URI), 5)


def test_the_passwords_hold_every_printable_character():
    assert set(PASSWORD) == set(PASSWORDS["all"]) == {chr(code) for code in range(32, 127)}
