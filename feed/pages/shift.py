"""What whoever takes over a shift needs to know: who has which fixture, what nobody has, notes, and how feeds stood."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext

from feed.codes import IN_PLAY
from feed.journal.sources import stands_between
from feed.models import Break, FeedSource, Fixture, FixtureClaim, FixtureNote, Recovery
from feed.pages.fixture.suspensions import Suspension, read_suspensions
from feed.pages.prices.movers import titles
from feed.pages.prices.standing import standings

#: Lines of each list; of what is left out the page gives the number.
MOST = 200


class Taken(NamedTuple):
    """A fixture that a trader has taken. `standing` is "" unless it is in play."""

    claim: FixtureClaim
    title: str
    standing: str


class Listed(NamedTuple):
    """A fixture by its title and how it stands."""

    pk: int
    title: str
    standing: str


class Noted(NamedTuple):
    note: FixtureNote
    title: str


class FeedEvent(NamedTuple):
    """What happened to a source, in words."""

    at: datetime
    source: str
    words: str


class Shift(NamedTuple):
    """All lists, each with at most MOST lines; `left_out` counts the fixtures that nobody has beyond them."""

    taken: list[Taken]
    unclaimed: list[Listed]
    left_out: int
    notes: list[Noted]
    feed: list[FeedEvent]
    suspensions: list[Suspension]


def read_shift(since: datetime, now: datetime) -> Shift:
    """The shift that began at `since`: some eleven queries, however much happened."""
    claims = list(
        FixtureClaim.objects.filter(user__is_active=True)
        .select_related("user", "fixture")
        .order_by("user__username", "fixture__start_at", "fixture_id")[:MOST]
    )
    in_play = Fixture.objects.matches().in_play().filter(claim__isnull=True).order_by("start_at", "id")
    unclaimed = list(in_play.values_list("pk", flat=True)[:MOST])
    left_out = in_play.count() - len(unclaimed) if len(unclaimed) == MOST else 0
    notes = list(
        FixtureNote.objects.filter(written_at__gte=since).select_related("author").order_by("-written_at", "-id")[:MOST]
    )
    claimed = [claim.fixture_id for claim in claims]
    names = titles({*claimed, *unclaimed, *(note.fixture_id for note in notes)})
    standing = standings({*(claim.fixture_id for claim in claims if claim.fixture.status in IN_PLAY), *unclaimed}, now)
    return Shift(
        [Taken(claim, title_of(claim.fixture_id, names), standing.get(claim.fixture_id, "")) for claim in claims],
        [Listed(pk, title_of(pk, names), standing.get(pk, "")) for pk in unclaimed],
        left_out,
        [Noted(note, title_of(note.fixture_id, names)) for note in notes],
        feed_events(since)[:MOST],
        read_suspensions()[:MOST],
    )


def title_of(fixture_id: int, names: dict[int, str]) -> str:
    return names.get(fixture_id) or gettext("Fixture %(number)s") % {"number": fixture_id}


def feed_events(since: datetime) -> list[FeedEvent]:
    """How the sources changed from state to state since then, their breaks, and what LSports was asked for: newest
    first."""
    sources = dict(FeedSource.objects.values_list("pk", "name"))
    events = [
        *state_events(since, sources),
        *break_events(Break.objects.filter(noticed_at__gte=since)[:MOST], sources),
        *recovery_events(Recovery.objects.filter(began_at__gte=since)[:MOST], sources),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def state_events(since: datetime, sources: dict[int, str]) -> Iterable[FeedEvent]:
    for stood in stands_between(since, sources, MOST):
        label = FeedSource.State(stood.state).label
        yield FeedEvent(stood.at, sources[stood.source_id], gettext("is %(state)s") % {"state": label})


def break_events(rows: Collection[Break], sources: dict[int, str]) -> Iterable[FeedEvent]:
    for row in rows:
        yield FeedEvent(row.noticed_at, sources[row.source_id], gettext("Break: %(reason)s") % {"reason": row.reason})


def recovery_events(rows: Collection[Recovery], sources: dict[int, str]) -> Iterable[FeedEvent]:
    for row in rows:
        words = gettext("Recovery is under way: %(confirmed)s prices confirmed")
        if row.ended_at is not None:
            words = gettext("Recovery: %(confirmed)s prices confirmed, %(left)s left over")
        values = {"confirmed": row.confirmed, "left": row.left_over or 0}
        yield FeedEvent(row.ended_at or row.began_at, sources[row.source_id], words % values)
