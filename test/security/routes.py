"""The routes of the pinned MLflow, and requests to them."""

import functools
import json
import re
import sys
from pathlib import Path

import processes

KNOWN = Path(__file__).with_name("routes.txt")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\{(\w+)(?::\w+)?\}")


def found(directory):
    environment = {
        **processes.base_environment(directory),
        "MLFLOW_BACKEND_STORE_URI": "sqlite:///%s/routes.db" % directory,
        "MLFLOW_FLASK_SERVER_SECRET_KEY": "key",
        "MLFLOW_AUTH_ADMIN_PASSWORD": "a password of the tests",
        "_MLFLOW_SGI_NAME": "uvicorn",
    }
    command = [sys.executable, str(Path(__file__).with_name("list_routes.py"))]
    result = processes.run(command, environment)
    assert result.returncode == 0, result.stderr
    return [tuple(pair) for pair in json.loads(result.stdout.splitlines()[-1])]


@functools.lru_cache(maxsize=None)
def known():
    """Those that somebody has looked at, and whether one asks to sign in."""
    lines = [line.split() for line in KNOWN.read_text().splitlines() if line[:1] not in ("", "#")]
    return {(method, path): tuple(notes) for method, path, *notes in lines}


def is_open(pair):
    return "open" in known()[pair]


def is_closed(pair):
    return "closed" in known()[pair]


def filled(path, values):
    """The path with each parameter's value, by its name."""

    def value(match):
        name = match[1] or match[2]
        return str(values.get(name, "x"))

    return PARAMETER.sub(value, path)
