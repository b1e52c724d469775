"""Fixtures: descriptions are whole each time. The short one in a livescore only fills in what was never described."""

import re
from datetime import datetime

from msgspec.structs import replace

from feed.changes import Aspect
from feed.codes import FixtureStatus, status_stated
from feed.models import Fixture as FixtureModel
from feed.models import Location, Sport
from feed.store.arrival import MOST_AHEAD, Origin
from feed.store.rows.fixture_rows import FixtureRows, Pending
from feed.store.rows.structs import FixtureRow, ParticipantRow
from feed.store.rows.tables import PARTICIPANTS
from feed.wire.messages import Event, Fixture, FixtureKind, Participant

from .names import Names
from .plain import extra_data, named_parts, plain_text

FROM_DESCRIPTION = FixtureModel.StatusFrom.DESCRIPTION.value
FROM_SCOREBOARD = FixtureModel.StatusFrom.SCOREBOARD.value
DETAILS = ("venue", "stage", "round", "season", "subscription")
PARTICIPANT_DETAILS = (
    "form",
    "formation",
    "shirt_color",
    "goal_keeper_shirt_color",
    "gender",
    "age_category",
    "type",
    "fixture_players",
)
#: The positions of a match: home and away.
SIDES = (1, 2)
#: Results of who did not take part, as far as they have letters.
WITHDRAWN = frozenset({"nr", "nonrunner", "wd", "withdrawn", "scr", "scratched", "dns"})
NO_LETTER = re.compile(r"[^a-z]")
#: What decides where on a board a fixture stands.
PLACING = ("kind", "name", "sport_id", "location_id", "league_id", "competition_id", "start_at", "status")


def describe(rows: FixtureRows, event: Event, given: Fixture, origin: Origin, pending: Pending, names: Names) -> None:
    """Take a whole description (message types 1, 37, 38 and Hyper's), unless a newer one is stored."""
    stored = rows.fixture
    update = origin.trusted(given.last_update)
    if is_older(stored, update, origin):
        return
    participants = participant_rows(rows, given.participants, event.kind is FixtureKind.MATCH)
    changed = pending.replace(PARTICIPANTS, rows.participants, participants, rows.revision)
    name = plain_text(given.fixture_name or event.fixture_name) or versus(rows, event) or stored.name
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
    row.non_runners = non_runners(rows)
    replace_fixture(rows, row, origin, changed)
    take_status(rows, given, origin)


def take_status(rows: FixtureRows, given: Fixture, origin: Origin) -> None:
    """Take the status that a description states; that it is not set says nothing where one is known."""
    if given.status is None or (given.status == FixtureStatus.NOT_SET and rows.fixture.status_at is not None):
        return
    if not repeats_scoreboard(rows, given.status):
        state_status(rows, given.status, origin, FROM_DESCRIPTION)


def repeats_scoreboard(rows: FixtureRows, status: int) -> bool:
    """Whether the status only repeats the scoreboard's own, which says more beside it: how the match ended."""
    board = rows.play.scoreboard
    return board is not None and status == board.status != status_stated(
        status, board.description, board.current_period
    )


def is_whole(given: Fixture) -> bool:
    """Whether a fixture that comes with a livescore is a whole description: in a snapshot of scores it is."""
    return None not in (given.status, given.start_date, given.league)


def is_older(stored: FixtureRow, update: datetime, origin: Origin) -> bool:
    """Compares LastUpdate, then the times of sending."""
    if stored.last_update is None or stored.described_at is None:
        return False
    if stored.last_update > origin.received_at + MOST_AHEAD:
        return False
    if update != stored.last_update:
        return update < stored.last_update
    return origin.is_before(stored.described_at)


def participant_rows(
    rows: FixtureRows, given: list[Participant] | None, is_match: bool
) -> dict[tuple[int, int], ParticipantRow]:
    """The participants of a description, and those whom only results have named: a description gives each a position.

    They stay when a later score has no result of theirs, or a description that comes again would drop them. So do the
    sides of a match on which a description has nobody: a match has two.
    """
    named = [item for item in given or () if item.id or item.name or item.position is not None]
    described: dict[tuple[int, int], ParticipantRow] = {}
    for item in on_sides(named) if is_match else named:
        row = participant_row(rows, item)
        while (row.slot, row.participant_id) in described and described[row.slot, row.participant_id].name != row.name:
            row.slot = min(row.slot, 0) - 1
        described[row.slot, row.participant_id] = row
    numbers, taken = {row.participant_id for row in described.values()}, {row.position for row in described.values()}
    return {key: row for key, row in rows.participants.items() if stays(row, numbers, taken, is_match)} | described


def stays(row: ParticipantRow, numbers: set[int], taken: set[int | None], is_match: bool) -> bool:
    """Whether a participant stays whom a description with these ids, on these positions, does not name."""
    is_another = row.participant_id == 0 or row.participant_id not in numbers
    return is_another and (row.position is None or (is_match and row.position in SIDES and row.position not in taken))


def on_sides(named: list[Participant]) -> list[Participant]:
    """Both participants of a match on a side each: one without a position, or with the other's, is on what is left."""
    is_pair = len(named) == len(SIDES) and named[0].position is None
    distinct = named if is_pair else list({(item.position, item.id, item.name): item for item in named}.values())
    if len(distinct) != len(SIDES) or {item.position for item in distinct} == set(SIDES):
        return named
    left = list(SIDES)
    for item in distinct:
        if item.position in left:
            left.remove(item.position)
    if len(left) == len(SIDES) and distinct[0].position is not None and distinct[0].position > 0:
        return named
    placed: list[Participant] = []
    for item in distinct:
        is_placed = item.position in SIDES and item.position not in {other.position for other in placed}
        placed.append(item if is_placed else replace(item, position=left.pop(0)))
    return placed


def participant_row(rows: FixtureRows, given: Participant) -> ParticipantRow:
    """A described participant; a result that an outright score brought before stays."""
    extra = extra_data(given.extra_data)
    slot = given.position or 0
    stored = rows.participants.get((slot, given.id)) or rows.participants.get((0, given.id))
    if stored is None and given.id:
        stored = next((row for row in rows.participants.values() if row.participant_id == given.id), None)
    return ParticipantRow(
        fixture_id=rows.fixture.id,
        slot=slot,
        participant_id=given.id,
        name=plain_text(given.name),
        position=given.position,
        rotation_id=given.rotation_id,
        is_active=given.is_active != 0,
        result=stored.result if stored and stored.result else extra.get("Result", ""),
        extra_data=extra,
        details=named_parts(given, *PARTICIPANT_DETAILS),
    )


def non_runners(rows: FixtureRows) -> str:
    """Who does not take part, a line for each: the id and the name (`feed.vouching.market`)."""
    absent = [row for row in rows.participants.values() if not row.is_active or is_withdrawn(row.result)]
    return "\n".join(sorted(f"{row.participant_id} {' '.join(row.name.split())}" for row in absent))


def is_withdrawn(result: str) -> bool:
    return NO_LETTER.sub("", result.lower()) in WITHDRAWN


def versus(rows: FixtureRows, event: Event) -> str:
    """What a match of two is called that LSports gives no name."""
    if event.kind is not FixtureKind.MATCH:
        return ""
    sides = sorted(
        (row.position, row.name) for row in rows.participants.values() if row.position in (1, 2) and row.name
    )
    return " v ".join(name for _, name in sides) if len(sides) == len(rows.participants) == 2 else ""


def replace_fixture(rows: FixtureRows, row: FixtureRow, origin: Origin, participants_changed: bool) -> None:
    """Put the fixture's new row in place of the stored one, if it differs."""
    stored = rows.fixture
    if row != stored:
        rows.fixture = row
        rows.is_described_anew = True
        rows.moved |= any(getattr(row, name) != getattr(stored, name) for name in PLACING)
    elif not participants_changed:
        return
    rows.moved |= participants_changed
    rows.touch(Aspect.FIXTURE, origin)


def state_status(rows: FixtureRows, status: int, origin: Origin, stated_by: str) -> None:
    """Take a fixture's status, stated by its description or its scoreboard, unless a newer statement is stored."""
    fixture = rows.fixture
    if fixture.status_at is not None and origin.is_before(fixture.status_at):
        return
    if status == fixture.status and origin.sent_at == fixture.status_at and not fixture.unreadable:
        return
    rows.moved |= status != fixture.status or fixture.unreadable
    fixture.status, fixture.status_at, fixture.status_from = status, origin.sent_at, stated_by
    fixture.unreadable = False
    rows.touch(Aspect.FIXTURE, origin)


def close_fixture(rows: FixtureRows, origin: Origin) -> None:
    """Note that the newest statement of a fixture's status could not be read, until there is one that can."""
    fixture = rows.fixture
    if fixture.unreadable or (fixture.status_at is not None and origin.is_before(fixture.status_at)):
        return
    fixture.unreadable, fixture.status_at = True, origin.sent_at
    rows.moved = True
    rows.touch(Aspect.FIXTURE, origin)


def fill_in(rows: FixtureRows, event: Event, given: Fixture, origin: Origin, pending: Pending, names: Names) -> None:
    """Take what the short fixture of a livescore tells, where no description came yet and nothing is known.

    Its status is a statement like any other.
    """
    take_status(rows, given, origin)
    stored = rows.fixture
    if stored.last_update is not None:
        return
    changed = False
    if not rows.participants:
        participants = participant_rows(rows, given.participants, event.kind is FixtureKind.MATCH)
        changed = pending.merge(PARTICIPANTS, rows.participants, participants, rows.revision)
    row = replace(
        stored,
        name=stored.name or plain_text(given.fixture_name or event.fixture_name) or versus(rows, event),
        sport_id=stored.sport_id or names.mention(Sport, given.sport),
        location_id=stored.location_id or names.mention(Location, given.location),
        league_id=stored.league_id or names.mention_league(given.league),
        start_at=stored.start_at or given.start_date,
        extra_data=stored.extra_data or extra_data(given.fixture_extra_data, given.extra_data),
        non_runners=non_runners(rows),
    )
    replace_fixture(rows, row, origin, changed)
