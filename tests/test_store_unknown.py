"""Numbers that nobody knows are counted, once for each message that changed something."""

import json
from collections import Counter

import pytest

from feed.models import UnknownCode
from feed.store import Received, store_batch, unknown
from feed.transport import Delivery
from feed.wire import messages as wire
from feed.wire.decode import decode

from .received import a_source, at, bet, fixture_message, livescore_message, market_message

pytestmark = pytest.mark.usefixtures("either_database")


def seen() -> dict[tuple[str, int], int]:
    return {(row.kind, row.code): row.seen for row in UnknownCode.objects.all()}


def test_it_counts_a_number_that_nobody_knows():
    store_batch(a_source(), [fixture_message(0, status=77), fixture_message(1, status=77, number=8)])
    store_batch(a_source(), [fixture_message(2, status=77, number=9)])
    row = UnknownCode.objects.get()
    assert (row.kind, row.code, row.seen, row.last_fixture_id) == ("status", 77, 3, 9)
    assert (row.first_seen_at, row.last_seen_at) == (at(0.1), at(2.1))


def test_it_does_not_count_a_message_that_changes_nothing():
    message = market_message(bet(status=9))
    store_batch(a_source(), [message])
    store_batch(a_source(), [message])
    assert seen() == {("bet status", 9): 1}


def test_it_counts_periods_by_sport():
    short = wire.Fixture(sport=wire.Named(id=54094, name="Tennis"))
    store_batch(a_source(), [livescore_message(0, period=99, short=short)])
    assert UnknownCode.objects.get(kind="period").sport_id == 54094


def test_it_lists_no_more_numbers_of_a_kind_than_an_operator_can_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(unknown, "MOST_OF_A_KIND", 3)
    store_batch(a_source(), [fixture_message(n, status=100 + n) for n in range(9)])
    store_batch(a_source(), [fixture_message(20, status=100)])
    assert seen() == {("status", 100): 2, ("status", 101): 1, ("status", 102): 1}


def test_fields_that_nobody_reads_are_counted_where_messages_are_looked_at_closely(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(unknown, "counted", Counter())
    monkeypatch.setattr(unknown, "FIRST_READ_AGAIN", 1)
    monkeypatch.setattr(unknown, "ONE_IN", 3)
    for number in range(1, 4):
        event = {"FixtureId": 7, "Fixture": {"Status": 1, "LastUpdate": at(number).isoformat(), "Weather": "rain"}}
        body = json.dumps({"Header": {"Type": 1, "MsgSeq": number}, "Body": {"Events": [event]}}).encode()
        delivery = Delivery(body=body, received_at=at(number + 0.1))
        store_batch(a_source(), [Received(message=decode(body), delivery=delivery)])
    row = UnknownCode.objects.get()
    assert (row.kind, row.word, row.seen, row.last_fixture_id) == ("field", "Fixture.Weather, not read", 2, 7)


def test_a_result_of_a_participant_that_nobody_knows_is_counted() -> None:
    by_id = [wire.Result(position=number, value="1", is_of_participant=True) for number in (71, 999)]
    store_batch(a_source(), [fixture_message(0)])
    message = livescore_message(1)
    livescore = message.message.events[0].livescore
    assert livescore is not None
    livescore.names_participants = True
    livescore.statistics = [wire.Statistic(type=1, results=by_id)]
    store_batch(a_source(), [message])

    assert ("participant", 999) in seen()
