"""What only those inputs of an open price change that are no word on the bet itself reaches a program too.

A program is sent a fixture anew where its revision or the signature of what vouches is another. So each input of
`feed.vouching` has to move one of the two.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from feed.models import FeedSource
from feed.store.epochs import expect_break
from tests.closing import BOOKMAKER, MARKET, OTHER_MARKET, Feed, numbers
from tests.told import Program, fresh, known

pytestmark = pytest.mark.django_db
IN_PLAY, PRE_MATCH = FeedSource.Flow.IN_PLAY, FeedSource.Flow.PRE_MATCH


class Sides:
    """The two sides of TRADE, both of which speak of the prices of one fixture."""

    def __init__(self, fixture_id: int) -> None:
        self.fixture_id = fixture_id
        for flow in (PRE_MATCH, IN_PLAY):
            FeedSource.objects.get_or_create(name=flow.label, defaults={"kind": "queue", "flow": flow})
        self.feeds = [Feed(fixture_id, flow.label) for flow in (PRE_MATCH, IN_PLAY)]

    def update(self, side: int, **values: object) -> None:
        FeedSource.objects.filter(pk=self.feeds[side].source.pk).update(**values)

    def break_off(self, side: int) -> None:
        """Heartbeats are missing; the next message, of another market, finds it out."""
        self.expect_break(side)
        self.feeds[side].offer(OTHER_MARKET, "2.0")

    def expect_break(self, side: int) -> None:
        expect_break([self.feeds[side].source.pk], "Heartbeats are missing.")

    def repeat(self, side: int) -> None:
        """The same prices: they are confirmed, and nothing else."""
        self.feeds[side].offer(MARKET, "2.0")

    def set_aside(self, side: int) -> None:
        """A bet whose id cannot be read."""
        bet = {"Id": "none", "Name": "1", "Status": 1, "Price": "2.0"}
        book = {"Id": BOOKMAKER, "Name": "Book 8", "Bets": [bet]}
        market = {"Id": MARKET, "Name": "Market 1", "Providers": [book]}
        self.feeds[side].receive(3, {"Markets": [market]})


Step = Callable[[Sides, int, int], None]
STEPS: dict[str, Step] = {
    "break": lambda sides, side, n: sides.break_off(side),
    "expected break": lambda sides, side, n: sides.expect_break(side),
    "forgotten break": lambda sides, side, n: sides.update(side, break_due=""),
    "doubt": lambda sides, side, n: sides.update(side, doubted_since=(None, timezone.now())[n % 2]),
    "flow": lambda sides, side, n: sides.update(side, flow=(IN_PLAY, PRE_MATCH, "")[n % 3]),
    "late": lambda sides, side, n: sides.update(side, state=("late", "up")[n % 2]),
    "silent": lambda sides, side, n: sides.update(side, last_message_at=timezone.now() - timedelta(hours=n % 2)),
    "recovery": lambda sides, side, n: sides.update(side, recovering_since=(None, timezone.now())[n % 2]),
    "off": lambda sides, side, n: sides.update(side, off_since=(None, timezone.now())[n % 2]),
    "repeat": lambda sides, side, n: sides.repeat(side),
    "offer": lambda sides, side, n: sides.feeds[side].offer(MARKET, f"{2 + n / 100}", 1 + n % 3),
    "hole": lambda sides, side, n: sides.feeds[side].lose(),
    "market": lambda sides, side, n: sides.feeds[side].state_market((1, 2, 3, "shut")[n % 4]),
    "provider": lambda sides, side, n: sides.feeds[side].state_provider((1, 2, 3, "shut")[n % 4]),
    "unreadable": lambda sides, side, n: sides.feeds[side].move("two"),
    "set aside": lambda sides, side, n: sides.set_aside(side),
    "fixture": lambda sides, side, n: sides.feeds[side].describe((1, 2, 3, 6)[n % 4]),
    "score": lambda sides, side, n: sides.feeds[side].score((2, 3, "half", 8)[n % 4]),
}
ALL = sorted((name, side, number) for name in STEPS for side in (0, 1) for number in (0, 1))


@settings(max_examples=3, deadline=None, phases=[Phase.generate])
@given(st.permutations(ALL).map(lambda steps: steps[:24]))
def test_who_is_told_each_change_has_what_whoever_asks_anew_has(happenings: list[tuple[str, int, int]]):
    sides = Sides(2000 + next(numbers))
    program = Program(sides.fixture_id)
    for name, side, number in happenings:
        STEPS[name](sides, side, number)
        program.take()
        assert known(program.state) == known(fresh(sides.fixture_id)), name


@pytest.fixture
def sides() -> Sides:
    return Sides(2000 + next(numbers))


def test_a_source_that_turns_out_to_be_the_other_side_closes_its_prices_for_programs_too(sides: Sides):
    program = Program(sides.fixture_id)
    assert program.bet["open"] is True
    sides.update(1, flow=PRE_MATCH)
    program.take()
    assert program.bet["closed_because"] == ["unconfirmed"]
    assert known(program.state) == known(fresh(sides.fixture_id))


def test_programs_are_told_that_a_bookmakers_market_is_another_sides_now(sides: Sides):
    def book(*bets: str, **fields: object) -> dict[str, object]:
        at = sides.feeds[1].next_moment().isoformat()
        known = {"Status": 1, "Price": "2.0", "LastUpdate": at}
        given = [known | {"Id": 90 + int(name), "Name": name} for name in bets]
        book = {"Id": 99, "Name": "Book 99", "Bets": given, "LastUpdate": at} | fields
        return {"Markets": [{"Id": MARKET, "Name": "Market 1", "ProviderMarkets": [book]}]}

    sides.feeds[0].receive(3, book("1", "2", MarketStatus=2))
    program = Program(sides.fixture_id)
    sides.feeds[1].receive(3, book("1"))
    program.take()
    assert known(program.state) == known(fresh(sides.fixture_id))


def test_what_another_source_could_not_read_takes_no_epoch_of_the_first():
    one, two = Feed(source="one"), Feed(source="two")
    one.offer(MARKET, "2.0")
    for _ in range(3):
        one.break_off()
        one.offer(MARKET, "2.0")
    two.move("two")
    two.offer(MARKET, "2.0")
    program = Program()
    assert program.bet["open"] is True
    two.break_off()
    program.take()
    assert program.bet["closed_because"] == ["unconfirmed"]
