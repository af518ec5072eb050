"""Bodies are bounded before they are read."""

import gzip
import http.client
import json
import os
import threading
import time
import zlib

import pytest

import processes
from conftest import ADMIN, BASIC_AUTH, ROLE
from postgres import free_port

MIB = 1024 * 1024
CREATE = "/api/2.0/mlflow/runs/create"
SPANS = "/v1/traces"


@pytest.fixture(scope="module", params=[BASIC_AUTH, ()], ids=["basic-auth", "no authentication"])
def server(request, postgres, environment_for, current, tmp_path_factory):
    directory = tmp_path_factory.mktemp("bodies")
    environment = environment_for(postgres.create_database(ROLE, current), directory)
    if not request.param:
        environment.pop("CDK_MLFLOW_AUTH_CONFIG")
    port = free_port()
    arguments = ["--workers", "1", "--port", str(port)]
    arguments += ["--artifacts-destination", str(directory / "artifacts")]
    running = processes.Server(processes.inlined("serve", *request.param, *arguments), environment, port)
    running.user = ADMIN if request.param else None
    try:
        yield running.wait_until_healthy()
    finally:
        running.end()


def pieces(size, piece=b"x" * 65536):
    """A body without a length: it is sent in chunks."""
    for _ in range(size // len(piece)):
        yield piece


def peak(server):
    """The most memory that any process of the server has had, in MiB."""
    peaks = []
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and os.getpgid(int(entry)) == server.process.pid:
                with open("/proc/%s/status" % entry) as file:
                    peaks += [int(line.split()[1]) for line in file if line.startswith("VmHWM")]
        except OSError:
            pass
    return max(peaks) / 1024


LIMITS = {target: 4096 for target in (CREATE, "/graphql", "/nowhere", "/health", "/")}
LIMITS.update({SPANS: 32768, "/gateway/x/mlflow/invocations": 32768})
LIMITS["/ajax-api/2.0/mlflow/upload-artifact"] = LIMITS["/api/3.0/mlflow/datasets/d-1/records"] = 32768


@pytest.mark.parametrize("target", LIMITS)
@pytest.mark.parametrize("form", ["plain", "in chunks"])
def test_a_body_that_is_too_large_is_refused(server, target, form):
    before = peak(server)
    body = b"x" * (60 * MIB) if form == "plain" else pieces(60 * MIB)
    status, headers, text = server.ask("POST", target, server.user, body)
    assert status == 413
    assert json.loads(text)["message"] == "request has more than %d KiB" % LIMITS[target]
    assert headers["X-Content-Type-Options"] == "nosniff"
    # In chunks, what is within the limit is read.
    assert peak(server) - before < (16 if form == "plain" else 100)


def escaped(text):
    return "".join("\\u%04x" % ord(letter) for letter in text)


OBJECTS, VALUES = "30000 objects and lists", "500000 values"
INTRICATE = {
    "lists": ("[" + ",".join(["[]"] * 30000) + "]", OBJECTS),
    "objects": ("[" + ",".join(["{}"] * 30000) + "]", OBJECTS),
    "nested": ("[" * 30001, OBJECTS),
    "numbers": ("[" + ",".join(["1"] * 500002) + "]", VALUES),
    "in a text": (json.dumps(json.dumps({"metrics": [{}] * 30000})), OBJECTS),
    "in a text, escaped": ('"%s"' % escaped("[" * 30001), OBJECTS),
    "in a text, escaped otherwise": ('"%s"' % escaped("{" * 30001).upper().replace("U", "u"), OBJECTS),
    "in UTF-16": (("[" + ",".join(["[]"] * 30000) + "]").encode("utf-16"), OBJECTS),
}


@pytest.mark.parametrize("form", INTRICATE)
@pytest.mark.parametrize("target", [CREATE, "/api/2.0/mlflow/runs/log-batch", "/graphql"])
def test_json_has_a_bound_of_values(server, form, target):
    begin = time.monotonic()
    body, most = INTRICATE[form]
    status, _headers, text = server.ask("POST", target, server.user, body, {"Content-Type": "application/json"})
    assert status == 413, text
    assert json.loads(text)["message"] == "request has more than " + most
    assert time.monotonic() - begin < 3


@pytest.mark.parametrize("target", [SPANS, "/gateway/x/mlflow/invocations", "/api/3.0/mlflow/datasets/d-1/records"])
@pytest.mark.parametrize("piece, most", [(b"[],", "100000 objects and lists"), (b"1234,", "1000000 values")])
def test_large_json_has_one_too(server, target, piece, most):
    body = b"[" + piece * (6 * MIB)
    headers = {"Content-Type": "application/json", "x-mlflow-experiment-id": "0"}
    status, _headers, text = server.ask("POST", target, server.user, body, headers)
    assert status == 413 and json.loads(text)["message"] == "request has more than " + most


def test_the_largest_batch_of_mlflow_s_client_is_taken(server):
    created = server.ask("POST", CREATE, server.user, {"experiment_id": "0"})
    run = json.loads(created[2])["run"]["info"]["run_id"]
    metrics = [{"key": "k%d" % n, "value": n, "timestamp": 1, "step": n} for n in range(800)]
    params = [{"key": "p%d" % n, "value": "1.25,0.5," * 600 + "{[]}" * 20} for n in range(100)]
    tags = [{"key": "t%d" % n, "value": "v" * 5000} for n in range(100)]
    body = {"run_id": run, "metrics": metrics, "params": params, "tags": tags}
    assert server.ask("POST", "/api/2.0/mlflow/runs/log-batch", server.user, body)[0] == 200


@pytest.mark.parametrize("target", [CREATE, "/nowhere", "/health", "/api/2.0/mlflow-artifacts/artifacts/0/x/artifacts/y"])
@pytest.mark.parametrize("form", ["plain", "in chunks"])
def test_a_stranger_s_body_is_not_read(server, target, form):
    before = peak(server)
    body = b"x" * (60 * MIB) if form == "plain" else pieces(60 * MIB)
    method = "PUT" if "artifacts" in target else "POST"
    status, headers, _text = server.ask(method, target, None, body)
    if server.user:
        assert status == 401 and headers["WWW-Authenticate"] == 'Basic realm="mlflow"'
        assert peak(server) - before < 16
    else:
        assert status == (200 if "artifacts" in target else 413)


@pytest.mark.parametrize("form", ["plain", "in chunks"])
def test_uploads_have_no_bound(server, form):
    before = peak(server)
    body = b"x" * (60 * MIB) if form == "plain" else pieces(60 * MIB)
    target = "/api/2.0/mlflow-artifacts/artifacts/0/large/artifacts/file"
    assert server.ask("PUT", target, server.user, body)[0] == 200
    status, _headers, text = server.ask("GET", target, server.user)
    assert status == 200 and len(text) == 60 * MIB
    assert peak(server) - before < 60


def test_ordinary_bodies_are_taken_as_they_are(server):
    name = "n" * 200 + "\u00e4"
    body = json.dumps({"name": name}).encode()
    for number, given in enumerate((body, iter([body[:5], body[5:]]))):
        headers = {"Content-Type": "application/json"}
        status, _headers, text = server.ask("POST", "/api/2.0/mlflow/experiments/create", server.user, given, headers)
        assert status == (200 if number == 0 else 400), text
    large = {"name": "many", "tags": [{"key": "k%d" % i, "value": "v" * 4000} for i in range(900)]}
    status, _headers, text = server.ask("POST", "/api/2.0/mlflow/experiments/create", server.user, large)
    assert status == 200, text


def spans(server, body, encoding, kind="application/x-protobuf"):
    headers = {"Content-Type": kind, "x-mlflow-experiment-id": "0"}
    headers.update({"Content-Encoding": encoding} if encoding else {})
    return server.ask("POST", SPANS, server.user, body, headers)


def export():
    from google.protobuf.json_format import ParseDict
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    span = {
        "traceId": "AAAAAAAAAAAAAAAAAAAAAQ==",
        "spanId": "AAAAAAAAAAE=",
        "name": "root",
        "startTimeUnixNano": 1,
        "endTimeUnixNano": 2,
    }
    spans = {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}
    return ParseDict(spans, ExportTraceServiceRequest()).SerializeToString()


def raw_deflate(data):
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    return stream.compress(data) + stream.flush()


def halves(data):
    return gzip.compress(data[: len(data) // 2]) + gzip.compress(data[len(data) // 2 :])


FORMS = {
    "plain": (lambda data: data, None),
    "gzip": (gzip.compress, "gzip"),
    "GZIP in two members": (halves, "GZIP"),
    "deflate": (zlib.compress, "deflate"),
    "raw deflate": (raw_deflate, "deflate"),
}


@pytest.mark.parametrize("form", FORMS)
def test_spans_are_taken_in_each_form(server, form):
    compress, encoding = FORMS[form]
    status, _headers, text = spans(server, compress(export()), encoding)
    assert status == 200, text


@pytest.mark.parametrize("form", [form for form in FORMS if form != "plain"])
def test_spans_that_grow_too_large_are_refused(server, form):
    compress, encoding = FORMS[form]
    before = peak(server)
    bomb = compress(bytes(400 * MIB))
    assert len(bomb) < MIB
    status, _headers, text = spans(server, bomb, encoding)
    assert status == 413, text
    assert peak(server) - before < 110


SPELT_TWICE = [("Content-Type", "application/x-protobuf"), ("x-mlflow-experiment-id", "0")]
SPELT_TWICE += [("Content-Encoding", "gzip"), ("Content-Encoding", "identity")]


@pytest.mark.parametrize("body", [b"no gzip", gzip.compress(bytes(1000))[:-9], b""])
def test_spans_that_cannot_be_decompressed_are_refused(server, body):
    assert spans(server, body, "gzip")[0] == 400
    # A second header would name another encoding to the guard than to MLflow.
    bomb, connection = gzip.compress(bytes(100 * MIB)), http.client.HTTPConnection("127.0.0.1", server.port)
    connection.putrequest("POST", SPANS)
    for name, value in SPELT_TWICE + [("Content-Length", str(len(bomb)))]:
        connection.putheader(name, value)
    if server.user:
        connection.putheader("Authorization", processes.basic(*server.user))
    before = peak(server)
    connection.endheaders(bomb)
    assert connection.getresponse().status == 400
    assert peak(server) - before < 20
    assert spans(server, b"x", "br")[0] == 400


def test_an_early_refusal_closes_no_other_request(server):
    """Many at once, and small ones between them."""
    statuses = []

    def large():
        statuses.append(server.ask("POST", CREATE, server.user, b"x" * (40 * MIB))[0])

    threads = [threading.Thread(target=large) for _ in range(8)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        assert server.ask("GET", "/health")[0] == 200
        time.sleep(0.1)
    for thread in threads:
        thread.join()
    assert statuses == [413] * 8


def test_a_client_that_waits_for_leave_gets_its_answer_at_once(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.putrequest("POST", CREATE)
    for name, value in {"Content-Length": str(60 * MIB), "Expect": "100-continue"}.items():
        connection.putheader(name, value)
    if server.user:
        connection.putheader("Authorization", processes.basic(*server.user))
    connection.endheaders()
    begin = time.monotonic()
    assert connection.getresponse().status == 413
    assert time.monotonic() - begin < 3
    connection.close()
