"""Others' artifacts, by ways around their permissions. Each is refused, and what others wrote is never seen."""

import json

from place import API, ALICE, BOBBY, CANARY


def test_directly(place):
    ask = place.server.ask
    assert ask("GET", place.secret, ALICE)[::2] == (200, CANARY)
    assert ask("GET", place.secret, BOBBY)[0] == 403
    for path in ("/get-artifact?run_id=%s&path=secret.txt", API + "artifacts/list?run_id=%s"):
        assert ask("GET", path % place.run, BOBBY)[0] == 403
        assert ask("GET", path % place.run, ALICE)[0] == 200


def test_by_the_source_of_a_model_version(place):
    place.post(BOBBY, "registered-models/create", {"name": "bobby's"})
    _, own_run = place.new_run(BOBBY, "for models")
    created = []
    for source in place.places():
        for more in ({}, {"run_id": own_run}, {"run_id": place.run}):
            body = {"name": "bobby's", "source": source, **more}
            status, _headers, text = place.server.ask("POST", API + "model-versions/create", BOBBY, body)
            assert status in (200, 400, 403, 404), (source, more, status, text)
            if status == 200:
                created.append((source, more, json.loads(text)["model_version"]["version"]))
    # Those that the client follows are stored, and lead nowhere without rights.
    assert all(source.split(":")[0] in ("runs", "models") for source, *_ in created), created
    for source, more, version in created:
        for path in ("secret.txt", "", "artifacts/secret.txt", "../secret.txt"):
            target = "/model-versions/get-artifact?name=bobby%%27s&version=%s&path=%s" % (version, path)
            status, _headers, text = place.server.ask("GET", target, BOBBY)
            assert CANARY not in text, (source, more, path)
            assert status != 200, (source, more, path)


def test_by_the_place_of_an_experiment(place):
    before = place.files()
    for number, location in enumerate(place.places()):
        body = {"name": "at %d" % number, "artifact_location": location}
        status, _headers, text = place.server.ask("POST", API + "experiments/create", BOBBY, body)
        assert status == 400, (location, status, text)
    assert place.files() == before


def test_what_is_one_s_own_works(place):
    experiment, run = place.new_run(BOBBY, "bobby's own")
    own = "%s/%s/artifacts" % (experiment, run)
    target = "/api/2.0/mlflow-artifacts/artifacts/%s/model/file.txt" % own
    assert place.server.ask("PUT", target, BOBBY, "bobby's file")[0] == 200
    place.post(BOBBY, "registered-models/create", {"name": "own"})
    for source in ("mlflow-artifacts:/%s/model" % own, "runs:/%s/model" % run):
        body = {"name": "own", "source": source, "run_id": run}
        version = place.post(BOBBY, "model-versions/create", body)["model_version"]["version"]
        get = "/model-versions/get-artifact?name=own&version=%s&path=file.txt" % version
        if source.startswith("mlflow"):
            assert place.server.ask("GET", get, BOBBY)[::2] == (200, "bobby's file")
    tag = {"key": "mlflow.prompt.is_prompt", "value": "true"}
    place.post(BOBBY, "registered-models/create", {"name": "prompt", "tags": [tag]})
    for source in ("dummy-source", "prompt-template"):
        body = {"name": "prompt", "source": source, "tags": [tag]}
        place.post(BOBBY, "model-versions/create", body)
