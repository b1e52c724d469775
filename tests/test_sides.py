"""An in-play and a pre-match package speak of one fixture: what each says is kept apart, and one of them is in charge.

What the desk shows is compared with desks that hear one side alone.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feed.models import Bet, FeedSource, Fixture, JournalEntry, Market, WaitingMarket, flow_named
from feed.pages.reading import Reading
from feed.store import Received, store_batch
from feed.store.rows.row_cache import CACHE
from feed.vouching.reasons import Reason
from feed.vouching.sources import read_vouching

from .journal_rows import all_prices
from .received import a_source, beat, bet, fixture_message, livescore_message, market_message
from .rows import make_trader

pytestmark = pytest.mark.django_db(transaction=True)

IN_PLAY, PRE_MATCH = "in_play", "pre_match"
OPEN, SUSPENDED, SETTLED = 1, 2, 3
NOT_STARTED, UNDER_WAY, FINISHED, POSTPONED = 1, 2, 3, 5
SHARED, ALONE = 7, {IN_PLAY: 107, PRE_MATCH: 207}
BEFORE = {NOT_STARTED, POSTPONED}


def source_of(side: str, *, is_alone: bool = False) -> FeedSource:
    """The source of a side; `is_alone`: one that no other side contradicts, for what that side alone would be."""
    source = a_source(f"{side} alone" if is_alone else f"{side} package")
    FeedSource.objects.filter(pk=source.pk).update(flow="" if is_alone else side, name=f"{source.pk}")
    source.refresh_from_db()
    return source


class Step(NamedTuple):
    """One message of a side, or a change of its state; `number` picks what it says."""

    side: str
    kind: str
    number: int


class Desk:
    """A desk that hears both sides of one fixture, and for each side one that hears it alone."""

    def __init__(self) -> None:
        for model in (Bet, Market, WaitingMarket, JournalEntry, Fixture, FeedSource):
            model.objects.all().delete()
        CACHE.clear()
        self.sources = {side: source_of(side) for side in ALONE}
        self.alone = {side: source_of(side, is_alone=True) for side in ALONE}
        self.status, self.sent = NOT_STARTED, 0
        self.waiting: dict[str, list[Received]] = {side: [] for side in ALONE}
        for side in ALONE:
            self.stand(side, "up")

    def stand(self, side: str, state: str) -> None:
        """The sources of a side are in this state now."""
        self.flush()
        now = timezone.now()
        values = {"state": state, "state_since": now, "last_message_at": now}
        FeedSource.objects.filter(pk__in=[self.sources[side].pk, self.alone[side].pk]).update(**values)

    def say(self, side: str, made: Any, *, at_once: bool = True) -> None:
        """A message of a side; `made` makes it for a fixture and the time when it is sent."""
        if FeedSource.objects.get(pk=self.alone[side].pk).state == "down":
            self.stand(side, "late")  # What speaks is connected.
        if any(self.waiting[other] for other in ALONE if other != side):
            self.flush()
        self.sent += 1
        self.waiting[side].append(made(SHARED, self.sent))
        store_batch(self.alone[side], [made(ALONE[side], self.sent)])
        if at_once:
            self.flush()

    def flush(self) -> None:
        """Store what waits, as one batch."""
        for side, batch in self.waiting.items():
            if batch:
                store_batch(self.sources[side], batch)
                state = FeedSource.objects.get(pk=self.alone[side].pk).state
                FeedSource.objects.filter(pk=self.sources[side].pk).update(state=state, last_message_at=timezone.now())
                batch.clear()

    def state_status(self, side: str, status: int) -> None:
        self.status = status
        self.say(side, lambda number, at: livescore_message(at, "0", "0", number=number, status=status, seq=at))
        other = ALONE[next(name for name in ALONE if name != side)]
        store_batch(a_source("nobody"), [livescore_message(self.sent, "0", "0", number=other, status=status)])

    def beat(self, side: str) -> None:
        self.flush()
        store_batch(self.sources[side], [beat(self.sent)])
        FeedSource.objects.filter(pk=self.sources[side].pk).update(last_message_at=timezone.now())

    @property
    def charge(self) -> str:
        """The side in charge by the rule, where both have spoken of prices."""
        down = set(FeedSource.objects.filter(state="down").values_list("pk", flat=True))
        is_down = {side: source.pk in down for side, source in self.sources.items()}
        return IN_PLAY if self.status not in BEFORE or (is_down[PRE_MATCH] and not is_down[IN_PLAY]) else PRE_MATCH


def opened(number: int) -> dict[tuple[int, int, int], str]:
    """The open prices of a fixture, by market, bookmaker and bet."""
    reading, vouching = Reading([number]), read_vouching(timezone.now())
    found = {}
    for market in reading.markets.get(number, {}).values():
        judge = reading.vouching_for(market, vouching)
        for row in reading.bets.get((number, market.market_id), []):
            if judge.is_open(row):
                found[market.market_id, row.provider_id, row.bet_id] = f"{row.price:.2f}"
    return found


def price(side: str, number: int) -> Any:
    """A bet of the side: which, at whom, its price and status follow from the number."""
    status = (OPEN, OPEN, OPEN, SUSPENDED, SETTLED)[number % 5]
    provider = (None, 8)[number // 5 % 2]
    text = f"{2 + number / 100 + (side == PRE_MATCH):.2f}"
    return lambda fixture, at: market_message(
        bet(number // 10 % 3, text, at, status=status),
        sent=at,
        number=fixture,
        market=1 + number % 2,
        provider=provider,
    )


def market_status(number: int) -> Any:
    return lambda fixture, at: market_message(sent=at, number=fixture, market=1, status=(OPEN, SUSPENDED)[number % 2])


def happen(desk: Desk, step: Step) -> None:
    side, kind, number = step
    if kind == "price":
        desk.say(side, price(side, number), at_once=bool(number % 3))
    elif kind == "market":
        desk.say(side, market_status(number))
    elif kind == "status":
        desk.state_status(side, (NOT_STARTED, UNDER_WAY, UNDER_WAY, FINISHED, POSTPONED)[number % 5])
    elif kind == "state":
        desk.stand(side, ("up", "down", "late")[number % 3])
    elif kind == "restart":
        CACHE.clear()


def settle(desk: Desk) -> bool:
    """A heartbeat of whoever is there: after a change of states alone, hands change with it. False if nobody is."""
    desk.flush()
    up = FeedSource.objects.exclude(state="down").values_list("pk", flat=True)
    there = [side for side, source in desk.sources.items() if source.pk in up]
    for side in there:
        desk.beat(side)
    return bool(there)


def has_both() -> bool:
    return Fixture.objects.filter(pk=SHARED, has_two_sides=True).exists()


kinds = st.sampled_from(["price"] * 6 + ["market", "status", "state", "restart"])
steps = st.lists(st.builds(Step, st.sampled_from([IN_PLAY, PRE_MATCH]), kinds, st.integers(0, 59)), max_size=14)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps)
def test_what_is_open_is_what_the_side_in_charge_alone_says_in_every_order(happenings: Sequence[Step]) -> None:
    desk = Desk()
    for step in happenings:
        happen(desk, step)
        if has_both():
            if settle(desk):
                assert Fixture.objects.get(pk=SHARED).charge == desk.charge
            assert opened(SHARED) == opened(ALONE[desk.charge])


def test_a_closing_of_the_pre_match_package_leaves_the_open_prices_of_play_open() -> None:
    desk = Desk()
    desk.state_status(IN_PLAY, UNDER_WAY)
    desk.say(IN_PLAY, lambda pk, at: market_message(bet(11, "2.00", at), bet(12, "3.40", at), sent=at, number=pk))
    shut = {"status": SUSPENDED}
    desk.say(
        PRE_MATCH,
        lambda pk, at: market_message(bet(11, "1.90", at, **shut), bet(12, "3.2", at, **shut), sent=at, number=pk),
    )
    assert opened(SHARED) == {(1, 0, 11): "2.00", (1, 0, 12): "3.40"}


def test_hands_change_at_the_start_and_nothing_of_either_side_is_lost() -> None:
    desk = Desk()
    desk.say(PRE_MATCH, lambda pk, at: market_message(bet(1, "1.90", at), bet(2, "4.00", at), sent=at, number=pk))
    desk.say(IN_PLAY, lambda pk, at: market_message(bet(1, "1.80", at), bet(3, "9.00", at), sent=at, number=pk))
    assert opened(SHARED) == {(1, 0, 1): "1.90", (1, 0, 2): "4.00"}
    desk.state_status(IN_PLAY, UNDER_WAY)
    assert opened(SHARED) == {(1, 0, 1): "1.80", (1, 0, 3): "9.00"}
    desk.state_status(IN_PLAY, NOT_STARTED)
    assert opened(SHARED) == {(1, 0, 1): "1.90", (1, 0, 2): "4.00"}
    history = [state for state in all_prices() if (state.market[0], state.bet_id) == (SHARED, 1)]
    assert [f"{state.price:.2f}" for state in history] == ["1.90", "1.80", "1.90"]


def test_what_both_sides_say_alike_stands_in_history_once() -> None:
    desk = Desk()
    for side in (IN_PLAY, PRE_MATCH):
        desk.say(side, lambda pk, at: market_message(bet(1, "1.90", at), bet(2, "4.00", at), sent=at, number=pk))
    desk.say(PRE_MATCH, lambda pk, at: market_message(bet(2, "4.20", at), sent=at, number=pk))
    desk.state_status(IN_PLAY, UNDER_WAY)
    history = sorted((state for state in all_prices() if state.market[0] == SHARED), key=lambda state: state.bet_id)
    assert [(state.bet_id, f"{state.price:.2f}") for state in history] == [
        (1, "1.90"), (2, "4.00"), (2, "4.20"), (2, "4.00"),
    ]  # fmt: skip


def test_a_pre_match_side_that_is_down_is_replaced_before_the_start_by_a_heartbeat_alone() -> None:
    desk = Desk()
    desk.say(PRE_MATCH, lambda pk, at: market_message(bet(1, "1.90", at), sent=at, number=pk))
    desk.say(IN_PLAY, lambda pk, at: market_message(bet(1, "1.80", at), sent=at, number=pk))
    desk.stand(PRE_MATCH, "down")
    assert opened(SHARED) == {}
    desk.beat(IN_PLAY)
    assert opened(SHARED) == {(1, 0, 1): "1.80"}
    desk.stand(PRE_MATCH, "up")
    desk.beat(PRE_MATCH)
    assert opened(SHARED) == {(1, 0, 1): "1.90"}


def test_in_play_nothing_of_the_pre_match_side_is_open_though_the_in_play_side_is_down() -> None:
    desk = Desk()
    desk.state_status(IN_PLAY, UNDER_WAY)
    desk.say(IN_PLAY, lambda pk, at: market_message(bet(1, "2.00", at), sent=at, number=pk))
    desk.say(PRE_MATCH, lambda pk, at: market_message(bet(1, "1.90", at), bet(2, "5.00", at), sent=at, number=pk))
    desk.stand(IN_PLAY, "down")
    desk.beat(PRE_MATCH)
    assert opened(SHARED) == {}


def test_what_is_stored_again_changes_nothing() -> None:
    desk = Desk()
    messages = [
        (side, market_message(bet(1, text, at), sent=at))
        for at, (side, text) in enumerate([(PRE_MATCH, "1.90"), (IN_PLAY, "1.80"), (PRE_MATCH, "1.95")])
    ]
    for side, message in messages:
        store_batch(desk.sources[side], [message])
    revision = Fixture.objects.get(pk=SHARED).revision
    for side, message in messages:
        assert store_batch(desk.sources[side], [message]) == []
    assert Fixture.objects.get(pk=SHARED).revision == revision


def test_the_page_says_that_another_feed_is_in_charge(client: Client) -> None:
    desk = Desk()
    desk.say(PRE_MATCH, fixture_of(SHARED))
    desk.state_status(IN_PLAY, UNDER_WAY)
    desk.say(IN_PLAY, lambda pk, at: market_message(bet(1, "2.00", at), sent=at, number=pk))
    desk.say(PRE_MATCH, lambda pk, at: market_message(bet(2, "5.00", at, name="X"), sent=at, number=pk))
    client.force_login(make_trader())
    page = client.get("/fixtures/7/").content.decode()
    assert "another feed is in charge" in page
    bets = client.get("/api/v1/fixtures/7/").json()["markets"]["1"]["providers"]["0"]["bets"]
    assert {pk: row["closed_because"] for pk, row in bets.items()} == {"1": [], "2": [Reason.UNCONFIRMED]}


def fixture_of(number: int) -> Any:
    return lambda _, at: fixture_message(at, number=number)


NAMES = {
    **dict.fromkeys(["StmInPlay", "/Inplay_Tips", "Cup in play"], IN_PLAY),
    **dict.fromkeys(["StmPreMatch", "/Prematch_Tips", "Cup pre-match"], PRE_MATCH),
    **dict.fromkeys(["Fixtures", "in-play and pre-match", ""], ""),
}


@pytest.mark.parametrize(("name", "side"), NAMES.items())
def test_a_name_says_which_side_a_source_is(name: str, side: str) -> None:
    assert flow_named(name) == side
    assert FeedSource(name=name).side == side
    assert FeedSource(name=name, flow=PRE_MATCH).side == PRE_MATCH
