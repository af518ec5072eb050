"""How an EC2 instance pulls the server's image, with stand-ins for AWS and Docker."""

import base64
import importlib.util
import json
import os
import sys
import types
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[2] / "assets" / "ec2" / "image.py"
spec = importlib.util.spec_from_file_location("image", PROGRAM)
image = importlib.util.module_from_spec(spec)
spec.loader.exec_module(image)

PASSWORD = "p@ss:/w%rd#$'\"x1"
ECR = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"

# Notes what it is asked for and what its directory says; fails as often as it is told.
DOCKER = """#!/bin/sh
root=%s
printf '%%s\\n' "$*" >> $root/arguments
stat -c %%a "$2" > $root/mode
cat "$2/config.json" > $root/config 2> /dev/null || true
n=$(cat $root/failures); [ "$n" = 0 ] || { echo $((n - 1)) > $root/failures; exit 1; }
"""


class Machine:
    """An instance with settings, and with a Docker that notes what it is asked for."""

    def __init__(self, root):
        self.root = root
        self.waited = []
        self.asked = []

    def pull(self, name, failures=0, **more):
        (self.root / "failures").write_text(str(failures))
        for directory in ("etc/mlflow", "run"):
            (self.root / directory).mkdir(parents=True, exist_ok=True)
        settings = {"region": "eu-central-1", "image": {"name": name, **more}}
        (self.root / "etc/mlflow/instance.json").write_text(json.dumps(settings))
        image.main()

    def commands(self):
        """What Docker was asked for, without the directory that it was given."""
        lines = (self.root / "arguments").read_text().splitlines()
        assert all(line.startswith("--config %s/run/" % self.root) for line in lines)
        return [line.split(" ", 2)[2] for line in lines]

    def config(self):
        """What Docker knew while it pulled."""
        return json.loads((self.root / "config").read_text() or "null")


@pytest.fixture
def machine(tmp_path, monkeypatch):
    result = Machine(tmp_path)
    program = tmp_path / "bin" / "docker"
    program.parent.mkdir()
    program.write_text(DOCKER % tmp_path)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", "%s:%s" % (program.parent, os.environ["PATH"]))
    monkeypatch.setenv("CDK_MLFLOW_ROOT", str(tmp_path))
    monkeypatch.setattr(image.time, "sleep", result.waited.append)
    return result


@pytest.fixture
def aws(machine, monkeypatch):
    """AWS, which answers what it is told to."""

    def use(**answers):
        def client(service, region_name):
            machine.asked.append((service, region_name))
            return types.SimpleNamespace(**{name: lambda answer=answer, **_: answer for name, answer in answers.items()})

        monkeypatch.setitem(sys.modules, "boto3", types.SimpleNamespace(client=client))

    return use


HUB = "https://index.docker.io/v1/"


def encoded(user, password):
    return base64.b64encode((user + ":" + password).encode()).decode()


@pytest.mark.parametrize(
    "name, registry",
    [
        ("mlflow:1", HUB),
        ("team/mlflow:1", HUB),
        ("docker.io/team/mlflow:1", HUB),
        ("localhost/mlflow:1", "localhost"),
        ("registry:5000/mlflow:1", "registry:5000"),
        ("ghcr.io/mlflow/mlflow@sha256:0", "ghcr.io"),
        (ECR + "/a/b:1", ECR),
    ],
)
def test_the_registry_is_in_the_name(name, registry):
    assert image.registry_of(name) == registry


def test_a_public_image_is_pulled_without_signing_in(machine, capsys):
    machine.pull("ghcr.io/mlflow/mlflow:1")
    assert machine.commands() == ["pull --quiet ghcr.io/mlflow/mlflow:1"]
    assert machine.config() is None
    assert machine.asked == []
    assert capsys.readouterr().out == "cdk-mlflow: pulled ghcr.io/mlflow/mlflow:1\n"


def test_ecr_is_asked_in_the_region_of_the_repository(machine, aws):
    token = encoded("AWS", PASSWORD)
    aws(get_authorization_token={"authorizationData": [{"authorizationToken": token}]})
    machine.pull(ECR + "/team/mlflow:1", ecr=True)
    assert machine.asked == [("ecr", "eu-west-1")]
    assert machine.commands() == ["pull --quiet %s/team/mlflow:1" % ECR]
    assert machine.config() == {"auths": {ECR: {"auth": token}}}


@pytest.mark.parametrize(
    "name, registry", [("registry.example.com/mlflow:1", "registry.example.com"), ("team/mlflow:1", HUB)]
)
def test_another_registry_is_given_the_secret(machine, aws, name, registry):
    aws(get_secret_value={"SecretString": json.dumps({"username": "robot", "password": PASSWORD})})
    machine.pull(name, credentials="arn:registry")
    assert machine.asked == [("secretsmanager", "eu-central-1")]
    assert machine.config() == {"auths": {registry: {"auth": encoded("robot", PASSWORD)}}}


def test_the_password_is_said_to_nobody_else_and_is_not_kept(machine, aws, capsys):
    aws(get_secret_value={"SecretString": json.dumps({"username": "robot", "password": PASSWORD})})
    machine.pull("registry.example.com/mlflow:1", credentials="arn:registry")
    said = (machine.root / "arguments").read_text() + "".join(capsys.readouterr())
    assert PASSWORD not in said and encoded("robot", PASSWORD) not in said
    assert (machine.root / "mode").read_text() == "700\n"
    assert list((machine.root / "run").iterdir()) == []


def test_a_busy_registry_is_asked_again(machine, capsys):
    machine.pull("example.com/mlflow:1", failures=2)
    assert machine.waited == [5, 20]
    assert machine.commands() == ["pull --quiet example.com/mlflow:1"] * 3
    assert capsys.readouterr().out.count("the image cannot be pulled: ") == 2


def test_what_cannot_be_pulled_ends_the_boot(machine):
    with pytest.raises(SystemExit, match="^cdk-mlflow: the image cannot be pulled: .*exit status 1"):
        machine.pull("example.com/mlflow:1", failures=3)
    assert machine.waited == [5, 20]


@pytest.mark.parametrize("text", ["not json", '{"username": "robot"}', "[]"])
def test_a_secret_without_the_fields_is_said_without_its_value(machine, aws, text):
    aws(get_secret_value={"SecretString": text})
    with pytest.raises(SystemExit) as raised:
        machine.pull("registry.example.com/mlflow:1", credentials="arn:registry")
    message = "the image cannot be pulled: its registry's secret needs the fields 'username' and 'password'"
    assert str(raised.value) == "cdk-mlflow: " + message
