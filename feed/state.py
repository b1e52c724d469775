"""The whole state of a fixture as JSON, and what changed of it: what REST answers and what programs are told.

A state is an object. A change is an object of the same shape that holds only what changed: it is merged into the state
by the one rule of `merged`. Bet ids and prices are strings, for a browser's numbers are not exact.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from .models import (
    Bet,
    Fixture,
    Incident,
    Market,
    Participant,
    Period,
    PlayerStatistic,
    Scoreboard,
    Statistic,
)
from .pages.odds import exact_text
from .pages.reading import Reading

#: Objects by id, which are merged member by member. Everything else is replaced whole.
BY_ID = frozenset({"markets", "providers", "bets"})


class Contents(NamedTuple):
    """Which parts of a fixture somebody is told, and the ids of which markets (None: all)."""

    scores: bool = True
    prices: bool = True
    markets: tuple[int, ...] | None = None

    def __str__(self) -> str:
        words = [word for word, is_told in (("scores", self.scores), ("prices", self.prices)) if is_told]
        if self.markets is not None:
            words.append(f"markets={','.join(map(str, self.markets))}")
        return "+".join(words)


EVERYTHING = Contents()
#: What the words that people and programs use for contents stand for.
NAMED = {"all": {"scores", "prices"}, "scores": {"scores"}, "prices": {"prices"}}


def contents_named(asked: str, opened: str, markets: Iterable[int] | None = None) -> Contents | None:
    """What is both asked for and opened, each "all", "scores" or "prices"; None where that is nothing."""
    told = NAMED[asked] & NAMED[opened]
    chosen = tuple(sorted(set(markets))) if markets is not None and "prices" in told else None
    return Contents("scores" in told, "prices" in told, chosen) if told else None


def fixture_state(reading: Reading, fixture_id: int, contents: Contents = EVERYTHING) -> dict[str, Any]:
    """Everything of a fixture. Absent things are null; positions are keys: {"1": "2", "2": "0"}."""
    return fixture_change(reading, fixture_id, -1, contents)


def fixture_change(reading: Reading, fixture_id: int, since: int, contents: Contents = EVERYTHING) -> dict[str, Any]:
    """What is at a higher revision than `since`. `at` is of the newest change of anything of the fixture."""
    fixture = reading.fixtures[fixture_id]
    change: dict[str, Any] = {
        "id": fixture.pk,
        "revision": revision_of(reading, fixture_id, contents),
        "at": {name: iso(getattr(fixture, f"{name}_at")) for name in ("sent", "received", "stored")},
    }
    if fixture.fixture_revision > since:
        participants = [participant_json(row) for row in reading.participants.get(fixture_id, [])]
        change |= {**fixture_json(fixture), "participants": participants}
    if contents.scores:
        change |= scores_change(reading, fixture, since)
    if contents.prices and fixture.markets_revision > since:
        change["markets"] = markets_change(reading, fixture_id, since, contents)
    return change


def revision_of(reading: Reading, fixture_id: int, contents: Contents) -> int:
    """The revision of the newest change of what `contents` tells.

    Markets are read after their fixture and may be newer; what they bring is then told again with the next revision.
    """
    fixture = reading.fixtures[fixture_id]
    revisions = [fixture.fixture_revision]
    if contents.scores:
        revisions += [
            fixture.scoreboard_revision,
            fixture.periods_revision,
            fixture.incidents_revision,
            fixture.statistics_revision,
        ]
    if contents.prices and contents.markets is None:
        revisions.append(fixture.markets_revision)
    if contents.prices and contents.markets is not None:
        mine = reading.markets.get(fixture_id, {})
        newest = (mine[market_id].revision for market_id in contents.markets if market_id in mine)
        revisions += [min(revision, fixture.revision) for revision in newest]
    return max(revisions)


def scores_change(reading: Reading, fixture: Fixture, since: int) -> dict[str, Any]:
    """Scoreboard, periods, incidents and statistics: each whole where anything of it changed."""
    change: dict[str, Any] = {}
    if fixture.scoreboard_revision > since:
        scoreboard = getattr(fixture, "scoreboard", None)
        change["scoreboard"] = scoreboard_json(scoreboard) if scoreboard else None
    if fixture.periods_revision > since:
        change["periods"] = [period_json(row) for row in reading.periods.get(fixture.pk, [])]
    if fixture.incidents_revision > since:
        change["incidents"] = [incident_json(row) for row in reading.incidents.get(fixture.pk, [])]
    if fixture.statistics_revision > since:
        change["statistics"] = [statistic_json(row) for row in reading.statistics.get(fixture.pk, [])]
        change["player_statistics"] = [player_json(row) for row in reading.player_statistics.get(fixture.pk, [])]
    return change


def markets_change(reading: Reading, fixture_id: int, since: int, contents: Contents) -> dict[str, Any]:
    """The markets at a higher revision, each with its bets that are."""
    return {
        str(market_id): market_json(market, reading.bets.get((fixture_id, market_id), []), reading.providers, since)
        for market_id, market in reading.markets.get(fixture_id, {}).items()
        if market.revision > since and (contents.markets is None or market_id in contents.markets)
    }


def merged(state: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """The state after the change: what is under "markets", "providers" and "bets" merged by id, all else replaced."""
    after = {**state, **change}
    for key in BY_ID & change.keys() & state.keys():
        mine = state[key]
        after[key] = {**mine, **{pk: merged(mine.get(pk, {}), each) for pk, each in change[key].items()}}
    return after


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


def player_json(row: PlayerStatistic) -> dict[str, Any]:
    return {
        "player_id": row.player_id,
        "player_name": row.player_name or None,
        "team_id": row.team_id,
        "has_played": row.has_played,
        "values": row.values,
        "revision": row.revision,
    }


def market_json(market: Market, bets: Iterable[Bet], providers: Mapping[int, str], since: int) -> dict[str, Any]:
    """A market with its bets under the provider that offers them; provider 0 is LSports' own calculated price."""
    offered: dict[int, list[Bet]] = {}
    for bet in bets:
        if bet.revision > since:
            offered.setdefault(bet.provider_id, []).append(bet)
    return {
        "name": market.name,
        "main_line": market.main_line or None,
        "status": market.status,
        "revision": market.revision,
        "providers": {
            str(pk): {"name": providers.get(pk), "bets": {str(bet.bet_id): bet_json(bet) for bet in mine}}
            for pk, mine in offered.items()
        },
    }


def bet_json(bet: Bet) -> dict[str, Any]:
    """A bet; `source` is the id of the source that vouches for it while it is up."""
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
        "settlement": bet.settlement,
        "suspension_reason": bet.suspension_reason,
        "probability": bet.probability,
        "provider_bet_id": bet.provider_bet_id or None,
        "participant_id": bet.participant_id,
        "player_id": bet.player_id,
        "player_name": bet.player_name or None,
        "last_update": iso(bet.last_update),
        "source": bet.source_id,
        "revision": bet.revision,
    }
