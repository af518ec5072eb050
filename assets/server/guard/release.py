"""What the guard relies on in this release of MLflow, and what it changes in it."""

import sys
from importlib.util import find_spec

from .traces import keep_traces_in_place
from .users import keep_signing_in

ASSISTANT = "mlflow.server.assistant"


def check(paths):
    if find_spec(ASSISTANT):
        check_assistant(paths)
    auth = sys.modules.get("mlflow.server.auth")
    if auth and auth.is_unprotected_route(paths.prefix + "/api/2.0/mlflow/users/create"):
        raise ValueError("prefix '%s' switches sign-in off" % paths.prefix)
    keep_traces_in_place()
    if auth:
        keep_signing_in(type(auth.store))


def check_assistant(paths):
    found = [
        route.path
        for name, module in list(sys.modules.items())
        if name == ASSISTANT or name.startswith(ASSISTANT + ".")
        for value in list(vars(module).values())
        for route in getattr(value, "routes", None) or []
    ]
    if not found or not all(paths.is_assistant(paths.prefix + path) for path in found):
        raise LookupError("the Assistant's routes are elsewhere: %s" % found[:3])
