"""The memory of a default task is enough for whatever is sent, and those who work go on meanwhile."""

import gzip
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import processes
from conftest import ADMIN, BASIC_AUTH, ROLE
from memory_limit import Limited
from postgres import free_port

MIB = 1024 * 1024
# Of the default task.
MEMORY_MIB = 1024
ROUNDS = 4
CREATE = "/api/2.0/mlflow/runs/create"
RECORDS = "/api/3.0/mlflow/datasets/d-1/records"
ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts/0/load/artifacts/"


@pytest.fixture(scope="module")
def server(postgres, environment_for, current, tmp_path_factory):
    directory = tmp_path_factory.mktemp("load")
    scratch = directory / "scratch"
    scratch.mkdir()
    environment = environment_for(postgres.create_database(ROLE, current), scratch)
    port = free_port()
    arguments = ["--workers", "1", "--port", str(port)]
    arguments += ["--artifacts-destination", str(directory / "artifacts")]
    running = processes.Server(processes.inlined("serve", *BASIC_AUTH, *arguments), environment, port)
    running.limited = Limited(running.process.pid, MEMORY_MIB)
    running.scratch = scratch
    try:
        running.wait_until_healthy()
        # Who works has signed in before.
        assert running.ask("GET", "/api/2.0/mlflow/users/current", ADMIN)[0] == 200
        yield running
    finally:
        running.end()
        if running.limited.group:
            processes.wait_for(lambda: running.limited.remove() or not running.limited.group.exists(), 30)


class Watch:
    """Asks for the health and for somebody's work, and looks at the memory, until the attack is over."""

    def __init__(self, server):
        self.server = server
        self.over = threading.Event()
        self.wrong, self.asked, self.peak, self.slowest = [], 0, 0, 0

    def __enter__(self):
        self.files = self.scratch()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        return self

    def scratch(self):
        return {path for path in self.server.scratch.rglob("*") if path.is_file()}

    def run(self):
        while not self.over.wait(0.2):
            for target, user in (("/health", None), ("/api/2.0/mlflow/users/current", ADMIN)):
                begin = time.monotonic()
                try:
                    status = self.server.ask("GET", target, user, timeout=20)[0]
                except OSError as error:
                    status = error
                self.slowest = max(self.slowest, time.monotonic() - begin)
                self.asked += 1
                if status != 200:
                    self.wrong.append((target, status))
            self.peak = max(self.peak, self.server.limited.used())

    def __exit__(self, *_error):
        self.over.set()
        self.thread.join()
        print("asked %d, slowest %.1f s, peak %d MiB" % (self.asked, self.slowest, self.peak // MIB))
        assert self.wrong == []
        assert self.asked > 4
        assert self.server.process.poll() is None
        assert self.server.limited.kills() == 0
        assert self.peak < self.server.limited.limit
        processes.wait_for(lambda: self.scratch() - self.files == set(), 10)


def chunks(size):
    piece = b"x" * 65536
    return (piece for _ in range(size // len(piece)))


def status(server, method, target, user, body, **headers):
    try:
        return server.ask(method, target, user, body, headers, timeout=90)[0]
    except (BrokenPipeError, ConnectionResetError):
        # It was answered before all of it was sent.
        return 0


def at_once(count, work):
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(count)))


@pytest.mark.parametrize("form", ["plain", "in chunks"])
def test_strangers_send_400_mb(server, form):
    targets = (CREATE, "/health", "/nowhere", ARTIFACTS + "stranger")

    def attack(number):
        target = targets[number % len(targets)]
        body = bytes(400 * MIB) if form == "plain" and number < 2 else chunks(400 * MIB)
        return status(server, "PUT" if "artifacts" in target else "POST", target, None, body)

    with Watch(server):
        assert set(at_once(4, attack)) <= {0, 401}


def test_wrong_passwords_with_31_mb(server):
    body = b'{"experiment_id": "0", "run_name": "%s"}' % (b"x" * (31 * MIB))

    def attack(number):
        return status(server, "POST", CREATE, ("name %d" % number, "wrong"), body)

    with Watch(server):
        for _ in range(ROUNDS):
            assert set(at_once(12, attack)) <= {0, 401, 503}


def test_those_who_signed_in_send_31_mb(server):
    body = b'{"records": "%s"}' % (b"x" * (31 * MIB))

    def attack(_number):
        return status(server, "POST", RECORDS, ADMIN, body, **{"Content-Type": "application/json"})

    with Watch(server):
        for _ in range(ROUNDS):
            assert set(at_once(12, attack)) <= {0, 400, 404, 503}


@pytest.mark.parametrize("piece", [b"[],", b"{},", b'"a":1,', b"1,"])
def test_those_who_signed_in_send_as_much_json_as_they_may(server, piece):
    """Just below the bounds, where each value costs many times its length."""
    count = {b"[],": 29000, b"{},": 29000}.get(piece, 490000)
    opening, closing = (b"{", b"}") if b":" in piece else (b"[", b"]")
    value = opening + (piece * count)[:-1] + closing

    def attack(number):
        target, key = ((CREATE, b"z"), ("/api/2.0/mlflow/runs/log-batch", b"metrics"))[number % 2]
        body = b'{"%s":%s}' % (key, value)
        return status(server, "POST", target, ADMIN, body, **{"Content-Type": "application/json"})

    with Watch(server):
        for _ in range(5 * ROUNDS):
            assert set(at_once(6, attack)) <= {0, 400, 404, 500, 503}


def test_gzip_bombs(server):
    bomb = gzip.compress(bytes(400 * MIB))
    headers = {
        "Content-Type": "application/x-protobuf",
        "Content-Encoding": "gzip",
        "x-mlflow-experiment-id": "0",
    }

    def attack(_number):
        return status(server, "POST", "/v1/traces", ADMIN, bomb, **headers)

    with Watch(server):
        for _ in range(ROUNDS):
            assert set(at_once(12, attack)) <= {413, 503}


def test_requests_that_never_end(server):
    head = "POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: 60000\r\n\r\nbeginning"
    wrong = "Authorization: %s\r\n" % processes.basic("nobody", "wrong")
    connections = []
    with Watch(server) as watch:
        for number in range(200):
            connection = socket.create_connection(("127.0.0.1", server.port), timeout=90)
            connection.sendall((head % (CREATE, wrong if number % 40 == 0 else "")).encode())
            connections.append(connection)
        # They are ended by the server.
        answers = [connection.recv(100).split(b" ")[1] for connection in connections]
        assert set(answers) <= {b"401", b"408"} and answers.count(b"408") > 190
        assert watch.slowest < 10
    for connection in connections:
        connection.close()


def test_64_uploads(server):
    def upload(number):
        return status(server, "PUT", ARTIFACTS + "file-%d" % number, ADMIN, chunks(20 * MIB))

    with Watch(server):
        assert at_once(64, upload) == [200] * 64
