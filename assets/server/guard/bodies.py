"""Bodies, read whole for MLflow, which would otherwise read them without an end."""

import asyncio
import time
import zlib

MIB = 1024 * 1024
# MLflow's client sends 1 MB of metrics at most, and what else is JSON is smaller. Spans, requests of
# the gateway and records of a dataset have others' texts and images in them.
LIMIT, LARGE = 4 * MIB, 32 * MIB
# JSON's objects and lists, each of which costs a hundred times its length, and its values. Also where
# JSON is inside a text, as older clients send it.
MOST = {LIMIT: (30000, 500000), LARGE: (100000, 1000000)}
SIGNS = ("objects and lists", (b"[", b"{", b"u005b", b"u005B", b"u007b", b"u007B"))
SIGNS = (SIGNS, ("values", (b",", b"u002c", b"u002C")))
# Whoever shows no credentials has nothing to say.
STRANGER = 64 * 1024
# All that one process holds at a time, and of it for one user name, or address without one.
HELD, SHARE = 96 * MIB, 64 * MIB
SMALL = 64 * 1024
# Seconds without anything; and for the whole, with what comes in a second.
PATIENCE, RATE = 30, 64 * 1024
# As zlib calls them; some clients send a bare stream as `deflate`.
GZIP = 31
WINDOWS = {"gzip": [GZIP], "deflate": [15, -15]}
DRAINED, DRAIN_SECONDS = 512 * MIB, 5


class Refused(Exception):
    def __init__(self, status, text, headers=()):
        super().__init__(text)
        self.status, self.text, self.headers = status, text, headers


class Gone(Exception):
    """The client is, and waits for no answer."""


class Budget:
    def __init__(self):
        self.left = HELD
        self.held = {}

    def take(self, size, who):
        held = self.held.get(who, 0) + size
        if size > self.left or held > SHARE:
            text = "server holds too many large requests; try again"
            raise Refused(503, text, [(b"retry-after", b"2")])
        self.left -= size
        self.held[who] = held
        if not held:
            del self.held[who]


class Body:
    """What was read, and what it takes of the budget until it is given back."""

    def __init__(self, receive, budget, who):
        self._receive, self._budget, self._who = receive, budget, who
        self._taken = 0
        self.data = None

    async def read(self, limit, length):
        if length > limit:
            raise too_large(limit)
        parts, size, more = [], 0, True
        end = time.monotonic() + PATIENCE
        while more:
            left = end + size / RATE - time.monotonic()
            message = await self._next(max(0, min(left, PATIENCE)))
            part = message.get("body", b"")
            size += len(part)
            if size > limit:
                raise too_large(limit)
            self._hold(size)
            if part:
                parts.append(part)
            more = message.get("more_body", False)
        self.data = b"".join(parts)

    async def _next(self, seconds):
        try:
            message = await asyncio.wait_for(self._receive(), seconds)
        except asyncio.TimeoutError:
            raise Refused(408, "request did not arrive in time")
        if message["type"] == "http.disconnect":
            raise Gone
        return message

    def _hold(self, size):
        if size > SMALL:
            self._budget.take(size - self._taken, self._who)
            self._taken = size

    def count(self, limit):
        for most, (name, signs) in zip(MOST[limit], SIGNS):
            if len(self.data) > most and sum(map(self.data.count, signs)) > most:
                raise Refused(413, "request has more than %d %s" % (most, name))

    async def inflate(self, encoding, limit):
        """What MLflow would make of it, a piece at a time; returns the length."""
        for window in WINDOWS[encoding]:
            try:
                self.data = b"".join(await self._members(window, limit))
                return len(self.data)
            except zlib.error:
                pass
        raise Refused(400, "request cannot be decompressed as " + encoding)

    async def _members(self, window, limit):
        data, parts, size = self.data, [], 0
        while data:
            stream = zlib.decompressobj(window)
            while not stream.eof:
                part = stream.decompress(data, MIB)
                data = stream.unconsumed_tail
                if not part and not data and not stream.eof:
                    raise zlib.error("it ends too early")
                size += len(part)
                if size > limit:
                    raise too_large(limit)
                self._hold(len(self.data) + size)
                parts.append(part)
                # Others' requests go on meanwhile.
                await asyncio.sleep(0)
            data = stream.unused_data if window == GZIP else b""
        return parts

    async def receive(self):
        if self.data is None:
            return await self._receive()
        data, self.data = self.data, None
        return {"type": "http.request", "body": data, "more_body": False}

    def close(self):
        if self._taken:
            self._budget.take(-self._taken, self._who)
        self._taken = 0


def too_large(limit):
    return Refused(413, "request has more than %d KiB" % (limit // 1024))


async def drain(receive):
    """Lets a client finish that reads no answer before it has written everything."""

    async def rest():
        size, more = 0, True
        while more and size < DRAINED:
            message = await receive()
            size += len(message.get("body", b""))
            more = message.get("more_body", False)

    try:
        await asyncio.wait_for(rest(), DRAIN_SECONDS)
    except asyncio.TimeoutError:
        pass
