"""The real MLflow client: writes with one run, reads everything back in another.

usage: client_check.py write|read NOTES

NOTES is a JSON file that `write` leaves for `read`. MLflow's own environment variables say where the
server is and who signs in.
"""

import hashlib
import json
import os
import sys
import tempfile

import mlflow

EXPERIMENT = "local-run"
RUN_NAME = "first-run"
MODEL = "echo"
PARAMS = {"learning_rate": "0.1", "optimizer": "adam"}
LOSSES = [0.5, 0.25, 0.125]
ARTIFACT_BYTES = 20 * 1024 * 1024


class Echo(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input


def check(what, actual, expected):
    if actual != expected:
        sys.exit(f"{what}: {actual!r}, expected {expected!r}")


def write():
    content = os.urandom(ARTIFACT_BYTES)
    experiment = mlflow.set_experiment(EXPERIMENT)
    with mlflow.start_run(run_name=RUN_NAME) as run:
        mlflow.log_params(PARAMS)
        for step, loss in enumerate(LOSSES):
            mlflow.log_metric("loss", loss, step=step)
        with tempfile.TemporaryDirectory() as directory:
            with open(os.path.join(directory, "weights.bin"), "wb") as file:
                file.write(content)
            mlflow.log_artifacts(directory, "files")
        mlflow.pyfunc.log_model(
            name="model",
            python_model=Echo(),
            registered_model_name=MODEL,
            pip_requirements=[],
        )
    return {
        "experimentId": experiment.experiment_id,
        "experimentName": EXPERIMENT,
        "runId": run.info.run_id,
        "runName": RUN_NAME,
        "artifactUri": run.info.artifact_uri,
        "artifact": "files/weights.bin",
        "artifactBytes": ARTIFACT_BYTES,
        "artifactSha256": hashlib.sha256(content).hexdigest(),
        "model": MODEL,
        "clientVersion": mlflow.__version__,
    }


def read(notes):
    client = mlflow.MlflowClient()
    run = client.get_run(notes["runId"])
    check("the run's status", run.info.status, "FINISHED")
    check("the parameters", run.data.params, PARAMS)
    history = client.get_metric_history(notes["runId"], "loss")
    check("the metric's history", [metric.value for metric in history], LOSSES)
    found = mlflow.search_runs([notes["experimentId"]], "metrics.loss < 0.2", output_format="list")
    check("the search", [each.info.run_id for each in found], [notes["runId"]])
    with tempfile.TemporaryDirectory() as directory:
        path = mlflow.artifacts.download_artifacts(
            run_id=notes["runId"], artifact_path=notes["artifact"], dst_path=directory
        )
        with open(path, "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
    check("the artifact's SHA-256", digest, notes["artifactSha256"])
    check("the model version", client.get_model_version(notes["model"], "1").status, "READY")
    model = mlflow.pyfunc.load_model(f"models:/{notes['model']}/1")
    check("the model's answer", model.predict([1, 2]), [1, 2])


def main(verb, notes_file):
    if verb == "write":
        notes = write()
        with open(notes_file, "w") as file:
            json.dump(notes, file)
    else:
        with open(notes_file) as file:
            notes = json.load(file)
    read(notes)


if __name__ == "__main__":
    main(*sys.argv[1:])
