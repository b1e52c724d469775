"""Programs that hold no socket ask what changed: nothing is missed, and all come again when prices close."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from feed.live.programs.polled import OVERLAP
from feed.models import FeedSource, Fixture
from tests.rows import make_bet, make_fixture, make_market, make_source
from tests.stream_client import make_token

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(hours=1)


@pytest.fixture
def program() -> Client:
    now = timezone.now()
    make_source(last_message_at=now, state_since=now)
    for pk in range(7, 12):
        fixture = make_fixture(pk, revision=1, fixture_revision=1, stored_at=now - LONG_AGO, start_at=now)
        make_bet(make_market(fixture, revision=1), "1", "2.1", revision=1)
    return Client(headers={"authorization": f"Bearer {make_token(most_requests_per_minute=10**6)[1]}"})


def ask(program: Client, since: str = "", **words: str) -> dict[str, Any]:
    given = {**words, **({"since": since} if since else {})}
    answer = program.get("/api/v1/changes/", given)
    assert answer.status_code == 200, answer.content
    return answer.json()


def ids(answer: dict[str, Any]) -> list[int]:
    return [state["id"] for state in answer["fixtures"]]


def test_the_first_answer_has_everything(program: Client):
    answer = ask(program)
    assert (ids(answer), answer["all"], answer["more"]) == ([7, 8, 9, 10, 11], True, False)


def test_then_only_what_changed_is_told(program: Client):
    since = ask(program)["since"]
    assert ids(ask(program, since)) == []
    Fixture.objects.filter(pk=9).update(revision=2, stored_at=timezone.now())
    answer = ask(program, since)
    assert (ids(answer), answer["all"]) == ([9], False)


def test_pages_lead_through_all_of_it(program: Client):
    answer = ask(program, limit="2")
    seen = ids(answer)
    while answer["more"]:
        answer = ask(program, answer["since"], limit="2")
        seen += ids(answer)
    assert seen == [7, 8, 9, 10, 11]


def test_what_was_committed_late_is_not_missed(program: Client):
    since = ask(program)["since"]
    Fixture.objects.filter(pk=8).update(revision=2, stored_at=timezone.now() - OVERLAP / 2)
    assert ids(ask(program, since)) == [8]


def test_all_is_told_again_when_a_source_no_longer_vouches(program: Client):
    since = ask(program)["since"]
    FeedSource.objects.update(state=FeedSource.State.DOWN)
    answer = ask(program, since)
    assert (len(ids(answer)), answer["all"], answer["feed"]["state"]) == (5, True, "down")
    assert not answer["fixtures"][0]["markets"]["1"]["providers"]["8"]["bets"]["30713932524605000"]["open"]


def test_what_a_token_does_not_open_is_not_told(program: Client):
    other = Client(headers={"authorization": f"Bearer {make_token(name='other', sports=[1])[1]}"})
    assert ids(ask(other)) == []


@pytest.mark.parametrize("since", ["x", "1.2.3", "1.2.3.0123456789abcdeF", "-1.2.3.0123456789abcdef"])
def test_what_is_no_cursor_is_refused(program: Client, since: str):
    assert program.get("/api/v1/changes/", {"since": since}).status_code == 400
