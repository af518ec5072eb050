"""Gives the server's program its secrets, then becomes it. Runs in a pod; needs boto3.

CDK_MLFLOW_SECRETS         JSON object: for each variable the secret's ARN, and the field or null
CDK_MLFLOW_BASE64_<NAME>   the variable NAME, encoded
"""

import base64
import json
import os
import signal
import sys
from pathlib import Path

SECRETS = "CDK_MLFLOW_SECRETS"
ENCODED = "CDK_MLFLOW_BASE64_"


class Problem(Exception):
    """What the reader of the log can put right."""


def decoded(environ):
    plain = {name: value for name, value in environ.items() if not name.startswith(ENCODED)}
    for name, value in environ.items():
        if name.startswith(ENCODED):
            plain[name[len(ENCODED) :]] = base64.b64decode(value, validate=True).decode()
    return plain


def field_of(name, text, field):
    if field is None:
        return text
    try:
        value = json.loads(text)[field]
    except (ValueError, KeyError, TypeError):
        raise Problem("the secret of %s has no field '%s'" % (name, field)) from None
    return value if isinstance(value, str) else json.dumps(value)


def read_secrets(manager, wanted):
    texts = {}
    for name, (secret, _) in wanted.items():
        if secret in texts:
            continue
        try:
            texts[secret] = manager.get_secret_value(SecretId=secret)["SecretString"]
        except Exception as error:
            raise Problem("the secret of %s cannot be read: %s" % (name, error)) from None
    return {name: field_of(name, texts[secret], field) for name, (secret, field) in wanted.items()}


def secrets_manager(region):
    try:
        import boto3
        from botocore.config import Config
    except ImportError:
        raise Problem("the image has no boto3, which reads the server's secrets; add it") from None
    # On a new node, what hands out credentials and addresses may start after the pod.
    patience = Config(connect_timeout=5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 6})
    return boto3.client("secretsmanager", region_name=region, config=patience)


def main(*arguments):
    # A container's first process ignores each signal that it does not handle.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        environ = decoded(os.environ)
        wanted = json.loads(environ.pop(SECRETS, "{}"))
        environ.update(read_secrets(secrets_manager(environ["AWS_REGION"]), wanted) if wanted else {})
    except Problem as problem:
        sys.exit("cdk-mlflow: %s" % problem)
    program = str(Path(__file__).with_name("bootstrap.py"))
    os.execve(sys.executable, [sys.executable, program, *arguments], environ)


if __name__ == "__main__":
    main(*sys.argv[1:])
