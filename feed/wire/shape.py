"""An envelope becomes a message: one event for each fixture, competition trees flattened into paths."""

from collections.abc import Iterator
from typing import cast

from msgspec import UNSET

from feed.codes import CompetitionType, MessageType, message_type_label

from . import tidy, values
from .envelope import Envelope, RawBody, RawCompetition, RawEvent, RawHeader, RawKeepAlive, RawMarket
from .errors import DecodeError
from .messages import (
    Competition,
    Dialect,
    Event,
    FixtureKind,
    Header,
    Heartbeat,
    KeepAlive,
    Market,
    Message,
)

#: Types of the old feed's HTTP answers and of its full event: known, and not read here.
NOT_READ = {0: "full event", 4: "leagues", 5: "sports", 6: "locations", 7: "markets", 8: "bookmakers"}
READ = frozenset(MessageType)
#: What an event is about where it does not say itself.
KIND_OF_TYPE: dict[int, FixtureKind] = {
    MessageType.OUTRIGHT_FIXTURE: FixtureKind.OUTRIGHT,
    MessageType.OUTRIGHT_SCORE: FixtureKind.OUTRIGHT,
    MessageType.OUTRIGHT_FIXTURE_MARKET: FixtureKind.OUTRIGHT,
    MessageType.OUTRIGHT_SETTLEMENT: FixtureKind.OUTRIGHT,
    MessageType.OUTRIGHT_LEAGUE_FIXTURE: FixtureKind.OUTRIGHT_LEAGUE,
    MessageType.OUTRIGHT_LEAGUE_MARKET: FixtureKind.OUTRIGHT_LEAGUE,
    MessageType.OUTRIGHT_LEAGUE_SETTLEMENT: FixtureKind.OUTRIGHT_LEAGUE,
}

Path = list[Competition]


def message(envelope: Envelope, dialect: Dialect) -> Message:
    """The message in an envelope. Raises DecodeError for a type that is not read and for a body that is not of it."""
    header = _header(envelope.header)
    shaped = Message(dialect=dialect, header=header, events=[])
    if header.type == MessageType.HEARTBEAT:
        shaped.heartbeat = _heartbeat(envelope)
    elif header.type == MessageType.KEEP_ALIVE:
        shaped.keep_alive = _keep_alive(envelope)
    else:
        shaped.events = [_event(raw, path, header.type) for raw, path in _events(envelope)]
    return shaped


def _header(raw: RawHeader) -> Header:
    if raw.type not in READ:
        name = f" ({NOT_READ[raw.type]})" if raw.type in NOT_READ else ""
        known = ", ".join(str(int(each)) for each in MessageType)
        raise DecodeError("type", f"messages of type {raw.type}{name} are not read; those read are {known}")
    return Header(
        type=raw.type,
        seq=raw.msg_seq if raw.msg_seq is not None else raw.msg_id,
        guid=raw.msg_guid,
        sent_at=values.epoch(raw.server_timestamp) if raw.server_timestamp else None,
        created_at=values.utc(raw.creation_date),
    )


def _heartbeat(envelope: Envelope) -> Heartbeat:
    body = envelope.body
    said = body.feed_interrupted if isinstance(body, RawBody) else None
    said = envelope.feed_interrupted if said is None else said
    named = said if isinstance(said, list) else [said or 0]
    return Heartbeat(feed_interrupted=[each for each in named if each])


def _keep_alive(envelope: Envelope) -> KeepAlive:
    """The active fixtures; an empty KeepAlive says that there are none (seed 002, Keep Alive)."""
    body = envelope.body
    if not isinstance(body, RawBody) or body.keep_alive is UNSET:
        raise DecodeError("shape", "a message of type 31 (keep alive) must have a Body with KeepAlive")
    said = body.keep_alive or RawKeepAlive()
    return KeepAlive(active_events=said.active_events or [], provider_id=said.provider_id)


def _events(envelope: Envelope) -> Iterator[tuple[RawEvent, Path]]:
    """Every event of the body with the competitions that lead to it."""
    body = envelope.body
    if isinstance(body, list):
        yield from _snapshot_events(body)
        return
    trees = _trees(body) if body is not None else []
    if body is None or (body.events is None and not trees):
        name = f"type {envelope.header.type} ({message_type_label(envelope.header.type).lower()})"
        raise DecodeError("shape", f"a message of {name} must have a Body with Events or a Competition")
    yield from _of_fixtures(body.events or [], [], "Body.Events[{}]")
    yield from _below(trees, [])


def _snapshot_events(body: list[RawEvent]) -> Iterator[tuple[RawEvent, Path]]:
    """The elements of a Body that is an array: events, or competition trees."""
    for index, raw in enumerate(body):
        trees = _trees(raw)
        if raw.fixture_id is not None:
            yield raw, []
        elif not trees:
            raise DecodeError("shape", f"Body[{index}] has neither a FixtureId nor a Competition")
        yield from _below(trees, [])


def _of_fixtures(events: list[RawEvent], path: Path, place: str) -> Iterator[tuple[RawEvent, Path]]:
    for index, raw in enumerate(events):
        if raw.fixture_id is None:
            raise DecodeError("shape", f"{place.format(index)} has no FixtureId")
        yield raw, path


def _trees(holder: RawBody | RawEvent) -> list[RawCompetition]:
    competition = holder.competition
    roots = competition if isinstance(competition, list) else [competition] if competition is not None else []
    return [*roots, *(holder.competitions or ())]


def _below(nodes: list[RawCompetition], above: Path) -> Iterator[tuple[RawEvent, Path]]:
    for node in nodes:
        path = [*above, _step(node)]
        yield from _of_fixtures(node.events or [], path, f"event {{}} of competition {node.id}")
        yield from _below(node.competitions or [], path)


def _step(node: RawCompetition) -> Competition:
    return Competition(
        id=node.id, name=node.name, type=node.type, next_fixture_start_time=values.utc(node.next_fixture_start_time)
    )


def _event(raw: RawEvent, path: Path, message_type: int) -> Event:
    return Event(
        fixture_id=cast(int, raw.fixture_id),
        kind=_kind(raw, path, message_type),
        fixture_name=raw.fixture_name,
        fixture=tidy.fixture(raw.fixture or raw.outright_fixture or raw.outright_league),
        livescore=tidy.livescore(raw.livescore),
        markets=None if raw.markets is None else [_market(each) for each in raw.markets],
        outright_score=raw.outright_score,
        competitions=path or None,
    )


def _kind(raw: RawEvent, path: Path, message_type: int) -> FixtureKind:
    if raw.outright_fixture is not None or raw.outright_score is not None:
        return FixtureKind.OUTRIGHT
    if raw.outright_league is not None:
        return FixtureKind.OUTRIGHT_LEAGUE
    if message_type in KIND_OF_TYPE:
        return KIND_OF_TYPE[message_type]
    if path:
        is_of_season = path[-1].type == CompetitionType.SEASON
        return FixtureKind.OUTRIGHT_LEAGUE if is_of_season else FixtureKind.OUTRIGHT
    return FixtureKind.MATCH


def _market(raw: RawMarket) -> Market:
    return tidy.market(
        Market(
            id=raw.id,
            name=raw.name,
            main_line=raw.main_line,
            status=raw.status,
            bets=raw.bets,
            provider_markets=raw.provider_markets if raw.provider_markets is not None else raw.providers,
        )
    )
