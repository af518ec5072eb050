"""What others may do with somebody's things, on each route of the pinned MLflow."""

import itertools
import json

import pytest

import routes
from conftest import ADMIN
from place import ALICE, BOBBY, CANARY

READER = ("reader", "password of reader")
EDITOR = ("editor", "password of editor")
MANAGER = ("manager", "password of manager")
# Who else is there, for what is asked about people.
CAROL = ("carol", "password of carol")
GRANTS = {READER: "READ", EDITOR: "EDIT", MANAGER: "MANAGE"}
V2, V3 = "/api/2.0/mlflow/", "/api/3.0/mlflow/"


class Victim:
    """Alice's things, each with the canary in it, and the names that requests call them by."""

    def __init__(self, place):
        self.place = place
        self.ask = place.server.ask
        self.post = lambda path, body: self.send("POST", V2 + path, body)
        experiment, run = place.experiment, place.run
        tag = {"key": "kept", "value": CANARY}
        self.post("experiments/set-experiment-tag", {"experiment_id": experiment, **tag})
        self.post("runs/log-parameter", {"run_id": run, "key": "p", "value": CANARY})
        self.post("runs/set-tag", {"run_id": run, **tag})
        self.post("runs/log-metric", {"run_id": run, "key": "m", "value": 1, "timestamp": 1})
        self.send("PATCH", V2 + "registered-models/update", {"name": "alices", "description": CANARY})
        version = {"name": "alices", "version": "1"}
        self.send("PATCH", V2 + "model-versions/update", {**version, "description": CANARY})
        self.post("model-versions/set-tag", {**version, **tag})
        self.trace = self.new_trace()
        assessment = {"assessment_name": "kept", "feedback": {"value": CANARY}}
        assessment["source"] = {"source_type": "HUMAN", "source_id": "alice"}
        body = {"assessment": assessment}
        answer = self.send("POST", V3 + "traces/%s/assessments" % self.trace, body)
        self.assessment = answer["assessment"]["assessment_id"]
        body = {"name": "alices data", "experiment_ids": [experiment], "tags": json.dumps({"kept": CANARY})}
        answer = self.send("POST", V3 + "datasets/create", body)
        self.dataset = answer["dataset"]["dataset_id"]
        records = json.dumps([{"inputs": {"question": CANARY}}])
        self.send("POST", V3 + "datasets/%s/records" % self.dataset, {"records": records})
        self.ids = (run, place.model, self.trace, self.assessment, self.dataset, CANARY)

    def send(self, method, path, body, user=ALICE):
        status, _headers, text = self.ask(method, path, user, body)
        assert status == 200, (path, status, text)
        return json.loads(text)

    def new_trace(self):
        location = {"experiment_id": self.place.experiment}
        info = {
            "trace_id": "tr-" + "a1" * 16,
            "trace_location": {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": location},
            "request_time": "2026-01-01T00:00:00Z",
            "state": "OK",
            "request_preview": CANARY,
            "tags": {"kept": CANARY},
        }
        self.send("POST", V3 + "traces", {"trace": {"trace_info": info}})
        return info["trace_id"]

    def values(self, name):
        place = self.place
        one = {
            "experiment_id": place.experiment,
            "experiment_name": "alice's",
            "run_id": place.run,
            "run_uuid": place.run,
            "source_run_id": place.run,
            "model_id": place.model,
            "trace_id": self.trace,
            "request_id": self.trace,
            "assessment_id": self.assessment,
            "dataset_id": self.dataset,
            "name": name,
            "new_name": "taken over",
            "model_name": "alices",
            "version": "1",
            "alias": "champion",
            "path": "secret.txt",
            "artifact_path": place.path + "/secret.txt",
            "username": CAROL[0],
            "password": "a new password for you",
            "is_admin": True,
            "resource_type": "experiment",
            "resource_id": place.experiment,
            "resource_pattern": place.experiment,
            "permission": "MANAGE",
            "role_id": 1,
            "key": "kept",
            "tag_key": "kept",
            "metric_key": "m",
            "value": "changed",
            "description": "changed",
            "stage": "Production",
            "status": "FINISHED",
            "timestamp": 5,
            "timestamp_ms": 5,
            "max_timestamp_millis": 10**13,
            "max_results": 10,
            "source": "mlflow-artifacts:/" + place.path,
            "records": json.dumps([{"inputs": {"question": "changed"}}]),
        }
        many = {
            "experiment_ids": [place.experiment],
            "run_ids": [place.run],
            "trace_ids": [self.trace],
            "request_ids": [self.trace],
            "dataset_ids": [self.dataset],
            "metrics": [{"key": "m", "value": 7, "timestamp": 9}],
            "params": [{"key": "q", "value": "changed"}],
            "tags": [{"key": "kept", "value": "changed"}],
            "assessment": {"assessment_name": "kept", "feedback": {"value": "changed"}},
            "locations": [
                {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": place.experiment}}
            ],
        }
        return one, many

    def requests(self):
        """Each route with alice's things in every place that takes a name."""
        for (method, path), name in itertools.product(routes.known(), ("alices", "alice's")):
            if routes.is_closed((method, path)) or path.startswith(("/gateway/", "/signup")):
                continue
            one, many = self.values(name)
            target = routes.filled(path, {**one, "id": place_id(path, self)})
            if method == "GET":
                pairs = [*one.items(), *((key, item) for key, items in many.items() for item in items)]
                query = "&".join("%s=%s" % pair for pair in pairs if isinstance(pair[1], (str, int)))
                yield method, target + "?" + query.replace(" ", "%20").replace("'", "%27"), None
            else:
                yield method, target, {**one, **many}

    def state(self):
        """All that the database, and the artifact store, have of her."""
        rows = set()
        query = self.place.query
        tables = query("select table_name from information_schema.tables where table_schema = 'public'")
        for (table,) in tables:
            for (row,) in query('select cast(t as text) from "%s" t' % table):
                # MLflow gives each user a role once something is theirs.
                person = table in ("users", "roles") and "__user_" not in row
                if person or any(one in row for one in self.ids):
                    rows.add((table, row))
        return rows, tuple(self.place.files())


def place_id(path, victim):
    return victim.dataset if "dataset" in path else victim.trace


@pytest.fixture(scope="module")
def victim(place):
    for user in (READER, EDITOR, MANAGER, CAROL):
        body = {"username": user[0], "password": user[1]}
        place.post(ADMIN, "users/create", body)
    found = Victim(place)
    for user, permission in GRANTS.items():
        for kind, name in (("experiment", place.experiment), ("registered_model", "alices")):
            body = {"username": user[0], "resource_type": kind, "resource_id": name}
            body["permission"] = permission
            found.send("POST", V3 + "users/permissions/grant", body, ADMIN)
    return found


def try_all(victim, user):
    """What was answered, by method and target."""
    answers = {}
    for method, target, body in victim.requests():
        try:
            status, _headers, text = victim.ask(method, target, user, body, timeout=5)
        except TimeoutError:
            # Some wait for the internet.
            status, text = 0, ""
        answers[(method, target)] = (status, text)
    return answers


def test_nobody_without_rights_sees_or_changes_anything(victim):
    before = victim.state()
    answers = try_all(victim, BOBBY)
    seen = [pair for pair, (_status, text) in answers.items() if CANARY in text]
    assert seen == []
    rows, files = victim.state()
    assert before[0] - rows == set() and rows - before[0] == set()
    assert files == before[1]


def test_a_reader_changes_nothing(victim):
    before = victim.state()
    answers = try_all(victim, READER)
    seen = [pair for pair, (_status, text) in answers.items() if CANARY in text]
    # The requests above reach what they ask for.
    assert len(seen) > 20
    rows, files = victim.state()
    assert before[0] - rows == set() and rows - before[0] == set()
    assert files == before[1]


def of_people(victim):
    query = victim.place.query
    tables = ("users", "roles", "role_permissions", "user_role_assignments")
    return {table: set(query('select cast(t as text) from "%s" t' % table)) for table in tables}


def test_an_editor_gives_nobody_rights(victim):
    before = of_people(victim)
    try_all(victim, EDITOR)
    after = of_people(victim)
    assert after["users"] == before["users"]
    carol = {"username": CAROL[0], "resource_type": "experiment", "resource_id": victim.place.experiment}
    target = V3 + "users/permissions/get?" + "&".join("%s=%s" % pair for pair in carol.items())
    answer = json.loads(victim.ask("GET", target, ADMIN)[2])
    assert answer["permission"] == "NO_PERMISSIONS"
    place = victim.place
    experiment = victim.ask("GET", V2 + "experiments/get?experiment_id=" + place.experiment, ALICE)
    assert json.loads(experiment[2])["experiment"]["lifecycle_stage"] == "active"


def test_a_manager_changes_no_person(victim):
    before = of_people(victim)
    try_all(victim, MANAGER)
    assert of_people(victim)["users"] == before["users"]
    assert victim.ask("GET", V2 + "users/current", CAROL)[0] == 200
