"""From the bytes that LSports sends, through the loop, to what REST answers: nothing is lost on the way."""

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from feed.ingest.loop import Ingest
from feed.models import FeedSource
from feed.wire.fields.bet_extra import contradicting
from tests.api_documents import schema_validator
from tests.feed_messages import NOON, ListTransport, message
from tests.stream_client import make_token
from tests.test_wire_left_out import BET, BOOK, FIXTURE, MARKET

pytestmark = pytest.mark.django_db
Answer = Callable[..., dict[str, Any]]

SHIRT = {"primary": "red", "number": "white", "outline": "black"}
FIGURES = {"Volume": 1200.50, "Liquidity": "80", "StartDate": "2026-11-20T12:00:00", "EndDate": "2026-11-21T12:00:00Z"}
ANSWERED = {"volume": "1200.5", "liquidity": "80", "start_at": "2026-11-20T12:00:00Z", "end_at": "2026-11-21T12:00:00Z"}
VOLUME = {"volume": "7", "liquidity": None, "start_at": None, "end_at": None}


@pytest.fixture
def source() -> FeedSource:
    return FeedSource.objects.create(name="Meadow in-play", kind=FeedSource.Kind.QUEUE)


@pytest.fixture
def answer(source: FeedSource) -> Answer:
    """The state of fixture 7 after these messages, each in a batch of its own."""
    program = Client(headers={"authorization": f"Bearer {make_token()[1]}"})

    def state(*bodies: bytes) -> dict[str, Any]:
        for body in bodies:
            Ingest(ListTransport([body]), source).run()
        found = program.get("/api/v1/fixtures/7/").json()
        schema_validator("State").validate(found)
        return found

    return state


def market_message(second: int = 0, **fields: Any) -> bytes:
    event = {"FixtureId": 7, "Markets": [MARKET | fields]}
    return message(3, {"Events": [event]}, sent_at=NOON + timedelta(seconds=second), seq=second + 1)


def calculated(state: dict[str, Any]) -> Any:
    return state["markets"]["2"]["providers"]["0"]["bets"]["1"]


def test_who_takes_part_and_where_is_told_as_it_came(answer: Answer):
    state = answer(message(1, {"Events": [{"FixtureId": 7, "Fixture": FIXTURE}]}))
    (side,) = state["participants"]
    assert (side["gender"], side["age_category"], side["type"], side["rotation_id"]) == (1, 0, 1, 12)
    assert (side["form"], side["formation"], side["is_active"]) == ("WWL", "4-4-2", True)
    assert (side["shirt"], side["goalkeeper_shirt"]) == (SHIRT, SHIRT)
    (player,) = side["line_up"]
    assert (player["team_id"], player["nationality_id"], player["national_team_id"]) == (2, 3, 4)
    assert (player["birth_date"], player["type"], player["state"]["id"], player["position"]["id"]) == (
        "1999-01-02",
        0,
        2,
        3,
    )
    venue = state["venue"]
    assert (venue["court_surface_type"], venue["environment"], venue["assignment"]) == ("Hard", "Indoors", "Neutral")
    assert (venue["capacity"], venue["attendance"], venue["city"]["name"]) == (50_000, 40_000, "C")
    assert state["subscription"] == {"type": 1, "status": 1}


def test_prediction_data_is_told_with_the_market_the_bookmaker_and_the_bet(answer: Answer):
    book = BOOK | {"PredictionData": {"Volume": 7}, "Bets": [BET | {"PredictionData": FIGURES}]}
    state = answer(market_message(PredictionData={"Volume": "31.250"}, ProviderMarkets=[book]))
    market = state["markets"]["2"]
    assert market["prediction"] == VOLUME | {"volume": "31.25"}
    assert market["providers"]["8"]["prediction"] == VOLUME
    assert market["providers"]["8"]["bets"]["1"]["prediction"] == ANSWERED
    assert calculated(state)["prediction"] is None


def test_the_newest_prediction_data_counts_and_what_does_not_speak_of_it_leaves_it(answer: Answer):
    newest = market_message(9, PredictionData={"Volume": 9})
    state = answer(newest, market_message(5, PredictionData={"Volume": 5}), market_message(12))
    assert state["markets"]["2"]["prediction"]["volume"] == "9"


def test_prediction_data_that_cannot_be_read_costs_nothing_else(answer: Answer):
    odd = BET | {"PredictionData": {"Volume": "plenty", "Liquidity": 3}}
    bet = calculated(answer(market_message(Bets=[odd], PredictionData="none")))
    assert (bet["price"], bet["prediction"]["volume"], bet["prediction"]["liquidity"]) == ("1.9", None, "3")


def test_a_calculated_bet_is_told_with_its_probability_and_margin(answer: Answer):
    bet = calculated(answer(market_message()))
    assert (bet["probability"], bet["calculated_margin"]) == (0.5, 3.2)


def test_the_same_price_in_other_notations_is_not_told_twice(answer: Answer):
    malay, american = BET | {"PriceMA": "0.9"}, BET | {"PriceUS": "-111"}
    assert calculated(answer(market_message(Bets=[malay | american])))["other_prices"] is None


def test_another_price_in_another_notation_is_told_beside_it_until_it_is_right(answer: Answer):
    odd = market_message(Bets=[BET | {"PriceUS": "-135", "PriceUK": "evens"}])
    prices = calculated(answer(odd))["other_prices"]
    assert {name: text for name, text in prices.items() if text} == {"american": "-135", "fractional": "evens"}
    right = market_message(1, Bets=[BET | {"LastUpdate": "2026-11-20T12:00:01Z"}])
    assert calculated(answer(right))["other_prices"] is None


@pytest.mark.parametrize(
    "prices",
    [
        ("2", "100", "1/1", "1", "1", "1"),
        ("2", "-100", "Evens", "1", "-1", "-1"),
        ("1.53", "-189", "8/15", "0.53", "0.53", "-1.89"),
        ("1.01", "-10000", "1/100", "0.01", "0.01", "-100"),
        ("34", "3300", "33/1", "33", "-0.0303", "33"),
        ("501", "50000", "500/1", "500", "-0.002", "500"),
        ("1", "1", None, "1.00", None, ""),
    ],
)
def test_the_nearest_number_of_a_notation_is_the_price(prices: tuple[str, ...]):
    price, *others = prices
    odd = [name for name, _ in contradicting(Decimal(price), *others)]
    assert odd == (["fractional"] if "Evens" in prices else [])


@pytest.mark.parametrize("text", ["", "nan", "inf", "-inf", "1/0", "1e999", "0/0", "--1", "x" * 50_000, "1,5", "½"])
def test_whatever_stands_in_another_notation_the_bet_is_stored(answer: Answer, text: str):
    odd = dict.fromkeys(("PriceIN", "PriceUS", "PriceUK", "PriceMA", "PriceHK"), text)
    bet = calculated(answer(market_message(Bets=[BET | odd])))
    assert (bet["price"], bet["open"], bet["other_prices"] is None) == ("1.9", bet["open"], not text)


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ([{"Name": "Sport", "Value": "6046"}, {"Name": "Note", "Value": None}], {"Sport": "6046", "Note": ""}),
        ({"Name": "Sport", "Value": 1}, {"Sport": "1"}),
        ("as text", {"": "as text"}),
        ([], None),
        (None, None),
    ],
)
def test_what_a_keep_alive_says_beside_its_fixtures_is_kept_with_them(source: FeedSource, sent: Any, stored: Any):
    Ingest(ListTransport([message(31, {"KeepAlive": {"ActiveEvents": [7], "ExtraData": sent}})]), source).run()
    source.refresh_from_db()
    assert source.active_fixtures == [7]
    assert source.keep_alives["0"].get("extra_data") == stored
    assert json.dumps(source.keep_alives)
