"""What the guard relies on in this release of MLflow, and what it changes in it."""

import sys
from collections import OrderedDict
from importlib.util import find_spec

ASSISTANT = "mlflow.server.assistant"
LOCATION = "mlflow.artifactLocation"
ARCHIVE = "mlflow.trace.archiveLocation"
SPANS = ("mlflow.trace.spansLocation", "ARCHIVE_REPO")


def check(paths):
    if find_spec(ASSISTANT):
        check_assistant(paths)
    auth = sys.modules.get("mlflow.server.auth")
    if auth and auth.is_unprotected_route(paths.prefix + "/api/2.0/mlflow/users/create"):
        raise ValueError("prefix '%s' switches sign-in off" % paths.prefix)
    keep_traces_in_place()


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


def keep_traces_in_place():
    """A trace's tags say where its payload is, and clients write tags in half a dozen ways: as a
    tag, with the trace, at its end, as attributes of a span or of its resource. Only what the
    server itself says is stored."""
    from mlflow.exceptions import MlflowException
    from mlflow.store.tracking.dbmodels.models import SqlTraceTag
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
    from sqlalchemy import event

    told, original = OrderedDict(), SqlAlchemyStore._get_trace_artifact_location_tag

    def telling(self, experiment, trace_id):
        tag = original(self, experiment, trace_id)
        told[(tag.request_id, tag.value)] = True
        while len(told) > 10000:
            told.popitem(last=False)
        return tag

    def look(mapper, connection, tag):
        own = (tag.request_id, tag.value) in told
        if tag.key == ARCHIVE or (tag.key, tag.value) == SPANS or (tag.key == LOCATION and not own):
            raise MlflowException.invalid_parameter_value(
                "Tag '%s' is immutable and cannot be set on a trace." % tag.key
            )

    SqlAlchemyStore._get_trace_artifact_location_tag = telling
    event.listen(SqlTraceTag, "before_insert", look)
    event.listen(SqlTraceTag, "before_update", look)
