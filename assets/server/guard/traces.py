"""Keeps each trace where it is: clients choose ids, MLflow asks for the named experiment's rights."""

import re
from collections import OrderedDict

LOCATION = "mlflow.artifactLocation"
ARCHIVE = "mlflow.trace.archiveLocation"
SPANS = ("mlflow.trace.spansLocation", "ARCHIVE_REPO")
# It is a directory's name, too.
ID = re.compile(r"[A-Za-z0-9_-]{1,50}")


def keep_traces_in_place():
    from mlflow.exceptions import MlflowException
    from mlflow.store.tracking.dbmodels.models import SqlAssessments, SqlTraceInfo, SqlTraceTag
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore as Store
    from sqlalchemy import event, inspect

    told, locate = OrderedDict(), Store._get_trace_artifact_location_tag
    start, log = Store.start_trace, Store.log_spans

    def refuse(text):
        raise MlflowException.invalid_parameter_value(text)

    def look(self, ids, experiment):
        for trace_id in ids:
            if not ID.fullmatch(trace_id):
                refuse("Trace ID may have 50 letters, digits, '_' and '-'.")
        with self.ManagedSessionMaker(read_only=False) as session:
            query = session.query(SqlTraceInfo.experiment_id)
            for (stored,) in query.filter(SqlTraceInfo.request_id.in_(ids)).distinct():
                if str(stored) != str(experiment):
                    refuse("Trace ID is taken by a trace of another experiment.")

    def starting(self, trace_info):
        look(self, [trace_info.trace_id], trace_info.experiment_id)
        for assessment in trace_info.assessments or []:
            if assessment.trace_id not in (None, "", trace_info.trace_id):
                refuse("Assessment is of another trace.")
        return start(self, trace_info)

    def logging(self, location, spans, *rest, **more):
        look(self, list({span.trace_id for span in spans}), location)
        return log(self, location, spans, *rest, **more)

    def telling(self, experiment, trace_id):
        tag = locate(self, experiment, trace_id)
        told[(tag.request_id, tag.value)] = True
        while len(told) > 10000:
            told.popitem(last=False)
        return tag

    # Tags say where the payload is, and clients write them in half a dozen ways.
    def tagging(mapper, connection, tag):
        own = (tag.request_id, tag.value) in told
        if tag.key == ARCHIVE or (tag.key, tag.value) == SPANS or (tag.key == LOCATION and not own):
            refuse("Tag '%s' is immutable and cannot be set on a trace." % tag.key)

    # One that appeared meanwhile, and assessments, whose ids are the client's, too.
    def staying(name):
        def moving(mapper, connection, row):
            change = inspect(row).attrs[name].history
            if change.added and change.deleted and str(change.added[0]) != str(change.deleted[0]):
                refuse("ID is taken by what belongs elsewhere.")

        return moving

    Store._get_trace_artifact_location_tag = telling
    Store.start_trace, Store.log_spans = starting, logging
    event.listen(SqlTraceTag, "before_insert", tagging)
    event.listen(SqlTraceTag, "before_update", tagging)
    event.listen(SqlTraceInfo, "before_update", staying("experiment_id"))
    event.listen(SqlAssessments, "before_update", staying("trace_id"))
