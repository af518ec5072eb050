"""Brings an instance to where its units can start. It travels in the user data; needs boto3.

files           writes the files that travel in the stack's metadata, once their digest is right
health SECONDS  waits until the server answers
signal STATUS   tells CloudFormation how the boot ended: 0 is success
"""

import hashlib
import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path


def at(path):
    """Where a file of the instance is; below another root only in tests."""
    return Path(os.environ.get("CDK_MLFLOW_ROOT", "/"), path.lstrip("/"))


SETTINGS = json.loads(at("/etc/mlflow/instance.json").read_text())


def say(text):
    print("cdk-mlflow: " + text, flush=True)


def cloudformation():
    import boto3

    return boto3.client("cloudformation", region_name=SETTINGS["region"])


def files():
    answer = cloudformation().describe_stack_resource(
        StackName=SETTINGS["stack"], LogicalResourceId=SETTINGS["files"]["resource"]
    )
    metadata = json.loads(answer["StackResourceDetail"]["Metadata"])
    contents = metadata["cdk-mlflow:files"]
    joined = "".join(name + "\0" + contents[name] + "\0" for name in sorted(contents))
    if hashlib.sha256(joined.encode()).hexdigest() != SETTINGS["files"]["sha256"]:
        sys.exit("cdk-mlflow: the stack's files are of another deployment; start the instance anew")
    for name, text in contents.items():
        at(name).parent.mkdir(parents=True, exist_ok=True)
        at(name).write_text(text)
    say("wrote " + ", ".join(sorted(contents)))


def health(seconds):
    deadline = time.monotonic() + int(seconds)
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(SETTINGS["health"], timeout=8)
            return say("the server answers " + SETTINGS["health"])
        except Exception:
            time.sleep(2)
    subprocess.run(["journalctl", "--no-pager", "--lines=40", "--unit=mlflow"])
    sys.exit("cdk-mlflow: no healthy server within %s s; the lines above say why" % seconds)


def signal(status):
    try:
        cloudformation().signal_resource(
            StackName=SETTINGS["stack"],
            LogicalResourceId=SETTINGS["signal"],
            UniqueId=at("/var/lib/cloud/data/instance-id").read_text().strip(),
            Status="SUCCESS" if status == "0" else "FAILURE",
        )
    except Exception as error:
        # Nobody waits where the group has replaced an instance by itself.
        sys.exit("cdk-mlflow: no signal to CloudFormation: %s" % error)


if __name__ == "__main__":
    {"files": files, "health": health, "signal": signal}[sys.argv[1]](*sys.argv[2:])
