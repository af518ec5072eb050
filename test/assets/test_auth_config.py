"""The ini that MLflow's basic-auth is given."""

import configparser
import json

import pytest
from mlflow.server.auth.config import read_auth_config

URI = "postgresql+psycopg2://"
PACKAGED = "[mlflow]\ndefault_permission = READ\ndatabase_uri = sqlite:///x\nodd = 50%%\n# note\n"


def read(text):
    parser = configparser.ConfigParser()
    parser.read_string(text)
    return dict(parser["mlflow"])


def entries(bootstrap, config, uri=URI):
    environ = {"CDK_MLFLOW_AUTH_CONFIG": json.dumps(config), "MLFLOW_BACKEND_STORE_URI": uri}
    return bootstrap.auth_entries(environ)


@pytest.mark.parametrize("environ", [{}, {"CDK_MLFLOW_AUTH_CONFIG": ""}])
def test_has_no_entries_without_authentication(bootstrap, environ):
    assert bootstrap.auth_entries(environ) == {}


def test_keeps_users_in_the_tracking_database(bootstrap):
    assert entries(bootstrap, {}) == {"database_uri": URI}


def test_keeps_users_elsewhere_when_told(bootstrap):
    assert entries(bootstrap, {"database_uri": "sqlite://"}) == {"database_uri": "sqlite://"}
    assert entries(bootstrap, {"database_uri": "sqlite://"}, "") == {"database_uri": "sqlite://"}


def test_names_the_administrator_to_releases_that_read_only_the_ini(bootstrap):
    environ = {
        "CDK_MLFLOW_AUTH_CONFIG": "{}",
        "MLFLOW_BACKEND_STORE_URI": URI,
        "MLFLOW_AUTH_ADMIN_USERNAME": "someone",
        "MLFLOW_AUTH_ADMIN_PASSWORD": "100% secret",
    }
    packaged = PACKAGED + "admin_username = admin\nadmin_password = password1234\n"
    result = read(bootstrap.auth_ini(packaged, bootstrap.auth_entries(environ)))
    assert result["admin_username"] == "someone"
    assert result["admin_password"] == "100% secret"


def test_writes_values_as_an_ini_has_them(bootstrap):
    config = {"A": True, "b": False, "c": 60, "d": 0.5, "e": "x = y"}
    expected = {"a": "true", "b": "false", "c": "60", "d": "0.5", "e": "x = y", "database_uri": URI}
    assert entries(bootstrap, config) == expected


@pytest.mark.parametrize(
    "text, message",
    [
        ("{", "CDK_MLFLOW_AUTH_CONFIG is no JSON object (Expecting property name enclosed in "
              "double quotes: line 1 column 2 (char 1)); give one"),
        ("[1]", "CDK_MLFLOW_AUTH_CONFIG is no JSON object ('list' object has no attribute "
                "'items'); give one"),
        ('{"a": null}', "CDK_MLFLOW_AUTH_CONFIG has no plain 'a'; give a string"),
        ('{"a": ["x"]}', "CDK_MLFLOW_AUTH_CONFIG has no plain 'a'; give a string"),
        ("{}", "basic-auth has no database; set MLFLOW_BACKEND_STORE_URI"),
    ],
)  # fmt: skip
def test_refuses_what_it_cannot_write(bootstrap, text, message):
    with pytest.raises(bootstrap.Problem) as caught:
        bootstrap.auth_entries({"CDK_MLFLOW_AUTH_CONFIG": text})
    assert str(caught.value) == message


def test_puts_entries_over_the_packaged_ones(bootstrap):
    text = bootstrap.auth_ini(PACKAGED, {"database_uri": URI, "new": "1"})
    assert read(text) == {
        "default_permission": "READ",
        "database_uri": URI,
        "odd": "50%",
        "new": "1",
    }


@pytest.mark.parametrize("value", ["50%", "%(here)s", "%%", "a=b;c#d", "p@ss:/w%rd#$'\"x1", "[x]"])
def test_values_come_back_as_they_were(bootstrap, value):
    assert read(bootstrap.auth_ini(PACKAGED, {"value": value}))["value"] == value


def test_loses_nothing_that_mlflow_packages(bootstrap, tmp_path, monkeypatch):
    for name in (
        "MLFLOW_AUTH_CONFIG_PATH",
        "MLFLOW_AUTH_ADMIN_USERNAME",
        "MLFLOW_AUTH_ADMIN_PASSWORD",
    ):
        monkeypatch.delenv(name, raising=False)
    packaged = read_auth_config()
    environ = {
        "CDK_MLFLOW_AUTH_CONFIG": json.dumps({"auth_cache_ttl_seconds": 60}),
        "MLFLOW_BACKEND_STORE_URI": URI + "u:50%25@h/d",
    }
    result = bootstrap.with_files(environ, tmp_path)
    monkeypatch.setenv("MLFLOW_AUTH_CONFIG_PATH", result["MLFLOW_AUTH_CONFIG_PATH"])
    expected = packaged._replace(database_uri=URI + "u:50%25@h/d", auth_cache_ttl_seconds=60)
    assert read_auth_config() == expected
    assert packaged.default_permission and packaged.admin_username
    assert (tmp_path / "basic_auth.ini").stat().st_mode & 0o777 == 0o600
