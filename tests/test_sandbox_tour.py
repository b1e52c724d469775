"""The tour of the demo: each thing happens once, and all is well after it, however it is left."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from feed.codes import MessageType
from sandbox.aim import number_of
from sandbox.distribution import Distribution
from sandbox.match import Match
from sandbox.outgoing import Outgoing
from sandbox.supplier import Supplier
from sandbox.tour import STEPS, Tour

START = datetime(2026, 11, 28, 15, tzinfo=UTC)
LONGEST = 180


class Guided:
    """A supplier with its tour, in simulated time."""

    def __init__(self) -> None:
        self.distribution = Distribution(Supplier(fixtures=12, start=START, bookmakers=4))
        self.tour = Tour(self.distribution)
        self.now = START
        self.wait(3)

    def wait(self, seconds: float) -> list[Outgoing]:
        """In steps of a quarter of a second, as the demo goes."""
        sent: list[Outgoing] = []
        for _ in range(int(4 * seconds)):
            self.now += timedelta(seconds=0.25)
            sent += [outgoing for _, outgoing in self.distribution.messages(self.now)]
        return sent

    def until(self, step: str) -> list[Outgoing]:
        """Until that step has begun."""
        sent: list[Outgoing] = []
        for _ in range(4 * LONGEST):
            if self.tour.at is not None and self.tour.at.step == step:
                return sent
            sent += self.wait(0.25)
        raise AssertionError(f"no {step}")

    @property
    def own(self) -> int:
        assert self.tour.at is not None
        return self.tour.at.fixture_id

    @property
    def is_open(self) -> bool:
        offer = self.distribution.supplier.coverages[self.own].offer
        return offer.is_open and not offer.paused


@pytest.fixture
def guided() -> Guided:
    guided = Guided()
    guided.tour.start()
    guided.wait(0.25)
    return guided


def numbers(sent: list[Outgoing], fixture_id: int, market: str) -> list[int]:
    own = [o for o in sent if o.fixture_id == fixture_id and o.headers.get("MarketId") == market]
    return [number for outgoing in own if (number := number_of(outgoing)) is not None]


def test_it_goes_through_every_step_in_less_than_three_minutes(guided: Guided):
    steps: Counter[str] = Counter()
    for _ in range(LONGEST):
        steps[guided.tour.at.step if guided.tour.at else ""] += 1
        guided.wait(1)
    assert list(steps) == [*(step.name for step in STEPS), ""]
    assert guided.tour.is_over
    assert guided.distribution.faults.on == {}


def test_a_goal_changes_the_score_and_halts_betting_for_a_while(guided: Guided):
    match = guided.distribution.supplier.coverages[guided.own].contest
    assert isinstance(match, Match)
    before = sum(match.score)
    sent = guided.until("goal")
    assert sum(match.score) == before + 1
    assert not guided.is_open
    assert [outgoing.type for outgoing in sent if outgoing.fixture_id == guided.own][-1] == MessageType.MARKET
    guided.until("suspension")
    assert guided.distribution.supplier.coverages[guided.own].offer.halted is None


def test_a_suspension_closes_all_and_ends_with_its_step(guided: Guided):
    guided.until("suspension")
    assert len(guided.distribution.supplier.coverages[guided.own].offer.held) > 1
    guided.until("hole")
    assert guided.distribution.supplier.coverages[guided.own].offer.held == set()


def test_a_number_is_missing_and_what_was_missing_is_sent_again(guided: Guided):
    sent = guided.until("hole")
    own = guided.own
    market = str(guided.distribution.supplier.coverages[own].offer.markets[0].id)
    after = numbers(guided.wait(3), own, market)
    (dropped,) = guided.distribution.spoiler.dropped
    assert (dropped.fixture, str(dropped.market)) == (own, market)
    assert dropped.number + 1 in after
    assert dropped.number not in numbers(sent, own, market) + after


def test_the_outage_is_silent_and_the_recovery_sends_everything_again(guided: Guided):
    guided.until("outage")
    assert guided.until("recovery") == []
    back = guided.wait(15)
    own = {outgoing.type for outgoing in back if outgoing.fixture_id == guided.own}
    assert own >= {MessageType.FIXTURE, MessageType.LIVESCORE, MessageType.MARKET}


@pytest.mark.parametrize("step", [step.name for step in STEPS])
def test_whatever_step_it_is_stopped_in_all_is_well_again(guided: Guided, step: str):
    while guided.tour.at is None or guided.tour.at.step != step:
        guided.tour.skip()
        guided.wait(0.25)
    own = guided.own
    guided.tour.stop()
    sent = guided.wait(45)
    offer = guided.distribution.supplier.coverages[own].offer
    assert guided.tour.at is None
    assert not guided.tour.is_over
    assert guided.distribution.faults.on == {}
    assert offer.held == set()
    assert offer.is_open
    assert any(outgoing.fixture_id == own for outgoing in sent)


def test_it_can_be_started_again_in_its_middle(guided: Guided):
    guided.until("suspension")
    guided.tour.start()
    guided.wait(0.25)
    assert guided.tour.at is not None
    assert guided.tour.at.step == "calm"
    assert guided.distribution.supplier.coverages[guided.own].offer.held == set()


def test_skipping_what_does_not_run_does_nothing():
    guided = Guided()
    guided.tour.skip()
    guided.wait(1)
    assert guided.tour.at is None


def test_without_a_match_in_play_it_goes_on_all_the_same():
    distribution = Distribution(Supplier(fixtures=0, start=START))
    tour = Tour(distribution)
    tour.start()
    for second in range(LONGEST):
        list(distribution.messages(START + timedelta(seconds=second)))
    assert tour.is_over
