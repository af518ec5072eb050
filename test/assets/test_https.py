"""Behind an endpoint that ends TLS, and whose headers nobody believes."""

import http.client
import re
import socket
import ssl
import threading

import pytest

import processes
from conftest import ADMIN, BASIC_AUTH, ROLE
from postgres import free_port
from test_guard_app import App, ask

NAME = "mlflow.test"
ORIGIN = "https://" + NAME
SEARCH = "/ajax-api/2.0/mlflow/experiments/search?max_results=1"


class Terminator:
    """Ends TLS and passes on every byte, as a load balancer does that adds no header."""

    def __init__(self, port, certificate, key, directory):
        for name, text in (("certificate.pem", certificate), ("key.pem", key)):
            (directory / name).write_text(text)
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(directory / "certificate.pem", directory / "key.pem")
        self.target = port
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                plain, _address = self.socket.accept()
                client = self.context.wrap_socket(plain, server_side=True)
            except ssl.SSLError:
                continue
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target))
            for pair in ((client, server), (server, client)):
                threading.Thread(target=self.pump, args=pair, daemon=True).start()

    @staticmethod
    def pump(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass


@pytest.fixture(scope="module")
def https(postgres, environment_for, current, authority, tmp_path_factory):
    """Asks the server as a browser does at its public name."""
    directory = tmp_path_factory.mktemp("https")
    environment = environment_for(
        postgres.create_database(ROLE, current),
        directory,
        MLFLOW_SERVER_ALLOWED_HOSTS="%s,%s:*,localhost,localhost:*" % (NAME, NAME),
        MLFLOW_SERVER_CORS_ALLOWED_ORIGINS=ORIGIN,
        MLFLOW_UVICORN_OPTS="--no-proxy-headers",
    )
    port = free_port()
    command = processes.inlined("serve", *BASIC_AUTH, "--workers", "1", "--port", str(port))
    server = processes.Server(command, environment, port)
    terminator = Terminator(port, *authority.issue(NAME), directory)
    context = ssl.create_default_context(cadata=authority.pem)

    def go(method, target, user=None, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", terminator.port, timeout=30)
        plain = socket.create_connection(("127.0.0.1", terminator.port), timeout=30)
        connection.sock = context.wrap_socket(plain, server_hostname=NAME)
        given = {"Host": NAME, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if user:
            given["Authorization"] = processes.basic(*user)
        try:
            connection.request(method, target, body=body, headers=given)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()

    go.plain = server
    try:
        server.wait_until_healthy()
        yield go
    finally:
        terminator.socket.close()
        server.end()


def test_a_browser_asks_for_the_password_and_gets_the_page(https):
    status, headers, _text = https("GET", "/")
    assert (status, headers["WWW-Authenticate"]) == (401, 'Basic realm="mlflow"')
    status, headers, text = https("GET", "/", ADMIN)
    assert status == 200 and "[data-assistant-ui]" in text
    script = re.search('src="([^"]+)"', text)[1]
    assert https("GET", "/" + script, ADMIN)[0] == 200
    assert https("GET", SEARCH, ADMIN)[0] == 200


def test_only_its_own_pages_may_change_something(https):
    body = '{"name": "%s"}'
    for number, (origin, expected) in enumerate(
        [
            (ORIGIN, 200),
            (None, 200),
            ("http://" + NAME, 403),
            ("https://evil.test", 403),
            ("https://%s.evil.test" % NAME, 403),
            ("null", 403),
            ("http://localhost:3000", 403),
        ]
    ):
        more = {"Origin": origin} if origin else {}
        for target in ("/ajax-api/2.0/mlflow/experiments/create", "/graphql", "/gateway/x/mlflow/invocations"):
            status = https("POST", target, ADMIN, body % number, Content_Type="application/json", **more)[0]
            assert (status == 403) == (expected == 403), (origin, target, status)
            if target.endswith("create"):
                assert status == expected


def test_only_its_own_pages_may_read_with_credentials(https):
    assert https("GET", SEARCH, ADMIN, Origin=ORIGIN)[1]["Access-Control-Allow-Origin"] == ORIGIN
    for origin in ("http://localhost:3000", "https://evil.test"):
        status, headers, _text = https("GET", SEARCH, ADMIN, Origin=origin)
        assert headers["Access-Control-Allow-Origin"] != origin
    # Where there is no TLS, as behind a forwarded port, MLflow's own rule stays.
    plain = {"Origin": "http://localhost:3000"}
    headers = https.plain.ask("GET", SEARCH, ADMIN, headers=plain)[1]
    assert headers["Access-Control-Allow-Origin"] == "http://localhost:3000"
    assert https.plain.ask("POST", "/graphql", ADMIN, "{}", {"Origin": "https://evil.test"})[0] == 403


def test_the_sign_up_form_works(https):
    """It asks for HTTPS to look where a request comes from."""
    status, headers, text = https("GET", "/signup", ADMIN)
    assert status == 200
    cookie = headers["Set-Cookie"]
    assert "Secure" in cookie and "SameSite=Lax" in cookie and "HttpOnly" in cookie
    token = re.search('name="csrf_token" value="([^"]+)"', text)[1]
    form = "csrf_token=%s&username=erica&password=erica-has-a-password" % token
    more = {"Cookie": cookie.split(";")[0], "Content_Type": "application/x-www-form-urlencoded"}
    target = "/api/2.0/mlflow/users/create-ui"
    assert https("POST", target, ADMIN, form, Referer="https://evil.test/", **more)[0] == 400
    assert https("POST", target, ADMIN, form, **more)[0] == 400
    assert https("POST", target, ADMIN, form, Referer=ORIGIN + "/signup", **more)[0] == 200
    assert https("GET", SEARCH, ("erica", "erica-has-a-password"))[0] == 200


def test_what_browsers_are_told(https):
    for target in ("/", "/health", SEARCH, "/nowhere", "/ajax-api/3.0/mlflow/assistant/config"):
        for user in (None, ADMIN):
            _status, headers, _text = https("GET", target, user)
            assert headers["X-Content-Type-Options"] == "nosniff", target
            assert headers["Referrer-Policy"] == "same-origin"
            assert headers["Strict-Transport-Security"] == "max-age=31536000"
            policy = headers["Content-Security-Policy"]
            assert policy.startswith("object-src 'none'; base-uri 'self'")
            if headers["X-Frame-Options"]:
                assert policy.endswith("; frame-ancestors 'self'")
            assert len(headers.get_all("X-Content-Type-Options")) == 1
    headers = https.plain.ask("GET", "/", ADMIN)[1]
    assert headers["Strict-Transport-Security"] is None
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Secure" not in https.plain.ask("GET", "/signup", ADMIN)[1]["Set-Cookie"]


@pytest.mark.parametrize(
    "host, scheme",
    [
        (NAME, "https"),
        ("MLFLOW.test", "https"),
        (NAME + ":443", "https"),
        (NAME + ":5000", "http"),
        ("localhost", "http"),
        ("x." + NAME, "http"),
        ("", "http"),
    ],
)
def test_mlflow_makes_addresses_of_the_endpoint_s_own_scheme(host, scheme):
    """It calls itself at such an address, with the caller's credentials."""
    app = App()
    guard = processes.load_guard("app").Guard(app, {"origins": "https://a.test, %s" % ORIGIN})
    headers = [(b"host", host.encode()), (b"x-forwarded-proto", b"https")]
    ask(guard, "/other", headers=headers, scheme="http")
    assert app.scopes[0]["scheme"] == scheme
