"""A number that skips: two seconds of patience, then that market alone is closed, until what was missing has come."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import lxml.html
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.changes import Change
from feed.codes import MessageType
from feed.ingest.holes import Holes
from feed.journal.prices import bet_states
from feed.live.parts.fragments import TopicHtml
from feed.live.parts.markets.markets import MARKETS
from feed.live.programs.state import fixture_state
from feed.models import Bet, FeedSource, Fixture, Market
from feed.pages.markets.groups import MarketsQuery
from feed.pages.prices.cell import PriceState, price_cell
from feed.pages.reading import Reading
from feed.store import Received, store_batch
from feed.store.apply.numbers import follow
from feed.store.arrival import Origin
from feed.store.gaps import has_skips, open_gaps
from feed.store.rows.fixture_rows import Pending
from feed.store.rows.structs import MarketRow
from feed.vouching.sources import read_vouching

from .received import FIXTURE, MARKET, a_source, at, beat, bet, fixture_message, market_message, repeated

pytestmark = pytest.mark.usefixtures("either_database")
OTHER_MARKET = 2


def numbered(seq: int, sent: float, *numbers: int, market: int = MARKET, **fields: Any) -> Received:
    """A message of a market, with its number; it names these bets."""
    price = f"{1.5 + sent / 100:.2f}"
    message = market_message(*[bet(n, price, updated=sent) for n in numbers], sent=sent, market=market, **fields)
    header = msgspec.structs.replace(message.message.header, seq=seq)
    return msgspec.structs.replace(message, message=msgspec.structs.replace(message.message, header=header))


def answer(message: Received, seconds: float, since: float | None = None) -> Received:
    """The same in LSports' answer to what was asked so many seconds after noon."""
    times = {"asked_at": at(seconds), "asked_since": None if since is None else at(since)}
    return msgspec.structs.replace(message, epoch=FeedSource.objects.get().epoch, received_at=at(seconds + 1), **times)


def store(*messages: Received) -> None:
    store_batch(a_source(), messages)


def gaps(seconds: float) -> list[int]:
    """The markets that have a gap so many seconds after noon."""
    open_gaps(a_source(), at(seconds))
    return list(
        Market.objects.filter(gap_since__isnull=False).order_by("market_id").values_list("market_id", flat=True)
    )


def missing() -> str:
    return Market.objects.get(market_id=MARKET).missing


def test_numbers_that_follow_each_other_leave_no_hole() -> None:
    store(numbered(7, 0, 1, 2), numbered(8, 1, 1), numbered(9, 2, 2))
    assert (missing(), gaps(100), has_skips(a_source())) == ("", [], False)


def test_a_number_that_skips_is_a_gap_after_two_seconds_of_patience() -> None:
    store(numbered(7, 0, 1, 2), numbered(10, 5, 1))
    assert missing() == "8-9"
    assert gaps(7) == []
    assert gaps(7.2) == [MARKET]


def test_what_comes_in_disorder_is_no_gap() -> None:
    store(numbered(7, 0, 1, 2), numbered(9, 5, 1), numbered(8, 4, 2))
    assert (missing(), gaps(100)) == ("", [])


def test_only_that_market_is_closed_on_the_page_and_for_programs() -> None:
    store(fixture_message(), numbered(1, 0, 1, 2), numbered(1, 0, 1, 2, market=OTHER_MARKET), numbered(3, 5, 1))
    assert gaps(8) == [MARKET]
    FeedSource.objects.update(state=FeedSource.State.UP, state_since=at(0), last_message_at=at(8))
    reading, vouching = Reading([FIXTURE]), read_vouching(at(9))
    markets = fixture_state(reading, FIXTURE, vouching)["markets"]
    assert {
        (pk, tuple(offer["closed_because"]))
        for pk, market in markets.items()
        for offer in market["providers"]["0"]["bets"].values()
    } == {(str(MARKET), ("gap",)), (str(OTHER_MARKET), ())}
    market = reading.vouching_for(reading.markets[FIXTURE][MARKET], vouching)
    cells = {price_cell(row, "", market).note for row in reading.bets[FIXTURE, MARKET]}
    assert cells == {"Not confirmed: messages of this market are missing"}
    assert {price_cell(row, "", market).state for row in reading.bets[FIXTURE, MARKET]} == {PriceState.UNVOUCHED}


def test_a_gap_has_a_revision_so_that_pages_and_programs_are_told() -> None:
    store(numbered(1, 0, 1, 2), numbered(3, 5, 1))
    before = Fixture.objects.get().revision
    (change,) = open_gaps(a_source(), at(8))
    market, fixture = Market.objects.get(), Fixture.objects.get()
    assert (change.fixture_id, change.revision, change.markets) == (FIXTURE, before + 1, (MARKET,))
    assert {market.revision, market.status_revision, fixture.revision, fixture.markets_revision} == {before + 1}
    store(numbered(4, 9, 1))
    assert Fixture.objects.get().revision == before + 2


def test_a_missing_message_that_comes_late_closes_the_gap() -> None:
    store(numbered(1, 0, 1, 2), numbered(3, 5, 1))
    assert gaps(8) == [MARKET]
    store(numbered(2, 4, 2))
    market = Market.objects.get()
    assert (market.missing, market.gap_since, market.status_revision) == ("", None, market.revision)


def test_a_message_that_names_all_open_bets_closes_the_gap() -> None:
    store(numbered(1, 0, 1, 2), numbered(3, 5, 1))
    assert gaps(8) == [MARKET]
    store(numbered(4, 9, 2))
    assert gaps(20) == [MARKET]
    store(numbered(5, 10, 1, 2))
    assert gaps(20) == []


def test_bets_of_every_bookmaker_count_among_all() -> None:
    store(numbered(1, 0, 1), numbered(2, 1, 2, provider=8), numbered(4, 5, 1))
    assert gaps(8) == [MARKET]
    store(numbered(5, 9, 2, provider=8))
    assert gaps(20) == [MARKET]


def test_a_snapshot_that_was_asked_for_since_closes_the_gap() -> None:
    store(numbered(1, 0, 1, 2), numbered(3, 5, 1))
    assert gaps(8) == [MARKET]
    store(answer(numbered(0, 9, 1), seconds=7))
    assert gaps(20) == [MARKET]
    store(answer(numbered(0, 9, 1), seconds=9, since=0))
    assert gaps(20) == [MARKET]
    store(answer(numbered(0, 9, 1), seconds=9))
    assert gaps(20) == []


def test_a_snapshot_proves_a_loss_only_by_what_was_so_before() -> None:
    store(numbered(1, 0, 1, 2), numbered(3, 5, 1))
    gaps(8)
    store(answer(numbered(0, 6, 2), seconds=9))
    assert FeedSource.objects.get().hole_confirmed_at is None
    store(numbered(5, 20, 1))
    gaps(23)
    store(answer(numbered(0, 19, 2), seconds=24))
    assert FeedSource.objects.get().hole_confirmed_at is not None


def test_settlements_have_numbers_of_their_own() -> None:
    settlement = MessageType.SETTLEMENT
    store(numbered(5, 0, 1, 2), numbered(1, 1, 1, type=settlement), numbered(6, 2, 1))
    assert missing() == ""
    store(numbered(3, 3, 1, type=settlement), numbered(8, 4, 1))
    assert missing() == "s2-2 7-7"
    store(numbered(7, 3, 1))
    assert missing() == "s2-2"


def test_after_a_break_the_numbers_begin_anew() -> None:
    store(beat(0), numbered(1, 1, 1, 2), numbered(3, 2, 1))
    assert gaps(5) == [MARKET]
    store(beat(100), numbered(90, 101, 1))
    assert (missing(), gaps(200)) == ("", [])


def test_a_counter_that_begins_anew_leaves_no_hole() -> None:
    store(numbered(500, 0, 1, 2), numbered(1, 60, 1), numbered(2, 61, 1))
    assert missing() == ""
    store(numbered(4, 62, 1))
    assert missing() == "3-3"


def test_a_repetition_of_long_ago_is_no_new_beginning() -> None:
    store(numbered(5, 0, 1, 2), numbered(6, 10, 1))
    store(repeated(numbered(5, 60, 1)))
    store(numbered(7, 61, 1))
    assert missing() == ""


def test_a_message_that_changes_nothing_else_still_counts() -> None:
    store(numbered(1, 5, 1))
    store(numbered(2, 1, 1))
    store(numbered(3, 6, 1))
    assert missing() == ""


def test_another_source_counts_for_itself() -> None:
    store(numbered(1, 0, 1, 2))
    store_batch(a_source("Pre-match"), [numbered(40, 1, 1)])
    store(numbered(2, 2, 1))
    assert missing() == ""


@given(st.permutations(range(2, 9)), st.sets(st.integers(2, 8)), st.lists(st.integers(0, 6), max_size=4))
def test_what_is_missing_at_the_end_is_what_never_came(order: Sequence[int], lost: set[int], again: list[int]) -> None:
    """Whatever the order, and though some come twice; the first and the last number come in their places."""
    row, pending = MarketRow(FIXTURE, MARKET), Pending()
    came = [number for number in order if number not in lost]
    for number in [1, *came, *(came[place] for place in again if place < len(came)), 9]:
        message = numbered(number, number / 10)
        follow(row, Origin.of(message, 1), pending)
    found = {n for part in row.missing.split() for n in range(int(part.split("-")[0]), int(part.split("-")[1]) + 1)}
    assert found == lost


class Doubt:
    """A `Holes` whose clock is ours."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr("feed.ingest.holes.time.monotonic", lambda: self.now)
        self.source = a_source()
        self.doubted: list[int] = []
        self.holes = Holes(self.source, self.ignore, self.doubted.append)
        self.holes.take_turn()

    def ignore(self, changes: Sequence[Change]) -> None: ...

    def is_doubted_after(self, numbered: int, skips: int) -> bool:
        """In the minute that follows so many more messages are numbered, and so many of them skip."""
        self.source.numbered += numbered
        self.source.skips += skips
        self.now += 61
        self.holes.weigh(self.now - 30)
        self.holes.weigh(self.now)
        return FeedSource.objects.get().doubted_since is not None


@pytest.mark.parametrize(("numbered", "skips", "is_doubted"), [(100, 30, False), (100, 51, True), (19, 19, False)])
def test_more_skips_than_any_loss_explains_are_doubted(
    monkeypatch: pytest.MonkeyPatch, numbered: int, skips: int, is_doubted: bool
) -> None:
    assert Doubt(monkeypatch).is_doubted_after(numbered, skips) is is_doubted


def test_a_loss_that_a_snapshot_has_proved_is_not_doubted(monkeypatch: pytest.MonkeyPatch) -> None:
    doubt = Doubt(monkeypatch)
    assert doubt.is_doubted_after(100, 90)
    FeedSource.objects.update(hole_confirmed_at=datetime.now(UTC))
    assert not doubt.is_doubted_after(100, 90)
    FeedSource.objects.update(hole_confirmed_at=datetime.now(UTC) - timedelta(minutes=11))
    assert doubt.is_doubted_after(100, 90)
    assert not doubt.is_doubted_after(100, 10)
    assert doubt.doubted == [doubt.source.pk] * 4


def test_holes_of_numbers_that_are_doubted_close_nothing() -> None:
    store(fixture_message(), numbered(1, 0, 1, 2), numbered(3, 5, 1))
    assert gaps(8) == [MARKET]
    FeedSource.objects.update(state=FeedSource.State.UP, state_since=at(0), last_message_at=at(8), doubted_since=at(8))
    market = fixture_state(Reading([FIXTURE]), FIXTURE, read_vouching(at(9)))["markets"][str(MARKET)]
    assert {offer["open"] for offer in market["providers"]["0"]["bets"].values()} == {True}


def markets_part() -> str:
    topic = MARKETS.topic(FIXTURE, query=MarketsQuery().words)
    return " ".join(lxml.html.fromstring(TopicHtml([topic], at(9), 40).fragment(topic).html).text_content().split())


def test_the_fixture_page_says_how_many_markets_are_complete_and_which_are_not_since_when() -> None:
    store(fixture_message(), numbered(1, 0, 1, 2), numbered(1, 0, 1, market=OTHER_MARKET))
    assert "2 of 2 complete" in markets_part()
    store(numbered(3, 5, 1))
    gaps(8)
    assert "1 of 2 complete. Messages are missing: 1X2 since 12:00:08" in markets_part()
    FeedSource.objects.update(doubted_since=at(9))
    assert "2 of 2 complete" in markets_part()


def states_of_bet() -> list[tuple[str, float]]:
    """By price and second, as a history has them."""
    states = bet_states(FIXTURE, MARKET, {(0, 1)})
    return [(f"{state.price:.2f}", (state.at - at(0)).total_seconds()) for state in states]


def test_a_price_that_was_overtaken_on_its_way_is_in_the_history_once_in_its_place() -> None:
    late = numbered(2, 5, 1)
    store(fixture_message(), numbered(1, 0, 1, 2), numbered(3, 6, 1))
    store(late)
    assert f"{Bet.objects.get(bet_id=1).price:.2f}" == "1.56"
    store(repeated(late), late)
    store(numbered(4, 7, 1))
    assert states_of_bet() == [("1.50", 0), ("1.55", 5), ("1.56", 6), ("1.57", 7)]
