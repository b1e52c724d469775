"""An envelope becomes a message: one event for each fixture, competition trees flattened into paths."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, cast

from msgspec import UNSET

from feed.codes import CompetitionType, MessageType, message_type_label

from .envelope import Envelope, RawBody, RawEvent, RawHeader, RawMarket
from .errors import DecodeError
from .fields import normalise, values
from .fields.twice import together, without_twins
from .keep_alive import keep_alive
from .little import says_too_little
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
    SetAside,
)

#: Types of the old feed's HTTP answers and of its full event: known, and not read here.
NOT_READ = {0: "full event", 4: "leagues", 5: "sports", 6: "locations", 7: "markets", 8: "bookmakers"}
READ = frozenset(MessageType)
#: The part of a feed that is interrupted where a heartbeat says so in a way that cannot be read.
UNREADABLE_PART = -1
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


def message(envelope: Envelope, dialect: Dialect, set_aside: list[SetAside] | None = None) -> Message:
    """The message in an envelope; `set_aside` is what could not be read into it.

    Raises DecodeError for a type that is not read, for a body that is not of it, and where no part can be read. Without
    `set_aside` nobody has looked closely yet: then also where a part says nothing, perhaps under names of another case.
    """
    header = _header(envelope.header)
    found = Message(dialect=dialect, header=header, events=[], set_aside=[] if set_aside is None else set_aside)
    if header.type == MessageType.HEARTBEAT:
        found.heartbeat = _heartbeat(envelope, found.set_aside)
    elif header.type == MessageType.KEEP_ALIVE:
        found.keep_alive = _keep_alive(envelope)
    else:
        bare: list[Any] = []
        found.events = [_event(raw, path, header.type, bare) for raw, path in _events(envelope, found.set_aside)]
        if set_aside is None and (bare or any(map(says_too_little, found.events))):
            raise DecodeError("bare", "an event, a market, a bet or a player says nothing under the names known here")
        if not found.events:
            _refuse_without_events(found.set_aside)
    return found


def _refuse_without_events(set_aside: list[SetAside]) -> None:
    for part in set_aside:
        if part.decides:
            raise DecodeError(part.kind, part.sentence)


def _header(raw: RawHeader) -> Header:
    if raw.type not in READ:
        name = f" ({NOT_READ[raw.type]})" if raw.type in NOT_READ else ""
        known = ", ".join(str(int(number)) for number in MessageType)
        raise DecodeError("type", f"messages of type {raw.type}{name} are not read; those read are {known}")
    return Header(
        type=raw.type,
        seq=raw.msg_seq if raw.msg_seq is not None else raw.msg_id,
        guid=raw.msg_guid,
        sent_at=_sent_at(raw.server_timestamp),
        created_at=values.utc(raw.creation_date),
    )


def _sent_at(timestamp: int | None) -> datetime | None:
    """A time that no calendar has is none: it must not cost the message, which then counts as sent when received."""
    try:
        return values.utc(values.epoch(timestamp)) if timestamp else None
    except DecodeError:
        return None


def _heartbeat(envelope: Envelope, set_aside: list[SetAside]) -> Heartbeat:
    """What it says is interrupted; a part without a name where that could not be read, for it is not nothing."""
    body = envelope.body
    if isinstance(body, list) and body:
        raise DecodeError("bare", "a heartbeat's Body is an object, not a list")
    stated = body.feed_interrupted if isinstance(body, RawBody) else None
    for beside in (envelope.feed_interrupted, envelope.header.feed_interrupted):
        stated = beside if stated is None else stated
    numbers = stated if isinstance(stated, list) else [stated or 0]
    interrupted = [number for number in numbers if number]
    if not interrupted and any("FeedInterrupted" in part.place and part.part != "{}" for part in set_aside):
        interrupted = [UNREADABLE_PART]
    return Heartbeat(feed_interrupted=interrupted)


def _keep_alive(envelope: Envelope) -> KeepAlive:
    body = envelope.body
    if not isinstance(body, RawBody) or body.keep_alive is UNSET:
        raise DecodeError("shape", "a message of type 31 (keep alive) must have a Body with KeepAlive")
    return keep_alive(body.keep_alive)


def _events(envelope: Envelope, set_aside: list[SetAside]) -> Iterable[tuple[RawEvent, Path]]:
    """Every event of the body with the competitions that lead to it. A plain list of events is not searched."""
    body = envelope.body
    if isinstance(body, RawBody) and body.events is not None and _is_plain_list(body, body.events):
        return [(raw, []) for raw in body.events]
    return _searched(envelope, set_aside)


def _is_plain_list(body: RawBody, events: list[RawEvent]) -> bool:
    """Whether a body has a list of events and nothing else, as nearly all have."""
    if body.fixture_id is not None or body.id is not None or body.competition or body.competitions:
        return False
    return not [raw for raw in events if raw.fixture_id is None or _is_node(raw)]


def _searched(envelope: Envelope, set_aside: list[SetAside]) -> Iterator[tuple[RawEvent, Path]]:
    body = envelope.body
    if isinstance(body, list):
        yield from _below(body, [], "Body[{}]", set_aside)
    elif body is None or (body.fixture_id is None and not _is_node(body)):
        if body is not None and set_aside:
            return
        name = f"type {envelope.header.type} ({message_type_label(envelope.header.type).lower()})"
        raise DecodeError("shape", f"a message of {name} must have a Body with Events or a Competition")
    else:
        yield from _below([body], [], "Body", set_aside)


def _below(elements: list[RawEvent], path: Path, place: str, aside: list[SetAside]) -> Iterator[tuple[RawEvent, Path]]:
    """The events among the elements and within them; one that is neither event nor node is set aside."""
    for index, raw in enumerate(elements):
        is_node = _is_node(raw)
        if raw.fixture_id is not None:
            yield raw, path
        elif not is_node and not raw.unreadable:
            here = place.format(index)
            lacks = "no FixtureId" if here.startswith("Body.") else "neither a FixtureId nor a Competition"
            aside.append(SetAside("", f"{here} has {lacks}", "shape", ""))
        if not is_node:
            continue
        here = place.format(index)
        inner = path if raw.id is None or raw.fixture_id is not None else [*path, _step(raw)]
        trees = raw.competition if isinstance(raw.competition, list) else [raw.competition] if raw.competition else []
        yield from _below(raw.events or [], inner, f"{here}.Events[{{}}]", aside)
        yield from _below(trees, inner, f"{here}.Competition[{{}}]", aside)
        yield from _below(raw.competitions or [], inner, f"{here}.Competitions[{{}}]", aside)


def _is_node(raw: RawEvent) -> bool:
    """Whether an element holds others: a node of the competition tree, or a list within a list."""
    return raw.events is not None or raw.competition is not None or raw.competitions is not None


def _step(node: RawEvent) -> Competition:
    return Competition(
        id=cast(int, node.id),
        name=node.name,
        type=node.type,
        next_fixture_start_time=values.utc(node.next_fixture_start_time),
    )


def _event(raw: RawEvent, path: Path, message_type: int, bare: list[Any]) -> Event:
    markets = None if raw.markets is None else without_twins([_market(market, bare) for market in raw.markets])
    return Event(
        fixture_id=cast(int, raw.fixture_id),
        kind=_kind(raw, path, message_type),
        fixture_name=raw.fixture_name,
        fixture=normalise.fixture(raw.fixture or raw.outright_fixture or raw.outright_league),
        livescore=normalise.livescore(raw.livescore, bare),
        markets=markets,
        outright_score=raw.outright_score,
        competitions=path or None,
        unreadable=raw.unreadable,
        lost_markets=raw.lost_markets,
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


def _market(raw: RawMarket, bare: list[Any]) -> Market:
    return normalise.market(
        Market(
            id=raw.id,
            name=raw.name,
            main_line=raw.main_line,
            status=raw.status,
            bets=raw.bets,
            provider_markets=together(raw.provider_markets, raw.providers),
            prediction_data=raw.prediction_data,
            unreadable=raw.unreadable,
            lost_bets=raw.lost_bets,
            lost_providers=raw.lost_providers,
        ),
        bare,
    )
