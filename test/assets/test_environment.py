"""What the server is given, as plain data."""

import pytest
from cryptography.fernet import Fernet

BALANCER = "internal-Mlflow-AbC-123.us-east-1.elb.amazonaws.com"


def test_removes_its_own_variables_and_the_clients_workspace(bootstrap):
    environ = {"CDK_MLFLOW_ANYTHING": "x", "MLFLOW_WORKSPACE": "team", "PATH": "/bin"}
    assert bootstrap.server_environment(environ) == {"PATH": "/bin"}


def test_does_not_change_what_it_is_given(bootstrap):
    environ = {"CDK_MLFLOW_ANYTHING": "x", "MLFLOW_SERVER_ALLOWED_HOSTS": "A"}
    before = dict(environ)
    bootstrap.server_environment(environ)
    assert environ == before


@pytest.mark.parametrize(
    "value, expected",
    [
        ("localhost", "localhost"),
        ("localhost, localhost:*", "localhost,localhost:*"),
        (BALANCER, BALANCER + "," + BALANCER.lower()),
        ("A.test:*,b.test", "A.test:*,b.test,a.test:*"),
        ("*", "*"),
        ("", ""),
    ],
)
@pytest.mark.parametrize(
    "name", ["MLFLOW_SERVER_ALLOWED_HOSTS", "MLFLOW_SERVER_CORS_ALLOWED_ORIGINS"]
)
def test_allows_each_host_and_origin_as_it_is_and_in_lower_case(bootstrap, name, value, expected):
    assert bootstrap.server_environment({name: value}) == {name: expected}


def test_allows_each_origin_as_it_is_and_in_lower_case(bootstrap):
    environ = {"MLFLOW_SERVER_CORS_ALLOWED_ORIGINS": "https://Ml.test, https://b.test"}
    result = bootstrap.server_environment(environ)["MLFLOW_SERVER_CORS_ALLOWED_ORIGINS"]
    assert result == "https://Ml.test,https://b.test,https://ml.test"


def test_pads_a_generated_webhook_key(bootstrap):
    result = bootstrap.server_environment(
        {"MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY": "aZ09" * 10 + "xyz"}
    )
    key = result["MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY"]
    assert key == "aZ09" * 10 + "xyz="
    cipher = Fernet(key)
    assert cipher.decrypt(cipher.encrypt(b"text")) == b"text"


@pytest.mark.parametrize(
    "value", ["", "a" * 42, "a" * 44, "a" * 42 + "=", "a" * 42 + "\n", "a" * 42 + "-"]
)
def test_leaves_any_other_webhook_key_alone(bootstrap, value):
    environ = {"MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY": value}
    assert bootstrap.server_environment(environ) == environ


def test_writes_the_certificate_authority_for_its_user_only(bootstrap, tmp_path):
    result = bootstrap.with_files({"CDK_MLFLOW_DATABASE_CA": "PEM\ntext\n"}, tmp_path)
    path = tmp_path / "database-ca.pem"
    assert result == {"PGSSLROOTCERT": str(path), "PGSSLMODE": "verify-full"}
    assert path.read_text() == "PEM\ntext\n"
    assert path.stat().st_mode & 0o777 == 0o600


def test_keeps_a_certificate_file_and_a_mode_that_are_given(bootstrap, tmp_path):
    given = {"PGSSLROOTCERT": "/given.pem"}
    assert bootstrap.with_files({"CDK_MLFLOW_DATABASE_CA": "x", **given}, tmp_path) == given
    assert list(tmp_path.iterdir()) == []
    mode = {"PGSSLMODE": "verify-ca"}
    assert (
        bootstrap.with_files({"CDK_MLFLOW_DATABASE_CA": "x", **mode}, tmp_path)["PGSSLMODE"]
        == "verify-ca"
    )


def test_needs_no_certificate_and_no_authentication(bootstrap, tmp_path):
    assert bootstrap.with_files({"PATH": "/bin"}, tmp_path) == {"PATH": "/bin"}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["PGPASSWORD", "MLFLOW_AUTH_ADMIN_PASSWORD", "MLFLOW_CRYPTO_KEK_PASSPHRASE",
     "MLFLOW_FLASK_SERVER_SECRET_KEY", "MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY",
     "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
)  # fmt: skip
def test_masks_every_secret(bootstrap, name):
    assert (
        bootstrap.masked("got s3 cr%t\nthere", {name: "s3 cr%t", "PATH": "there"})
        == "got *** there"
    )


def test_masks_a_longer_secret_whole(bootstrap):
    environ = {"A_PASSWORD": "abc", "B_PASSWORD": "abcdef", "C_PASSWORD": ""}
    assert bootstrap.masked("abcdef", environ) == "***"


def test_masks_the_password_in_a_uri(bootstrap):
    text = "cannot open postgresql+psycopg2://owner:p@ss%2Fword@host:5432/db now"
    assert (
        bootstrap.masked(text, {}) == "cannot open postgresql+psycopg2://owner:***@host:5432/db now"
    )
