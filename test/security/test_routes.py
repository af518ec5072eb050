"""Nobody is let in who does not sign in: each route of the pinned MLflow, under a static prefix as well."""

from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException

import pytest

import processes
import routes
from conftest import ADMIN, BASIC_AUTH, ROLE
from postgres import free_port

# What each of them sends with its requests, by their number.
NOBODY = {
    "anonymous": lambda number: None,
    "with a wrong password": lambda number: processes.basic(ADMIN[0], "wrong"),
    # Another one each time: whoever fails too often is asked to wait before anything else.
    "with a name that there is not": lambda number: processes.basic("nobody %d" % number, "wrong"),
    "with a token": lambda number: "Bearer eyJhbGciOiJub25lIn0.e30.",
    "with the empty password": lambda number: processes.basic("nobody %d" % number, ""),
}
AT_ONCE = 16


def test_each_route_has_been_looked_at(tmp_path):
    found = set(routes.found(tmp_path))
    assert len(found) > 500
    assert sorted(found - set(routes.known())) == []
    assert sorted(set(routes.known()) - found) == []


@pytest.fixture(scope="module", params=["", "/ml/flow"], ids=["without a prefix", "with a prefix"])
def asked(request, postgres, environment_for, current, tmp_path_factory):
    directory = tmp_path_factory.mktemp("routes")
    environment = environment_for(postgres.create_database(ROLE, current), directory)
    port = free_port()
    arguments = ["--workers", "1", "--port", str(port), "--artifacts-destination", str(directory)]
    arguments += ["--static-prefix", request.param] if request.param else []
    server = processes.Server(processes.inlined("serve", *BASIC_AUTH, *arguments), environment, port)

    def go(method, path, authorization, timeout=30):
        headers = {"Authorization": authorization} if authorization else {}
        body = None if method == "GET" else {"name": "x", "username": "x", "password": "x"}
        return server.ask(method, request.param + path, body=body, headers=headers, timeout=timeout)

    try:
        server.wait_until_healthy(path=request.param + "/health")
        yield go
    finally:
        server.end()


@pytest.mark.parametrize("who", NOBODY)
def test_nobody_is_let_in(asked, who):
    def wrong(numbered):
        number, pair = numbered
        status, _headers, text = asked(pair[0], routes.filled(pair[1], {}), NOBODY[who](number))
        if routes.is_closed(pair):
            right = status == 404 and "no Assistant" in text
        elif routes.is_open(pair) and who != "with a token":
            right = status in ((200, 404) if who != "with a wrong password" else (200, 404, 429))
        else:
            right = status == 401 or (status == 429 and who == "with a wrong password")
        return None if right else (*pair, status, text[:60])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(wrong, enumerate(routes.known())))
    assert [answer for answer in answers if answer] == []


def test_who_signs_in_is_let_in(asked):
    """A control: the requests above are turned away for who asks, and for nothing else."""
    def status(pair):
        try:
            return asked(pair[0], routes.filled(pair[1], {}), processes.basic(*ADMIN), timeout=5)[0]
        except (TimeoutError, HTTPException, ConnectionError):
            # Some wait for the internet; some answer before the body has arrived, and close.
            return 0

    with ThreadPoolExecutor(AT_ONCE) as pool:
        statuses = list(pool.map(status, routes.known()))
    assert statuses.count(401) == 0
    assert statuses.count(200) > 50
