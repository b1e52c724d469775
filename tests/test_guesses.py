"""Wrong passwords: how many are tried, by whom, from where, and over how many processes."""

import hashlib
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any

import httpx
import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client

from accounts import guesses
from accounts.models import Guesses
from accounts.passwords import GuessablePasswordValidator
from exam.processes import desk
from livescore_site.log_lines import OneLine

from .conftest import default_database
from .packages import make_user, signed_in

pytestmark = pytest.mark.django_db
RIGHT = {"username": "operator", "password": "open sesame 77"}
WRONG = {"username": "operator", "password": "no"}
ELSEWHERE = "10.0.0.9"


def tries(browser: Client, times: int, path: str = "/sign_in/", **sent: str) -> list[int]:
    return [browser.post(path, sent or WRONG).status_code for _ in range(times)]


def test_after_five_wrong_passwords_the_right_one_is_not_taken_either():
    make_user("operator")
    assert tries(Client(), 6) == [200] * 5 + [429]
    locked = Client(REMOTE_ADDR=ELSEWHERE).post("/sign_in/", RIGHT)
    assert locked.status_code == 429
    assert "Signing in as <b>operator</b> from here is locked for a while." in locked.content.decode()


def test_a_locked_name_is_not_hashed(monkeypatch: pytest.MonkeyPatch):
    make_user("operator")
    tries(Client(), 5)
    hashed: list[str] = []
    monkeypatch.setattr(User, "check_password", lambda user, password: hashed.append(password))
    tries(Client(), 3)
    assert hashed == []


def test_a_browser_in_which_one_has_signed_in_is_not_locked_by_strangers():
    make_user("operator")
    known = Client()
    known.post("/sign_in/", RIGHT)
    known.post("/sign_out/")
    tries(Client(), 8)
    assert known.post("/sign_in/", RIGHT).status_code == 302


def test_a_known_browser_has_five_tries_of_its_own():
    make_user("operator")
    known = Client()
    known.post("/sign_in/", RIGHT)
    known.post("/sign_out/")
    assert tries(known, 7) == [200] * 5 + [429] * 2


def test_a_cookie_for_one_name_is_none_for_another():
    make_user("operator")
    make_user("trader")
    trader = Client()
    trader.post("/sign_in/", {**RIGHT, "username": "trader"})
    trader.post("/sign_out/")
    tries(Client(), 5)
    assert tries(trader, 1) == [429]


def test_a_forged_cookie_is_a_stranger(settings: Any):
    make_user("operator")
    tries(Client(), 5)
    browser = Client()
    browser.cookies[settings.KNOWN_BROWSER_COOKIE_NAME] = "WyJvcGVyYXRvciIsICJ4Il0:1:x"
    assert tries(browser, 1) == [429]


def test_four_guesses_on_each_of_many_names_end_at_fifty():
    answers = [tries(Client(), 4, username=f"name-{number}", password="no") for number in range(15)]
    assert list(chain(*answers)) == [200] * 50 + [429] * 10


def test_the_old_password_of_a_change_counts_as_well():
    make_user("operator")
    browser = signed_in()
    given = {"old_password": "no", "new_password1": "a long horse 77", "new_password2": "a long horse 77"}
    assert tries(browser, 6, "/password/", **given) == [200] * 5 + [429]
    assert tries(Client(), 1) == [429]


def test_right_passwords_do_not_count():
    make_user("operator")
    assert [Client().post("/sign_in/", RIGHT).status_code for _ in range(8)] == [302] * 8


def test_upper_case_is_no_other_name():
    make_user("operator")
    tries(Client(), 5)
    assert tries(Client(), 1, username="OPERATOR", password="no") == [429]


def test_no_quarter_of_an_hour_holds_more_than_five():
    taken = [at for at in range(0, 7200, 7) if guesses.count({"name:x": 5}, float(at)) is not None]
    most = max(sum(at <= then < at + guesses.PERIOD_SECONDS for then in taken) for at in taken)
    assert (most, len(taken)) == (5, 40)


def test_what_counts_no_more_is_not_kept():
    guesses.count({"name:x": 5}, 0.0)
    guesses.forget_old()
    assert not guesses.Guesses.objects.exists()


def test_an_administrator_lets_somebody_in_again():
    user = make_user("operator")
    make_user("administrator")
    tries(Client(), 5)
    sent = {"action": "unlock", "_selected_action": user.pk}
    signed_in("administrator").post("/admin/auth/user/", sent)
    assert Client().post("/sign_in/", RIGHT).status_code == 302


def test_nobody_lets_somebody_in_again_who_is_out_of_reach():
    root = User.objects.create_superuser("root", password="open sesame 77")
    make_user("administrator")
    tries(Client(), 5, username="root", password="no")
    signed_in("administrator").post("/admin/auth/user/", {"action": "unlock", "_selected_action": root.pk})
    assert tries(Client(), 1, username="root", password="no") == [429]


def test_a_password_in_the_field_of_the_name_is_not_logged(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    assert tries(Client(), 6, username="open sesame 77", password="operator")[-1] == 429
    assert "sign_in.locked" in caplog.text
    assert "sesame" not in caplog.text
    assert not Guesses.objects.filter(key__contains=hashlib.sha256(b"open sesame 77").hexdigest())


def test_events_are_lines_that_no_name_can_forge(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "security")
    make_user("operator")
    User.objects.create_user('x"\n\u2028event="sign_in.ok" user="root"')
    caplog.clear()
    Client().post("/sign_in/", {"username": 'x"\n\u2028event="sign_in.ok" user="root"', "password": "no"})
    Client().post("/sign_in/", RIGHT)
    lines = [record.getMessage() for record in caplog.records if record.name == "security"]
    assert [re.match(r'event="([\w.]+)"', line)[1] for line in lines] == ["sign_in.failed", "sign_in.ok"]  # type: ignore[index]
    assert all(len(line.splitlines()) == 1 and 'address="127.0.0.1"' in line for line in lines)
    assert r"\"\n\u2028event=\"sign_in.ok\"" in lines[0]


def test_a_refused_request_is_one_line_without_a_traceback(caplog: pytest.LogCaptureFixture):
    make_user("trader")
    signed_in("trader").get("/admin/")
    written = OneLine("{message}", style="{").format
    records = [record for record in caplog.records if record.name == "django.request"]
    assert [written(record) for record in records] == ["Forbidden (Permission denied): /admin/"]


def test_operators_without_their_code_do_not_read_metrics(settings: Any):
    settings.OPERATOR_TOTP_REQUIRED = True
    make_user("operator")
    assert signed_in().get("/metrics").status_code == 403


@pytest.mark.parametrize("password", ["Password123456", "Liverpool2026!", "qwertyuiop12"])
def test_a_password_that_is_easily_guessed_is_refused(password: str):
    with pytest.raises(ValidationError, match="easily guessed"):
        GuessablePasswordValidator().validate(password, User(username="operator"))


def test_a_password_of_four_words_is_taken():
    GuessablePasswordValidator().validate("correct giraffe ladder moon" * 10)


@pytest.mark.django_db(transaction=True)
def test_forty_at_once_do_not_win_a_race(migrated_postgresql: str):
    def one(number: int) -> bool:
        try:
            return guesses.count({"name:x": 5, f"address:{number % 3}": 50}) is not None
        finally:
            connections.close_all()

    with default_database(migrated_postgresql), ThreadPoolExecutor(40) as pool:
        let_through = sum(pool.map(one, range(40)))
        guesses.Guesses.objects.all().delete()
    assert let_through == 5


def posted(address: str) -> int:
    """The answer's status for one wrong password, from a browser of its own."""
    with httpx.Client(base_url=address, timeout=60) as client:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/sign_in/").text)
        assert token is not None
        return client.post("/sign_in/", data={**WRONG, "csrfmiddlewaretoken": token[1]}).status_code


def test_two_processes_count_together(own_postgresql_url: str):
    with desk(DATABASE_URL=own_postgresql_url) as made:
        addresses = [made.serve(), made.serve()]
        with ThreadPoolExecutor(40) as pool:
            answers = list(pool.map(posted, addresses * 20))
    assert sorted(answers) == [200] * 5 + [429] * 35
