"""The whole state of a fixture as JSON: what REST answers and what subscribers get first."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from .models import Bet, Fixture, Incident, Market, Participant, Period, Scoreboard, Statistic
from .pages.odds import exact_text
from .pages.reading import Reading


def fixture_state(reading: Reading, fixture_id: int) -> dict[str, Any]:
    """Everything of a fixture at its revision. Absent things are null; positions are keys: {"1": "2", "2": "0"}."""
    fixture = reading.fixtures[fixture_id]
    scoreboard = getattr(fixture, "scoreboard", None)
    return {
        "id": fixture.pk,
        "revision": fixture.revision,
        **fixture_json(fixture),
        "participants": [participant_json(row) for row in reading.participants.get(fixture_id, [])],
        "scoreboard": scoreboard_json(scoreboard) if scoreboard else None,
        "periods": [period_json(row) for row in reading.periods.get(fixture_id, [])],
        "incidents": [incident_json(row) for row in reading.incidents.get(fixture_id, [])],
        "statistics": [statistic_json(row) for row in reading.statistics.get(fixture_id, [])],
        "markets": [
            market_json(market, reading.bets.get((fixture_id, market.market_id), []), reading.providers)
            for market in reading.markets.get(fixture_id, {}).values()
        ],
    }


def fixture_json(fixture: Fixture) -> dict[str, Any]:
    return {
        "kind": fixture.kind,
        "name": fixture.name or None,
        "sport": named(fixture.sport),
        "location": named(fixture.location),
        "league": named(fixture.league),
        "start_at": iso(fixture.start_at),
        "status": fixture.status,
        "external_fixture_id": fixture.external_fixture_id or None,
        "extra_data": fixture.extra_data,
        "last_update": iso(fixture.last_update),
        "sent_at": iso(fixture.sent_at),
        "received_at": iso(fixture.received_at),
        "stored_at": iso(fixture.stored_at),
    }


def named(row: Any) -> dict[str, Any] | None:
    return {"id": row.pk, "name": row.name} if row is not None else None


def iso(moment: datetime | None) -> str | None:
    """ "2026-11-21T19:45:00.123456Z", or None."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def participant_json(row: Participant) -> dict[str, Any]:
    return {
        "id": row.participant_id,
        "name": row.name,
        "position": row.position,
        "rotation_id": row.rotation_id,
        "is_active": row.is_active,
        "result": row.result or None,
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
        "scores": row.scores,
        "sub_periods": row.sub_periods,
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
        "player_id": row.player_id,
        "player_name": row.player_name or None,
        "scores": row.scores,
        "name": row.name or None,
        "confidence": row.confidence,
        "is_cancelled": row.is_cancelled,
        "revision": row.revision,
    }


def statistic_json(row: Statistic) -> dict[str, Any]:
    return {"type": row.type, "values": row.values, "revision": row.revision}


def market_json(market: Market, bets: Iterable[Bet], providers: dict[int, str]) -> dict[str, Any]:
    """A market with its bets under the provider that offers them."""
    by_provider: dict[int, list[Bet]] = {}
    for bet in sorted(bets, key=lambda bet: (bet.provider_id, bet.bet_id)):
        by_provider.setdefault(bet.provider_id, []).append(bet)
    return {
        "id": market.market_id,
        "name": market.name,
        "main_line": market.main_line or None,
        "status": market.status,
        "revision": market.revision,
        "providers": [
            {"id": pk, "name": providers.get(pk), "bets": [bet_json(bet) for bet in offered]}
            for pk, offered in by_provider.items()
        ],
    }


def bet_json(bet: Bet) -> dict[str, Any]:
    return {
        "id": str(bet.bet_id),
        "name": bet.name,
        "line": bet.line or None,
        "base_line": bet.base_line or None,
        "status": bet.status,
        "start_price": exact_text(bet.start_price),
        "price": exact_text(bet.price),
        "lay_price": exact_text(bet.lay_price),
        "price_volume": exact_text(bet.price_volume),
        "lay_price_volume": exact_text(bet.lay_price_volume),
        "settlement": bet.settlement,
        "suspension_reason": bet.suspension_reason,
        "probability": bet.probability,
        "provider_bet_id": bet.provider_bet_id or None,
        "participant_id": bet.participant_id,
        "player_id": bet.player_id,
        "player_name": bet.player_name or None,
        "last_update": iso(bet.last_update),
        "revision": bet.revision,
    }
