"""Credentials in the one form that all of MLflow reads, and not too many wrong ones."""

import asyncio
import base64
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

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


def test_all_that_there_are_are_judged(sign_in):
    assert credentials(sign_in, encoded("a:b"), encoded("a:c")).pairs == [("a", "b"), ("a", "c")]
    assert not credentials(sign_in).given


@pytest.mark.parametrize("length, right", [(255, True), (256, False), (40000, False)])
def test_a_name_is_as_long_as_mlflow_s_at_most(sign_in, length, right):
    assert (credentials(sign_in, encoded("n" * length + ":x")).name is not None) is right


def test_the_gateway_has_a_header_of_its_own(sign_in):
    bearer = "Bearer key-of-the-provider"
    assert credentials(sign_in, bearer, gateway=True, own=encoded("a:b")).name == "a"
    assert credentials(sign_in, bearer, own=encoded("a:b")).name is None
    assert credentials(sign_in, bearer, gateway=True).name is None
    assert credentials(sign_in, encoded("a:b"), gateway=True, own="").name == "a"
    # Flask looks at the usual one, below the gateway as well.
    both = credentials(sign_in, encoded("admin:guess"), gateway=True, own=encoded("a:b"))
    assert both.pairs == [("a", "b"), ("admin", "guess")]


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def tries(sign_in, monkeypatch):
    """Signs in, and says whether it was looked at, and how long that took."""
    monkeypatch.setattr(sign_in, "PACE", 0.05)
    looked = []

    async def check(name, password):
        looked.append((name, password))
        await asyncio.sleep(0)
        return password == "right"

    found = sign_in.Tries(check, Clock())

    async def go(password, name="alice", address="10.0.0.1"):
        pair = (name, str(password))
        return found.is_known(pair) or await found.are_right(pair, address)

    go.all, go.looked, go.refused = found, looked, sign_in.Refused
    return go


def run(work):
    return asyncio.run(work())


def test_beyond_the_bound_one_is_looked_at_at_a_time(sign_in, tries):
    async def work():
        begin = time.monotonic()
        for number in range(sign_in.BURST):
            assert not await tries(number)
        assert time.monotonic() - begin < 0.05
        begin = time.monotonic()
        for number in range(3):
            assert not await tries("more %d" % number)
        assert time.monotonic() - begin > 3 * 0.05
        begin = time.monotonic()
        assert not await tries("x", name="bobby")
        assert not await tries("x", address="10.0.0.2")
        assert time.monotonic() - begin < 0.05

    run(work)


def test_the_right_password_gets_in_while_others_guess(sign_in, tries):
    async def guess(number, over):
        while not over:
            tried = len(tries.looked)
            await tries("guess %d %d" % (number, tried))

    async def work():
        for number in range(sign_in.BURST):
            await tries(number)
        over = []
        guesses = [asyncio.ensure_future(guess(number, over)) for number in range(sign_in.WAITING - 1)]
        await asyncio.sleep(0.12)
        before, begin = len(tries.looked), time.monotonic()
        assert await tries("right")
        # After those who came first, at most.
        assert len(tries.looked) - before <= sign_in.WAITING
        assert await tries("right") and time.monotonic() - begin < sign_in.WAITING * 0.1
        over.append(True)
        await asyncio.gather(*guesses)

    run(work)


def test_those_who_wait_are_bounded(sign_in, tries):
    async def work():
        for number in range(sign_in.BURST):
            await tries(number)
        before = len(tries.looked)
        found = await asyncio.gather(*(tries("g%d" % n) for n in range(20)), return_exceptions=True)
        refused = [error for error in found if isinstance(error, tries.refused)]
        assert len(refused) == 20 - sign_in.WAITING and refused[0].status == 429
        assert len(tries.looked) - before == sign_in.WAITING
        assert not tries.all.turns and not tries.all.checks

    run(work)


def test_who_has_signed_in_is_not_looked_at_again(sign_in, tries):
    async def work():
        assert await tries("right")
        for number in range(sign_in.BURST):
            await tries(number)
        before = len(tries.looked)
        assert await tries("right")
        assert len(tries.looked) == before

    run(work)


def test_what_is_right_costs_nothing(sign_in, tries):
    async def work():
        for _ in range(10 * sign_in.BURST):
            assert await tries("right")
            tries.all.known.clear()
        assert tries.all.spent.popitem()[1] <= Clock.now

    run(work)


def test_many_requests_with_one_password_are_one_try(sign_in, tries):
    async def work():
        assert await asyncio.gather(*(tries("same") for _ in range(100))) == [False] * 100
        assert tries.looked == [("alice", "same")]

    run(work)


def test_what_is_remembered_is_bounded(sign_in, tries, monkeypatch):
    monkeypatch.setattr(sign_in, "REMEMBERED", 50)

    async def work():
        for number in range(200):
            await tries("x", name="name %d" % number)
            await tries("right", name="name %d" % number)
        assert len(tries.all.known) == len(tries.all.spent) == 50
        assert {len(key) for key in tries.all.spent} == {32}

    run(work)


def test_one_name_is_remembered_once(sign_in, tries):
    """However its credentials are written."""
    spellings = ["Basic ", "basic  ", "BASIC   "]
    encoded_pair = encoded("alice:right")[6:]
    found = {tuple(credentials(sign_in, form + encoded_pair).pairs) for form in spellings}
    assert found == {(("alice", "right"),)}


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


def guess(server, name, over, refused):
    number = 0
    while not over.is_set():
        number += 1
        status = server.ask("GET", SEARCH, (name, "wrong %d %d" % (threading.get_ident(), number)))[0]
        refused.append(status)


def test_the_bound_on_the_real_server(server):
    """Guesses go on, and the right password gets in, which this process has not seen before."""
    server.request("/api/2.0/mlflow/users/create", ADMIN, body={"username": "carol", "password": "carol's password"})
    over, statuses = threading.Event(), []
    threads = [threading.Thread(target=guess, args=(server, "carol", over, statuses)) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        while len(statuses) < 16:
            time.sleep(0.1)
        begin, before = time.monotonic(), len(statuses)
        assert server.ask("GET", SEARCH, ("carol", "carol's password"))[0] == 200
        passed = time.monotonic() - begin
        assert passed < 4
        assert len(statuses) - before <= 4 + passed * 4
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert set(statuses) <= {401, 429}
    assert server.ask("GET", SEARCH, ADMIN)[0] == 200


def test_more_guesses_than_may_wait_are_refused(server):
    def one(number):
        return server.ask("GET", SEARCH, ("erin", "wrong %d" % number))

    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(one, range(30)))
    assert {answer[0] for answer in answers} == {401, 429}
    _status, headers, text = next(answer for answer in answers if answer[0] == 429)
    assert int(headers["Retry-After"]) > 0
    assert json.loads(text)["error_code"] == "REQUEST_LIMIT_EXCEEDED"


@pytest.mark.parametrize("target", ["/gateway/zzz", SEARCH])
def test_the_gateway_s_header_is_judged(server, target):
    """`X-MLflow-Authorization` is one more way to try passwords."""

    def one(number):
        wrong = processes.basic("fred " + target, "wrong %d" % number)
        return server.ask("GET", target, None, None, {"X-MLflow-Authorization": wrong})[0]

    with ThreadPoolExecutor(30) as pool:
        assert set(pool.map(one, range(30))) == {401, 429}


def test_both_headers_are_judged(server):
    wrong = {"X-MLflow-Authorization": processes.basic(*ADMIN)}
    wrong["Authorization"] = processes.basic(ADMIN[0], "wrong")
    status, _headers, text = server.ask("GET", "/gateway/zzz", None, None, wrong)
    assert (status, json.loads(text)["message"]) == (401, "user name or password is wrong")


def test_health_asks_nobody(server):
    assert server.ask("GET", "/health", ("nobody", "wrong"))[0] == 200


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
