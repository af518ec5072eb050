"""Traces that move from the database to the artifact store."""

import sys
from pathlib import Path

import processes
from conftest import ADMIN
from processes import wait_for

SETTINGS = """trace_archival:
  enabled: true
  location: "file://%s"
  retention: 30m
  interval_seconds: 1
  max_traces_per_pass: 10
  long_retention_allowlist: ["7"]
"""


def test_old_traces_move_and_stay_readable(
    postgres, database, environment_for, serve, migrate, tmp_path
):
    name = database("current")
    archive = tmp_path / "archive"
    server = serve(
        environment_for(
            name,
            tmp_path,
            CDK_MLFLOW_TRACE_ARCHIVAL=SETTINGS % archive,
            MLFLOW_SERVER_ENABLE_JOB_EXECUTION="true",
        ),
        "--artifacts-destination",
        str(tmp_path / "artifacts"),
    ).wait_until_healthy(180)
    client = {
        **processes.base_environment(tmp_path),
        "MLFLOW_TRACKING_URI": "http://127.0.0.1:%d" % server.port,
        "MLFLOW_TRACKING_USERNAME": ADMIN[0],
        "MLFLOW_TRACKING_PASSWORD": ADMIN[1],
    }

    def say(*arguments):
        script = str(Path(__file__).with_name("trace.py"))
        result = processes.run([sys.executable, script, *arguments], client)
        assert result.returncode == 0, result.stderr
        return result.stdout.split()[-1]

    old, new = say(), say()
    statement = "update trace_info set timestamp_ms = timestamp_ms - 3600000 where request_id = %s"
    postgres.query(name, statement, old)

    def kept():
        return {row[0] for row in postgres.query(name, "select trace_id from spans where content <> ''")}

    assert kept() == {old, new}
    wait_for(lambda: kept() == {new}, 180)
    assert any(old in str(path) for path in archive.rglob("*"))
    assert say(old) == say(new) == "outer,inner"


def test_mlflow_is_given_a_file_of_its_own(bootstrap, tmp_path):
    environ = {"CDK_MLFLOW_TRACE_ARCHIVAL": "trace_archival: {}"}
    result = bootstrap.with_files(environ, tmp_path)
    path = Path(result["MLFLOW_TRACE_ARCHIVAL_CONFIG"])
    assert path.read_text() == "trace_archival: {}"
    assert path.stat().st_mode & 0o777 == 0o600
    assert bootstrap.with_files({}, tmp_path) == {}
