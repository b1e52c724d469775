"""A short run of the fuzzer (`make fuzz` is the long one), and proof that it sees what it looks for."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bench.fuzz import Tally, attempt, fuzz
from bench.generated import MESSAGES
from bench.invariants import broken
from bench.mutate import mutated, seeds
from feed.wire.messages import Bet, Dialect, Event, Header, Market, Message

from .wire_messages import body


def test_thousands_of_harmed_messages_are_accepted_whole_or_refused() -> None:
    tally = fuzz(20_261_120, count=4_000, made_up=0)

    assert tally.failures == []
    assert tally.inputs == 4_000
    assert tally.accepted > 500
    assert {"syntax", "text", "number", "shape", "too_deep"} <= tally.refused.keys()


@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(MESSAGES)
def test_a_message_of_likely_fields_is_accepted_whole_or_refused(message: bytes) -> None:
    tally = Tally()
    attempt(message, tally)

    assert tally.failures == []


def test_the_seeds_themselves_are_all_accepted() -> None:
    tally = Tally()
    for message in seeds():
        assert attempt(message, tally) is not None, message[:200]
    assert tally.accepted == len(seeds())


def test_the_same_number_makes_the_same_inputs() -> None:
    corpus = seeds()
    first, again, other = ([mutated(random, corpus) for _ in range(20)] for random in map(Random, (1, 1, 2)))

    assert first == again
    assert first != other


@pytest.mark.parametrize(
    "bad",
    [
        {"price": Decimal("NaN")},
        {"price": Decimal(10) ** 12},
        {"price": Decimal("0.0000001")},
        {"probability": float("inf")},
        {"last_update": datetime(2026, 1, 1)},  # noqa: DTZ001 - that is what is wrong with it
        {"last_update": datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=1)))},
        {"status": 2**63},
        {"name": "a\0b"},
        {"name": "\ud800"},
        {"name": "x" * 70_000},
    ],
    ids=str,
)
def test_a_broken_promise_is_seen(bad: dict[str, Any]) -> None:
    assert broken(message_with(Bet(id=1, **bad))) != []
    assert broken(message_with(Bet(id=1, price=Decimal("1.5"), last_update=datetime(2026, 1, 1, tzinfo=UTC)))) == []


def message_with(bet: Bet) -> Message:
    event = Event(fixture_id=7, markets=[Market(id=1, bets=[bet])])
    return Message(dialect=Dialect.TRADE, header=Header(type=3), events=[event])


def test_anything_but_a_decode_error_is_a_failure() -> None:
    def fails(message: bytes) -> Message:
        raise KeyError(message)

    tally = Tally()

    assert attempt(body(32), tally, fails) is None
    assert [what.rstrip().rpartition("\n")[2][:8] for _, what in tally.failures] == ["KeyError"]
    assert tally.accepted == 0


def test_an_accepted_message_that_breaks_a_promise_is_a_failure() -> None:
    tally = Tally()

    assert attempt(body(32), tally, lambda _: message_with(Bet(id=2**70))) is None
    path = "message.events[0].markets[0].bets[0].id"
    assert tally.failures == [(body(32), f"{path}: 1180591620717411303424 does not fit in 64 bits")]
