"""Starts the program under test as the deployed server does, and looks at it from outside."""

import base64
import contextlib
import http.client
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

BOOTSTRAP = Path(__file__).resolve().parents[2] / "assets" / "server" / "bootstrap.py"
GUARD = BOOTSTRAP.with_name("guard")
TEMPLATE = BOOTSTRAP.parents[2] / "templates" / "fargate" / "template.json"


def published(name):
    """A plain variable of the server, as the library defines it."""
    for resource in json.loads(TEMPLATE.read_text())["Resources"].values():
        for container in resource["Properties"].get("ContainerDefinitions", []):
            for variable in container.get("Environment", []):
                if variable["Name"] == name:
                    return variable["Value"]
    raise LookupError(name)


URI = published("MLFLOW_BACKEND_STORE_URI")


def load():
    """The program as a module, for its pure functions."""
    spec = importlib.util.spec_from_file_location("bootstrap", BOOTSTRAP)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load_guard(name):
    """A part of the guard, which nothing is behind here."""
    package = "cdk_mlflow_guard"
    if package not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            package, GUARD / "__init__.py", submodule_search_locations=[str(GUARD)]
        )
        sys.modules[package] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[package])
    return importlib.import_module(package + "." + name)


def program():
    """What src/private/server-program.ts makes of both files."""
    text = bare(BOOTSTRAP)
    assert text.count("\nGUARD = {}\n") == 1
    files = ["%r: r'''%s'''," % (path.name, bare(path)) for path in sorted(GUARD.glob("*.py"))]
    return text.replace("\nGUARD = {}\n", "\nGUARD = {\n%s\n}\n" % "\n".join(files))


def bare(path):
    text = re.sub(r'\A"""[\s\S]*?"""\n', "", path.read_text())
    text = re.sub(r"(?m)^ *# .*\n", "", text)
    return re.sub(r'(?m)^( +)"""[^"\n]*"""\n(?=\1\S)', "", text)


def as_a_file(verb, *arguments):
    return [sys.executable, str(BOOTSTRAP), verb, *arguments]


def inlined(verb, *arguments, python=sys.executable):
    """The form that a container is given."""
    return [python, "-c", program(), verb, *arguments]


def base_environment(directory):
    """Nothing of the test runner's own environment reaches the program."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(directory),
        "TMPDIR": str(directory),
        "LANG": "C.UTF-8",
        "GIT_PYTHON_REFRESH": "quiet",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
    }


def run(command, environment, timeout=120):
    return subprocess.run(
        command,
        env=environment,
        cwd=environment["HOME"],
        timeout=timeout,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def start(command, environment):
    return subprocess.Popen(
        command,
        env=environment,
        cwd=environment["HOME"],
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def together(command, environments, timeout=180):
    """Runs the command once for each environment, all at the same time."""
    processes = [start(command, environment) for environment in environments]
    try:
        results = [(p, *p.communicate(timeout=timeout)) for p in processes]
    finally:
        for process in processes:
            end(process)
    return [subprocess.CompletedProcess(command, p.returncode, out, err) for p, out, err in results]


def wait_for(condition, seconds=60):
    """The first answer that counts as true."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)
    return value


def end(process):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def command_lines(group):
    """The command line of every process in the group, as `ps` would show it to anybody."""
    lines = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if os.getpgid(int(entry.name)) == group:
                    lines.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return lines


def environment_of(pid):
    pairs = Path("/proc", str(pid), "environ").read_bytes().decode().split("\0")
    return dict(pair.split("=", 1) for pair in pairs if "=" in pair)


def basic(name, password):
    return "Basic " + base64.b64encode(("%s:%s" % (name, password)).encode()).decode()


class Server:
    """A process that listens on a port of this host and writes its output to a file."""

    def __init__(self, command, environment, port):
        self.port = port
        self.environment = environment
        self._log = Path(environment["TMPDIR"]) / ("server-%d.log" % port)
        with open(self._log, "w") as log:
            self.process = subprocess.Popen(
                command,
                env=environment,
                cwd=environment["HOME"],
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    @property
    def output(self):
        return self._log.read_text()

    def request(self, path, user=None, host=None, body=None, timeout=30, origin=None):
        """The status and the text of the answer."""
        headers = {"Host": host or "localhost:%d" % self.port}
        if user:
            headers["Authorization"] = basic(*user)
        if origin:
            headers["Origin"] = origin
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        request = urllib.request.Request(
            "http://127.0.0.1:%d%s" % (self.port, path), data=data, headers=headers
        )
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def ask(self, method, target, user=None, body=None, headers=(), host="127.0.0.1", timeout=30):
        """The status, the headers and the text of the answer to a request exactly as it is given."""
        all_headers = {"Host": "localhost:%d" % self.port, **dict(headers)}
        if user:
            all_headers["Authorization"] = basic(*user)
        if isinstance(body, dict):
            all_headers.setdefault("Content-Type", "application/json")
            body = json.dumps(body)
        connection = http.client.HTTPConnection(host, self.port, timeout=timeout)
        try:
            connection.request(method, target, body=body, headers=all_headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode(errors="replace")
        finally:
            connection.close()

    def wait_until_healthy(self, timeout=90, path="/health"):
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            assert self.process.poll() is None, "server ended: " + self.output
            with contextlib.suppress(OSError):
                if self.request(path, timeout=2)[0] == 200:
                    return self
            time.sleep(0.2)
        raise AssertionError("server did not become healthy: " + self.output)

    def end(self):
        end(self.process)
