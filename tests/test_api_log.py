"""A fixture's log for programs: all that the page has, in pages of its own, for whom it is open."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bench.tampering import Holdings
from feed.models import Fixture
from tests.api_documents import schema_validator
from tests.provable import BODIES, FIXTURE, holdings
from tests.stream_client import make_token
from tests.test_proof_page import client_of

pytestmark = pytest.mark.django_db(transaction=True)
LOG = f"/api/v1/fixtures/{FIXTURE}/log/"
OWN = [body for body in BODIES if body and f'"FixtureId": {FIXTURE}'.encode() in body]


@pytest.fixture
def desk(either_database: str, tmp_path: Path) -> Holdings:
    return holdings(tmp_path)


def program(**fields: Any) -> Client:
    return Client(headers={"authorization": f"Bearer {make_token(**fields)[1]}"})


def fetched(address: str, client: Client | None = None) -> dict[str, Any]:
    """The answer that a program gets, or this client."""
    answer = (client or program()).get(address)
    assert answer.status_code == 200, answer.content
    log: dict[str, Any] = answer.json()
    schema_validator("Log").validate(log)
    return log


def messages(log: dict[str, Any]) -> list[dict[str, Any]]:
    return [entry["message"] for entry in log["entries"] if entry["message"] is not None]


def test_it_has_every_message_of_the_fixture_and_no_other(desk: Holdings):
    assert len(messages(fetched(LOG))) == len(OWN)


def test_a_message_says_what_it_changed_and_when_it_came(desk: Holdings):
    (entry,) = fetched(f"{LOG}?type=2")["entries"]
    message = entry["message"]
    assert entry["parts"] == ["scoreboard 1–0"]
    assert (message["type"], message["source"], message["kind"]) == (2, "Meadow in-play", "message")
    assert message["sent_at"] < message["received_at"] <= entry["at"]


def test_a_price_is_named_with_what_it_became(desk: Holdings):
    newest = fetched(f"{LOG}?market=1&limit=1")["entries"][0]
    assert newest["prices_changed"] == 1
    assert (newest["prices"][0]["bet"], newest["prices"][0]["price"]) == ("1", "2.29")


def test_its_pages_follow_one_another_without_gap_or_repeat(desk: Holdings):
    client = program()
    whole = [message["number"] for message in messages(fetched(LOG, client))]
    address, read = f"{LOG}?limit=3", list[int]()
    while address:
        log = fetched(address, client)
        read += [message["number"] for message in messages(log)]
        address = log["next"]
    assert read == whole


def test_a_time_leaves_out_what_was_committed_before_or_after(desk: Holdings):
    client = program()
    times = sorted({entry["at"] for entry in fetched(LOG, client)["entries"] if entry["message"] is not None})
    log = fetched(f"{LOG}?begin={times[1]}&end={times[2]}", client)
    assert {entry["at"] for entry in log["entries"]} == {times[1]}


def test_who_has_the_answer_is_not_sent_it_again(desk: Holdings):
    trader = client_of("trader")
    tag = trader.get(LOG)["ETag"]
    assert trader.get(LOG, headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize("contents", ["scores", "prices"])
def test_a_token_for_a_part_of_it_does_not_open_it(desk: Holdings, contents: str):
    answer = program(contents=contents).get(LOG)
    assert (answer.status_code, answer.json()["detail"]) == (403, f"Your token opens {contents} only.")


def test_a_token_of_another_sport_does_not_learn_that_there_is_such_a_fixture(desk: Holdings):
    elsewhere = program(sports=[Fixture.objects.get(pk=FIXTURE).sport_id + 1])
    refused = [elsewhere.get(address) for address in (LOG, LOG.replace("/7/", "/77/"))]
    assert [answer.status_code for answer in refused] == [404, 404]


@pytest.mark.parametrize(
    ("words", "status", "detail"),
    [
        ("begin=yesterday", 400, "begin: a moment is written like"),
        ("begin=2026-05-02T10:00:00Z&end=2026-05-01T10:00:00Z", 404, "end must be later than begin"),
        ("type=x", 400, "type: 'x' is not a whole number"),
        ("text=", 400, "text has 1 to 100 characters"),
        ("limit=101", 400, "limit is from 1 to 100"),
        ("at=2026-05-02T10:00:00Z", 400, "at: not understood here"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(desk: Holdings, words: str, status: int, detail: str):
    answer = program().get(f"{LOG}?{words}")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert detail in answer.json()["detail"]
