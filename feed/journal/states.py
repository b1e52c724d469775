"""The past: rows as they were stored at a moment, folded from the journal."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import msgspec
from django.db import connection
from django.db.models import Model

from feed.models import Bet as BetModel
from feed.models import (
    Competition,
    FeedSource,
    Fixture,
    Incident,
    JournalEntry,
    Market,
    Participant,
    Period,
    PlayerStatistic,
    ProviderMarket,
    Scoreboard,
    Statistic,
)

from .blobs import State, Step, read_market, read_part, read_sent_at, state_rows, unpacked
from .entries import TABLE, Entry, Key, Until, chains, moment
from .rows import row_type

Part = JournalEntry.Part
#: The model of each part's rows, and the columns that tell the rows of a fixture apart.
PARTS: dict[int, tuple[type[Model], tuple[str, ...]]] = {
    Part.FIXTURE: (Fixture, ()),
    Part.PARTICIPANTS: (Participant, ("slot", "participant_id")),
    Part.SCOREBOARD: (Scoreboard, ()),
    Part.PERIODS: (Period, ("type",)),
    Part.INCIDENTS: (Incident, ("parent", "parent_type", "ordinal")),
    Part.STATISTICS: (Statistic, ("type",)),
    Part.PLAYER_STATISTICS: (PlayerStatistic, ("player_id",)),
    Part.COMPETITION: (Competition, ()),
    Part.SOURCE: (FeedSource, ()),
}
#: The parts whose newest entry says a revision of the fixture's row.
REVISIONS: dict[int, str] = {
    Part.SCOREBOARD: "scoreboard_revision",
    Part.PERIODS: "periods_revision",
    Part.INCIDENTS: "incidents_revision",
    Part.STATISTICS: "statistics_revision",
    Part.PLAYER_STATISTICS: "statistics_revision",
}

#: Rows by their model, each a struct with the model's columns (`feed.journal.rows`).
Rows = dict[type[Model], list[Any]]


def state_at(fixture_id: int, part: int, until: Until) -> Rows:
    """The rows of one part of a fixture as they were stored at a moment, or at a revision of the fixture.

    For Part.MARKET all of the fixture's markets, with what bookmakers say of them and their bets. What the journal does
    not have (it was pruned, or came before it) is missing.
    """
    if part == Part.FIXTURE:
        return {Fixture: fixture_at(fixture_id, until)[Fixture]}
    keys = market_keys(fixture_id) if part == Part.MARKET else [Key(fixture_id, part)]
    return folded(chains(keys, until))


def fixture_at(fixture_id: int, until: Until) -> Rows:
    """The rows of all parts of a fixture."""
    return rows_of(chains([*part_keys(fixture_id), *market_keys(fixture_id)], until))


def many_at(keys: Sequence[Key], until: Until) -> Rows:
    """The rows of these parts and markets of many fixtures."""
    together: Rows = defaultdict(list)
    found = sorted(chains(keys, until).items())
    for _, of_fixture in groupby(found, lambda pair: pair[0].fixture_id):
        for model, rows in rows_of(dict(of_fixture)).items():
            together[model] += rows
    return together


def part_keys(fixture_id: int) -> list[Key]:
    """All parts of a fixture but for its markets."""
    return [Key(fixture_id, part) for part in PARTS if part not in (Part.COMPETITION, Part.SOURCE)]


def rows_of(found: dict[Key, list[Entry]]) -> Rows:
    """The rows that these entries of one fixture lead to, its own up to date."""
    rows = folded(found)
    if fixtures := rows[Fixture]:
        bring_up_to_date(fixtures[0], found)
        changed = [market.revision for market in rows[Market]]
        fixtures[0].markets_revision = max([fixtures[0].markets_revision, *changed])
    return rows


def market_keys(fixture_id: int) -> list[Key]:
    """The markets that the journal has of a fixture, found by one step through the index for each."""
    of_fixture = f"SELECT min(market_id) FROM {TABLE} WHERE fixture_id = %s AND part = {Part.MARKET:d}"  # noqa: S608
    sql = f"""
        WITH RECURSIVE m (id) AS (
            {of_fixture} UNION ALL SELECT ({of_fixture} AND market_id > m.id) FROM m WHERE m.id IS NOT NULL
        )
        SELECT id FROM m WHERE id IS NOT NULL
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [fixture_id] * 2)
        return [Key(fixture_id, Part.MARKET, market_id) for (market_id,) in cursor.fetchall()]


def folded(found: dict[Key, list[Entry]]) -> Rows:
    rows: Rows = {model: [] for model, _ in PARTS.values()} | {Market: [], ProviderMarket: [], BetModel: []}
    for key, entries in found.items():
        if not entries[0].keyframe_revision:
            continue
        if key.part == Part.MARKET:
            state = MarketState.of(entries)
            rows[Market].append(state.market)
            rows[ProviderMarket] += state.providers.values()
            rows[BetModel] += state.bets.values()
        else:
            rows[PARTS[key.part][0]] += part_rows(key.part, entries)
    return rows


def part_rows(part: int, entries: Sequence[Entry]) -> list[Any]:
    """A part's rows after its keyframe and what follows."""
    model, columns = PARTS[part]
    decode = decoder(model)
    rows: dict[tuple[Any, ...], Any] = {}
    for entry in entries:
        blob = read_part(unpacked(entry.blob))
        if entry.revision == entry.keyframe_revision:
            rows = {}
        for key in blob.gone:
            rows.pop(tuple(key), None)
        for raw in blob.rows:
            row = decode(raw)
            rows[tuple([getattr(row, name) for name in columns])] = row
    return list(rows.values())


def decoder(model: type[Model]) -> Any:
    return msgspec.json.Decoder(row_type(model)).decode


class MarketState:
    """A market while it is folded: its row, bookmakers' rows by provider, bets by provider and id."""

    def __init__(self) -> None:
        self.market: Any = None
        self.providers: dict[int, Any] = {}
        self.bets: dict[tuple[int, int], Any] = {}
        self.keyframe_at: Any = None

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "MarketState":
        state = cls()
        for number, entry in enumerate(entries):
            state.take(entry, number)
        return state

    def take(self, entry: Entry, number: int) -> None:
        """Go on to the next entry, the `number`th after the keyframe."""
        blob = read_market(unpacked(entry.blob))
        if blob.whole is not None:
            self.providers = {row.provider_id: row for row in blob.whole.providers}
            self.bets = {(row.provider_id, row.bet_id): row for row in blob.whole.bets}
            self.keyframe_at = moment(entry.committed_at)
        else:
            for step in blob.steps:
                self.providers |= {row.provider_id: row for row in step.providers}
                for state in state_rows(step.states):
                    move(self.bets[state.provider_id, state.bet_id], state, step, entry.revision)
                self.bets |= {(row.provider_id, row.bet_id): row for row in step.bets}
        self.market = blob.steps[-1].market
        self.market.keyframe_revision, self.market.keyframe_at = entry.keyframe_revision, self.keyframe_at
        self.market.entries = number


def move(row: Any, state: State, step: Step, revision: int) -> None:
    """Bring a bet's row to a state that a message left it in."""
    if state.price != row.price:
        if row.price is not None:
            row.previous_price = row.price
            row.moves += 1
        row.price = state.price
    row.status, row.settlement, row.suspension_reason = state.status, state.settlement, state.suspension_reason
    row.probability, row.calculated_margin = state.probability, state.calculated_margin
    row.last_update, row.epoch = state.last_update, state.epoch
    row.received_at, row.sent_at, row.source_id = step.received_at, step.sent_at, step.source_id
    row.revision = revision


def bring_up_to_date(fixture: Any, found: dict[Key, list[Entry]]) -> None:
    """A change of a part changes the fixture's own row too, of which no entry of its own is written.

    What was carried over into the journal is all at its own revision, the fixture's row at the newest.
    """
    for key, entries in found.items():
        if column := REVISIONS.get(key.part):
            setattr(fixture, column, max(getattr(fixture, column), entries[-1].revision))
    newest = max((entries[-1] for entries in found.values()), key=lambda entry: entry.revision)
    if newest.revision <= fixture.revision:
        return
    fixture.revision, fixture.source_id = newest.revision, newest.source_id
    fixture.received_at, fixture.stored_at = moment(newest.received_at), moment(newest.committed_at)
    fixture.sent_at = read_sent_at(unpacked(newest.blob)).sent_at
