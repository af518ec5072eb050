"""Pulls the server's container image with the rights of the instance's role; needs boto3 and Docker."""

import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# A registry may be busy; the time after each try, in seconds.
PAUSES = (5, 20)

# What Docker calls its own registry, which the names of images leave out.
DOCKER_HUB = "https://index.docker.io/v1/"


def at(path):
    """Where a file of the instance is; below another root only in tests."""
    return Path(os.environ.get("CDK_MLFLOW_ROOT", "/"), path.lstrip("/"))


def registry_of(name):
    host, _, rest = name.partition("/")
    is_host = rest and host != "docker.io" and (re.search("[.:]", host) or host == "localhost")
    return host if is_host else DOCKER_HUB


def client(service, region):
    import boto3

    return boto3.client(service, region_name=region)


def credentials(settings):
    """`user:password` in base64, as the role may read it; nothing for a registry that asks for none."""
    image = settings["image"]
    if image.get("ecr"):
        # The registry may be in another region than the instance.
        region = re.search(r"\.ecr\.([a-z0-9-]+)\.", image["name"]).group(1)
        answer = client("ecr", region).get_authorization_token()
        return answer["authorizationData"][0]["authorizationToken"]
    if "credentials" in image:
        manager = client("secretsmanager", settings["region"])
        text = manager.get_secret_value(SecretId=image["credentials"])["SecretString"]
        try:
            secret = json.loads(text)
            return base64.b64encode((secret["username"] + ":" + secret["password"]).encode()).decode()
        except (ValueError, KeyError, TypeError):
            raise ValueError("its registry's secret needs the fields 'username' and 'password'") from None
    return None


def pull(settings):
    name = settings["image"]["name"]
    # In memory, for root alone, and gone when the image is there.
    with tempfile.TemporaryDirectory(dir=at("/run")) as directory:
        auth = credentials(settings)
        if auth:
            config = {"auths": {registry_of(name): {"auth": auth}}}
            Path(directory, "config.json").write_text(json.dumps(config))
        command = ["docker", "--config", directory, "pull", "--quiet", name]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def main():
    settings = json.loads(at("/etc/mlflow/instance.json").read_text())
    for seconds in (*PAUSES, None):
        try:
            pull(settings)
            break
        except Exception as error:
            problem = "the image cannot be pulled: %s" % error
        if seconds is None:
            sys.exit("cdk-mlflow: " + problem)
        print("cdk-mlflow: %s; trying again in %d s" % (problem, seconds), flush=True)
        time.sleep(seconds)
    print("cdk-mlflow: pulled " + settings["image"]["name"], flush=True)


if __name__ == "__main__":
    main()
