"""The program that every container of a pod begins with, as a process of its own, with a stand-in for boto3."""

import base64
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

POD = Path(__file__).parents[2] / "assets" / "eks" / "pod.py"

BOOTSTRAP = """
import json, os, sys
print(json.dumps({"arguments": sys.argv[1:], "environ": dict(os.environ), "pid": os.getpid()}))
"""

BOTO3 = """
import json, os, sys, time

SECRETS = {"arn:whole": "text", "arn:json": json.dumps({"user": "mlflow", "pass": 'a"b$c', "port": 5432})}


class Manager:
    def get_secret_value(self, SecretId):
        print("read " + SecretId, file=sys.stderr)
        if SecretId == "arn:slow":
            time.sleep(60)
        if SecretId not in SECRETS:
            raise RuntimeError("AccessDeniedException: not authorized to read " + SecretId)
        return {"SecretString": SECRETS[SecretId]}


def client(service, region_name, config):
    assert service == "secretsmanager" and config
    print("region " + region_name, file=sys.stderr)
    return Manager()
"""


@pytest.fixture
def programs(tmp_path):
    """The directory of the programs, and the packages of the image."""
    for name, text in {
        "programs/pod.py": POD.read_text(),
        "programs/bootstrap.py": BOOTSTRAP,
        "packages/boto3.py": BOTO3,
        "packages/botocore/__init__.py": "",
        "packages/botocore/config.py": "class Config:\n    def __init__(self, **_): pass\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def environment(programs, **variables):
    return {"PATH": os.environ["PATH"], "AWS_REGION": "eu-central-1", "PYTHONPATH": str(programs / "packages"), **variables}


def run(programs, *arguments, **variables):
    argv = [sys.executable, str(programs / "programs" / "pod.py"), *arguments]
    return subprocess.run(argv, env=environment(programs, **variables), capture_output=True, text=True, timeout=30)


def secrets(**wanted):
    return {"CDK_MLFLOW_SECRETS": json.dumps(wanted)}


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def test_becomes_the_server_s_program_with_its_arguments(programs):
    process = subprocess.Popen(
        [sys.executable, str(programs / "programs" / "pod.py"), "serve", "--app-name", "basic auth"],
        env=environment(programs),
        stdout=subprocess.PIPE,
        text=True,
    )
    answer = json.loads(process.communicate(timeout=30)[0])
    assert answer["arguments"] == ["serve", "--app-name", "basic auth"]
    # The signal to stop goes to the program itself.
    assert answer["pid"] == process.pid


def test_reads_each_secret_once_and_takes_its_fields(programs):
    wanted = secrets(WHOLE=["arn:whole", None], USER=["arn:json", "user"], PASS=["arn:json", "pass"], PORT=["arn:json", "port"])
    result = run(programs, "migrate", **wanted)
    environ = json.loads(result.stdout)["environ"]
    assert {name: environ[name] for name in ("WHOLE", "USER", "PASS", "PORT")} == {
        "WHOLE": "text",
        "USER": "mlflow",
        "PASS": 'a"b$c',
        "PORT": "5432",
    }
    assert result.stderr.splitlines() == ["region eu-central-1", "read arn:whole", "read arn:json"]
    assert "CDK_MLFLOW_SECRETS" not in environ


def test_asks_nobody_where_there_are_no_secrets(programs):
    assert run(programs, "migrate").stderr == ""


def test_decodes_what_was_known_only_at_deployment(programs):
    text = '-----BEGIN CERTIFICATE-----\nM"I\\D\n'
    result = run(
        programs,
        CDK_MLFLOW_BASE64_CDK_MLFLOW_DATABASE_CA=encoded(text),
        CDK_MLFLOW_BASE64_AWS_REGION=encoded("us-east-2"),
        **secrets(WHOLE=["arn:whole", None]),
    )
    environ = json.loads(result.stdout)["environ"]
    assert environ["CDK_MLFLOW_DATABASE_CA"] == text
    assert [name for name in environ if "BASE64" in name] == []
    assert result.stderr.splitlines()[0] == "region us-east-2"


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        (["arn:other", None], "cdk-mlflow: the secret of NAME cannot be read: AccessDeniedException: not authorized"),
        (["arn:json", "none"], "cdk-mlflow: the secret of NAME has no field 'none'"),
        (["arn:whole", "user"], "cdk-mlflow: the secret of NAME has no field 'user'"),
    ],
)
def test_says_in_one_line_what_is_wrong_and_starts_nothing(programs, reference, message):
    result = run(programs, "serve", **secrets(NAME=reference))
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.splitlines()[-1].startswith(message)
    assert "Traceback" not in result.stderr


def test_prints_no_secret_when_one_fails(programs):
    result = run(programs, "serve", **secrets(PASS=["arn:json", "pass"], NAME=["arn:other", None]))
    assert result.returncode == 1
    assert 'a"b$c' not in result.stdout + result.stderr


def test_says_that_the_image_lacks_boto3(programs):
    (programs / "packages" / "boto3.py").write_text("raise ImportError()")
    result = run(programs, "serve", **secrets(WHOLE=["arn:whole", None]))
    assert result.stderr == "cdk-mlflow: the image has no boto3, which reads the server's secrets; add it\n"
    assert result.returncode == 1


def test_stops_while_it_waits_for_a_secret(programs):
    process = subprocess.Popen(
        [sys.executable, str(programs / "programs" / "pod.py"), "serve"],
        env=environment(programs, **secrets(NAME=["arn:slow", None])),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr.readline() == "region eu-central-1\n"
    assert process.stderr.readline() == "read arn:slow\n"
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 143
