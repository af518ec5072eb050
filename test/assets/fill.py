"""What the older release's client writes, with nothing but its public interface."""

import mlflow

mlflow.set_experiment("before the upgrade")
with mlflow.start_run(run_name="older run") as run:
    mlflow.log_param("depth", 7)
    mlflow.set_tag("team", "blue")
    for step in range(3):
        mlflow.log_metric("loss", 1.0 / (step + 1), step=step)
    mlflow.log_text("kept", "note.txt")

client = mlflow.MlflowClient()
client.create_registered_model("model-before-the-upgrade")
client.create_model_version("model-before-the-upgrade", run.info.artifact_uri, run.info.run_id)
with mlflow.start_span("older span") as span:
    span.set_inputs({"question": "still there?"})
