"""The tables that the store writes: their models, rows and keys, and what kind of value each column holds."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum
from operator import attrgetter
from typing import Any

from django.db import models as django
from django.db.models import Model

from feed import models

from . import structs


class Kind(Enum):
    """What a column holds, as far as it decides how a value is written to either database."""

    INTEGER = "integer"
    FLOAT = "float"
    BOOL = "bool"
    PRICE = "price"
    TIME = "time"
    TEXT = "text"
    JSON = "json"
    BYTES = "bytes"


KINDS: list[tuple[type[Any], Kind]] = [
    (django.FloatField, Kind.FLOAT),
    (django.JSONField, Kind.JSON),
    (django.DateTimeField, Kind.TIME),
    (django.DecimalField, Kind.PRICE),
    (django.BooleanField, Kind.BOOL),
    (django.TextField, Kind.TEXT),
    (django.CharField, Kind.TEXT),
    (django.BinaryField, Kind.BYTES),
]


class Table:
    """A model's table. `key` names the columns that identify a row, `columns` all those of the row struct.

    No text column is nullable.
    """

    def __init__(self, model: type[Model], row: type[Any], *key: str) -> None:
        self.model = model
        self.name = model._meta.db_table
        self.row = row
        self.key = key
        self.columns: tuple[str, ...] = row.__struct_fields__
        fields = {column: model._meta.get_field(column) for column in self.columns}
        self.kinds = {column: kind_of(field) for column, field in fields.items()}
        self.nullable = {column for column, field in fields.items() if field.null}

    def __repr__(self) -> str:
        return f"<Table {self.name}>"


def columns_of(rows: Sequence[Any], names: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """The values of the columns `names`, column by column. Needs at least one row and one name."""
    if len(names) == 1:
        return {names[0]: tuple(map(attrgetter(names[0]), rows))}
    return dict(zip(names, zip(*map(attrgetter(*names), rows), strict=True), strict=True))


def moments_as(write: Callable[[datetime], str], values: Sequence[datetime | None], null: Any) -> list[Any]:
    """Times as text. Many rows of a batch share the same datetime object, and each object is converted only once."""
    distinct = {id(value): value for value in values}
    written = {key: null if value is None else write(value) for key, value in distinct.items()}
    return list(map(written.__getitem__, map(id, values)))


def kind_of(field: Any) -> Kind:
    """Any field that is not in KINDS is an id or another whole number."""
    return next((kind for kinds_field, kind in KINDS if isinstance(field, kinds_field)), Kind.INTEGER)


SOURCES = Table(models.FeedSource, structs.SourceRow, "id")
EPOCHS = Table(models.FeedSource, structs.EpochsRow, "id")
FIXTURES = Table(models.Fixture, structs.FixtureRow, "id")
LOCKED = Table(models.Fixture, structs.LockedRow, "id")
PARTICIPANTS = Table(models.Participant, structs.ParticipantRow, "fixture_id", "slot", "participant_id")
SCOREBOARDS = Table(models.Scoreboard, structs.ScoreboardRow, "fixture_id")
PERIODS = Table(models.Period, structs.PeriodRow, "fixture_id", "type")
INCIDENTS = Table(models.Incident, structs.IncidentRow, "fixture_id", "parent", "parent_type", "ordinal")
STATISTICS = Table(models.Statistic, structs.StatisticRow, "fixture_id", "type")
PLAYER_STATISTICS = Table(models.PlayerStatistic, structs.PlayerStatisticRow, "fixture_id", "player_id")
MARKETS = Table(models.Market, structs.MarketRow, "fixture_id", "market_id")
PROVIDER_MARKETS = Table(models.ProviderMarket, structs.ProviderMarketRow, "fixture_id", "market_id", "provider_id")
BETS = Table(models.Bet, structs.BetRow, "fixture_id", "market_id", "provider_id", "bet_id")
WAITING_MARKETS = Table(models.WaitingMarket, structs.WaitingMarketRow, "fixture_id", "side", "market_id")
JOURNAL = Table(models.JournalEntry, structs.JournalEntryRow)
