"""What a request's path means to MLflow."""

from urllib.parse import unquote

from .bodies import LARGE, LIMIT

ARTIFACTS = "/2.0/mlflow-artifacts/artifacts/"


def segments(path):
    """The path's parts, whatever way of writing them any router may still undo."""
    while (plain := unquote(path)) != path:
        path = plain
    parts = []
    for part in path.replace("\\", "/").lower().split("/"):
        if part == "..":
            parts[-1:] = []
        elif part.strip(" .\t\r\n\0"):
            parts.append(part.strip(" .\t\r\n\0"))
    return parts


def routed(scope):
    """The path that the app's router matches."""
    path, root = scope["path"], scope.get("root_path", "")
    return path[len(root) :] if root and path.startswith(root + "/") else path


def is_assistant(parts):
    return (
        len(parts) > 3
        and parts[0] in ("api", "ajax-api")
        and parts[2] == "mlflow"
        and parts[3].startswith("assistant")
    )


class Paths:
    def __init__(self, prefix):
        self.prefix = prefix.rstrip("/")
        self.parts = segments(prefix)
        self.page = self.prefix + "/"
        bases = ("/api", "/ajax-api", self.prefix + "/api", self.prefix + "/ajax-api")
        self.artifacts = tuple(base + ARTIFACTS for base in bases)
        # MLflow takes the prefix off where there is one.
        self.gateway = ("/gateway/", self.prefix + "/gateway/")
        self.spans = (self.prefix + "/v1/traces", self.prefix + "/v1/metrics")
        self.form = self.prefix + "/ajax-api/2.0/mlflow/upload-artifact"

    def is_assistant(self, path):
        parts = segments(path)
        size = len(self.parts)
        inner = parts[size:] if parts[:size] == self.parts else parts
        return is_assistant(inner) or is_assistant(parts)

    def is_upload(self, method, path):
        return method == "PUT" and path.startswith(self.artifacts)

    def limit(self, method, path, kind):
        """The limit of a body, and whether it is JSON."""
        is_spans = path.rstrip("/") in self.spans
        if self.is_upload(method, path) or path == self.form or (is_spans and b"json" not in kind):
            return LARGE, False
        large = is_spans or path.startswith(self.gateway) or path.endswith("/records")
        return LARGE if large else LIMIT, True

    def streaming(self, routes, scope, path):
        """The request as a route takes it that reads the body piece by piece, once it knows who
        asks; MLflow has none of them below the prefix."""
        if not self.is_upload(scope["method"], path):
            return None
        for prefix in {"", self.prefix}:
            if path.startswith(prefix):
                inner = {**scope, "path": scope["path"][: -len(path)] + path[len(prefix) :]}
                if any(route.matches(dict(inner))[0].value == 2 for route in routes):
                    return inner
        return None


def native_routes(app):
    """All but what is mounted: Flask's app, behind a bridge that reads a body whole."""
    while not hasattr(app, "routes") and hasattr(app, "app"):
        app = app.app
    return [route for route in getattr(app, "routes", []) if type(route).__name__ != "Mount"]
