"""Single values however they are written: times, prices, ids, numbers as texts and texts as numbers."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from feed.wire import assemble, decode
from feed.wire.dialect import json_dialect
from feed.wire.envelope import Envelope
from feed.wire.errors import DEFAULT_LIMITS
from feed.wire.fields.coerce import coerce
from feed.wire.formats.json import read_plain
from feed.wire.messages import Label, Message, SetAside

from .wire_messages import bet, body, event, plain, reason, trouble


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2025-08-03T07:56:07.9012954Z", datetime(2025, 8, 3, 7, 56, 7, 901295, tzinfo=UTC)),
        ("2025-10-08T19:00:00", datetime(2025, 10, 8, 19, tzinfo=UTC)),
        ("2026-05-27T17:44:59.54+03:00", datetime(2026, 5, 27, 14, 44, 59, 540000, tzinfo=UTC)),
        ("2024-07-08T02:55:57.0920000+00:00", datetime(2024, 7, 8, 2, 55, 57, 92000, tzinfo=UTC)),
        ("2024-07-08 02:55:57", datetime(2024, 7, 8, 2, 55, 57, tzinfo=UTC)),
        ("2024-07-08T02:55", datetime(2024, 7, 8, 2, 55, tzinfo=UTC)),
        ("2024-07-08", datetime(2024, 7, 8, tzinfo=UTC)),
        (1691049225443, datetime(2023, 8, 3, 7, 53, 45, 443000, tzinfo=UTC)),
        ("1691049225443", datetime(2023, 8, 3, 7, 53, 45, 443000, tzinfo=UTC)),
        (1691049225, datetime(2023, 8, 3, 7, 53, 45, tzinfo=UTC)),
        ("0001-01-01T00:00:00", None),
        ("9999-12-31T23:59:59.9999999", datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        ("", None),
        (None, None),
    ],
)
def test_a_time_is_read_however_it_is_written(written: str | int | None, moment: datetime | None) -> None:
    assert bet(LastUpdate=written).last_update == moment


@pytest.mark.parametrize(
    ("written", "price"),
    [
        ("1.99", Decimal("1.99")),
        (1.99, Decimal("1.99")),
        (3, Decimal(3)),
        ("1.0", Decimal(1)),
        (" 2.5 ", Decimal("2.5")),
        ("1E+2", Decimal(100)),
        ("17.05790949", Decimal("17.057909")),
        (1e-9, Decimal(0)),
        ("999999999999.999999", Decimal("999999999999.999999")),
        ("", None),
        ("null", None),
        (None, None),
    ],
)
def test_a_price_is_read_however_it_is_written(written: str | float | None, price: Decimal | None) -> None:
    assert bet(Price=written, StartPrice=written, LayPriceVolume=written).price == price


@pytest.mark.parametrize(
    "written", ["NaN", "Infinity", "-Infinity", "sNaN", "1e12", 10**12, "abc", "1,5", "1_0", "\uff19", True]
)
def test_what_is_no_price_is_refused_with_the_bet_that_has_it(written: Any) -> None:
    kind, why = trouble(
        body(3, {"Events": [{"FixtureId": 7, "Markets": [{"Id": 1, "Bets": [{"Id": 9, "Price": written}]}]}]})
    )

    assert kind == "number"
    assert "bet 9" in why or "Bets[0].Price" in why


def test_a_price_keeps_every_digit_that_the_database_keeps() -> None:
    assert str(bet(Price=1.1).price) == "1.1"
    assert str(bet(Price="2.100").price) == "2.100"


@pytest.mark.parametrize("written", ["NaN", "Infinity", "", None])
def test_a_probability_that_is_no_number_is_none(written: str | None) -> None:
    assert bet(Probability=written).probability is None


def test_ids_are_exact_above_2_to_the_53_also_as_texts() -> None:
    assert bet(Id="213192246116247002").id == 213192246116247002
    assert bet(Id=2**63 - 1).id == 2**63 - 1


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30, "9223372036854775808"])
def test_an_id_outside_64_bits_is_refused(number: int | str) -> None:
    kind, why = reason(body(1, {"Events": [{"FixtureId": number}]}))

    assert kind == "number"
    assert "Body.Events[0].FixtureId" in why
    assert "64 bits" in why


def test_numbers_may_stand_where_texts_are_due_and_texts_where_numbers_are() -> None:
    odd = bet(Line=2.5, BaseLine=0, Name=1, Status="2", ProviderBetId=8, Probability="0.5", Order="3", PlayerName=True)

    assert (odd.line, odd.base_line, odd.name, odd.provider_bet_id) == ("2.5", "0", "1", "8")
    assert (odd.status, odd.probability, odd.order, odd.player_name) == (2, 0.5, 3, "true")


def test_whole_numbers_may_have_a_fraction_of_zeros() -> None:
    assert (
        event(Fixture={"Status": 2.0}).fixture
        == event(Fixture={"Status": "2.0"}).fixture
        == event(Fixture={"Status": 2}).fixture
    )


@pytest.mark.parametrize("true", [True, "true", "True", 1, "1"])
def test_booleans_are_read_however_they_are_written(true: Any) -> None:
    livescore = event(Livescore={"Periods": [{"Type": 10, "IsFinished": true, "IsConfirmed": None}]}).livescore

    assert livescore is not None
    assert [(period.is_finished, period.is_confirmed) for period in livescore.periods or ()] == [(True, False)]


def test_an_object_without_the_id_that_it_must_have_is_none_if_it_has_nothing_else() -> None:
    fixture = event(Fixture={"Venue": {"Name": "Park", "State": {"Id": None, "Name": None}}, "Season": {}}).fixture

    assert fixture is not None
    assert fixture.season == Label()
    assert fixture.venue is not None
    assert (fixture.venue.name, fixture.venue.state) == ("Park", Label())


def test_nulls_in_lists_are_left_out_and_one_thing_makes_a_list() -> None:
    found = event(Fixture={"Participants": [None, {"Id": 1}]}, Markets={"Id": 1, "Bets": {"Id": 5}})

    assert found.fixture is not None
    assert [participant.id for participant in found.fixture.participants or ()] == [1]
    assert [[bet.id for bet in market.bets or ()] for market in found.markets or ()] == [[5]]


def test_a_nul_in_a_text_becomes_a_mark_that_databases_take() -> None:
    assert event(FixtureName="a\0b").fixture_name == "a\N{REPLACEMENT CHARACTER}b"


OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INT64 = st.integers(-(2**63), 2**63 - 1)


@settings(deadline=None)
@given(st.datetimes(datetime(2000, 1, 3), datetime(9999, 12, 30), timezones=OFFSETS))  # noqa: DTZ001
def test_every_time_becomes_the_same_moment_in_utc(moment: datetime) -> None:
    found = bet(LastUpdate=moment.isoformat()).last_update

    assert found == moment
    assert found is not None
    assert found.tzinfo is UTC


@settings(deadline=None)
@given(st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1)), st.sampled_from([1, 1000]))  # noqa: DTZ001
def test_every_timestamp_is_read_in_seconds_and_in_milliseconds(moment: datetime, unit: int) -> None:
    moment = moment.replace(tzinfo=UTC, microsecond=0)

    assert decode(body(32, ServerTimestamp=int(moment.timestamp()) * unit)).header.sent_at == moment


@settings(deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**11), max_value=10**11))
def test_a_price_with_six_decimals_is_exact(value: Decimal) -> None:
    assert bet(Price=str(value)).price == value


@settings(deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_every_other_price_is_refused_or_comes_as_near_as_the_database_keeps_it(value: Decimal) -> None:
    assume(abs(value.adjusted()) < 900)
    if abs(value) >= 10**12 - 1:
        assert "price" in trouble(body(3, {"Events": [{"FixtureId": 7, "Markets": [priced(value)]}]}))[1]
        return
    price = bet(Price=str(value)).price

    assert price is not None
    assert -6 <= int(price.as_tuple().exponent) <= 0
    assert abs(price - value) <= Decimal("0.0000005")


def priced(value: Decimal) -> dict[str, Any]:
    return {"Id": 1, "Bets": [{"Id": 9, "Price": str(value)}]}


@settings(deadline=None)
@given(st.integers(1, 2**63 - 1), st.sampled_from([int, str]))
def test_every_id_of_64_bits_is_exact_as_number_and_as_text(number: int, write: Any) -> None:
    assert bet(Id=write(number)).id == number


@settings(deadline=None)
@given(st.integers(), st.sampled_from([int, str]))
def test_every_position_is_read_or_refused(position: int, write: Any) -> None:
    content = {"Events": [{"FixtureId": 7, "Fixture": {"Participants": [{"Id": 1, "Position": write(position)}]}}]}
    if -(2**63) <= position < 2**63:
        fixture = decode(body(1, content)).events[0].fixture
        assert fixture is not None
        assert [participant.position for participant in fixture.participants or ()] == [position]
    else:
        assert "Participants[0].Position" in trouble(body(1, content))[1]


QUICK_VALUES = st.fixed_dictionaries(
    {"Id": st.integers(-(2**63), 2**63 - 1)},
    optional={
        "Name": st.text(),
        "Status": st.integers(0, 9) | st.integers(0, 9).map(str),
        "Price": st.decimals(0, 10**6, places=4).map(str) | st.integers(0, 500) | st.just(""),
        "Probability": st.floats(-1, 1, allow_nan=False),
        "LastUpdate": st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.isoformat() + "Z"),  # noqa: DTZ001
        "Order": st.none() | st.integers(0, 30),
    },
)


@settings(deadline=None)
@given(st.lists(QUICK_VALUES, max_size=4))
def test_the_quick_way_and_the_patient_way_read_the_same(bets: list[dict[str, Any]]) -> None:
    message = body(3, {"Events": [{"FixtureId": 7, "Markets": [{"Id": 1, "Bets": bets}]}]}, ServerTimestamp=1546570030)

    assert plain(decode(message)) == plain(patiently(message))


def patiently(message: bytes) -> Message:
    set_aside: list[SetAside] = []
    envelope = coerce(read_plain(message, DEFAULT_LIMITS), Envelope, set_aside=set_aside)
    return assemble.message(envelope, json_dialect(envelope), set_aside)
