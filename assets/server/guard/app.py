"""The guard itself: what each request passes before MLflow sees it."""

import asyncio
import hmac
import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from . import bodies, headers
from .page import Page
from .paths import Paths, routed, native_routes
from .sign_in import Credentials, Tries

PREFIX = "_MLFLOW_STATIC_PREFIX"
BASIC = "mlflow.server.auth:authenticate_request_basic_auth"
REALM = (b"www-authenticate", b'Basic realm="mlflow"')
# MLflow's names, which its client shows.
CODES = {401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "ENDPOINT_NOT_FOUND"}
CODES.update({413: "REQUEST_LIMIT_EXCEEDED", 429: "REQUEST_LIMIT_EXCEEDED"})
CODES[503] = "TEMPORARILY_UNAVAILABLE"
# Signs in the server's own jobs at the gateway.
TOKEN = "_MLFLOW_INTERNAL_GATEWAY_AUTH_TOKEN"
RETRY = [(b"retry-after", b"2")]
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
        self.routes = native_routes(app)
        self.tries = Tries(self.check)
        self.budget = bodies.Budget()
        # Of its own, so that guesses hold up nothing else.
        self.threads = ThreadPoolExecutor(2)

    async def check(self, name, password):
        look = self.auth.store.authenticate_user
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self.threads, look, name, password)
        except Exception as error:
            print("cdk-mlflow: sign-in: %r" % error, file=sys.stderr, flush=True)
            raise bodies.Refused(503, "sign-in cannot be checked; try again", RETRY)

    async def __call__(self, scope, receive, send):
        if scope["type"] == "websocket":
            # MLflow has none, and would ask nobody to sign in on one.
            return await send({"type": "websocket.close", "code": 1008})
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        request = Request(self, scope, receive, send, routed(scope))
        try:
            await request.run()
        except bodies.Refused as answer:
            if answer.status in (401, 413, 503):
                await request.drain()
            await request.answer(answer)
        except bodies.Gone:
            pass
        finally:
            request.close()


class Request:
    def __init__(self, guard, scope, receive, send, path):
        self.guard, self.scope, self.path = guard, scope, path
        self._receive, self._send = receive, send
        self.began = time.monotonic()
        self.started = False
        self.body = None
        self.name = None
        self.address = (scope.get("client") or ("",))[0]
        self.names = dict(scope["headers"])
        self.https = guard.origins.is_https(self.names.get(b"host", b""))

    async def run(self):
        guard, scope = self.guard, self.scope
        if headers.repeated(scope["headers"]):
            raise bodies.Refused(400, "a header is repeated that may be there once")
        # Its one rule is that the caller's address is the server's own: anybody behind a forwarded
        # port, and the server itself where it is made to call an address.
        if guard.paths.is_assistant(self.path):
            raise bodies.Refused(404, "there is no Assistant on this server")
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
        starts = (self.path, scope["path"])
        is_gateway = any(path.startswith(guard.paths.gateway) for path in starts)
        found = Credentials(scope["headers"], is_gateway)
        if found.given and found.name is None:
            text = "credentials are not of HTTP's Basic scheme, in ASCII with a user name"
            raise bodies.Refused(401, text, [REALM])
        unknown = [pair for pair in found.pairs if not guard.tries.is_known(pair)]
        # MLflow looks at no credentials there.
        if not (unknown and guard.auth.is_unprotected_route(self.path)):
            for pair in unknown:
                await self.prove(pair, is_gateway)
            self.name = found.name
        await self.forward(scope)

    async def prove(self, pair, is_gateway):
        token = os.environ.get(TOKEN)
        if is_gateway and token and hmac.compare_digest(pair[1], token):
            return
        if not await self.guard.tries.are_right(pair, self.address):
            await self.floor()
            raise bodies.Refused(401, "user name or password is wrong", [REALM])

    async def floor(self):
        # In steps, for a server that is slower than that.
        passed = time.monotonic() - self.began
        await asyncio.sleep(FLOOR - passed % FLOOR)

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
        paths, method = self.guard.paths, scope["method"]
        stranger = self.guard.auth and not self.name
        if not stranger:
            streaming = paths.streaming(self.guard.routes, scope, self.path)
            if streaming:
                return streaming
        limit, is_json = paths.limit(method, self.path, self.names.get(b"content-type", b""))
        self.body = bodies.Body(self._receive, self.guard.budget, self.name or (self.address,))
        length = self.names.get(b"content-length", b"")
        try:
            most = bodies.STRANGER if stranger else limit
            await self.body.read(most, int(length) if length.isdigit() else 0)
        except bodies.Refused as refused:
            if stranger and refused.status == 413:
                raise bodies.Refused(401, "sign in first", [REALM])
            raise
        encoding = self.names.get(b"content-encoding", b"").decode("latin-1").lower()
        # Of a stranger MLflow reads nothing there.
        is_spans = self.path.rstrip("/") in paths.spans
        if is_spans and encoding in bodies.WINDOWS and not stranger:
            size = await self.body.inflate(encoding, limit)
            scope = without(without(scope, b"content-encoding"), b"content-length")
            scope["headers"].append((b"content-length", b"%d" % size))
        if is_json:
            self.body.count(limit)
        return scope

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.started = True
            await self.judge(message)
            changed = headers.with_policies(message.get("headers", []), self.https)
            message = {**message, "headers": changed}
        await self._send(message)

    async def judge(self, message):
        if self.name and message["status"] == 401:
            # Right until now; such answers of a provider behind the gateway have another realm.
            if any(name.lower() == REALM[0] for name, _ in message["headers"]):
                self.guard.tries.known.pop(self.name, None)
                await self.floor()

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
        is_read = self.body and self.body.data is not None
        if not is_read and b"expect" not in self.names:
            await bodies.drain(self._receive)

    def close(self):
        if self.body:
            self.body.close()


def without(scope, name):
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != name]}
