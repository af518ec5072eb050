"""Servers as test/assets has them, with somebody's things on them and others who want them."""

import importlib.util
import json
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
def place(postgres, environment_for, current, tmp_path_factory):
    directory = tmp_path_factory.mktemp("indirect")
    database = postgres.create_database(ROLE, current)
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
    server = processes.Server(processes.inlined("serve", *BASIC_AUTH, *arguments), environment, port)
    try:
        yield Place(
            server.wait_until_healthy(), artifacts, ADMIN, partial(postgres.query, database)
        )
    finally:
        server.end()
