"""Who asks: credentials in the form that all of MLflow understands, and not too many wrong ones."""

import asyncio
import base64
import hashlib
import hmac
import os
import re
import time
from collections import OrderedDict

from .bodies import Refused

BASIC = re.compile(rb"basic +([A-Za-z0-9+/]+={0,2})", re.IGNORECASE)
GATEWAY_HEADER = b"x-mlflow-authorization"
# Wrong passwords for a name from an address: so many at once, then one each so many seconds. Beyond
# that one at a time, each taking so long, and so many waiting.
BURST, SECONDS = 10, 6
PACE, WAITING = 0.5, 4
# The names that are remembered.
REMEMBERED = 10000
# Of MLflow's column.
LONGEST = 255


class Credentials:
    """What a request has; `name` is None where MLflow's parts would not all read the same."""

    def __init__(self, headers, is_gateway):
        values = [value for name, value in headers if name == b"authorization"]
        own = [value for name, value in headers if name == GATEWAY_HEADER and value]
        if is_gateway and own:
            # A coding agent's key for its provider is in the usual header there.
            values = [value for value in values if value.strip()[:5].lower() == b"basic"]
        self.pairs = [pair_in(value) for value in own + values]
        self.given = bool(self.pairs)
        self.name = self.pairs[0][0] if self.given and all(self.pairs) else None


def pair_in(value):
    match = BASIC.fullmatch(value.strip())
    try:
        text = base64.b64decode(match[1], validate=True).decode("ascii") if match else ""
    except ValueError:
        return None
    name, colon, password = text.partition(":")
    return (name, password) if colon and 0 < len(name) <= LONGEST and text.isprintable() else None


class Tries:
    """The tries to sign in, of this process. The address is the connection's own: behind a load
    balancer, one of the balancer's. What has signed in before is not counted with the others."""

    def __init__(self, check, clock=time.monotonic):
        self.check, self.clock = check, clock
        self.key = os.urandom(32)
        self.known = OrderedDict()
        self.spent = OrderedDict()
        self.checks, self.turns = {}, {}

    def digest(self, pair):
        return hmac.digest(self.key, "\0".join(pair).encode(), hashlib.sha256)

    def is_known(self, pair):
        return self.known.get(pair[0]) == self.digest(pair)

    async def are_right(self, pair, address):
        """Many requests with the same credentials are one try."""
        digest = self.digest(pair)
        task = self.checks.get(digest)
        if not task:
            who = self.digest((pair[0], address))
            task = self.checks[digest] = asyncio.ensure_future(self._take(pair, who))
            task.add_done_callback(lambda _: self.checks.pop(digest))
        right = await asyncio.shield(task)
        if right:
            remember(self.known, pair[0], digest)
        return right

    async def _take(self, pair, who):
        now = self.clock()
        # The time at which all that was spent is there again.
        full = max(self.spent.get(who, 0), now) + SECONDS
        if full - now > BURST * SECONDS:
            return await self._in_turn(pair, who)
        remember(self.spent, who, full)
        right = await self.check(*pair)
        if right and who in self.spent:
            self.spent[who] -= SECONDS
        return right

    async def _in_turn(self, pair, who):
        turn = self.turns.setdefault(who, Turn())
        if turn.waiting == WAITING:
            text = "too many sign-ins failed; try again"
            raise Refused(429, text, [(b"retry-after", b"1")])
        turn.waiting += 1
        try:
            async with turn.lock:
                right = await self.check(*pair)
                if not right:
                    await asyncio.sleep(PACE)
                return right
        finally:
            turn.waiting -= 1
            if not turn.waiting:
                del self.turns[who]


class Turn:
    def __init__(self):
        self.lock, self.waiting = asyncio.Lock(), 0


def remember(places, key, value):
    places[key] = value
    places.move_to_end(key)
    while len(places) > REMEMBERED:
        places.popitem(last=False)
