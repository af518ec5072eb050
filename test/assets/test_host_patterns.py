"""A server whose name is known only once it runs, as behind an endpoint that its compute provides."""

import pytest

import processes
from conftest import ADMIN, ROLE
from postgres import free_port

DOMAIN = "eu-west-1.awsapprunner.com"
NAME = "xmpl3wx9.%s" % DOMAIN
SEARCH = "/api/2.0/mlflow/experiments/search?max_results=10"
UI_SEARCH = "/ajax-api/2.0/mlflow/experiments/search"


@pytest.fixture(scope="module")
def running(postgres, environment_for, current, tmp_path_factory):
    port = free_port()
    environment = environment_for(
        postgres.create_database(ROLE, current),
        tmp_path_factory.mktemp("patterns"),
        MLFLOW_SERVER_ALLOWED_HOSTS="*.%s,*.%s:*,localhost,localhost:*" % (DOMAIN, DOMAIN),
        MLFLOW_SERVER_CORS_ALLOWED_ORIGINS="https://*.%s" % DOMAIN,
    )
    command = processes.inlined("serve", "--app-name", "basic-auth", "--workers", "1", "--port", str(port))
    server = processes.Server(command, environment, port)
    try:
        yield server.wait_until_healthy()
    finally:
        server.end()


@pytest.mark.parametrize(
    "host, status",
    [
        (NAME, 200),
        (NAME + ":443", 200),
        (DOMAIN, 403),
        (NAME + ".other.test", 403),
        (NAME.replace(".awsapprunner", "-awsapprunner"), 403),
        ("other.test", 403),
    ],
)
def test_answers_to_the_names_of_the_pattern_only(running, host, status):
    assert running.request(SEARCH, user=ADMIN, host=host)[0] == status


@pytest.mark.parametrize(
    "origin, status",
    [
        ("https://" + NAME, 200),
        ("http://" + NAME, 403),
        ("https://%s.other.test" % NAME, 403),
        ("https://other.test", 403),
    ],
)
def test_serves_the_ui_of_the_pattern_only(running, origin, status):
    body = {"max_results": 10}
    assert running.request(UI_SEARCH, user=ADMIN, host=NAME, origin=origin, body=body)[0] == status
