"""What a request's path means to MLflow."""

from urllib.parse import unquote

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
        self.gateway = self.prefix + "/gateway/"
        self.spans = (self.prefix + "/v1/traces", self.prefix + "/v1/metrics")

    def is_assistant(self, path):
        parts = segments(path)
        size = len(self.parts)
        inner = parts[size:] if parts[:size] == self.parts else parts
        return is_assistant(inner) or is_assistant(parts)

    def is_upload(self, method, path):
        """Whether MLflow takes the body piece by piece, whatever its length."""
        return method == "PUT" and path.startswith(self.artifacts)
