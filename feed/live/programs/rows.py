"""Rows as JSON for programs: one function for each kind. Absent things are null; bet ids and prices are strings."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from feed.codes.venues import venue_word
from feed.models import (
    Bet,
    Competition,
    Fixture,
    Incident,
    League,
    Market,
    Participant,
    Period,
    PlayerStatistic,
    Scoreboard,
    Statistic,
)
from feed.models.market import CALCULATED
from feed.pages.prices.odds import NOTATIONS, exact_text
from feed.vouching.market import MarketVouching

from .labels import coded, label, line_up, listed, picked, shirt, sub_period

VENUE = ("id", "name", "capacity", "attendance", "court_surface_type", "environment", "assignment")
PLACES = ("country", "state", "city")
LEAGUE_NUMBERS = ("age_category", "gender", "type", "number_of_periods")
PREDICTION = ("volume", "liquidity", "start_at", "end_at")
OTHER_NOTATIONS = tuple(name for name in NOTATIONS if name != "decimal")
INCIDENT_PLAYER = ("id", "name", "item")


def fixture_json(fixture: Fixture) -> dict[str, Any]:
    details = fixture.details
    return {
        "kind": fixture.kind,
        "name": fixture.name or None,
        "sport": named(fixture.sport),
        "location": named(fixture.location),
        "league": league_json(fixture.league),
        "competition": competition_json(fixture.competition),
        "start_at": iso(fixture.start_at),
        "end_at": iso(fixture.end_at),
        "status": fixture.status,
        "venue": venue_json(details.get("venue")),
        **{name: label(details.get(name)) for name in ("stage", "round", "season")},
        "subscription": picked(details.get("subscription"), ("type", "status")),
        "external_fixture_id": fixture.external_fixture_id or None,
        "extra_data": fixture.extra_data,
        "last_update": iso(fixture.last_update),
    }


def named(row: Any) -> dict[str, Any] | None:
    return {"id": row.pk, "name": row.name} if row is not None else None


def league_json(row: League | None) -> dict[str, Any] | None:
    if row is None:
        return None
    numbers = {name: row.details.get(name) for name in LEAGUE_NUMBERS}
    labels = {name: label(row.details.get(name)) for name in ("tour", "sport_category")}
    return {"id": row.pk, "name": row.name, **numbers, **labels}


def competition_json(row: Competition | None) -> dict[str, Any] | None:
    """The node of the outrights' tree that the fixture hangs on; `path` are the ids from the root down to it."""
    if row is None:
        return None
    path = [int(word) for word in row.path.split("/")]
    return {"id": row.competition_id, "name": row.name, "type": row.type, "path": path}


def venue_json(venue: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if venue is None:
        return None
    return {
        **{name: venue_word(name, venue.get(name)) for name in VENUE},
        **{name: label(venue.get(name)) for name in PLACES},
    }


def iso(moment: datetime | None) -> str | None:
    """ "2026-11-21T19:45:00.123456Z", or None."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def participant_json(row: Participant) -> dict[str, Any]:
    details = row.details
    return {
        "id": row.participant_id,
        "name": row.name,
        "position": row.position,
        "rotation_id": row.rotation_id,
        "is_active": row.is_active,
        "result": row.result or None,
        **{name: details.get(name) for name in ("form", "formation", "gender", "age_category", "type")},
        "shirt": shirt(details.get("shirt_color")),
        "goalkeeper_shirt": shirt(details.get("goal_keeper_shirt_color")),
        "line_up": line_up(details.get("fixture_players", ())),
        "extra_data": row.extra_data,
    }


def scoreboard_json(row: Scoreboard) -> dict[str, Any]:
    return {
        "status": row.status,
        "description": row.description,
        "current_period": row.current_period,
        "time": row.time,
        "clock": {"status": row.clock_status, "seconds": row.clock_seconds} if row.clock_status is not None else None,
        "scores": row.scores,
        "current_incident": picked(row.current_incident, ("id", "name", "confirmation", "last_update")),
        "danger_triggers": listed(row.danger_triggers, ("type", "status", "last_update")),
        "extra_data": row.extra_data,
        "corrected_from": row.corrected_from,
        "corrected_at": iso(row.corrected_at),
        "sent_at": iso(row.sent_at),
        "revision": row.revision,
    }


def period_json(row: Period) -> dict[str, Any]:
    return {
        "type": row.type,
        "is_finished": row.is_finished,
        "is_confirmed": row.is_confirmed,
        "sequence": row.sequence,
        "scores": row.scores,
        "sub_periods": [sub_period(part) for part in row.sub_periods],
        "revision": row.revision,
    }


def incident_json(row: Incident) -> dict[str, Any]:
    return {
        "of": row.parent,
        "of_type": row.parent_type,
        "ordinal": row.ordinal,
        "period": row.period,
        "type": row.type,
        "seconds": row.seconds,
        "position": row.position,
        "player_id": row.player_id or None,
        "player_name": row.player_name or None,
        "players": listed(row.players, INCIDENT_PLAYER),
        "scores": row.scores,
        "name": row.name or None,
        "kind": row.kind or None,
        "state": row.state or None,
        "confidence": row.confidence,
        "is_cancelled": row.is_cancelled,
        "is_retraction": row.is_retraction,
        "sent_at": iso(row.sent_at),
        "revision": row.revision,
    }


def statistic_json(row: Statistic) -> dict[str, Any]:
    return {"type": row.type, "values": row.values, "revision": row.revision}


def player_json(row: PlayerStatistic) -> dict[str, Any]:
    return {
        "player_id": row.player_id,
        "player_name": row.player_name or None,
        "team_id": row.team_id,
        "has_played": row.has_played,
        "values": {kind: coded(value) for kind, value in row.values.items()},
        "revision": row.revision,
    }


def market_json(
    market: Market, bets: Iterable[Bet], providers: Mapping[int, str], vouching: MarketVouching, since: int
) -> dict[str, Any]:
    """A market with its bets under the provider that offers them; provider 0 is LSports' own calculated price."""
    predictions = {int(pk): figures for pk, figures in decoded(market.prediction).items()}
    offered: dict[int, dict[str, Any]] = {pk: {} for pk in predictions if pk != CALCULATED}
    for bet in bets:
        reasons = vouching.closed_because(bet)
        openness = {"open": not reasons, "closed_because": reasons}
        is_newer = bet.revision > since
        offered.setdefault(bet.provider_id, {})[str(bet.bet_id)] = bet_json(bet) | openness if is_newer else openness
    return {
        "name": market.name,
        "main_line": market.main_line or None,
        "status": market.status,
        "prediction": picked(predictions.get(CALCULATED), PREDICTION),
        "revision": market.revision,
        "providers": {
            str(pk): {
                "name": providers.get(pk),
                "prediction": picked(predictions.get(pk), PREDICTION) if pk != CALCULATED else None,
                "bets": members,
            }
            for pk, members in offered.items()
        },
    }


def bet_json(bet: Bet) -> dict[str, Any]:
    """A bet; `source` is the id of the source that vouches for it while it is up."""
    extra = decoded(bet.extra)
    return {
        "name": bet.name,
        "line": bet.line or None,
        "base_line": bet.base_line or None,
        "status": bet.status,
        "start_price": exact_text(bet.start_price),
        "price": exact_text(bet.price),
        "lay_price": exact_text(bet.lay_price),
        "price_volume": exact_text(bet.price_volume),
        "lay_price_volume": exact_text(bet.lay_price_volume),
        "other_prices": picked(extra.get("prices"), OTHER_NOTATIONS),
        "prediction": picked(extra.get("prediction"), PREDICTION),
        "settlement": bet.settlement,
        "suspension_reason": bet.suspension_reason,
        "probability": bet.probability,
        "calculated_margin": bet.calculated_margin,
        "provider_bet_id": bet.provider_bet_id or None,
        "participant_id": bet.participant_id,
        "player_id": bet.player_id or None,
        "player_name": bet.player_name or None,
        "last_update": iso(bet.last_update),
        "source": bet.source_id,
        "revision": bet.revision,
    }


def decoded(text: str) -> dict[str, Any]:
    """What a row has as JSON; most rows have an empty text."""
    return msgspec.json.decode(text) if text else {}
