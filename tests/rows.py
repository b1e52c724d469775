"""Builders of rows with defaults, for tests of what is shown: one football fixture in play unless told otherwise."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Permission, User
from django.db import transaction

from feed.models import Bet, FeedSource, Fixture, League, Location, Market, Participant, Provider, Scoreboard, Sport
from feed.vouching.source_health import Health
from feed.vouching.sources import SourceHealth, Vouching

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


def make_trader(name: str = "ann") -> User:
    """A user who may see the desk, whether or not a test has emptied the roles that the migrations made."""
    user = User.objects.create_user(name)
    user.user_permissions.add(Permission.objects.get(codename="view_fixture", content_type__app_label="feed"))
    return user


def make_source(name: str = "in-play", **fields: Any) -> FeedSource:
    defaults = {"kind": "queue", "state": "up", "state_since": NOW, "last_message_at": NOW}
    return FeedSource.objects.update_or_create(name=name, defaults={**defaults, **fields})[0]


def up_source(pk: int = 1, state: str = "up") -> Vouching:
    """One source in a state, of no database."""
    source = FeedSource(pk=pk, name="in-play")
    return Vouching((SourceHealth(source, Health(FeedSource.State(state), NOW)),))


@transaction.atomic
def make_fixture(pk: int = 7, home: str = "Northfield", away: str = "Southport", **fields: Any) -> Fixture:
    Sport.objects.get_or_create(id=6046, defaults={"name": "Football"})
    Location.objects.get_or_create(id=243, defaults={"name": "England"})
    League.objects.get_or_create(id=67, defaults={"name": "First League"})
    defaults = {"sport_id": 6046, "location_id": 243, "league_id": 67, "start_at": NOW, "status": 2, "revision": 1}
    fixture = Fixture.objects.create(pk=pk, **{**defaults, **fields})
    for position, name in enumerate((home, away), 1):
        Participant.objects.create(fixture=fixture, participant_id=pk * 10 + position, name=name, position=position)
    return fixture


def make_scoreboard(fixture: Fixture, home: str = "1", away: str = "0", **fields: Any) -> Scoreboard:
    defaults = {
        "status": 2,
        "current_period": 10,
        "time": 600,
        "scores": {"1": home, "2": away},
        "sent_at": NOW,
        "received_at": NOW,
    }
    return Scoreboard.objects.create(fixture=fixture, **{**defaults, **fields})


def make_market(fixture: Fixture, market_id: int = 1, name: str = "1X2", **fields: Any) -> Market:
    return Market.objects.create(fixture=fixture, market_id=market_id, name=name, **fields)


def make_bet(market: Market, name: str, price: str | None, provider_id: int = 8, **fields: Any) -> Bet:
    """Confirmed since its source's last break, unless `fields` say otherwise."""
    Provider.objects.get_or_create(id=provider_id, defaults={"name": f"Book {provider_id}"})
    number = Bet.objects.count()
    source = fields.get("source") or FeedSource.objects.first() or make_source()
    defaults = {
        "bet_id": 30713932524605000 + number,
        "status": 1,
        "price": Decimal(price) if price else None,
        "last_update": NOW,
        "received_at": NOW,
        "source": source,
        "epoch": source.epoch,
    }
    return Bet.objects.create(
        fixture_id=market.fixture_id,
        market_id=market.market_id,
        provider_id=provider_id,
        name=name,
        **{**defaults, **fields},
    )
