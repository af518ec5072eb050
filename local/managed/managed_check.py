"""One attempt of a client of managed MLflow, and what became of it.

usage: managed_check.py search|create|upload|list NOTES

Prints `done`, or `refused` and why. NOTES is the JSON file that `client_check.py write` has left.
"""

import json
import os
import sys
import tempfile

import mlflow
from boto3.exceptions import Boto3Error
from botocore.exceptions import ClientError
from mlflow.exceptions import MlflowException
from mlflow.utils.rest_utils import http_request
from sagemaker_mlflow.host_creds import get_host_creds


def search(client, notes):
    client.search_experiments(max_results=1)


def create(client, notes):
    client.create_run(notes["experimentId"])


def upload(client, notes):
    with tempfile.TemporaryDirectory() as directory:
        file = os.path.join(directory, "intruder.txt")
        with open(file, "w") as content:
            content.write("x")
        client.log_artifact(notes["runId"], file)


def list_artifacts(client, notes):
    """Asks the server, which looks into the bucket with its own rights."""
    answer = http_request(
        get_host_creds(os.environ["MLFLOW_TRACKING_URI"]),
        "/api/2.0/mlflow/artifacts/list",
        "GET",
        params={"run_id": notes["runId"], "path": "files"},
    )
    answer.raise_for_status()
    paths = [file["path"] for file in answer.json().get("files", [])]
    if notes["artifact"] not in paths:
        sys.exit(f"the server lists {paths}, without {notes['artifact']}")


ATTEMPTS = {"search": search, "create": create, "upload": upload, "list": list_artifacts}


def main(verb, notes_file):
    with open(notes_file) as file:
        notes = json.load(file)
    try:
        ATTEMPTS[verb](mlflow.MlflowClient(), notes)
    except (MlflowException, Boto3Error, ClientError) as error:
        print(f"refused {type(error).__name__}: {error}")
    else:
        print("done")


if __name__ == "__main__":
    main(*sys.argv[1:])
