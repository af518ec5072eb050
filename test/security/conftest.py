"""Servers as test/assets has them, with somebody's things on them and others who want them."""

import importlib.util
import json
import os
import sys
from functools import partial
from pathlib import Path

import pytest

import processes
from place import SETTINGS_OF_PROXIED_ARTIFACTS, Place
from postgres import free_port

# Both directories have a module of this name.
_path = Path(__file__).parents[1] / "assets" / "conftest.py"
_spec = importlib.util.spec_from_file_location("assets_conftest", _path)
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)
globals().update({name: value for name, value in vars(_module).items() if not name.startswith("_")})


@pytest.fixture(scope="module")
def place(request, postgres, environment_for, tmp_path_factory):
    """On this release, or on the older one for tests that ask for it."""
    older = getattr(request, "param", "current") == "older"
    directory = tmp_path_factory.mktemp("indirect")
    database = postgres.create_database(ROLE, request.getfixturevalue("older" if older else "current"))
    environment = environment_for(
        database,
        directory,
        CDK_MLFLOW_AUTH_CONFIG=json.dumps(
            {"default_permission": "NO_PERMISSIONS", "auth_cache_ttl_seconds": 60}
        ),
        **SETTINGS_OF_PROXIED_ARTIFACTS,
    )
    port = free_port()
    artifacts = directory / "artifacts"
    arguments = ["--workers", "1", "--port", str(port), "--artifacts-destination", str(artifacts)]
    python = os.environ["OLDER_MLFLOW_PYTHON"] if older else sys.executable
    command = processes.inlined("serve", *BASIC_AUTH, *arguments, python=python)
    server = processes.Server(command, environment, port)
    administrator = OLDER_ADMIN if older else ADMIN
    try:
        query = partial(postgres.query, database)
        yield Place(server.wait_until_healthy(), artifacts, administrator, query)
    finally:
        server.end()
