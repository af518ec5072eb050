"""What an answer tells a browser, and what is believed of what a browser tells."""

import fnmatch
import re

FRAMES = {b"SAMEORIGIN": b"'self'", b"DENY": b"'none'"}
LOCAL = re.compile(r"http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")
# What one of MLflow's parts would take the first of, and another the last.
SINGLE = {b"authorization", b"x-mlflow-authorization", b"content-encoding", b"content-length"}
SINGLE |= {b"transfer-encoding", b"content-type", b"host", b"origin"}
# A pattern's `*` is also all that may follow a host's name.
ORIGIN = re.compile(r"[^/]+://([^/:@]+|\[[^/@\]]+\])(:[0-9]+)?")
CHANGING = ("POST", "PUT", "PATCH", "DELETE")


class Origins:
    """The places that the server's UI, and others' pages that may ask it, are served from."""

    def __init__(self, text):
        self.allowed = [origin.strip() for origin in text.split(",") if origin.strip()]
        self.secure = {
            origin[len("https://") :].lower()
            for origin in self.allowed
            if origin.lower().startswith("https://")
        }

    def is_https(self, host):
        host = host.decode("latin-1").lower()
        return host in self.secure or (host.endswith(":443") and host[:-4] in self.secure)

    def is_foreign(self, origin, https):
        origin = origin.decode("latin-1")
        for allowed in self.allowed:
            if origin == allowed or matches(origin, allowed):
                return False
        # MLflow believes each page of the client's own machine. There are many such pages.
        return https or not LOCAL.fullmatch(origin)


def matches(origin, allowed):
    is_match = "*" in allowed and fnmatch.fnmatchcase(origin, allowed)
    return is_match and ORIGIN.fullmatch(origin)


def repeated(headers):
    names = [name for name, _value in headers if name in SINGLE]
    return len(names) > len(set(names))


def with_policies(headers, https):
    """The headers of the answer, which MLflow's own leave as they are."""
    names = {name.lower(): value for name, value in headers}
    result = [pair for pair in headers if not https or pair[0].lower() != b"set-cookie"]
    policies = [b"object-src 'none'", b"base-uri 'self'"]
    frames = FRAMES.get(names.get(b"x-frame-options", b"").upper())
    if frames:
        policies.append(b"frame-ancestors " + frames)
    wanted = [
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"content-security-policy", b"; ".join(policies)),
    ]
    if https:
        wanted.append((b"strict-transport-security", b"max-age=31536000"))
        cookies = [value for name, value in headers if name.lower() == b"set-cookie"]
        result.extend((b"set-cookie", secure(value)) for value in cookies)
    result.extend(pair for pair in wanted if pair[0] not in names)
    return result


def secure(cookie):
    lower = cookie.lower()
    for flag, value in ((b"; secure", b"; Secure"), (b"; samesite", b"; SameSite=Lax")):
        if flag not in lower:
            cookie += value
    return cookie
