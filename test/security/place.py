"""A server with what somebody has on it, and somebody else who has no rights."""

import base64
import json

CANARY = "what only alice may read"
ALICE = ("alice", "password of alice")
BOBBY = ("bobby", "password of bobby")
# As the definition sets them where the server passes artifacts on.
SETTINGS_OF_PROXIED_ARTIFACTS = {
    "MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX": (
        "^(mlflow-artifacts:/|runs:/|models:/|(dummy-source|prompt-template)$)"
    ),
    "MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH": "0",
}
API = "/api/2.0/mlflow/"


class Place:
    """A server with what alice has on it, and bobby, who has no rights."""

    def __init__(self, server, artifacts, administrator, query):
        self.server, self.artifacts, self.query = server, artifacts, query
        self.administrator = administrator
        for user in (ALICE, BOBBY):
            self.post(administrator, "users/create", {"username": user[0], "password": user[1]})
        self.experiment, self.run = self.new_run(ALICE, "alice's")
        self.path = "%s/%s/artifacts" % (self.experiment, self.run)
        self.secret = "/api/2.0/mlflow-artifacts/artifacts/%s/secret.txt" % self.path
        assert server.ask("PUT", self.secret, ALICE, CANARY)[0] == 200
        self.post(ALICE, "registered-models/create", {"name": "alices"})
        source = "mlflow-artifacts:/%s" % self.path
        body = {"name": "alices", "source": source, "run_id": self.run}
        self.post(ALICE, "model-versions/create", body)
        alias = {"name": "alices", "alias": "champion", "version": "1"}
        self.post(ALICE, "registered-models/alias", alias)
        body = {"experiment_id": self.experiment, "name": "logged"}
        self.model = self.post(ALICE, "logged-models", body)["model"]["info"]["model_id"]

    def post(self, user, path, body, expected=200):
        status, _headers, text = self.server.ask("POST", API + path, user, body)
        assert status == expected, (path, status, text)
        return json.loads(text)

    def new_run(self, user, name):
        experiment = self.post(user, "experiments/create", {"name": name})["experiment_id"]
        run = self.post(user, "runs/create", {"experiment_id": experiment, "start_time": 1})
        return experiment, run["run"]["info"]["run_id"]

    def files(self):
        return sorted(str(path.relative_to(self.artifacts)) for path in self.artifacts.rglob("*"))

    def places(self):
        """Names of the directory of alice's run, in each form that some part of MLflow takes."""
        directory = "%s/%s" % (self.artifacts, self.path)
        return [
            directory,
            "file://" + directory,
            "FILE://" + directory,
            "file://localhost" + directory,
            "s3://bucket/" + self.path,
            "S3://bucket/" + self.path,
            "mlflow-artifacts:/" + self.path,
            "mlflow-artifacts:/%s/../artifacts" % self.path,
            "mlflow-artifacts://localhost:%d/%s" % (self.server.port, self.path),
            "runs:/%s" % self.run,
            "runs:/%s/secret.txt" % self.run,
            "models:/alices/1",
            "models:/alices@champion",
            "models:/%s" % self.model,
            "http://127.0.0.1:%d/%s" % (self.server.port, self.path),
            "dbfs:/" + self.path,
        ]

    def otlp(self, user, experiment, spans):
        """The answer to spans as OpenTelemetry's clients send them."""
        from google.protobuf.json_format import ParseDict
        from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

        spans = [
            {**span, **{name: to_base64(span[name]) for name in ("traceId", "spanId")}} for span in spans
        ]
        scopes = {"resource": {}, "scopeSpans": [{"spans": spans}]}
        message = ParseDict({"resourceSpans": [scopes]}, ExportTraceServiceRequest())
        headers = {"Content-Type": "application/x-protobuf", "x-mlflow-experiment-id": experiment}
        return self.server.ask("POST", "/v1/traces", user, message.SerializeToString(), headers=headers)


def to_base64(digits):
    return base64.b64encode(bytes.fromhex(digits)).decode()
