"""A window of the journal, played as the messages that it was made of: first how all stood, then what changed.

What is played are LSports' words: descriptions, scores, markets and statistics of matches. What the desk made of
it (revisions, gaps, which side was in charge) is made anew by whoever reads it. Races, seasons and Hyper Livescore's
incidents are not played; what could not be read is played as far as it was.
"""

from collections.abc import Collection, Iterable, Iterator
from copy import copy
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Q

from feed.models import Fixture, JournalEntry, Scoreboard
from feed.transport import Delivery

from .blobs import Step, read_market, read_part, state_rows, unpacked
from .entries import Entry, chains
from .messages import Names, Play, description, market_message, status_message
from .states import MarketState, decoder, market_keys, move, part_keys, part_rows

Part = JournalEntry.Part
OF_PLAY = {
    Part.SCOREBOARD,
    Part.PERIODS,
    Part.INCIDENTS,
    Part.STATISTICS,
    Part.PLAYER_STATISTICS,
}
STEP = timedelta(microseconds=1)
#: The queue that deliveries name.
QUEUE = "journal"


def played(begin: datetime, end: datetime, fixture_ids: Collection[int] = ()) -> Iterator[Delivery]:
    """What was committed from `begin` on and before `end`, of these fixtures, if given, oldest first.

    How a fixture stood at the beginning is told at once, at the beginning. Each has the time at which it was received.
    """
    names, matches = Names(), {}
    for fixture_id in known_at(begin, fixture_ids):
        match = matches[fixture_id] = Match(fixture_id, names)
        for body in match.begin(begin):
            yield Delivery(body=body, received_at=begin, queue=QUEUE)
    rows = window(begin, end, fixture_ids).iterator(chunk_size=1000)
    for (_, fixture_id), entries in groupby(rows, key=lambda row: (row.committed_at, row.fixture_id)):
        match = matches.setdefault(fixture_id, Match(fixture_id, names))
        for received_at, body in match.take(list(entries)):
            yield Delivery(body=body, received_at=received_at, queue=QUEUE)


def window(begin: datetime, end: datetime, fixture_ids: Collection[int]) -> Any:
    rows = JournalEntry.objects.filter(committed_at__gte=begin, committed_at__lt=end, fixture_id__gt=0)
    rows = rows.exclude(Q(part=Part.UNCHANGED) | Q(keyframe_revision=0))
    if fixture_ids:
        rows = rows.filter(fixture_id__in=fixture_ids)
    return rows.order_by("committed_at", "fixture_id", "part", "market_id", "id")


def known_at(begin: datetime, fixture_ids: Collection[int]) -> list[int]:
    """The fixtures of which the journal has something before that."""
    rows = JournalEntry.objects.filter(committed_at__lt=begin, part=Part.FIXTURE, fixture_id__gt=0)
    if fixture_ids:
        rows = rows.filter(fixture_id__in=fixture_ids)
    return sorted(set(rows.values_list("fixture_id", flat=True)))


Timed = tuple[datetime, bytes]


class Match:
    """One fixture while it is played: its rows as they stand."""

    def __init__(self, fixture_id: int, names: Names) -> None:
        self.fixture_id = fixture_id
        self.names = names
        self.chains: dict[int, list[Entry]] = {}
        self.markets: dict[int, MarketState] = {}

    def begin(self, moment: datetime) -> Iterator[bytes]:
        """How it stood before that moment."""
        keys = [*part_keys(self.fixture_id), *market_keys(self.fixture_id)]
        for key, entries in chains(keys, moment - STEP).items():
            if not entries[0].keyframe_revision:
                continue
            if key.part == Part.MARKET:
                self.markets[key.market_id] = MarketState.of(entries)
            else:
                self.chains[key.part] = entries
        if self.is_played():
            yield from self.described()
            yield from (body for _, body in self.scored(self.rows(Part.SCOREBOARD)))
            yield from self.stated()
            for state in self.markets.values():
                yield from whole(state, self.names)

    def take(self, entries: list[JournalEntry]) -> Iterator[Timed]:
        """What a batch changed, and when that was received."""
        parts = {row.part for row in entries}
        boards: list[Any] = []
        for row in entries:
            if row.part == Part.SCOREBOARD:
                boards = part_rows_on_the_way(row)
            if row.part != Part.MARKET:
                self.add(row)
        if not self.is_played():
            return
        received_at = entries[0].received_at
        if not parts.isdisjoint((Part.FIXTURE, Part.PARTICIPANTS)):
            yield from ((received_at, body) for body in self.described())
        if not parts.isdisjoint(OF_PLAY):
            yield from self.scored(boards or self.rows(Part.SCOREBOARD))
        if not parts.isdisjoint((Part.FIXTURE, Part.SCOREBOARD)):
            yield from ((received_at, body) for body in self.stated())
        bodies = [one for row in entries if row.part == Part.MARKET for one in self.moved(row)]
        yield from sorted(bodies, key=lambda one: one[0])

    def add(self, row: JournalEntry) -> None:
        is_whole = row.revision == row.keyframe_revision
        self.chains[row.part] = [*([] if is_whole else self.chains.get(row.part, [])), as_entry(row)]

    def rows(self, part: int) -> list[Any]:
        return part_rows(part, self.chains[part]) if part in self.chains else []

    def is_played(self) -> bool:
        """Whether it is a match, and described in the journal."""
        return any(row.kind == Fixture.Kind.MATCH for row in self.rows(Part.FIXTURE))

    def described(self) -> Iterator[bytes]:
        for row in self.rows(Part.FIXTURE):
            yield from description(row, self.rows(Part.PARTICIPANTS), self.names)

    def stated(self) -> Iterator[bytes]:
        for row in self.rows(Part.FIXTURE):
            yield from status_message(row)

    def scored(self, boards: Iterable[Any]) -> Iterator[Timed]:
        parts = (Part.PERIODS, Part.INCIDENTS, Part.STATISTICS, Part.PLAYER_STATISTICS)
        play = Play(*(self.rows(part) for part in parts))
        yield from ((board.received_at, play.message(board)) for board in boards)

    def moved(self, row: JournalEntry) -> Iterator[Timed]:
        """What each message of the batch said of a market."""
        entry, steps = as_entry(row), read_market(unpacked(row.blob)).steps
        state = self.markets.get(row.market_id)
        if state is None and any(step.states is not None for step in steps):
            self.markets[row.market_id] = state = MarketState.of([entry])
            yield from ((row.received_at, body) for body in whole(state, self.names))
            return
        state = self.markets.setdefault(row.market_id, MarketState())
        for step in steps:
            bets = moved_bets(state, step, row.revision)
            named = {bet.provider_id for bet in bets} - {provider.provider_id for provider in step.providers}
            providers = [*step.providers, *(state.providers[pk] for pk in sorted(named & state.providers.keys()))]
            state.providers |= {provider.provider_id: provider for provider in step.providers}
            yield step.received_at, market_message(step.market, step.sent_at, providers, bets, self.names)
        state.take(entry, 0)


def as_entry(row: JournalEntry) -> Entry:
    return Entry(*(getattr(row, name) for name in Entry._fields))


def part_rows_on_the_way(row: JournalEntry) -> list[Any]:
    """All scoreboards of an entry; `part_rows` has the last alone."""
    return [decoder(Scoreboard)(raw) for raw in read_part(unpacked(row.blob)).rows]


def moved_bets(state: MarketState, step: Step, revision: int) -> list[Any]:
    """The bets of a step as it left them; the state goes along."""
    bets = []
    for moved in state_rows(step.states):
        row = state.bets[moved.provider_id, moved.bet_id]
        move(row, moved, step, revision)
        bets.append(copy(row))
    state.bets |= {(row.provider_id, row.bet_id): row for row in step.bets}
    return [*bets, *step.bets]


def whole(state: MarketState, names: Names) -> Iterator[bytes]:
    """All of a market: bets as they were sent, then what its bookmakers and LSports state of it as a whole."""
    providers = state.providers
    sent = sorted(state.bets.values(), key=lambda row: row.sent_at or row.received_at)
    for sent_at, bets in groupby(sent, key=lambda row: row.sent_at or row.received_at):
        group = list(bets)
        about = [providers[pk] for pk in sorted({row.provider_id for row in group} & providers.keys())]
        yield market_message(state.market, sent_at, about, group, names)
    for row in sorted(providers.values(), key=lambda row: row.last_update):
        yield market_message(state.market, row.last_update, [row], [], names)
    yield market_message(state.market, state.market.sent_at or state.keyframe_at, [], [], names)
