"""Stands in front of MLflow's app, in each process that serves it.

`serve` writes this file as a module for each Python of the server, and calls `install` in each. No
process listens on the server's port unless what it serves is behind the guard.
"""

import os
import socket
import sys

CONFIG = "uvicorn.config"
ASSISTANT = "mlflow.server.assistant"
PREFIX = "_MLFLOW_STATIC_PREFIX"
HIDDEN = b"<style>[data-assistant-ui]{display:none!important}</style></head>"


def refuse(text):
    print("cdk-mlflow: server would be without its guard: " + text, file=sys.stderr, flush=True)
    from multiprocessing import parent_process

    # Otherwise the parent starts another worker, again and again.
    if parent_process():
        os.kill(parent_process().pid, 15)
    sys.exit(1)


class Finder:
    """Puts the guard into uvicorn's configuration, once that is imported."""

    def __init__(self, settings):
        self.settings = settings
        self.done = False

    def find_spec(self, name, path=None, target=None):
        if name != CONFIG or self.done:
            return None
        from importlib.machinery import PathFinder

        spec = PathFinder.find_spec(name, path)
        if spec:
            execute = spec.loader.exec_module

            def both(module):
                execute(module)
                self.wrap(module)

            spec.loader.exec_module = both
        return spec

    def wrap(self, module):
        try:
            load = module.Config.load
        except AttributeError as error:
            refuse("%s; use an image with a uvicorn that cdk-mlflow knows" % error)

        def guarded(config):
            load(config)
            try:
                config.loaded_app = Guard(config.loaded_app, self.settings)
            except Exception as error:
                refuse("%s: %s; use a release of mlflow that it knows" % (type(error).__name__, error))

        module.Config.load = guarded
        self.done = True


def install(settings):
    finder = Finder(settings)
    sys.meta_path.insert(0, finder)
    bind = socket.socket.bind

    def guarded(self, address):
        if isinstance(address, tuple) and address[1] == settings["port"] and not finder.done:
            refuse("something other than uvicorn listens; leave out options of other servers")
        return bind(self, address)

    socket.socket.bind = guarded


def segments(path):
    """The path's parts, whatever way of writing them any router may still undo."""
    from urllib.parse import unquote

    while (plain := unquote(path)) != path:
        path = plain
    parts = []
    for part in path.replace("\\", "/").lower().split("/"):
        if part == "..":
            parts[-1:] = []
        elif part.strip(" .\t\r\n\0"):
            parts.append(part.strip(" .\t\r\n\0"))
    return parts


class Paths:
    """What a path means to MLflow."""

    def __init__(self, prefix):
        self.prefix = segments(prefix)
        self.page = prefix.rstrip("/") + "/"

    def is_assistant(self, path):
        parts = segments(path)
        size = len(self.prefix)
        if size and parts[:size] == self.prefix:
            return self._is_assistant(parts[size:]) or self._is_assistant(parts)
        return self._is_assistant(parts)

    @staticmethod
    def _is_assistant(parts):
        return (
            len(parts) > 3
            and parts[0] in ("api", "ajax-api")
            and parts[2] == "mlflow"
            and parts[3].startswith("assistant")
        )


def routed(scope):
    """The path that the app's router matches."""
    path, root = scope["path"], scope.get("root_path", "")
    return path[len(root) :] if root and path.startswith(root + "/") else path


def check(paths, prefix):
    """What the guard relies on in this release of MLflow."""
    from importlib.util import find_spec

    if find_spec(ASSISTANT):
        found = [
            route.path
            for name, module in list(sys.modules.items())
            if name == ASSISTANT or name.startswith(ASSISTANT + ".")
            for value in list(vars(module).values())
            for route in getattr(value, "routes", None) or []
        ]
        if not found or not all(paths.is_assistant(prefix + path) for path in found):
            raise LookupError("the Assistant's routes are elsewhere: %s" % found[:3])
    auth = sys.modules.get("mlflow.server.auth")
    if auth and auth.is_unprotected_route(prefix + "/api/2.0/mlflow/users/create"):
        raise ValueError("prefix '%s' switches sign-in off" % prefix)


class Guard:
    def __init__(self, app, settings):
        prefix = os.environ.get(PREFIX, "").rstrip("/")
        self.app = app
        self.paths = Paths(prefix)
        check(self.paths, prefix)

    async def __call__(self, scope, receive, send):
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        path = routed(scope)
        # Its one rule is that the caller's address is the server's own: anybody behind a forwarded
        # port, and the server itself where it is made to call an address.
        if self.paths.is_assistant(path):
            return await answer(scope, send, 404, "there is no Assistant on this server")
        if scope["type"] == "http" and path == self.paths.page and scope["method"] == "GET":
            send = Page(send).send
        await self.app(scope, receive, send)


class Page:
    """Takes what belongs to the Assistant out of the UI, which shows it where the host is local."""

    def __init__(self, send):
        self._send = send
        self.start = None
        self.body = b""

    async def send(self, message):
        if message["type"] == "http.response.start" and is_page(message):
            self.start = message
        elif message["type"] == "http.response.body" and self.start:
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                await self.finish()
        else:
            await self._send(message)

    async def finish(self):
        body = self.body.replace(b"</head>", HIDDEN, 1)
        # The tags are those of the file as it was.
        dropped = (b"content-length", b"etag", b"last-modified")
        headers = [pair for pair in self.start["headers"] if pair[0].lower() not in dropped]
        headers.append((b"content-length", b"%d" % len(body)))
        await self._send({**self.start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})


def is_page(message):
    kind = dict(message["headers"]).get(b"content-type", b"")
    return message["status"] == 200 and kind.startswith(b"text/html")


async def answer(scope, send, status, text, headers=()):
    if scope["type"] == "websocket":
        return await send({"type": "websocket.close", "code": 1008, "reason": text})
    import json

    body = json.dumps({"error_code": CODES.get(status, "BAD_REQUEST"), "message": text}).encode()
    fixed = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": [*fixed, *headers]})
    await send({"type": "http.response.body", "body": body})


# MLflow's names, which its client shows.
CODES = {404: "ENDPOINT_NOT_FOUND"}
