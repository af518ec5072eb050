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


def at(path):
    """Where a file of the instance is; below another root only in tests."""
    return Path(os.environ.get("CDK_MLFLOW_ROOT", "/"), path.lstrip("/"))


def registry_of(name):
    """The registry's host; nothing for Docker's own, which an image's name does not have."""
    host, _, rest = name.partition("/")
    return host if rest and (re.search("[.:]", host) or host == "localhost") else ""


def client(service, region):
    import boto3

    return boto3.client(service, region_name=region)


def credentials(settings):
    """User name and password for the registry, as the role may read them; nothing for a public one."""
    image = settings["image"]
    if image.get("ecr"):
        # The registry may be in another region than the instance.
        region = re.search(r"\.ecr\.([a-z0-9-]+)\.", image["name"]).group(1)
        answer = client("ecr", region).get_authorization_token()
        token = answer["authorizationData"][0]["authorizationToken"]
        return base64.b64decode(token).decode().split(":", 1)
    if "credentials" in image:
        manager = client("secretsmanager", settings["region"])
        text = manager.get_secret_value(SecretId=image["credentials"])["SecretString"]
        try:
            return [json.loads(text)[field] for field in ("username", "password")]
        except (ValueError, KeyError, TypeError):
            raise ValueError("its registry's secret needs the fields 'username' and 'password'") from None
    return None


def pull(settings):
    name = settings["image"]["name"]
    # What Docker keeps of a password is gone with the directory.
    with tempfile.TemporaryDirectory() as directory:
        docker = ["docker", "--config", directory]
        found = credentials(settings)
        if found:
            username, password = found
            host = filter(None, [registry_of(name)])
            login = [*docker, "login", "--username", username, "--password-stdin", *host]
            subprocess.run(login, input=password.encode(), check=True, stdout=subprocess.DEVNULL)
        subprocess.run([*docker, "pull", "--quiet", name], check=True)


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
