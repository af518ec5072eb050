"""Who asks: credentials in the form that all of MLflow understands, and not too many of them."""

import base64
import hashlib
import hmac
import os
import re
import time
from collections import OrderedDict

BASIC = re.compile(rb"basic +([A-Za-z0-9+/]+={0,2})", re.IGNORECASE)
GATEWAY_HEADER = b"x-mlflow-authorization"
# Wrong passwords for a name from an address: so many at once, then one each so many seconds.
BURST, SECONDS = 10, 6
# The names and the credentials that are remembered.
REMEMBERED = 10000


class Credentials:
    """What a request has; `name` is None where MLflow's parts would not all read the same."""

    def __init__(self, headers, is_gateway):
        values = [value for name, value in headers if name == b"authorization"]
        own = [value for name, value in headers if name == GATEWAY_HEADER and value]
        # A coding agent's key for its provider is in the usual header there.
        values = own if is_gateway and own else values
        self.given = bool(values)
        self.value = values[0] if values else b""
        self.name = name_in(self.value) if len(values) == 1 else None


def name_in(value):
    match = BASIC.fullmatch(value.strip())
    try:
        text = base64.b64decode(match[1], validate=True).decode("ascii") if match else ""
    except ValueError:
        return None
    name, colon, _password = text.partition(":")
    return name if colon and name and text.isprintable() else None


class Tries:
    """The tries to sign in, of this process. The address is the connection's own: behind a load
    balancer, one of the balancer's. What has signed in before is not counted with the others."""

    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.key = os.urandom(32)
        self.known = OrderedDict()
        self.pending = {}
        self.spent = OrderedDict()

    def digest(self, credentials):
        return hmac.digest(self.key, credentials.value, hashlib.sha256)

    def begin(self, digest, who):
        """The seconds to wait; none where the try is taken."""
        if digest in self.known:
            return 0
        if digest not in self.pending:
            now = self.clock()
            # The time at which all that was spent is there again.
            full = max(self.spent.get(who, 0), now)
            wait = full + SECONDS - now - BURST * SECONDS
            if wait > 0:
                return int(wait) + 1
            remember(self.spent, who, full + SECONDS)
        self.pending[digest] = self.pending.get(digest, 0) + 1
        return 0

    def end(self, digest, who, right):
        """What came of it: True, False, or None where nobody looked."""
        if digest in self.pending:
            self.pending[digest] -= 1
            if not self.pending[digest]:
                del self.pending[digest]
            if right is not False and digest not in self.known and who in self.spent:
                self.spent[who] -= SECONDS
        if right:
            remember(self.known, digest, True)
        elif right is False:
            self.known.pop(digest, None)


def remember(places, key, value):
    places[key] = value
    places.move_to_end(key)
    while len(places) > REMEMBERED:
        places.popitem(last=False)
