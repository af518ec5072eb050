"""The guard's parts, without a server."""

import asyncio
import sys
import types

import pytest

import processes

POLICIES = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"content-security-policy", b"object-src 'none'; base-uri 'self'"),
]
ASSISTANT = "/ajax-api/3.0/mlflow/assistant"


@pytest.fixture
def guard():
    return processes.load_guard("app")


@pytest.fixture
def release(monkeypatch):
    module = processes.load_guard("release")
    monkeypatch.setattr(module, "keep_traces_in_place", lambda: None)
    return module


class App:
    """An app that answers the text, and keeps what it was asked."""

    def __init__(self, text=b"<html><head></head></html>", kind=b"text/html; charset=utf-8", parts=1, status=200):
        self.text, self.kind, self.parts, self.status = text, kind, parts, status
        self.scopes = []

    async def __call__(self, scope, receive, send):
        self.scopes.append(scope)
        if scope["type"] != "http":
            return
        headers = [(b"content-type", self.kind), (b"etag", b"x"), (b"content-length", b"%d" % len(self.text))]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        size = -(-len(self.text) // self.parts)
        for number in range(self.parts):
            part = self.text[number * size : (number + 1) * size]
            await send({"type": "http.response.body", "body": part, "more_body": number < self.parts - 1})


def ask(guarded, path="/", type="http", method="GET", **more):
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {"type": type, "path": path, "method": method, "headers": [], **more}
    asyncio.run(guarded(scope, receive, send))
    return sent


@pytest.mark.parametrize("path", [ASSISTANT + "/stream", "/other"])
def test_a_websocket_is_closed(guard, path):
    app = App()
    sent = ask(guard.Guard(app, {}), path, "websocket")
    assert sent == [{"type": "websocket.close", "code": 1008}]
    assert app.scopes == []


def test_the_start_and_the_end_pass(guard):
    app = App()
    ask(guard.Guard(app, {}), "/other", "lifespan")
    assert len(app.scopes) == 1


@pytest.mark.parametrize(
    "origin, https, foreign",
    [
        ("https://a.test", True, False),
        ("https://b.test", True, True),
        ("https://x.c.test", True, False),
        ("http://[::1]:8080", False, False),
        ("http://[::1]", False, False),
        ("http://127.0.0.1:80", False, False),
        ("http://localhost", True, True),
        ("http://localhost:3000", True, True),
        ("http://localhost.evil.test", False, True),
        ("http://localhost:80.evil.test", False, True),
        ("https://localhost:3000", False, True),
        ("null", False, True),
        ("", False, True),
    ],
)
def test_an_origin_is_the_server_s_own_or_foreign(origin, https, foreign):
    origins = processes.load_guard("headers").Origins("https://a.test,https://*.c.test")
    assert origins.is_foreign(origin.encode(), https) is foreign


@pytest.mark.parametrize(
    "origin, foreign",
    [
        ("http://dev.test:80", False),
        ("http://dev.test:80.evil.test", True),
        ("http://dev.test:80@evil.test", True),
        ("http://dev.test:80/evil.test", True),
        ("http://dev.test:", True),
        ("https://x.c.test:443", False),
        ("https://evil.test/.c.test:1", True),
        ("https://[::1]:8080", False),
    ],
)
def test_a_pattern_s_port_is_a_number(origin, foreign):
    allowed = "http://dev.test:*,https://*.c.test:*,https://[[]::1]:*"
    origins = processes.load_guard("headers").Origins(allowed)
    assert bool(origins.is_foreign(origin.encode(), True)) is foreign


SINGLE = ["content-encoding", "content-length", "transfer-encoding", "content-type", "origin", "host", "authorization"]


@pytest.mark.parametrize("name", [*SINGLE, "x-mlflow-authorization"])
def test_a_header_that_parts_would_read_differently_is_there_once(guard, name):
    app = App()
    twice = [(name.encode(), b"gzip"), (b"accept", b"*/*"), (name.encode(), b"identity")]
    start, body = ask(guard.Guard(app, {}), "/v1/traces", method="POST", headers=twice)
    assert start["status"] == 400 and b"repeated" in body["body"]
    assert app.scopes == []
    several = [(b"accept", b"a"), (b"accept", b"b"), (b"cookie", b"c"), (b"cookie", b"d")]
    assert ask(guard.Guard(app, {}), "/other", headers=several)[0]["status"] == 200


@pytest.mark.parametrize("path", [ASSISTANT, "/root" + ASSISTANT, "/root/prefix" + ASSISTANT])
def test_a_root_path_hides_nothing(guard, monkeypatch, path):
    monkeypatch.setenv("_MLFLOW_STATIC_PREFIX", "/prefix/")
    app = App()
    assert ask(guard.Guard(app, {}), path, root_path="/root")[0]["status"] == 404
    assert app.scopes == []
    ask(guard.Guard(app, {}), "/other", root_path="/root")
    assert len(app.scopes) == 1


@pytest.mark.parametrize("parts", [1, 3])
def test_the_page_is_changed_once_and_as_a_whole(guard, parts):
    start, body = ask(guard.Guard(App(parts=parts), {}))
    style = b"[data-assistant-ui],[role=tab][id$=-trigger-assistant]{display:none!important}"
    text = b"<html><head><style>%s</style></head></html>" % style
    assert body == {"type": "http.response.body", "body": text}
    assert start["headers"] == [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", b"%d" % len(text)),
        *POLICIES,
    ]


@pytest.mark.parametrize(
    "app, more",
    [
        (App(kind=b"application/json"), {}),
        (App(status=304), {}),
        (App(), {"path": "/graphql"}),
        (App(), {"method": "HEAD"}),
    ],
)
def test_nothing_else_is_changed(guard, app, more):
    start, body = ask(guard.Guard(app, {}), **more)
    assert body["body"] == app.text
    assert (b"etag", b"x") in start["headers"]


def with_assistant(monkeypatch, path):
    """A release that has the Assistant at the path."""
    name = "mlflow.server.assistant"
    for known in [known for known in sys.modules if known.startswith(name)]:
        monkeypatch.delitem(sys.modules, known)
    route = types.SimpleNamespace(path=path)
    router = types.SimpleNamespace(routes=[route] if path else [])
    module = types.ModuleType(name + ".api")
    module.router = router
    monkeypatch.setitem(sys.modules, name + ".api", module)


@pytest.mark.parametrize("path", [None, "/ajax-api/3.0/mlflow/helper/config", "/assistant/config"])
def test_an_assistant_in_another_place_is_no_release_that_it_knows(monkeypatch, release, path):
    with_assistant(monkeypatch, path)
    with pytest.raises(LookupError, match="the Assistant's routes are elsewhere"):
        release.check(processes.load_guard("paths").Paths("/ml"))


def test_an_assistant_in_its_place_is(monkeypatch, release):
    with_assistant(monkeypatch, "/ajax-api/4.0/mlflow/assistant/config")
    release.check(processes.load_guard("paths").Paths("/ml"))
