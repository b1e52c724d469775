"""Structs made fit for the rest of the desk, in place: their times, prices and other fractions."""

from datetime import UTC
from typing import Any

from feed.codes import BetStatus
from feed.wire.errors import DecodeError
from feed.wire.messages import (
    Bet,
    Fixture,
    Incident,
    IncidentPlayer,
    Livescore,
    Market,
    Period,
    PlayerPair,
    PredictionData,
    ProviderMarket,
    Statistic,
)

from .values import FIRST_YEAR, price, utc

SETTLED = int(BetStatus.SETTLED)
#: Statuses that close no bet, beside which a settlement counts.
NOT_CLOSED = frozenset({None, int(BetStatus.OPEN)})


def fixture(found: Fixture | None) -> Fixture | None:
    """Its times in UTC."""
    if found is not None:
        found.start_date = utc(found.start_date)
        found.end_date = utc(found.end_date)
        found.last_update = utc(found.last_update)
    return found


def livescore(found: Livescore | None, bare: list[Any]) -> Livescore | None:
    """The few times that it has in UTC, its players under texts and in lists; `bare` gets players without a name."""
    if found is not None:
        for period in found.periods or ():
            _incidents(period, bare)
        for statistic in found.statistics or ():
            if statistic.incidents:
                _incidents(statistic, bare)
        for player in found.player_statistics or ():
            player.player_id = str(player.player_id)
        if found.current_incident is not None:
            found.current_incident.last_update = utc(found.current_incident.last_update)
        for trigger in found.danger_triggers or ():
            trigger.last_update = utc(trigger.last_update)
    return found


def _incidents(parent: Period | Statistic, bare: list[Any]) -> None:
    incident: Incident
    for incident in parent.incidents or ():
        if incident.player_id is not None:
            incident.player_id = str(incident.player_id)
        if incident.players:
            incident.players = _players(incident.players, bare)
    if isinstance(parent, Period):
        for sub_period in parent.sub_periods or ():
            _incidents(sub_period, bare)


def _players(found: list[IncidentPlayer] | PlayerPair, bare: list[Any]) -> list[IncidentPlayer]:
    """The players in one list, each with `item` where LSports sent a pair of lists."""
    found = [player for part in _listed(found) for player in _of_pair(part)]
    for player in found:
        identity = player.id if player.id is not None else player.player_id
        player.id, player.player_id = None if identity is None else str(identity), None
        player.name, player.player_name = player.name if player.name is not None else player.player_name, None
        if player.id is None and player.name is None:
            bare.append(player)
    return found


def _of_pair(found: IncidentPlayer | PlayerPair) -> list[IncidentPlayer]:
    """The players of a pair, of which lists have one or several too; any other player alone."""
    if found.item1 is None and found.item2 is None:
        return [found] if isinstance(found, IncidentPlayer) else []
    items = [(1, _listed(found.item1)), (2, _listed(found.item2))]
    for number, players in items:
        for player in players:
            player.item = number
    return [player for _, players in items for player in players]


def _listed(found: Any) -> list[Any]:
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def market(found: Market, bare: list[Any]) -> Market:
    """All of its bets normalised, LSports' own and those of each bookmaker; `bare` gets those that say too little."""
    prediction(found.prediction_data)
    if found.bets:
        _bets(found.bets, bare)
    for provider in found.provider_markets or ():
        _provider_market(provider, bare)
    return found


def _provider_market(found: ProviderMarket, bare: list[Any]) -> None:
    found.last_update = utc(found.last_update)
    prediction(found.prediction_data)
    if found.market_status is None:
        found.market_status = found.status
    if found.bets:
        _bets(found.bets, bare)


def prediction(found: PredictionData | None) -> None:
    """Its figures as numbers that rows can keep, its times in UTC."""
    if found is not None:
        given: Any = found
        given.volume = None if found.volume is None else price(found.volume)
        given.liquidity = None if found.liquidity is None else price(found.liquidity)
        found.start_date, found.end_date = utc(found.start_date), utc(found.end_date)


def _bets(found: list[Bet], bare: list[Any]) -> None:
    """Normalise each bet. This loop decides how fast markets are read, so it looks before it calls."""
    bet: Any
    for bet in found:
        at, written, status = bet.last_update, bet.price, bet.status
        try:
            if at is not None and (at.tzinfo is not UTC or at.year < FIRST_YEAR):
                bet.last_update = utc(at)
            if written is not None:
                bet.price = written = price(written)
            if bet.settlement and status in NOT_CLOSED:  # nothing that was settled is on offer
                bet.status = SETTLED
            if status is None or (written is None and status != SETTLED):
                bare.append(bet)
            if (written := bet.start_price) is not None:
                bet.start_price = price(written)
            if (written := bet.lay_price) is not None:
                bet.lay_price = price(written)
            if (written := bet.price_volume) is not None:
                bet.price_volume = price(written)
            if (written := bet.lay_price_volume) is not None:
                bet.lay_price_volume = price(written)
            if (player := bet.player_id) is not None:
                bet.player_id = str(player)
            if bet.prediction_data is not None:
                prediction(bet.prediction_data)
        except DecodeError as error:
            raise DecodeError(error.kind, f"bet {bet.id}: {error.reason}") from None
