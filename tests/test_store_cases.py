"""What cannot be read is closed and kept, what stands beside it is stored; a wrong clock closes and opens nothing."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feed.models import Bet, Fixture, Market, Participant, ProviderMarket, RejectedMessage
from feed.store import Received, store_batch
from feed.store.rows.row_cache import CACHE
from feed.transport import Delivery
from feed.wire import decode

from .received import FIXTURE, a_source, at, bet, fixture_message, livescore_message, market_message

pytestmark = pytest.mark.django_db(transaction=True)

OPEN, SUSPENDED = 1, 2


def from_wire(content: Any, seconds: float = 0, kind: int = 3) -> Received:
    """A message as LSports writes it, sent so many seconds after noon and received at once."""
    header = {"Type": kind, "ServerTimestamp": int(at(seconds).timestamp() * 1000)}
    body = json.dumps({"Header": header, "Body": {"Events": [{"FixtureId": FIXTURE} | content]}}).encode()
    return Received(message=decode(body), delivery=Delivery(body=body, received_at=at(seconds + 0.1)))


def outcome(number: int, name: str, seconds: float, **fields: Any) -> dict[str, Any]:
    known = {"Id": number, "Name": name, "Status": OPEN, "Price": "2.00", "LastUpdate": at(seconds).isoformat()}
    return known | fields


def market(*bets: Any, **fields: Any) -> dict[str, Any]:
    return {"Markets": [{"Id": 1, "Name": "1X2", "Bets": list(bets)} | fields]}


def statuses() -> dict[str, tuple[int, bool]]:
    return {row.name: (row.status, row.unreadable) for row in Bet.objects.all()}


def start_anew() -> None:
    """For the next example of a property."""
    for model in (Bet, Market, Fixture):
        model.objects.all().delete()
    CACHE.clear()


def test_an_unreadable_price_is_closed_and_the_suspension_beside_it_stored() -> None:
    store_batch(a_source(), [from_wire(market(outcome(11, "1", 0), outcome(12, "X", 0)))])
    bad = from_wire(market(outcome(11, "1", 1, Status=SUSPENDED), outcome(12, "X", 1, Price="N/A")), 1)
    store_batch(a_source(), [bad])

    assert statuses() == {"1": (SUSPENDED, False), "X": (SUSPENDED, True)}
    rejected = RejectedMessage.objects.get()
    assert bytes(rejected.body) == bad.delivery.body  # type: ignore[union-attr]
    assert "Markets[0].Bets[1].Price" in rejected.reason


def test_a_readable_statement_opens_it_again() -> None:
    store_batch(a_source(), [from_wire(market(outcome(12, "X", 0, Price="N/A")))])
    assert statuses() == {"X": (SUSPENDED, True)}
    store_batch(a_source(), [from_wire(market(outcome(12, "X", 1)), 1)])

    assert statuses() == {"X": (OPEN, False)}


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.booleans(), min_size=1, max_size=4), st.sampled_from(["Price", "Status", "Settlement"]))
def test_every_bet_of_a_message_is_as_readable_as_it_is(readable: list[bool], name: str) -> None:
    start_anew()
    bets = [outcome(n, str(n), 1, **({} if good else {name: "N/A"})) for n, good in enumerate(readable, 1)]
    store_batch(a_source(), [from_wire(market(*bets), 1)])

    assert statuses() == {str(n): (OPEN, False) if good else (SUSPENDED, True) for n, good in enumerate(readable, 1)}


def test_a_bookmakers_bet_without_id_closes_the_one_of_its_name_and_no_other() -> None:
    def bookmaker(*bets: Any) -> dict[str, Any]:
        return market(outcome(11, "calculated", 0), ProviderMarkets=[{"Id": 8, "Name": "North", "Bets": list(bets)}])

    store_batch(a_source(), [from_wire(bookmaker(outcome(30, "1", 0), outcome(31, "X", 0), outcome(32, "2", 0)))])
    nameless = outcome(0, "1", 1)
    del nameless["Id"]
    store_batch(a_source(), [from_wire(bookmaker(nameless, outcome(31, "X", 1)), 1)])

    readable = (OPEN, False)
    assert statuses() == {"calculated": readable, "1": (SUSPENDED, True), "X": readable, "2": readable}


def test_a_market_without_id_closes_that_of_its_name() -> None:
    other = {"Id": 2, "Name": "Other", "Bets": [outcome(21, "o", 0)]}
    both = {"Markets": [*market(outcome(11, "1", 0))["Markets"], other]}
    store_batch(a_source(), [from_wire(both)])
    store_batch(a_source(), [from_wire({"Markets": [{"Name": "1X2", "Bets": []}, other]}, 1)])

    assert statuses() == {"1": (SUSPENDED, True), "o": (OPEN, False)}


def test_a_status_of_a_market_that_cannot_be_read_closes_it_until_it_is_stated_anew() -> None:
    bookmakers = [{"Id": 8, "MarketStatus": "shut", "Bets": [outcome(31, "X", 0)]}]
    store_batch(a_source(), [from_wire(market(outcome(11, "1", 0), Status="shut", ProviderMarkets=bookmakers))])
    assert (Market.objects.get().status, Market.objects.get().unreadable) == (SUSPENDED, True)
    assert ProviderMarket.objects.get().unreadable
    store_batch(a_source(), [from_wire(market(Status=OPEN), 1)])

    assert (Market.objects.get().status, Market.objects.get().unreadable) == (OPEN, False)


@pytest.mark.parametrize("part", [{"Fixture": {"Status": "gone"}}, {"Livescore": {"Scoreboard": {"Status": "gone"}}}])
def test_a_status_of_a_fixture_that_cannot_be_read_marks_it_until_it_is_stated_anew(part: dict[str, Any]) -> None:
    store_batch(a_source(), [fixture_message(status=2)])
    store_batch(a_source(), [from_wire(part, 1, kind=1 if "Fixture" in part else 2)])
    assert Fixture.objects.get().unreadable
    store_batch(a_source(), [livescore_message(2, "1", "0")])

    assert not Fixture.objects.get().unreadable


def test_a_market_is_suspended_without_bets() -> None:
    store_batch(a_source(), [from_wire(market(outcome(11, "1", 0), Status=OPEN))])
    store_batch(a_source(), [from_wire({"Markets": [{"Id": 1, "Name": "1X2", "Status": SUSPENDED}]}, 1)])

    assert Market.objects.get().status == SUSPENDED


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(61, 10**6))
def test_a_last_update_ahead_freezes_no_price(ahead: int) -> None:
    start_anew()
    store_batch(a_source(), [market_message(bet(updated=ahead), sent=0)])
    store_batch(a_source(), [market_message(bet(updated=1, status=SUSPENDED), sent=1)])
    assert Bet.objects.get().status == SUSPENDED
    store_batch(a_source(), [market_message(bet(price="1.70", updated=38), sent=38)])

    assert (Bet.objects.get().status, str(Bet.objects.get().price)[:4]) == (OPEN, "1.70")


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(63, 10**5), st.booleans())
def test_a_server_timestamp_far_off_loses_no_price_and_no_score(seconds: int, is_ahead: bool) -> None:
    start_anew()
    off = timedelta(seconds=seconds if is_ahead else -seconds)
    for step, price in enumerate(("2.10", "2.20", "2.30")):
        prices = market_message(bet(price=price, updated=0), sent=step)
        score = livescore_message(step, str(step), "0", seq=step + 1, number=FIXTURE)
        for message in (prices, score):
            if step == 1:
                message.message.header.sent_at += off  # type: ignore[operator]
        store_batch(a_source(), [prices, score])
        assert str(Bet.objects.get().price)[:4] == price
        assert Fixture.objects.get().scoreboard.scores["1"] == str(step)


@pytest.mark.parametrize("start", ["1.0", "1", "0", 1])
def test_a_start_price_of_one_is_none(start: Any) -> None:
    store_batch(a_source(), [from_wire(market(outcome(11, "1", 0, StartPrice=start)))])

    assert Bet.objects.get().start_price is None


def test_one_participant_may_stand_on_both_sides() -> None:
    sides = [{"Id": 555, "Name": "TBD", "Position": str(n)} for n in (1, 2)]
    store_batch(a_source(), [from_wire({"Fixture": {"Status": 1, "Participants": sides}}, kind=1)])

    assert list(Participant.objects.values_list("participant_id", "position")) == [(555, 1), (555, 2)]
    assert Fixture.objects.get().name == "TBD v TBD"


@pytest.mark.parametrize("last", [2, 7])
def test_the_newer_statement_of_a_status_counts_with_where_it_came_from(last: int) -> None:
    store_batch(a_source(), [fixture_message(status=2)])
    store_batch(a_source(), [livescore_message(1, "1", "0", status=3)])
    assert (Fixture.objects.get().status, Fixture.objects.get().status_from) == (3, "scoreboard")
    store_batch(a_source(), [fixture_message(30, status=last)])

    assert (Fixture.objects.get().status, Fixture.objects.get().status_from) == (last, "description")
