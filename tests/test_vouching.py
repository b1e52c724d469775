"""Whether a price is open, and why not: the whole predicate as a table, and its laws."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.vouching.predicate import (
    NO_SOURCE,
    OFFERED,
    OPEN_CONDITIONS,
    Conditions,
    Offer,
    SourceStanding,
    Statement,
    closed_because,
    condition_reasons,
)
from feed.vouching.reasons import Reason, Reasons

SUSPENDED = Statement(2)
UNREADABLE = Statement(None, is_unreadable=True)
UP = SourceStanding()


def conditions_with(**fields: Any) -> Conditions:
    return OPEN_CONDITIONS._replace(**fields)


#: One condition of every code that does not hold, beside all others that do.
TABLE = [
    (Reason.BET_SUSPENDED, Offer(2, Decimal(2)), OPEN_CONDITIONS),
    (Reason.BET_SUSPENDED, Offer(0, Decimal(2)), OPEN_CONDITIONS),
    (Reason.BET_SUSPENDED, Offer(77, Decimal(2)), OPEN_CONDITIONS),
    (Reason.BET_SETTLED, Offer(3, Decimal(2)), OPEN_CONDITIONS),
    (Reason.NO_PRICE, Offer(1, None), OPEN_CONDITIONS),
    (Reason.NO_PRICE, Offer(1, Decimal(1)), OPEN_CONDITIONS),
    (Reason.NO_PRICE, Offer(1, Decimal("0.5")), OPEN_CONDITIONS),
    (Reason.NO_PRICE, Offer(1, Decimal("NaN")), OPEN_CONDITIONS),
    (Reason.PROVIDER_SUSPENDED, OFFERED, conditions_with(provider=SUSPENDED)),
    (Reason.MARKET_SUSPENDED, OFFERED, conditions_with(market=SUSPENDED)),
    (Reason.MARKET_SUSPENDED, OFFERED, conditions_with(market=Statement(3))),
    (Reason.NOT_RUNNING, Offer(1, Decimal(2), is_running=False), OPEN_CONDITIONS),
    (Reason.FIXTURE_OVER, OFFERED, conditions_with(fixture=Statement(3))),
    (Reason.FIXTURE_OVER, OFFERED, conditions_with(fixture=Statement(4))),
    (Reason.FIXTURE_OVER, OFFERED, conditions_with(fixture=Statement(7))),
    (Reason.FIXTURE_PAUSED, OFFERED, conditions_with(fixture=Statement(5))),
    (Reason.FIXTURE_PAUSED, OFFERED, conditions_with(fixture=Statement(6))),
    (Reason.FIXTURE_PAUSED, OFFERED, conditions_with(fixture=Statement(8))),
    (Reason.FIXTURE_PAUSED, OFFERED, conditions_with(fixture=Statement(72))),
    (Reason.SOURCE_DOWN, OFFERED, conditions_with(source=NO_SOURCE)),
    (Reason.SOURCE_LATE, OFFERED, conditions_with(source=SourceStanding(Reason.SOURCE_LATE))),
    (Reason.SOURCE_OFF, OFFERED, conditions_with(source=SourceStanding(Reason.SOURCE_OFF))),
    (Reason.SOURCE_RECOVERING, OFFERED, conditions_with(source=SourceStanding(Reason.SOURCE_RECOVERING))),
    (Reason.UNCONFIRMED, Offer(1, Decimal(2), epoch=3), conditions_with(source=SourceStanding(epoch=4))),
    (Reason.GAP, OFFERED, conditions_with(market=Statement(has_gap=True))),
    (Reason.UNREADABLE, Offer(1, Decimal(2), is_unreadable=True), OPEN_CONDITIONS),
    (Reason.UNREADABLE, OFFERED, conditions_with(market=UNREADABLE)),
    (Reason.UNREADABLE, OFFERED, conditions_with(provider=UNREADABLE)),
    (Reason.UNREADABLE, OFFERED, conditions_with(fixture=UNREADABLE)),
]


def test_a_price_that_everything_vouches_for_is_open():
    assert closed_because(Offer(1, Decimal("1.01")), OPEN_CONDITIONS) == ()


@pytest.mark.parametrize("status", [0, 1, 2, 9, None])
def test_a_fixture_that_is_to_be_played_or_in_play_closes_nothing(status: int | None):
    assert closed_because(OFFERED, conditions_with(fixture=Statement(status))) == ()


@pytest.mark.parametrize(("reason", "offer", "conditions"), TABLE)
def test_one_condition_that_does_not_hold_closes_the_price_and_is_named(
    reason: Reason, offer: Offer, conditions: Conditions
):
    assert closed_because(offer, conditions) == (reason,)


def test_every_code_stands_in_the_table():
    assert {reason for reason, _, _ in TABLE} == set(Reason)


statuses = st.none() | st.integers(-5, 100)
statements = st.builds(Statement, statuses, st.booleans(), st.booleans())
sources = st.builds(
    SourceStanding,
    st.none() | st.sampled_from([reason for reason in Reason if reason.startswith("source_")]),
    st.integers(0, 5),
    st.booleans(),
)
any_conditions = st.builds(Conditions, statements, statements, statements, sources)
prices = st.none() | st.decimals(allow_nan=True, allow_infinity=True)
offers = st.builds(Offer, st.integers(-5, 100), prices, st.integers(0, 5), st.booleans(), st.booleans())


@given(offers, any_conditions)
def test_it_is_total_and_its_reasons_come_the_strongest_first(offer: Offer, conditions: Conditions):
    reasons = closed_because(offer, conditions)
    assert list(reasons) == sorted(set(reasons), key=list(Reason).index)


@given(offers, any_conditions)
def test_open_means_that_every_condition_holds(offer: Offer, conditions: Conditions):
    if closed_because(offer, conditions):
        return
    assert offer.status == 1
    assert offer.price is not None
    assert offer.price > 1
    assert {conditions.market.status, conditions.provider.status} <= {1, None}
    assert conditions.fixture.status in (0, 1, 2, 9, None)
    assert conditions.source.reason is None
    assert offer.epoch >= conditions.source.epoch
    assert not conditions.has_gap
    assert not conditions.is_unreadable
    assert not offer.is_unreadable
    assert offer.is_running


@given(offers, any_conditions, st.sampled_from([(offer, conditions) for _, offer, conditions in TABLE]))
def test_one_more_reason_never_opens_a_price(offer: Offer, conditions: Conditions, other: tuple[Offer, Conditions]):
    worse = other[1]
    both = conditions._replace(
        market=worse.market if worse.market != Statement() else conditions.market,
        provider=worse.provider if worse.provider != Statement() else conditions.provider,
        source=(worse.source if worse.source.reason else conditions.source)._replace(is_doubted=False),
    )
    added = {*closed_because(OFFERED, worse)} & {
        Reason.MARKET_SUSPENDED,
        Reason.PROVIDER_SUSPENDED,
        Reason.GAP,
        *(reason for reason in Reason if reason.startswith("source_")),
    }
    assert added <= set(closed_because(offer, both))


def test_numbers_that_contradict_themselves_close_nothing() -> None:
    conditions = conditions_with(market=Statement(has_gap=True), source=SourceStanding(is_doubted=True))
    assert closed_because(OFFERED, conditions) == ()


@given(any_conditions, offers)
def test_what_a_bet_depends_on_closes_it_however_it_is_offered(conditions: Conditions, offer: Offer):
    by_conditions: Reasons = tuple(
        reason for reason in condition_reasons(conditions) if reason is not Reason.UNCONFIRMED
    )
    assert set(by_conditions) <= set(closed_because(offer, conditions))
