"""All that the simulated supplier tells beside scores and prices arrives: who plays and where, statuses, exchanges."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from feed.codes import BetStatus
from feed.ingest.loop import Ingest
from feed.models import FeedSource, ProviderMarket, UnknownCode
from feed.models import Market as MarketModel
from sandbox.bookmakers import EXCHANGE, PREDICTION_MARKET, WELL_SPOKEN
from sandbox.coverage import Coverage
from sandbox.dialects.fixture_bodies import LINED_UP, fixture_event
from sandbox.dialects.match_bodies import has_status
from sandbox.match import Match
from sandbox.supplier import Supplier
from tests.feed_messages import ListTransport
from tests.stream_client import make_token

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(180)]
#: LSports' calculated bets, among the bookmakers.
OWN = "0"
START = datetime(2026, 1, 10, 15, tzinfo=UTC)


@pytest.fixture
def supplier() -> Supplier:
    """After ten seconds at sixty times the pace, whose messages are in the database."""
    found = Supplier(seed=11, fixtures=14, start=START, speed=60.0, bookmakers=10)
    bodies = [outgoing.body for outgoing in found.advance(START + timedelta(seconds=10))]
    source = FeedSource.objects.create(name="simulated", kind=FeedSource.Kind.SANDBOX)
    Ingest(ListTransport(bodies), source).run()
    return found


def matches(supplier: Supplier) -> list[Coverage]:
    return [one for one in supplier.coverages.values() if one.is_announced and isinstance(one.contest, Match)]


def state(fixture_id: int, program: Client) -> Any:
    return program.get(f"/api/v1/fixtures/{fixture_id}/").json()


@pytest.fixture
def program() -> Client:
    return Client(headers={"authorization": f"Bearer {make_token()[1]}"})


def named(part: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if part is None else {"id": part["Id"], "name": part["Name"]}


def shirt(worn: dict[str, str] | None) -> dict[str, str] | None:
    return None if worn is None else {name.lower(): colour for name, colour in worn.items()}


def test_who_plays_and_where_is_served_as_it_was_told(supplier: Supplier, program: Client):
    line_ups = grounds = 0
    for one in matches(supplier):
        sent = fixture_event(one.contest.card, one.contest.status, 1)["Fixture"]
        served = state(one.fixture_id, program)
        for label in ("Stage", "Round", "Season"):
            assert served[label.lower()] == named(sent.get(label))
        assert served["league"]["tour"] == named(sent["League"].get("Tour"))
        assert served["league"]["sport_category"] == named(sent["League"].get("SportCategory"))
        assert served["external_fixture_id"] == sent.get("ExternalFixtureId")
        assert served["league"]["age_category"] == sent["League"]["AgeCategory"]
        ground = sent.get("Venue")
        assert (served["venue"] is None) is (ground is None)
        if ground is not None:
            grounds += 1
            assert served["venue"]["attendance"] == ground.get("Attendance")
            assert served["venue"]["state"] == named(ground.get("State"))
            assert (served["venue"]["court_surface_type"] is None) is ("CourtSurfaceType" not in ground)
        for side, sent_side in zip(served["participants"], sent["Participants"], strict=True):
            line_ups += bool(side["line_up"])
            assert side["form"] == sent_side["Form"]
            assert side["formation"] == sent_side.get("Formation")
            assert side["rotation_id"] == sent_side.get("RotationId")
            assert (side["gender"], side["age_category"]) == (sent_side["Gender"], sent_side["AgeCategory"])
            assert side["shirt"] == shirt(sent_side.get("ShirtColor"))
            assert side["goalkeeper_shirt"] == shirt(sent_side.get("GoalKeeperShirtColor"))
            players = [(str(row["PlayerId"]), row["Player"]["Name"]) for row in sent_side.get("FixturePlayers", ())]
            assert [(row["player_id"], row["name"]) for row in side["line_up"]] == players
    assert line_ups > 4
    assert grounds > 1
    assert not UnknownCode.objects.exists()


def test_line_ups_come_when_a_match_is_about_to_start(supplier: Supplier, program: Client):
    for one in matches(supplier):
        has_squad = bool(one.contest.card.sides[0].players)
        (home, _) = state(one.fixture_id, program)["participants"]
        assert bool(home["line_up"]) is (has_squad and one.contest.status in LINED_UP)


def test_the_statuses_of_markets_are_what_the_supplier_has(supplier: Supplier):
    """A market's own status closes its prices; so one that were wrong would take open bets off."""
    seen = set()
    for one in supplier.coverages.values():
        if not one.is_announced:
            continue
        for moves in one.offer.everything(settled=True):
            row = MarketModel.objects.get(fixture_id=one.fixture_id, market_id=moves.market.id)
            assert row.status == (moves.status() if has_status(one.contest) else None)
            seen.add(row.status)
            books = ProviderMarket.objects.filter(fixture_id=one.fixture_id, market_id=moves.market.id)
            for book in books:
                has_own = book.provider_id % 2 == 1
                assert book.status == (moves.status(book.provider_id) if has_own else None)
    assert seen >= {None, BetStatus.OPEN, BetStatus.SUSPENDED}


def test_an_exchange_and_a_prediction_market_are_served(supplier: Supplier, program: Client):
    laid = predicted = 0
    for one in matches(supplier):
        for market in state(one.fixture_id, program)["markets"].values():
            for book, offered in market["providers"].items():
                for bet in offered["bets"].values():
                    open_exchange = book == str(EXCHANGE) and bet["status"] != BetStatus.SETTLED
                    assert (bet["lay_price"] is not None) is open_exchange
                    assert (bet["lay_price_volume"] is not None) is open_exchange
                    is_laid = bet["price_volume"] is not None
                    assert is_laid is (open_exchange or (book == OWN and bet["status"] != BetStatus.SETTLED))
                    assert (bet["prediction"] is not None) is (book in (str(PREDICTION_MARKET), OWN))
                    assert (bet["probability"] is not None) is (book in (str(WELL_SPOKEN), OWN))
                    laid, predicted = laid + open_exchange, predicted + (bet["prediction"] is not None)
    assert min(laid, predicted) > 10


def test_substitutions_name_who_leaves_and_who_comes(supplier: Supplier, program: Client):
    changes = [
        incident["players"]
        for one in matches(supplier)
        for incident in state(one.fixture_id, program)["incidents"]
        if incident["players"]
    ]
    assert changes
    for players in changes:
        assert [player["item"] for player in players] == [1, 2]
        assert all(player["name"] for player in players)


def test_what_a_keep_alive_says_beside_its_fixtures_is_kept(supplier: Supplier):
    (source,) = FeedSource.objects.all()
    (newest,) = source.keep_alives.values()
    assert newest["extra_data"] == {"ActiveEventsCount": str(len(newest["fixtures"]))}
