"""A stand-in for AWS Secrets Manager that holds one secret, in its stages."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ARN = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:database-AbCdEf"


class SecretsManager:
    def __init__(self):
        self.passwords = {}
        self.requests = []
        self.denies = False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                signed_for = self.headers["Authorization"].split("/")[2]
                outer.requests.append((body["SecretId"], body["VersionStage"], signed_for))
                status, answer = outer.answer(body["VersionStage"])
                text = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/x-amz-json-1.1")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def answer(self, stage):
        if self.denies:
            return 400, {"__type": "AccessDeniedException", "message": "not yours"}
        if stage not in self.passwords:
            return 400, {"__type": "ResourceNotFoundException", "message": "no such stage"}
        secret = {"username": "somebody", "password": self.passwords[stage]}
        return 200, {"ARN": ARN, "SecretString": json.dumps(secret), "VersionStages": [stage]}

    @property
    def environment(self):
        """What the deployed server is told, and what leads it here."""
        return {
            "CDK_MLFLOW_DATABASE_SECRET": ARN,
            "AWS_ENDPOINT_URL_SECRETS_MANAGER": "http://127.0.0.1:%d" % self._http.server_port,
            "AWS_ACCESS_KEY_ID": "id",
            "AWS_SECRET_ACCESS_KEY": "key",
        }

    def close(self):
        self._http.shutdown()
        self._http.server_close()
