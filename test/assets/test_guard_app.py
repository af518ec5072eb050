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


def test_a_websocket_to_the_assistant_is_closed(guard):
    app = App()
    sent = ask(guard.Guard(app, {}), ASSISTANT + "/stream", "websocket")
    assert sent == [{"type": "websocket.close", "code": 1008}]
    assert app.scopes == []


@pytest.mark.parametrize("type", ["websocket", "lifespan"])
def test_what_is_no_request_passes(guard, type):
    app = App()
    ask(guard.Guard(app, {}), "/other", type)
    assert len(app.scopes) == 1


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
    text = b"<html><head><style>[data-assistant-ui]{display:none!important}</style></head></html>"
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
