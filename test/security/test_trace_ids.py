"""Others' traces, by posting their ids once more as one's own."""

import json
import secrets

import pytest

from place import ALICE, BOBBY, CANARY

pytestmark = pytest.mark.parametrize("place", ["current", "older"], indirect=True, scope="module")
TRACES = "/api/3.0/mlflow/traces"
TAKEN = "taken by a trace of another experiment"


@pytest.fixture(scope="module")
def own(place):
    return place.new_run(BOBBY, "bobby's ids")[0]


def start(place, user, experiment, trace_id, **more):
    info = {
        "trace_id": trace_id,
        "trace_location": {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment}},
        "request_time": "2026-01-01T00:00:00Z",
        "state": "OK",
        **more,
    }
    return place.server.ask("POST", TRACES, user, {"trace": {"trace_info": info}})


def log(place, user, experiment, trace_id, text, span_id=None):
    span = {
        "traceId": trace_id.removeprefix("tr-"),
        "spanId": span_id or secrets.token_hex(8),
        "name": text,
        "startTimeUnixNano": "1",
        "endTimeUnixNano": "2",
        "attributes": [{"key": "mlflow.spanInputs", "value": {"stringValue": json.dumps(text)}}],
    }
    return place.otlp(user, experiment, [span])


@pytest.fixture(params=["started", "of spans", "of spans and started"])
def stored(request, place):
    """A trace of alice's, in each state that a trace is in."""
    trace_id = "tr-" + secrets.token_hex(16)
    if request.param != "started":
        assert log(place, ALICE, place.experiment, trace_id, CANARY)[0] == 200
    if request.param != "of spans":
        assert start(place, ALICE, place.experiment, trace_id)[0] == 200
    return trace_id


def state(place, trace_id):
    """All that the database has of the trace."""
    queries = {
        "trace_info": "select * from trace_info where request_id = '%s'",
        "spans": "select * from spans where trace_id = '%s' order by span_id",
        "tags": "select * from trace_tags where request_id = '%s' order by key",
        "metadata": "select * from trace_request_metadata where request_id = '%s' order by key",
        "assessments": "select * from assessments where trace_id = '%s' order by assessment_id",
    }
    return {name: str(place.query(query % trace_id)) for name, query in queries.items()}


def start_again(place, own, trace_id):
    return start(place, BOBBY, own, trace_id, tags={"a": "b"}, request_preview="bobby's")


def log_again(place, own, trace_id):
    return log(place, BOBBY, own, trace_id, "bobby's")


@pytest.mark.parametrize("way", [start_again, log_again])
def test_a_trace_stays_where_it_is(place, own, stored, way):
    before = state(place, stored)
    status, _headers, text = way(place, own, stored)
    assert status == 400 and TAKEN in text, (status, text)
    assert state(place, stored) == before
    artifact = "/ajax-api/2.0/mlflow/get-trace-artifact?request_id=" + stored
    assert place.server.ask("GET", artifact, BOBBY)[0] == 403
    assert place.server.ask("GET", "%s/%s" % (TRACES, stored), BOBBY)[0] == 403
    body = {"experiment_id": own, "request_ids": [stored]}
    place.server.ask("POST", TRACES + "/delete-traces", BOBBY, body)
    assert place.server.ask("GET", "%s/%s" % (TRACES, stored), ALICE)[0] == 200


def test_one_of_several_traces_is_enough(place, own, stored):
    before, other = state(place, stored), "tr-" + secrets.token_hex(16)
    ids = [trace_id.removeprefix("tr-") for trace_id in (other, stored)]
    span = {"spanId": secrets.token_hex(8), "name": "s", "startTimeUnixNano": "1", "endTimeUnixNano": "2"}
    spans = [{**span, "traceId": hexadecimal} for hexadecimal in ids]
    assert place.otlp(BOBBY, own, spans)[0] == 400
    assert state(place, stored) == before
    assert place.server.ask("GET", "%s/%s" % (TRACES, other), BOBBY)[0] != 200


def test_one_s_own_trace_is_written_again(place, stored):
    assert log(place, ALICE, place.experiment, stored, "more")[0] == 200
    assert start(place, ALICE, place.experiment, stored)[0] == 200
    assert log(place, ALICE, place.experiment, stored, "late")[0] == 200
    assert "late" in state(place, stored)["spans"]


def assessment(trace_id, name, **more):
    return {
        "assessment_name": name,
        "trace_id": trace_id,
        "source": {"source_type": "HUMAN", "source_id": "somebody"},
        "feedback": {"value": "good"},
        "create_time": "2026-01-01T00:00:00Z",
        "last_update_time": "2026-01-01T00:00:00Z",
        **more,
    }


def test_an_assessment_stays_where_it_is(place, own, stored):
    body = {"assessment": assessment(stored, "alice's")}
    target = "%s/%s/assessments" % (TRACES, stored)
    status, _headers, text = place.server.ask("POST", target, ALICE, body)
    assert status == 200, text
    before, mine = state(place, stored), "tr-" + secrets.token_hex(16)
    assert start(place, BOBBY, own, mine)[0] == 200
    taken = json.loads(text)["assessment"]["assessment_id"]
    for trace_id in (stored, mine):
        for more in ({"assessment_id": taken}, {}):
            given = assessment(trace_id, "bobby's", **more)
            status, _headers, text = start(place, BOBBY, own, mine, assessments=[given])
            assert (status == 200) == (trace_id == mine and not more), (trace_id, more, text)
    assert state(place, stored) == before


NO_NAMES = ["../../{}/traces/{}", "..", ".", "a/b", "a%2fb", "a\\b", "é", "a b", "a\n", "a" * 51, ""]


@pytest.mark.parametrize("trace_id", NO_NAMES)
def test_an_id_is_a_name(place, own, trace_id):
    trace_id = trace_id.format(place.experiment, "x")
    status, _headers, text = start(place, BOBBY, own, trace_id)
    assert status == 400, (status, text)
    unusual = "select count(*) from trace_info where request_id !~ '^[A-Za-z0-9_-]{1,50}$'"
    assert place.query(unusual) == [(0,)]
