"""A client that logs a trace and prints its id, or reads the one with the id and prints its spans."""

import sys

import mlflow

if sys.argv[1:]:
    print(",".join(span.name for span in mlflow.get_trace(sys.argv[1]).data.spans))
else:
    mlflow.set_experiment(experiment_id="0")
    with mlflow.start_span("outer"):
        with mlflow.start_span("inner"):
            pass
    mlflow.flush_trace_async_logging()
    print(mlflow.get_last_active_trace_id())
