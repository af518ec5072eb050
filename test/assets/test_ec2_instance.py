"""The programs of an EC2 instance, with stand-ins for AWS."""

import hashlib
import importlib.util
import json
import os
import queue
import stat
import subprocess
import sys
import types
from pathlib import Path

import pytest

PROGRAMS = Path(__file__).parents[2] / "assets" / "ec2"
INSTANCE_ID = "i-0123456789abcdef0"


def load(name):
    spec = importlib.util.spec_from_file_location(name, PROGRAMS / (name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


instance = load("instance")


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A file system of the instance, with its settings and its directories."""
    settings = {
        "region": "eu-central-1",
        "stack": "arn:stack",
        "signal": "Group",
        "health": "http://127.0.0.1:1/health",
        "logGroup": "logs",
        "address": "eipalloc-1",
        "files": {"resource": "Template", "sha256": "wrong"},
        "secrets": {"WHOLE": ["arn:whole", None], "USER": ["arn:json", "user"], "PASS": ["arn:json", "pass"]},
    }
    files = {
        "etc/mlflow/instance.json": json.dumps(settings),
        "var/lib/cloud/data/instance-id": INSTANCE_ID + "\n",
        "run/mlflow/.keep": "",
        "var/lib/mlflow/.keep": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setenv("CDK_MLFLOW_ROOT", str(tmp_path))
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path / "run/mlflow"))
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "var/lib/mlflow"))
    return tmp_path


class Aws:
    """Every client at once: notes each call, and answers what it is told to."""

    class exceptions:
        class ResourceAlreadyExistsException(Exception):
            pass

    def __init__(self, **answers):
        self.answers = answers
        self.calls = []

    def __getattr__(self, action):
        def call(**arguments):
            self.calls.append((action, arguments))
            answer = self.answers.get(action, {})
            if isinstance(answer, Exception):
                raise answer
            return answer(**arguments) if callable(answer) else answer

        return call


@pytest.fixture
def aws(monkeypatch):
    def use(**answers):
        double = Aws(**answers)

        def client(service, region_name):
            assert region_name == "eu-central-1"
            return double

        monkeypatch.setitem(sys.modules, "boto3", types.SimpleNamespace(client=client))
        return double

    return use


@pytest.mark.parametrize(
    "ages, seconds",
    [
        ([], 0),
        ([5], 0),
        ([5, 10], 2),
        ([5, 10, 20], 4),
        ([5, 10, 20, 40], 8),
        ([1] * 7, 60),
        ([1] * 50, 60),
        ([601] * 50, 0),
        ([5, 601, 700], 0),
        # A clock that was set back says nothing.
        ([-50] * 9, 0),
    ],
)
def test_a_server_that_fails_again_and_again_is_started_less_often(ages, seconds):
    assert instance.pause([1000 - age for age in ages], 1000) == seconds


def test_starts_are_counted_from_one_to_the_next(root, monkeypatch):
    waited = []
    monkeypatch.setattr(instance.time, "sleep", waited.append)
    for _ in range(4):
        instance.slow_down(os.environ["STATE_DIRECTORY"])
    assert waited == [2, 4]


SECRETS = {"arn:whole": "a \"b\" 'c' $HOME `id` \\ %n\nx", "arn:json": json.dumps({"user": "u", "pass": "p@ss:/w%rd#$'\"x1"})}


def give(SecretId):
    return {"SecretString": SECRETS[SecretId]}


def test_secrets_are_written_for_the_server_alone(root, aws):
    double = aws(get_secret_value=give)
    instance.main("secrets")
    path = root / "run/mlflow/secrets.env"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    script = '. "$1"; printf "%s\\0" "$WHOLE" "$USER" "$PASS"'
    out = subprocess.run(["sh", "-c", script, "sh", str(path)], capture_output=True, check=True).stdout.decode()
    assert out.split("\0")[:-1] == [SECRETS["arn:whole"], "u", "p@ss:/w%rd#$'\"x1"]
    assert len(double.calls) == 2


@pytest.mark.parametrize(
    "answer, message",
    [
        (PermissionError("denied"), "cdk-mlflow: the secret of WHOLE cannot be read: denied"),
        ({"SecretString": "not json"}, "cdk-mlflow: the secret of USER has no field 'user'"),
        ({"SecretString": '{"other": "x"}'}, "cdk-mlflow: the secret of USER has no field 'user'"),
        ({"SecretString": "a\0b"}, "cdk-mlflow: the secret of USER has no field 'user'"),
    ],
)
def test_a_secret_that_is_not_there_is_said_without_its_value(root, aws, answer, message):
    aws(get_secret_value=answer)
    with pytest.raises(SystemExit) as raised:
        instance.main("secrets")
    assert str(raised.value) == message
    assert not (root / "run/mlflow/secrets.env").exists()


def test_a_value_that_no_variable_can_hold_is_refused():
    with pytest.raises(instance.Problem, match="NUL"):
        instance.quoted("a\0b")


def test_the_address_is_taken_over(root, aws):
    double = aws()
    instance.main("address")
    expected = {"AllocationId": "eipalloc-1", "InstanceId": INSTANCE_ID, "AllowReassociation": True}
    assert double.calls == [("associate_address", expected)]


@pytest.mark.parametrize(
    "entry, message",
    [
        ({"MESSAGE": "hello"}, "hello"),
        ({"MESSAGE": [104, 105, 255]}, "hi\ufffd"),
        ({"MESSAGE": "ü" * 200_000}, "ü" * 125_000),
    ],
)
def test_a_line_of_the_journal_becomes_an_event(entry, message):
    line = json.dumps({"__REALTIME_TIMESTAMP": "1700000000123456", **entry})
    assert instance.event_of(line) == {"timestamp": 1700000000123, "message": message}


@pytest.mark.parametrize("entry", [{"MESSAGE": ""}, {"MESSAGE": None}, {}])
def test_an_empty_line_is_no_event(entry):
    assert not instance.event_of(json.dumps({"__REALTIME_TIMESTAMP": "1", **entry}))


def filled(*lines):
    result = queue.Queue()
    for line in lines:
        result.put(line)
    return result


def test_lines_are_sent_together_but_not_too_many():
    big = b"x" * (instance.BATCH_BYTES // 2)
    batches = list(instance.batches(filled(b"a", b"b", None)))
    assert batches == [[b"a", b"b"]]
    batches = list(instance.batches(filled(big, big, b"c", None)))
    assert batches == [[big, big], [b"c"]]
    assert list(instance.batches(filled(None))) == []


def test_a_line_does_not_wait_for_others():
    lines = filled(b"a")
    batches = instance.batches(lines, seconds=0.05)
    assert next(batches) == [b"a"]
    lines.put(b"b")
    assert next(batches) == [b"b"]


def journalctl(root, monkeypatch, *messages):
    """A journal in the place of the machine's, which notes what it is asked for."""
    lines = [
        json.dumps({"__REALTIME_TIMESTAMP": str(2_000_000 - i), "__CURSOR": "c%d" % i, "MESSAGE": message})
        for i, message in enumerate(messages)
    ]
    (root / "lines").write_text("".join(line + "\n" for line in lines))
    program = root / "bin" / "journalctl"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\nprintf "%%s\\n" "$*" > %s/asked\ncat %s/lines\n' % (root, root))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", "%s:%s" % (program.parent, os.environ["PATH"]))


def test_the_journal_is_sent_in_order_and_continued(root, aws, monkeypatch):
    journalctl(root, monkeypatch, "first", "", "second")
    double = aws(create_log_stream=Aws.exceptions.ResourceAlreadyExistsException())
    for asked in ("--boot", "--after-cursor=c2"):
        with pytest.raises(SystemExit, match="journalctl ended"):
            instance.main("logs")
        assert asked in (root / "asked").read_text().split()
    action, arguments = double.calls[1]
    assert (action, arguments["logGroupName"], arguments["logStreamName"]) == ("put_log_events", "logs", INSTANCE_ID)
    assert [event["message"] for event in arguments["logEvents"]] == ["second", "first"]
    assert (root / "var/lib/mlflow/cursor").read_text() == "c2"


def test_what_was_not_taken_is_sent_again(root, aws, monkeypatch):
    journalctl(root, monkeypatch, "first")
    aws(put_log_events=ConnectionError("away"))
    with pytest.raises(ConnectionError):
        instance.main("logs")
    assert not (root / "var/lib/mlflow/cursor").exists()


def metadata(files):
    return {"StackResourceDetail": {"Metadata": json.dumps({"cdk-mlflow:files": files})}}


def test_files_are_written_once_their_digest_is_right(root, aws):
    files = {"/opt/mlflow/b": "B", "/opt/mlflow/a": "ä"}
    path = root / "etc/mlflow/instance.json"
    settings = json.loads(path.read_text())
    settings["files"]["sha256"] = hashlib.sha256("/opt/mlflow/a\0ä\0/opt/mlflow/b\0B\0".encode()).hexdigest()
    path.write_text(json.dumps(settings))
    double = aws(describe_stack_resource=metadata(files))
    load("boot").files()
    assert double.calls == [("describe_stack_resource", {"StackName": "arn:stack", "LogicalResourceId": "Template"})]
    assert (root / "opt/mlflow/a").read_text() == "ä"


def test_files_of_another_deployment_are_not_written(root, aws):
    aws(describe_stack_resource=metadata({"/opt/mlflow/a": "A"}))
    with pytest.raises(SystemExit, match="of another deployment"):
        load("boot").files()
    assert not (root / "opt").exists()


@pytest.mark.parametrize("status, signal", [("0", "SUCCESS"), ("1", "FAILURE"), ("137", "FAILURE")])
def test_cloudformation_is_told_how_the_boot_ended(root, aws, status, signal):
    double = aws()
    load("boot").signal(status)
    expected = {"StackName": "arn:stack", "LogicalResourceId": "Group", "UniqueId": INSTANCE_ID, "Status": signal}
    assert double.calls == [("signal_resource", expected)]


def test_a_server_that_never_answers_is_a_failure(root, monkeypatch, tmp_path):
    journalctl(root, monkeypatch, "the reason")
    with pytest.raises(SystemExit, match="no healthy server within 1 s"):
        load("boot").health("1")
    assert "--unit=mlflow" in (root / "asked").read_text()
