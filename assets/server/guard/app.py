"""The guard itself: what each request passes before MLflow sees it."""

import asyncio
import json
import os
import sys
import time

from . import bodies, headers
from .page import Page
from .paths import Paths, routed
from .sign_in import Credentials, Tries

PREFIX = "_MLFLOW_STATIC_PREFIX"
BASIC = "mlflow.server.auth:authenticate_request_basic_auth"
REALM = (b"www-authenticate", b'Basic realm="mlflow"')
# MLflow's names, which its client shows.
CODES = {401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "ENDPOINT_NOT_FOUND"}
CODES.update({413: "REQUEST_LIMIT_EXCEEDED", 429: "REQUEST_LIMIT_EXCEEDED"})
# No answer to a wrong sign-in comes sooner, so that none tells whether there is such a user.
FLOOR = 0.5


class Guard:
    def __init__(self, app, settings):
        self.app = app
        self.paths = Paths(os.environ.get(PREFIX, ""))
        self.origins = headers.Origins(settings.get("origins", ""))
        self.auth = sys.modules.get("mlflow.server.auth") if settings.get("basic") else None
        if self.auth and self.auth.auth_config.authorization_function != BASIC:
            self.auth = None
        self.tries = Tries()
        self.known = bodies.Budget(bodies.KNOWN)
        self.unknown = bodies.Budget(bodies.UNKNOWN)

    async def __call__(self, scope, receive, send):
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        path = routed(scope)
        # Its one rule is that the caller's address is the server's own: anybody behind a forwarded
        # port, and the server itself where it is made to call an address.
        refused = self.paths.is_assistant(path)
        if scope["type"] == "websocket":
            if refused:
                return await send({"type": "websocket.close", "code": 1008})
            return await self.app(scope, receive, send)
        request = Request(self, scope, receive, send, path)
        try:
            if refused:
                raise bodies.Refused(404, "there is no Assistant on this server")
            await request.run()
        except bodies.Refused as answer:
            if answer.status in (401, 413, 503):
                await request.drain()
            await request.answer(answer)
        except ConnectionResetError:
            pass
        finally:
            request.close()


class Request:
    def __init__(self, guard, scope, receive, send, path):
        self.guard, self.scope, self.path = guard, scope, path
        self._receive, self._send = receive, send
        self.began = time.monotonic()
        self.started = False
        self.right = None
        self.body = None
        self.credentials = None
        self.names = dict(scope["headers"])
        self.https = guard.origins.is_https(self.names.get(b"host", b""))

    async def run(self):
        guard, scope = self.guard, self.scope
        if self.https:
            # What MLflow makes addresses of, and its form against forged requests, ask for it.
            scope = {**scope, "scheme": "https"}
        origin = self.names.get(b"origin")
        if origin and guard.origins.is_foreign(origin, self.https):
            if scope["method"] in headers.CHANGING:
                raise bodies.Refused(403, "Cross-origin request blocked")
            scope = without(scope, b"origin")
        if guard.auth:
            return await self.signed_in(scope)
        await self.forward(scope)

    async def signed_in(self, scope):
        guard = self.guard
        credentials = Credentials(scope["headers"], self.path.startswith(guard.paths.gateway))
        self.credentials = credentials
        if not credentials.given:
            return await self.forward(scope)
        if credentials.name is None:
            text = "credentials are not of HTTP's Basic scheme, in ASCII with a user name"
            raise bodies.Refused(401, text, [REALM])
        who = (credentials.name, (scope.get("client") or ("",))[0])
        digest = guard.tries.digest(credentials)
        wait = guard.tries.begin(digest, who)
        if wait:
            text = "too many sign-ins failed; try again in %d s" % wait
            raise bodies.Refused(429, text, [(b"retry-after", b"%d" % wait)])
        self.is_known = digest in guard.tries.known
        try:
            await self.forward(scope)
        finally:
            guard.tries.end(digest, who, self.right)

    is_known = False

    async def forward(self, scope):
        send, receive = self.send, self._receive
        method = scope["method"]
        if self.path == self.guard.paths.page and method == "GET":
            send = Page(send).send
        if self.names.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in self.names:
            scope = await self.bounded(scope)
            receive = self.body.receive if self.body else receive
        await self.guard.app(scope, receive, send)

    async def bounded(self, scope):
        guard = self.guard
        stranger = guard.auth and not self.credentials.given
        if not stranger and guard.paths.is_upload(scope["method"], self.path):
            return scope
        known = self.is_known or not guard.auth
        self.body = bodies.Body(self._receive, guard.known if known else guard.unknown)
        length = self.names.get(b"content-length", b"")
        try:
            limit = bodies.STRANGER if stranger else bodies.LIMIT
            await self.body.read(limit, int(length) if length.isdigit() else 0)
        except bodies.Refused as refused:
            if stranger and refused.status == 413:
                raise bodies.Refused(401, "sign in first", [REALM])
            raise
        encoding = self.names.get(b"content-encoding", b"").decode("latin-1").lower()
        if encoding in bodies.WINDOWS and self.path.rstrip("/") in guard.paths.spans:
            size = await self.body.inflate(encoding, bodies.LIMIT)
            scope = without(without(scope, b"content-encoding"), b"content-length")
            scope["headers"].append((b"content-length", b"%d" % size))
        return scope

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.started = True
            await self.judge(message)
            changed = headers.with_policies(message.get("headers", []), self.https)
            message = {**message, "headers": changed}
        await self._send(message)

    async def judge(self, message):
        if not (self.credentials and self.credentials.given):
            return
        status = message["status"]
        if status == 401 and any(name.lower() == REALM[0] for name, _ in message["headers"]):
            self.right = False
            # In steps, for a server that is slower than that.
            passed = time.monotonic() - self.began
            await asyncio.sleep(FLOOR - passed % FLOOR)
        elif 200 <= status < 400 and self.scope["method"] != "OPTIONS":
            self.right = None if self.guard.auth.is_unprotected_route(self.path) else True

    async def answer(self, refused):
        if self.started:
            return
        code = CODES.get(refused.status, "BAD_REQUEST")
        body = json.dumps({"error_code": code, "message": refused.text}).encode()
        fixed = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        pairs = headers.with_policies([*fixed, *refused.headers], self.https)
        start = {"type": "http.response.start", "status": refused.status, "headers": pairs}
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})

    async def drain(self):
        if b"expect" not in self.names:
            await bodies.drain(self._receive)

    def close(self):
        if self.body:
            self.body.close()


def without(scope, name):
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != name]}
