"""Credentials in the one form that all of MLflow reads, and not too many wrong ones."""

import base64
import json
import time

import pytest

import processes
from conftest import ADMIN
from test_guard_app import App, ask

SEARCH = "/api/2.0/mlflow/experiments/search?max_results=1"


def encoded(text):
    return "Basic " + base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


BROKEN = [
    "Bearer x",
    "Bearer",
    "Basic",
    "Basic ",
    "Basic !!!!",
    "Basic YTpi YTpi",
    "Basic YTpi=YTpi",
    "Basic YTp",
    "Digest username=admin",
    "Negotiate YII=",
    encoded("no colon"),
    encoded(":no name"),
    encoded(""),
    encoded("admin:p\u00e4ssword"),
    encoded(b"admin:\xff\xfe"),
    encoded("admin:\0"),
    encoded("ad\nmin:x"),
    "Basic " + "A" * 4001,
]


@pytest.fixture(scope="module")
def sign_in():
    return processes.load_guard("sign_in")


def credentials(sign_in, *values, gateway=False, own=None):
    headers = [(b"authorization", value.encode("latin-1")) for value in values]
    headers += [(sign_in.GATEWAY_HEADER, own.encode())] if own is not None else []
    return sign_in.Credentials(headers, gateway)


@pytest.mark.parametrize("value", BROKEN)
def test_broken_credentials_have_no_name(sign_in, value):
    found = credentials(sign_in, value)
    assert found.given and found.name is None


@pytest.mark.parametrize("value", [encoded("admin:a b:c"), encoded("admin:").replace("Basic", "basic "), encoded("x:\"%$#")])
def test_others_have(sign_in, value):
    assert credentials(sign_in, value).name in ("admin", "x")


def test_two_at_once_are_broken(sign_in):
    assert credentials(sign_in, encoded("a:b"), encoded("a:b")).name is None
    assert not credentials(sign_in).given


def test_the_gateway_has_a_header_of_its_own(sign_in):
    bearer = "Bearer key-of-the-provider"
    assert credentials(sign_in, bearer, gateway=True, own=encoded("a:b")).name == "a"
    assert credentials(sign_in, bearer, own=encoded("a:b")).name is None
    assert credentials(sign_in, bearer, gateway=True).name is None
    assert credentials(sign_in, encoded("a:b"), gateway=True, own="").name == "a"


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def tries(sign_in):
    found = sign_in.Tries(Clock())

    def go(password, right, name="alice", address="10.0.0.1"):
        digest = found.digest(credentials(sign_in, encoded("%s:%s" % (name, password))))
        wait = found.begin(digest, (name, address))
        if not wait:
            found.end(digest, (name, address), right)
        return wait

    go.all = found
    return go


def test_tries_are_bounded_for_a_name_from_an_address(sign_in, tries):
    for number in range(sign_in.BURST):
        assert tries(number, False) == 0
    assert 0 < tries("next", False) <= sign_in.SECONDS + 1
    # Nobody looks at a password any more, not even at the right one.
    assert tries("right", True) > 0
    assert tries("other name", False, name="bobby") == 0
    assert tries("other address", False, address="10.0.0.2") == 0
    tries.all.clock.now += sign_in.SECONDS + 1
    assert tries("next", False) == 0
    assert tries("right", True) > 0


def test_who_has_signed_in_is_not_kept_out_by_others(sign_in, tries):
    assert tries("right", True) == 0
    for number in range(3 * sign_in.BURST):
        tries(number, False)
    assert tries("right", True) == 0
    # Until the password is another one.
    assert tries("right", False) == 0
    assert tries("right", False) > 0


def test_what_is_right_or_not_looked_at_costs_nothing(sign_in, tries):
    for number in range(10 * sign_in.BURST):
        assert tries("right %d" % number, True) == 0
        assert tries("unseen %d" % number, None) == 0


def test_many_requests_with_one_password_are_one_try(sign_in, tries):
    found = tries.all
    digest = found.digest(credentials(sign_in, encoded("alice:same")))
    who = ("alice", "10.0.0.1")
    assert [found.begin(digest, who) for _ in range(100)] == [0] * 100
    for _ in range(100):
        found.end(digest, who, True)
    assert not found.pending and digest in found.known


def test_what_is_remembered_is_bounded(sign_in, tries, monkeypatch):
    monkeypatch.setattr(sign_in, "REMEMBERED", 50)
    for number in range(200):
        tries("x", False, name="name %d" % number)
        tries("y", True, name="name %d" % number)
    assert len(tries.all.known) == len(tries.all.spent) == 50
    assert not tries.all.pending


@pytest.fixture(scope="module")
def server(request, postgres, environment_for, current, tmp_path_factory):
    from conftest import BASIC_AUTH, ROLE
    from postgres import free_port

    directory = tmp_path_factory.mktemp("sign-in")
    environment = environment_for(postgres.create_database(ROLE, current), directory)
    port = free_port()
    command = processes.inlined("serve", *BASIC_AUTH, "--workers", "1", "--port", str(port))
    running = processes.Server(command, environment, port)
    try:
        yield running.wait_until_healthy()
    finally:
        running.end()


TARGETS = [SEARCH, "/", "/graphql", "/v1/traces", "/api/2.0/mlflow-artifacts/artifacts/0/x/artifacts/y"]


@pytest.mark.parametrize("target", TARGETS)
def test_broken_credentials_get_401(server, target):
    for value in BROKEN:
        status, headers, text = server.ask("GET", target, headers={"Authorization": value.encode("latin-1")})
        assert status == 401, (value, text)
        assert headers["WWW-Authenticate"] == 'Basic realm="mlflow"'


def test_a_wrong_password_takes_as_long_for_a_name_that_there_is_not(server):
    def seconds(name):
        begin = time.monotonic()
        assert server.ask("GET", SEARCH, (name, "wrong password"))[0] == 401
        return time.monotonic() - begin

    # The first one may load code.
    seconds("first")
    known, unknown = seconds(ADMIN[0]), seconds("nobody at all")
    assert min(known, unknown) > 0.45
    assert abs(known - unknown) % 0.5 < 0.1 or abs(known - unknown) % 0.5 > 0.4


def test_the_bound_on_the_real_server(server):
    server.request("/api/2.0/mlflow/users/create", ADMIN, body={"username": "carol", "password": "carol's password"})
    good = ("carol", "carol's password")
    answers = []
    while not answers or answers[-1][0] == 401:
        answers.append(server.ask("GET", SEARCH, ("carol", "wrong %d" % len(answers))))
        assert len(answers) < 60
    assert len(answers) > 10
    status, headers, text = answers[-1]
    assert status == 429
    assert int(headers["Retry-After"]) > 0
    assert json.loads(text)["error_code"] == "REQUEST_LIMIT_EXCEEDED"
    assert server.ask("GET", SEARCH, ADMIN)[0] == 200
    assert server.ask("GET", SEARCH, good)[0] in (200, 429)


def test_who_works_goes_on(server):
    server.request("/api/2.0/mlflow/users/create", ADMIN, body={"username": "dave", "password": "dave's password"})
    good = ("dave", "dave's password")
    assert server.ask("GET", SEARCH, good)[0] == 200
    for number in range(12):
        server.ask("GET", SEARCH, ("dave", "wrong %d" % number))
    assert server.ask("GET", SEARCH, good)[0] == 200


def test_without_authentication_nobody_s_credentials_are_looked_at():
    app = App()
    guard = processes.load_guard("app").Guard(app, {})
    ask(guard, "/other", headers=[(b"authorization", b"Bearer x")])
    assert len(app.scopes) == 1
