"""Others' traces, by what the tags of one's own say about where a trace is."""

import json
import secrets

import pytest
from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from place import ALICE, BOBBY, CANARY

LOCATION = "mlflow.artifactLocation"
ARCHIVE = "mlflow.trace.archiveLocation"
SPANS = "mlflow.trace.spansLocation"
pytestmark = pytest.mark.parametrize("place", ["current", "older"], indirect=True, scope="module")


@pytest.fixture(scope="module")
def victim(place):
    """Where the payload of alice's trace is; she alone may read it."""
    info = start_v3(place, ALICE, place.experiment, {})
    location = info["tags"][LOCATION]
    path = location.replace("mlflow-artifacts:/", "/api/2.0/mlflow-artifacts/artifacts/")
    for name in ("traces.json", "traces.pb"):
        payload = json.dumps({"spans": [], "request": CANARY, "response": CANARY})
        assert place.server.ask("PUT", "%s/%s" % (path, name), ALICE, payload)[0] == 200
    status, _headers, text = read(place, ALICE, info["trace_id"])
    assert status == 200 and CANARY in text
    assert read(place, BOBBY, info["trace_id"])[0] == 403
    return location


@pytest.fixture(scope="module")
def own(place):
    return place.new_run(BOBBY, "bobby's traces")[0]


def read(place, user, trace_id):
    return place.server.ask("GET", "/ajax-api/2.0/mlflow/get-trace-artifact?request_id=" + trace_id, user)


def refused(answer):
    status, _headers, text = answer
    assert status == 400, (status, text)
    assert "immutable" in text
    return None


def start_v3(place, user, experiment, tags):
    info = {
        "trace_id": "tr-" + secrets.token_hex(16),
        "trace_location": {
            "type": "MLFLOW_EXPERIMENT",
            "mlflow_experiment": {"experiment_id": experiment},
        },
        "request_time": "2026-01-01T00:00:00Z",
        "state": "OK",
        "tags": tags,
    }
    answer = place.server.ask("POST", "/api/3.0/mlflow/traces", user, {"trace": {"trace_info": info}})
    if answer[0] != 200:
        return answer
    return json.loads(answer[2])["trace"]["trace_info"]


def plain(place, own):
    return start_v3(place, BOBBY, own, {})["trace_id"]


def listed(tags):
    return [{"key": key, "value": value} for key, value in tags.items()]


def by_the_start(place, own, tags):
    answer = start_v3(place, BOBBY, own, tags)
    if isinstance(answer, dict):
        return answer["trace_id"]
    return refused(answer)


def by_the_older_start(place, own, tags):
    body = {"experiment_id": own, "timestamp_ms": 1, "request_metadata": [], "tags": listed(tags)}
    answer = place.server.ask("POST", "/api/2.0/mlflow/traces", BOBBY, body)
    if answer[0] == 200:
        return json.loads(answer[2])["trace_info"]["request_id"]
    return refused(answer)


def by_a_tag(version):
    def way(place, own, tags):
        trace_id = plain(place, own)
        for tag in listed(tags):
            target = "/api/%s/mlflow/traces/%s/tags" % (version, trace_id)
            refused(place.server.ask("PATCH", target, BOBBY, tag))
        return trace_id

    return way


def by_the_end(place, own, tags):
    trace_id = by_the_older_start(place, own, {})
    body = {"timestamp_ms": 2, "status": "OK", "request_metadata": [], "tags": listed(tags)}
    refused(place.server.ask("PATCH", "/api/2.0/mlflow/traces/" + trace_id, BOBBY, body))
    return trace_id


def by_spans(on_resource, prefix):
    def way(place, own, tags):
        attributes = [
            {"key": prefix + key, "value": {"stringValue": value if on_resource else json.dumps(value)}}
            for key, value in tags.items()
        ]
        raw = secrets.token_bytes(16)
        span = {
            "traceId": to_base64(raw),
            "spanId": to_base64(secrets.token_bytes(8)),
            "name": "root",
            "startTimeUnixNano": 1,
            "endTimeUnixNano": 2,
            "attributes": [] if on_resource else attributes,
        }
        resource = {"attributes": attributes if on_resource else []}
        spans = {"resource": resource, "scopeSpans": [{"spans": [span]}]}
        message = ParseDict({"resourceSpans": [spans]}, ExportTraceServiceRequest())
        headers = {"Content-Type": "application/x-protobuf", "x-mlflow-experiment-id": own}
        answer = place.server.ask(
            "POST", "/v1/traces", BOBBY, message.SerializeToString(), headers=headers
        )
        if answer[0] != 200:
            return refused(answer)
        return "tr-" + raw.hex()

    return way


def to_base64(raw):
    import base64

    return base64.b64encode(raw).decode()


WAYS = {
    "with the trace": by_the_start,
    "with the trace, as older clients do": by_the_older_start,
    "as a tag": by_a_tag("3.0"),
    "as a tag, as older clients do": by_a_tag("2.0"),
    "at its end": by_the_end,
    "with the resource of its spans": by_spans(True, ""),
    "with a span": by_spans(False, "mlflow.traceTag."),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("archived", [False, True])
def test_a_tag_leads_to_nobody_else_s_trace(place, victim, own, way, archived):
    tags = {SPANS: "ARCHIVE_REPO", ARCHIVE: victim} if archived else {LOCATION: victim}
    trace_id = way(place, own, tags)
    if trace_id is None:
        return
    assert CANARY not in read(place, BOBBY, trace_id)[2]
    for target in ("get?trace_id=%s&allow_partial=true", "batchGet?trace_ids=%s", "%s"):
        text = place.server.ask("GET", "/api/3.0/mlflow/traces/" + target % trace_id, BOBBY)[2]
        assert CANARY not in text and victim not in text


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_other_tags_are_taken(place, own, way):
    if way in (by_the_end, WAYS["as a tag"], WAYS["as a tag, as older clients do"]):
        trace_id = plain(place, own)
        body = {"key": "team", "value": "blue"}
        target = "/api/3.0/mlflow/traces/%s/tags" % trace_id
        assert place.server.ask("PATCH", target, BOBBY, body)[0] == 200
    else:
        trace_id = way(place, own, {"team": "blue"})
    assert '"blue"' in place.server.ask("GET", "/api/3.0/mlflow/traces/" + trace_id, BOBBY)[2]
