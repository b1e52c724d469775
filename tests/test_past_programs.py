"""The past for programs: REST and the command `past` at any moment, to a token and to nobody else."""

# ruff: noqa: F811 - tests ask for the fixtures that are imported

import json
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from feed.models import FeedSource
from feed.past import database
from feed.past.moments import moment_text, parse_moment, parse_rfc_3339

from .api_documents import schema_validator
from .received import FIXTURE, at
from .stream_client import make_token
from .test_past import no_pasts, price_in, prices_that_moved, source  # noqa: F401 - two are fixtures

pytestmark = pytest.mark.usefixtures("either_database", "no_pasts")

#: The fixture of these tests in the API.
ADDRESS = f"/api/v1/fixtures/{FIXTURE}/"


def program(**fields: Any) -> Client:
    _, secret = make_token(**fields)
    return Client(raise_request_exception=False, headers={"authorization": f"Bearer {secret}"})


def test_rest_and_the_command_say_the_same_of_a_moment(source: FeedSource):
    _, (moment, price), _ = prices_that_moved(source)
    answer = program().get(ADDRESS, {"at": f"{moment_text(moment)}Z"})
    assert answer.status_code == 200
    schema_validator("State").validate(answer.json())
    assert price_in(answer.json()) == price
    out = StringIO()
    call_command("past", at=moment_text(moment), fixture=FIXTURE, stdout=out)
    assert json.loads(out.getvalue()) == answer.json()


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        ("2026-11-26", 400, "at: a moment is written like"),
        ("2026-11-26T20:14:03", 400, "at: a moment is written like"),
        ("2026-02-30T10:00:00Z", 400, "at: there is no such day"),
        ("9999-12-31T23:59:59-14:00", 400, "at: there is no such day or time"),
        ("2016-12-31T23:59:60Z", 400, "at: there is no such day or time"),
        ("2999-01-01T00:00:00Z", 404, "That moment is still to come"),
        ("0000-01-01T00:00:00+01:00", 404, "The journal has no fixture 7 at that moment."),
        ("2000-01-01T00:00:00Z", 404, "The journal has no fixture 7 at that moment."),
    ],
)
def test_what_is_no_moment_of_the_journal_is_refused(source: FeedSource, words: str, status: int, says: str):
    prices_that_moved(source)
    answer = program().get(ADDRESS, {"at": words})
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["detail"].startswith(says)


def test_a_token_sees_in_the_past_what_it_sees_now(source: FeedSource):
    (moment, _), *_ = prices_that_moved(source)
    at_moment = {"at": f"{moment_text(moment)}Z"}
    assert program(name="elsewhere", leagues=[68]).get(ADDRESS, at_moment).status_code == 404
    scores = program(name="scores", contents="scores").get(ADDRESS, at_moment).json()
    assert {"markets", "periods"} & set(scores) == {"periods"}


def test_the_command_says_what_is_wrong(source: FeedSource):
    with pytest.raises(CommandError, match="--at: a moment is written like"):
        call_command("past", at="noon", fixture=FIXTURE)
    with pytest.raises(CommandError, match="The journal has no fixture 7"):
        call_command("past", at="2026-01-01T10:00:00", fixture=FIXTURE)


def test_who_waits_too_long_for_their_turn_is_told(source: FeedSource, monkeypatch: pytest.MonkeyPatch):
    (moment, _), *_ = prices_that_moved(source)
    monkeypatch.setattr(database, "TURN_SECONDS", 0.01)
    with database.TURN:
        answer = program().get(ADDRESS, {"at": moment.isoformat()})
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert program(name="again").get(ADDRESS, {"at": f"{moment_text(moment)}Z"}).status_code == 200


@given(st.datetimes(min_value=at(0).replace(tzinfo=None), timezones=st.just(UTC)))
def test_a_moment_is_read_as_it_was_written(moment: datetime):
    assert parse_moment(moment_text(moment)) == parse_rfc_3339(moment.isoformat()) == moment


@pytest.mark.parametrize(
    ("moment", "fixture", "words"),
    [("2999-01-01T00:00", FIXTURE, "nobody knows yet"), ("2026-01-01T10:00", 2**63, "not a number that LSports gives")],
)
def test_what_will_be_and_what_no_fixture_is_called_is_refused_in_words(moment: str, fixture: int, words: str):
    with pytest.raises(CommandError, match=words):
        call_command("past", at=moment, fixture=fixture)
