"""Fixtures: descriptions are whole each time. The short one in a livescore only fills in what was never described."""

from datetime import datetime

from msgspec.structs import replace

from feed.changes import Part
from feed.models import Location, Sport
from feed.wire.messages import Event, Fixture, Participant

from .arrival import Origin
from .book import Book, Pending
from .names import Names
from .plain import extra_data, named_parts, plain_text
from .rows import FixtureRow, ParticipantRow
from .tables import PARTICIPANTS

DETAILS = ("venue", "stage", "round", "season", "subscription")
PARTICIPANT_DETAILS = ("form", "formation", "shirt_color", "fixture_players")
#: What decides where on a board a fixture stands.
PLACING = ("kind", "name", "sport_id", "location_id", "league_id", "competition_id", "start_at", "status")


def describe(book: Book, event: Event, given: Fixture, origin: Origin, pending: Pending, names: Names) -> None:
    """Take a whole description (message types 1, 37, 38 and Hyper's), unless a newer one is stored."""
    stored = book.fixture
    update = given.last_update or origin.sent_at
    if is_older(stored, update, origin):
        return
    participants = participant_rows(book, given.participants)
    changed = pending.replace(PARTICIPANTS, book.participants, participants, book.revision)
    name = plain_text(given.fixture_name or event.fixture_name) or versus(book) or stored.name
    row = replace(
        stored,
        name=name,
        sport_id=names.mention(Sport, given.sport),
        location_id=names.mention(Location, given.location),
        league_id=names.mention_league(given.league),
        start_at=given.start_date,
        end_at=given.end_date,
        external_fixture_id=plain_text(given.external_fixture_id),
        external_provider_id=plain_text(given.external_provider_id),
        extra_data=extra_data(given.fixture_extra_data, given.extra_data),
        details=named_parts(given, *DETAILS),
        last_update=update,
        described_at=origin.sent_at,
    )
    settle(book, row, origin, changed)
    if given.status is not None:
        state_status(book, given.status, origin)


def is_whole(given: Fixture) -> bool:
    """Whether a fixture that comes with a livescore is a whole description: in a snapshot of scores it is."""
    return None not in (given.status, given.start_date, given.league)


def is_older(stored: FixtureRow, update: datetime, origin: Origin) -> bool:
    """By LastUpdate; of two with the same, by when they were sent."""
    if stored.last_update is None or stored.described_at is None:
        return False
    if update != stored.last_update:
        return update < stored.last_update
    return origin.is_before(stored.described_at)


def participant_rows(book: Book, given: list[Participant] | None) -> dict[int, ParticipantRow]:
    """The participants of a description, and those whom only results have named: a description gives each a position.

    They stay when a later score has no result of theirs, or a description that comes again would drop them.
    """
    placed = {number: row for number, row in book.participants.items() if row.position is None}
    return placed | {each.id: participant_row(book, each) for each in given or ()}


def participant_row(book: Book, given: Participant) -> ParticipantRow:
    """A described participant; a result that an outright score told before is kept."""
    extra = extra_data(given.extra_data)
    stored = book.participants.get(given.id)
    return ParticipantRow(
        fixture_id=book.fixture.id,
        participant_id=given.id,
        name=plain_text(given.name),
        position=given.position,
        rotation_id=given.rotation_id,
        is_active=given.is_active != 0,
        result=stored.result if stored and stored.result else extra.get("Result", ""),
        extra_data=extra,
        details=named_parts(given, *PARTICIPANT_DETAILS),
    )


def versus(book: Book) -> str:
    """What a match of two is called that LSports gives no name."""
    sides = sorted((row.position, row.name) for row in book.participants.values() if row.position in (1, 2))
    return " v ".join(name for _, name in sides) if len(sides) == len(book.participants) == 2 else ""


def settle(book: Book, row: FixtureRow, origin: Origin, participants_changed: bool) -> None:
    """Put the fixture's new row in place of the stored one, if it differs."""
    stored = book.fixture
    if row != stored:
        book.fixture = row
        book.is_described_anew = True
        book.moved |= any(getattr(row, name) != getattr(stored, name) for name in PLACING)
    elif not participants_changed:
        return
    book.moved |= participants_changed
    book.touch(Part.FIXTURE, origin)


def state_status(book: Book, status: int, origin: Origin) -> None:
    """Take a fixture's status, stated by its description or its scoreboard, unless a newer statement is stored."""
    fixture = book.fixture
    if fixture.status_at is not None and origin.is_before(fixture.status_at):
        return
    if status == fixture.status and origin.sent_at == fixture.status_at:
        return
    book.moved |= status != fixture.status
    fixture.status, fixture.status_at = status, origin.sent_at
    book.touch(Part.FIXTURE, origin)


def fill_in(book: Book, event: Event, given: Fixture, origin: Origin, pending: Pending, names: Names) -> None:
    """Take what the short fixture of a livescore tells, where no description came yet and nothing is known."""
    stored = book.fixture
    if stored.last_update is not None:
        return
    changed = False
    if not book.participants:
        participants = participant_rows(book, given.participants)
        changed = pending.merge(PARTICIPANTS, book.participants, participants, book.revision)
    row = replace(
        stored,
        name=stored.name or plain_text(given.fixture_name or event.fixture_name) or versus(book),
        sport_id=stored.sport_id or names.mention(Sport, given.sport),
        location_id=stored.location_id or names.mention(Location, given.location),
        league_id=stored.league_id or names.mention_league(given.league),
        start_at=stored.start_at or given.start_date,
        extra_data=stored.extra_data or extra_data(given.fixture_extra_data, given.extra_data),
    )
    settle(book, row, origin, changed)
    if given.status is not None and stored.status_at is None:
        state_status(book, given.status, origin)
