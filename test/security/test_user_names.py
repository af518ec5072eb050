"""Names and passwords that nobody could sign in with."""

import pytest

from place import API

pytestmark = pytest.mark.parametrize("place", ["current", "older"], indirect=True, scope="module")
GOOD = "password of zoe %:~ 12"
OTHERS = ["zoë", "zo\u200be", "zo\te", "zo:e", "zo\u0000e", "\u65e5\u672c"]
SEARCH = API + "experiments/search?max_results=1"


def refused(answer):
    status, _headers, text = answer
    assert status == 400 and "printable ASCII characters" in text, (status, text)


@pytest.mark.parametrize("name", OTHERS)
def test_a_user_s_name_can_sign_in(place, name):
    body = {"username": name, "password": GOOD}
    refused(place.server.ask("POST", API + "users/create", place.administrator, body))
    assert place.query("select count(*) from users where username like 'zo%' or username like '日%'") == [(0,)]


@pytest.mark.parametrize("password", ["pässword of zoe 12", "password\u2003of zoe 12", "password\nof zoe 12"])
def test_a_password_can_sign_in(place, password):
    ask, user = place.server.ask, "user-%d" % sum(map(ord, password))
    body = {"username": user, "password": password}
    refused(ask("POST", API + "users/create", place.administrator, body))
    place.post(place.administrator, "users/create", {"username": user, "password": GOOD})
    refused(ask("PATCH", API + "users/update-password", place.administrator, body))
    assert ask("GET", SEARCH, (user, GOOD))[0] == 200
    changed = {"username": user, "password": GOOD + "!"}
    assert ask("PATCH", API + "users/update-password", place.administrator, changed)[0] == 200
    assert ask("GET", SEARCH, (user, GOOD + "!"))[0] == 200
