"""What the guard in front of MLflow's app keeps from everybody, on each release and kind of server."""

import contextlib
import http.client
import os
import shutil
import socket
from pathlib import Path

import pytest
import uvicorn

import processes
from conftest import ADMIN, BASIC_AUTH, OLDER_ADMIN, ROLE
from postgres import free_port

ASSISTANT = "/ajax-api/3.0/mlflow/assistant"
# With it, uvicorn believes the client's own word for its address.
BELIEVING = "--proxy-headers --forwarded-allow-ips=*"
MODEL = {"ollama": {"selected": True, "base_url": "http://127.0.0.1:9", "permissions": {"full_access": True}}}
SPOOFED = {
    "X-Forwarded-For": "127.0.0.1, 203.0.113.9",
    "X-Forwarded-Host": "localhost",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Prefix": "/ajax-api/3.0/mlflow",
    "X-Script-Name": "/ajax-api/3.0/mlflow",
    "X-Original-URL": ASSISTANT + "/config",
    "X-Rewrite-URL": ASSISTANT + "/config",
    "X-HTTP-Method-Override": "PUT",
    "X-Real-IP": "127.0.0.1",
    "Forwarded": "for=127.0.0.1;host=localhost;proto=http",
}
SPELLINGS = [
    ASSISTANT + "/config",
    ASSISTANT,
    ASSISTANT + "/",
    ASSISTANT + "/providers",
    ASSISTANT + "/nowhere",
    ASSISTANT + "/config/",
    ASSISTANT + "/config?x=/health",
    ASSISTANT + "/config;/health",
    ASSISTANT + "/%63onfig",
    "/ajax-api/3.0/mlflow/%61ssistant/config",
    "/ajax-api/3.0/mlflow/%2561ssistant/config",
    "/ajax-api/3.0/mlflow/%252561ssistant/config",
    "/%61jax-api/3%2e0/%6dlflow/assistant/config",
    "/ajax-api%2f3.0%2Fmlflow/assistant%2fconfig",
    "//ajax-api/3.0/mlflow/assistant/config",
    "/ajax-api//3.0/mlflow///assistant//config",
    "/./ajax-api/./3.0/mlflow/./assistant/config",
    "/health/../ajax-api/3.0/mlflow/assistant/config",
    "/static-files/%2e%2e/ajax-api/3.0/mlflow/assistant/config",
    "/ajax-api/3.0/mlflow\\assistant\\config",
    "/AJAX-API/3.0/MLflow/Assistant/Config",
    "/ajax-api/3.0/mlflow/assistant%20/config",
    "/ajax-api/3.0/mlflow/assistant%00/config",
    "/ajax-api/3.0/mlflow/assistant./config",
    "/ajax-api/2.0/mlflow/assistant/config",
    "/api/3.0/mlflow/assistant/config",
]


class Kind:
    def __init__(self, name, older, app):
        self.name, self.older, self.app = name, older, app
        self.python = os.environ["OLDER_MLFLOW_PYTHON"] if older else None
        self.user = (OLDER_ADMIN if older else ADMIN) if app else None

    def environment(self, environment_for, database, directory, **more):
        environment = environment_for(database, directory, **more)
        if not self.app:
            environment.pop("CDK_MLFLOW_AUTH_CONFIG")
        return environment

    def arguments(self):
        return {"app": self.app, **({"python": self.python} if self.python else {})}


KINDS = [
    ("basic-auth", False, BASIC_AUTH),
    ("no authentication", False, ()),
    ("basic-auth of an older release", True, BASIC_AUTH),
    ("no authentication of an older release", True, ()),
]


@pytest.fixture(scope="module", params=KINDS, ids=[name for name, *_ in KINDS])
def kind(request):
    return Kind(*request.param)


@pytest.fixture(scope="module")
def running(kind, request, postgres, environment_for, tmp_path_factory):
    """A server that believes every forwarded header, asked from its own host: nothing is easier to attack."""
    directory = tmp_path_factory.mktemp("guarded")
    database = request.getfixturevalue("older" if kind.older else "current")
    environment = kind.environment(
        environment_for,
        postgres.create_database(ROLE, database),
        directory,
        MLFLOW_UVICORN_OPTS=BELIEVING,
        MLFLOW_HOST="0.0.0.0",
        MLFLOW_SERVER_ALLOWED_HOSTS="*",
    )
    port = free_port()
    command = processes.inlined(
        "serve", *kind.app, "--workers", "2", "--port", str(port), python=kind.python or processes.sys.executable
    )
    server = processes.Server(command, environment, port)
    try:
        yield server.wait_until_healthy()
    finally:
        server.end()


def refused(answer):
    status, _headers, text = answer
    assert status == 404, (status, text[:200])
    assert "no Assistant" in text


@pytest.mark.parametrize("target", SPELLINGS)
def test_the_assistant_answers_nobody(running, kind, target):
    for user in (None, kind.user):
        refused(running.ask("GET", target, user))
        refused(running.ask("PUT", target, user, body={"providers": MODEL}))


def test_the_assistant_answers_no_spoofed_header(running, kind):
    for user in (None, kind.user):
        for name, value in [*SPOOFED.items(), ("Host", "localhost"), ("Host", "127.0.0.1")]:
            refused(running.ask("PUT", ASSISTANT + "/config", user, {"providers": MODEL}, {name: value}))
    refused(running.ask("PUT", ASSISTANT + "/config", kind.user, {"providers": MODEL}, SPOOFED))
    # Those that name another path change none.
    for name in ("X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Prefix", "X-Script-Name"):
        status, _headers, text = running.ask("GET", "/config", kind.user, headers={name: SPOOFED[name]})
        assert status == 404 and "remote_access" not in text


def test_the_assistant_answers_no_request_in_an_unusual_form(running):
    lines = [
        "PUT http://localhost%s/config HTTP/1.1" % ASSISTANT,
        "PUT %s/config HTTP/1.0" % ASSISTANT,
        "OPTIONS %s/config HTTP/1.1" % ASSISTANT,
        "HEAD %s/config HTTP/1.1" % ASSISTANT,
    ]
    for line in lines:
        assert raw(running.port, line).split()[1] in (b"404", b"401", b"405"), line
    upgrade = "GET %s/config HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket" % ASSISTANT
    key = "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    assert raw(running.port, upgrade + key).split()[1] in (b"404", b"403")


def raw(port, head):
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        text = "%s\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % head
        connection.sendall(text.replace("Connection: close\r\n", "", "Upgrade" in head).encode())
        return connection.recv(1000)


def test_the_rest_of_the_server_answers(running, kind):
    assert running.ask("GET", "/health")[0] == 200
    search = "/api/2.0/mlflow/experiments/search?max_results=1"
    assert running.ask("GET", search, kind.user)[0] == 200
    assert running.ask("GET", search)[0] == (401 if kind.app else 200)
    # The Assistant's name is an artifact's as well as any other.
    path = "/api/2.0/mlflow-artifacts/artifacts/0/assistant/mlflow/assistant/config"
    assert running.ask("PUT", path, kind.user, "text")[0] == 200
    assert running.ask("GET", path, kind.user)[2] == "text"


def test_the_page_shows_nothing_of_the_assistant(running, kind):
    status, headers, text = running.ask("GET", "/", kind.user)
    assert status == 200
    assert "<style>[data-assistant-ui],[role=tab][id$=-trigger-assistant]{display:none!important}</style></head>" in text
    assert int(headers["Content-Length"]) == len(text.encode())
    assert headers["ETag"] is None
    script = "/" + text.split('src="')[1].split('"')[0]
    assert "data-assistant-ui" in running.ask("GET", script, kind.user)[2] or kind.older


def test_every_worker_is_guarded(running):
    """Each connection may reach another worker."""
    for _ in range(40):
        refused(running.ask("GET", ASSISTANT + "/config"))


@pytest.fixture(scope="module")
def prefixed(postgres, environment_for, current, tmp_path_factory):
    directory = tmp_path_factory.mktemp("prefixed")
    environment = environment_for(
        postgres.create_database(ROLE, current),
        directory,
        MLFLOW_STATIC_PREFIX="/team/Ml",
        MLFLOW_UVICORN_OPTS=BELIEVING,
    )
    port = free_port()
    command = processes.inlined("serve", *BASIC_AUTH, "--workers", "1", "--port", str(port))
    server = processes.Server(command, environment, port)
    try:
        yield server.wait_until_healthy(path="/team/Ml/health")
    finally:
        server.end()


@pytest.mark.parametrize("before", ["", "/team/Ml", "/team//Ml", "/team/%4dl", "/x/../team/ml"])
def test_the_assistant_answers_nobody_under_a_prefix(prefixed, before):
    for target in SPELLINGS:
        refused(prefixed.ask("GET", before + target, ADMIN, headers=SPOOFED))


def test_the_page_under_a_prefix_shows_nothing_of_the_assistant(prefixed):
    status, _headers, text = prefixed.ask("GET", "/team/Ml/", ADMIN)
    assert status == 200 and "[data-assistant-ui]" in text


FORBIDDEN = ["/static", "/static-mlflow", "/static-files/x", "/health", "/healthy/ml", "/favicon.ico.d"]


@pytest.mark.parametrize("prefix", FORBIDDEN)
@pytest.mark.parametrize("way", ["variable", "argument", "argument in one"])
def test_a_prefix_that_switches_sign_in_off_is_refused(environment_for, tmp_path, prefix, way):
    environment = environment_for("any", tmp_path)
    arguments = {
        "variable": [],
        "argument": ["--static-prefix", prefix],
        "argument in one": ["--static-prefix=" + prefix],
    }[way]
    if way == "variable":
        environment["MLFLOW_STATIC_PREFIX"] = prefix
    result = processes.run(processes.inlined("serve", *BASIC_AUTH, *arguments), environment)
    assert result.returncode == 1
    assert result.stderr == (
        "cdk-mlflow: static prefix is '%s', and mlflow asks nobody to sign in below /static, /health, "
        "/favicon.ico; choose another\n" % prefix
    )


def test_what_mlflow_leaves_open_is_what_is_refused(bootstrap):
    from mlflow.server import auth

    assert bootstrap.OPEN == ("/static", "/health", "/favicon.ico")
    assert set(auth._UNPROTECTED_PATH_PREFIXES) == set(bootstrap.OPEN)
    assert auth._PUBLIC_ROUTE_SUFFIXES == ("/mlflow/server-info",)


def ends_unserved(server, text):
    """It says why, and never accepted a connection."""
    processes.wait_for(lambda: answers(server) or server.process.poll() is not None, 90)
    assert server.process.poll() is not None, server.output
    assert text in server.output


def answers(server):
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", server.port), timeout=1).close()
    return False


def test_a_prefix_that_mlflow_took_from_elsewhere_is_refused(environment_for, database, serve, tmp_path):
    environment = environment_for(database("current"), tmp_path, _MLFLOW_STATIC_PREFIX="/static-mlflow")
    ends_unserved(
        serve(environment, "--workers", "2"),
        "server would be without its guard: ValueError: prefix '/static-mlflow' switches sign-in off",
    )


def test_another_server_than_uvicorn_is_refused(environment_for, database, serve, tmp_path):
    environment = environment_for(database("current"), tmp_path)
    ends_unserved(
        serve(environment, "--gunicorn-opts", "--timeout 60"),
        "server would be without its guard: something other than uvicorn listens",
    )


def test_a_uvicorn_that_loads_its_app_in_another_way_is_refused(environment_for, database, serve, tmp_path):
    changed = tmp_path / "changed"
    shutil.copytree(Path(uvicorn.__file__).parent, changed / "uvicorn")
    for file in changed.rglob("*.py"):
        text = file.read_text()
        file.write_text(text.replace("def load(self)", "def load_it(self)").replace("config.load()", "config.load_it()"))
    environment = environment_for(database("current"), tmp_path, PYTHONPATH=str(changed))
    ends_unserved(serve(environment), "server would be without its guard: type object 'Config' has no")


def test_a_server_without_its_guard_is_refused(environment_for, tmp_path):
    text = processes.BOOTSTRAP.read_text()
    command = [processes.sys.executable, "-c", text, "serve", *BASIC_AUTH]
    result = processes.run(command, environment_for("any", tmp_path))
    assert (result.returncode, result.stderr) == (
        1,
        "cdk-mlflow: server would be without its guard; run the program that contains it\n",
    )


def test_an_image_keeps_its_own_start(environment_for, database, serve, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "sitecustomize.py").write_text("import os\nos.environ['OWN'] = 'seen'\nprint('own start')\n")
    environment = environment_for(database("current"), tmp_path, PYTHONPATH=str(own))
    server = serve(environment).wait_until_healthy()
    assert server.output.count("own start") >= 2
    refused(server.ask("GET", ASSISTANT + "/config"))


def directory_of(server):
    (file,) = Path(server.environment["TMPDIR"]).glob("*/cdk_mlflow_guard")
    return file.parent


def workers_of(server):
    """The processes that uvicorn started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                ours = os.getpgid(int(entry.name)) == server.process.pid
                if ours and b"spawn_main" in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
    return found


@pytest.mark.parametrize("gone", ["everything", "the start alone"])
@pytest.mark.parametrize("release", ["current", "older"])
def test_no_worker_is_started_once_the_guard_s_files_are_gone(environment_for, database, serve, tmp_path, gone, release):
    environment = environment_for(database(release), tmp_path)
    python = {"python": os.environ["OLDER_MLFLOW_PYTHON"]} if release == "older" else {}
    server = serve(environment, "--workers", "2", **python).wait_until_healthy()
    processes.wait_for(lambda: len(workers_of(server)) == 2)
    directory = directory_of(server)
    if gone == "everything":
        directory.rename(tmp_path / "gone")
    else:
        (directory / "sitecustomize.py").unlink()
    os.kill(workers_of(server)[0], 9)
    processes.wait_for(lambda: closed(server) and server.process.poll() is not None)
    assert "cdk-mlflow: server would be without its guard: its files are gone" in server.output


def closed(server):
    with contextlib.suppress(OSError, http.client.HTTPException):
        assert server.ask("GET", ASSISTANT + "/config", timeout=5)[0] == 404
    return True


def test_a_guard_that_cannot_be_installed_ends_each_python(environment_for, database, serve, tmp_path):
    text = processes.program().replace("\ndef install(settings):\n", "\ndef install(settings):\n    raise OSError(7)\n")
    command = [processes.sys.executable, "-c", text, "serve", *BASIC_AUTH, "--workers", "1", "--port", str(free_port())]
    result = processes.run(command, environment_for("any", tmp_path))
    assert result.returncode == 1
    assert result.stderr == "cdk-mlflow: server would be without its guard: OSError(7)\n"


def test_what_fails_after_the_guard_leaves_it_in_place(environment_for, database, serve, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "sitecustomize.py").write_text("raise OSError('own start')\n")
    environment = environment_for(database("current"), tmp_path, PYTHONPATH=str(own))
    server = serve(environment).wait_until_healthy()
    assert "own start" in server.output
    refused(server.ask("GET", ASSISTANT + "/config"))
