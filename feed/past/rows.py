"""The rows of a moment: of fixtures and sources from the journal, of what names them from the present.

Names of sports, countries, leagues and bookmakers, and the outrights' tree, hardly ever change, and no price or score
depends on them: they are today's. Notes are those that were written by then and are not removed since.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model, QuerySet

from feed.journal.entries import Key, chains
from feed.journal.rows import columns, row_type
from feed.journal.sources import sources_at
from feed.journal.states import fixture_at, folded
from feed.models import (
    Bet,
    Competition,
    FeedSource,
    Fixture,
    FixtureNote,
    JournalEntry,
    League,
    Location,
    Provider,
    ProviderMarket,
    Sport,
)

from .database import Rows


def rows_at(fixture_id: int, moment: datetime) -> Rows:
    """All rows of one fixture and of the sources; of a fixture that the journal did not have then, none of its own."""
    of_fixture = fixture_at(fixture_id, moment)
    of_fixture = {**of_fixture, **surroundings(of_fixture[Fixture], moment)}
    return {**of_fixture, **beside(fixture_id, moment)} if of_fixture[Fixture] else of_fixture


def beside(fixture_id: int, moment: datetime) -> dict[type[Model], list[Any]]:
    """What only a fixture's own page shows: notes and their authors' names, how bets were settled."""
    notes = read(FixtureNote.objects.filter(fixture_id=fixture_id, written_at__lte=moment))
    settled = JournalEntry.objects.filter(fixture_id=fixture_id, settles=True, committed_at__lte=moment)
    return {FixtureNote: notes, User: authors({note.author_id for note in notes}), JournalEntry: read(settled)}


def bets_at(fixture_id: int, market_ids: Iterable[int], moment: datetime) -> Rows:
    """What bookmakers say of these markets, and their bets."""
    found = folded(chains([Key(fixture_id, JournalEntry.Part.MARKET, pk) for pk in sorted(market_ids)], moment))
    return {model: found[model] for model in (ProviderMarket, Bet)}


def surroundings(fixtures: Collection[Any], moment: datetime) -> dict[type[Model], list[Any]]:
    """The sources, and what names fixtures and bookmakers."""
    return {
        Sport: read(Sport.objects.filter(pk__in={row.sport_id for row in fixtures})),
        Location: read(Location.objects.filter(pk__in={row.location_id for row in fixtures})),
        League: read(League.objects.filter(pk__in={row.league_id for row in fixtures})),
        FeedSource: sources_at(moment),
        Provider: read(Provider.objects.all()),
        Competition: branch({row.competition_id for row in fixtures}),
    }


def read(rows: QuerySet[Any]) -> list[Any]:
    """Present rows as structs of their model's columns."""
    model: type[Model] = rows.model
    make = row_type(model)
    names = [field.attname for field in columns(model)]
    return [make(*values) for values in rows.order_by("pk").values_list(*names)]


def branch(ids: Iterable[int | None]) -> list[Any]:
    """These nodes of the tree, with all above them."""
    found: list[Any] = []
    while wanted := {pk for pk in ids if pk is not None} - {row.id for row in found}:
        found += (level := read(Competition.objects.filter(pk__in=wanted)))
        ids = {row.parent_id for row in level}
    return found


def authors(ids: Collection[int | None]) -> list[Any]:
    """Nothing but their names."""
    people = User.objects.filter(pk__in=[pk for pk in ids if pk is not None])
    return [row_type(User)(id=pk, username=name) for pk, name in people.values_list("pk", "username")]
