"""Takes what belongs to the Assistant out of the UI, which shows it where the host is local."""

# Its own elements, and its tab among the ways to add tracing.
MARKS = b"[data-assistant-ui],[role=tab][id$=-trigger-assistant]"
HIDDEN = b"<style>%s{display:none!important}</style></head>" % MARKS


class Page:
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
