"""Uploads are taken piece by piece where MLflow can, of those whose credentials are right."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

import processes
from conftest import ADMIN, BASIC_AUTH, OLDER_ADMIN, ROLE
from postgres import free_port
from test_guard_bodies import MIB, peak, pieces

ARTIFACT = "/2.0/mlflow-artifacts/artifacts/0/large/artifacts/"
WRONG = (ADMIN[0], "a wrong password")
SIZE = 80 * MIB


@pytest.fixture(scope="module", params=["prefix", "older"])
def server(request, postgres, environment_for, current, older, tmp_path_factory):
    directory = tmp_path_factory.mktemp("uploads")
    is_older = request.param == "older"
    database = postgres.create_database(ROLE, older if is_older else current)
    environment = environment_for(database, directory)
    if not is_older:
        environment["MLFLOW_STATIC_PREFIX"] = "/ml"
    port = free_port()
    arguments = ["--workers", "1", "--port", str(port), "--artifacts-destination", str(directory / "artifacts")]
    python = {"python": processes.os.environ["OLDER_MLFLOW_PYTHON"]} if is_older else {}
    running = processes.Server(processes.inlined("serve", *BASIC_AUTH, *arguments, **python), environment, port)
    running.prefix = "" if is_older else "/ml"
    running.streams = not is_older
    running.user = OLDER_ADMIN if is_older else ADMIN
    try:
        yield running.wait_until_healthy(path=running.prefix + "/health")
    finally:
        running.end()


def bases(server):
    return ["/api", "/ajax-api"] + ([server.prefix + "/api", server.prefix + "/ajax-api"] if server.prefix else [])


@pytest.mark.parametrize("form, name", [("plain", "x"), ("in chunks", "x"), ("in chunks", "a%0Ab"), ("in chunks", "")])
@pytest.mark.parametrize("user", [WRONG, None], ids=["wrong", "stranger"])
def test_without_right_credentials_nothing_is_held(server, form, name, user):
    for base in bases(server):
        before = peak(server)
        body = b"x" * SIZE if form == "plain" else pieces(SIZE)
        try:
            status = server.ask("PUT", base + ARTIFACT + name, user, body)[0]
        except (BrokenPipeError, ConnectionResetError):
            status = 0
        assert status in (0, 401, 429)
        assert peak(server) - before < 40


def test_with_right_ones_they_stream(server):
    for number, base in enumerate(bases(server)):
        before = peak(server)
        target = base + ARTIFACT + "file%d" % number
        status, _headers, text = server.ask("PUT", target, server.user, pieces(SIZE), timeout=90)
        if server.streams:
            assert status == 200, text
            assert peak(server) - before < 40
            status, _headers, text = server.ask("GET", target, server.user, timeout=90)
            assert (status, len(text)) == (200, SIZE)
        else:
            assert status == 413
            assert peak(server) - before < 110
            assert server.ask("PUT", target, server.user, pieces(30 * MIB))[0] == 200


def test_the_rights_are_those_of_the_path(server):
    """What is taken off a path is taken off before MLflow looks at the rights."""
    user = ("reader", "password of the reader")
    create = server.prefix + "/api/2.0/mlflow/"
    server.request(create + "users/create", server.user, body={"username": user[0], "password": user[1]})
    for base in bases(server):
        target = base + ARTIFACT + "rights"
        assert server.ask("PUT", target, user, b"x")[0] == 403
        assert server.ask("PUT", target, user, pieces(5 * MIB))[0] == 403


def test_the_gateway_s_header_is_judged_without_the_prefix(server):
    """MLflow looks at `X-MLflow-Authorization` there as well."""

    def guess(number):
        wrong = {"X-MLflow-Authorization": processes.basic("grace", "wrong %d" % number)}
        return server.ask("GET", "/gateway/zzz", None, None, wrong)[0]

    with ThreadPoolExecutor(30) as pool:
        assert set(pool.map(guess, range(30))) == {401, 429}


class Route:
    def __init__(self, path):
        self.path = path

    def matches(self, scope):
        class Match:
            path = scope["path"].replace("/root", "", 1)
            value = 2 if path.startswith(self.path.partition("{")[0]) and "\n" not in path else 0

        return Match, {}


@pytest.mark.parametrize(
    "prefix, path, expected",
    [
        ("/ml", "/ml/api/2.0/mlflow-artifacts/artifacts/a", "/api/2.0/mlflow-artifacts/artifacts/a"),
        ("/ml", "/api/2.0/mlflow-artifacts/artifacts/a", "/api/2.0/mlflow-artifacts/artifacts/a"),
        ("", "/api/2.0/mlflow-artifacts/artifacts/a", "/api/2.0/mlflow-artifacts/artifacts/a"),
        ("/ml", "/ml/ml/api/2.0/mlflow-artifacts/artifacts/a", None),
        ("", "/ajax-api/2.0/mlflow-artifacts/artifacts/a", None),
        ("", "/api/2.0/mlflow-artifacts/artifacts/a\nb", None),
        ("", "/api/2.0/mlflow/runs/create", None),
    ],
)
def test_the_route_is_one_that_the_app_has(prefix, path, expected):
    paths = processes.load_guard("paths")
    native = Route("/api/2.0/mlflow-artifacts/artifacts/{artifact_path:path}")
    app = type("App", (), {"routes": [native, type("Mount", (), {})()]})()
    routes = paths.native_routes(type("Outer", (), {"app": app})())
    assert len(routes) == 1
    for root in ("", "/root"):
        scope = {"path": root + path, "method": "PUT"}
        found = paths.Paths(prefix).streaming(routes, scope, path)
        assert (found and found["path"]) == (expected and root + expected)
    assert paths.Paths(prefix).streaming([], scope, path) is None


def test_a_body_has_a_time_for_all_of_it(monkeypatch):
    bodies = processes.load_guard("bodies")
    monkeypatch.setattr(bodies, "PATIENCE", 0.5)
    budget = bodies.Budget()

    async def receive():
        await asyncio.sleep(0.1)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def work():
        body = bodies.Body(receive, budget, "alice")
        with pytest.raises(bodies.Refused) as error:
            await asyncio.wait_for(body.read(bodies.LIMIT, 0), 5)
        assert error.value.status == 408

    asyncio.run(work())


def test_nobody_has_all_of_the_budget():
    bodies = processes.load_guard("bodies")
    budget = bodies.Budget()
    budget.take(bodies.SHARE, "bobby")
    for who, size in (("bobby", 1), ("alice", bodies.HELD)):
        with pytest.raises(bodies.Refused) as error:
            budget.take(size, who)
        assert error.value.status == 503
    budget.take(bodies.HELD - bodies.SHARE, "alice")
    budget.take(-bodies.SHARE, "bobby")
    budget.take(2 * bodies.SHARE - bodies.HELD, "alice")
    assert budget.left == bodies.HELD - bodies.SHARE and list(budget.held) == ["alice"]
