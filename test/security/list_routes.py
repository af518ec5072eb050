"""All that the installed MLflow answers to: one line of JSON, [method, path] for each."""

import json
import sys

from mlflow.server import app as flask_app
from mlflow.server.auth import create_app


def of_fastapi(routes):
    for route in routes:
        if hasattr(route, "effective_candidates"):
            yield from of_fastapi(route.effective_candidates())
        elif getattr(route, "path", None) and getattr(route, "methods", None):
            yield from ((method, route.path) for method in route.methods)
        elif type(route).__name__ != "Mount":
            sys.exit("unknown kind of route: %r" % route)


def of_flask(rules):
    for rule in rules:
        yield from ((method, str(rule)) for method in rule.methods - {"HEAD", "OPTIONS"})


if __name__ == "__main__":
    app = create_app()
    pairs = {*of_fastapi(app.routes), *of_flask(flask_app.url_map.iter_rules())}
    print(json.dumps(sorted(pairs, key=lambda pair: pair[::-1])))
