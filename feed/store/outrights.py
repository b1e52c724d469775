"""Outrights: races and season-long questions. Any number of participants, and results instead of a score."""

from msgspec.structs import replace

from feed.changes import Part
from feed.models import Fixture
from feed.wire.messages import Event, FixtureKind, OutrightScore

from .arrival import Origin
from .book import Book, Pending
from .livescores import apply_scoreboard, is_older
from .plain import plain_text
from .rows import ParticipantRow, ScoreboardRow
from .tables import PARTICIPANTS


def mark_outright(book: Book, event: Event, origin: Origin) -> None:
    """Note that a fixture is an outright, and what LSports calls it where no description did."""
    fixture = book.fixture
    name = fixture.name or plain_text(event.fixture_name)
    kind = fixture.kind if event.kind is FixtureKind.MATCH else Fixture.Kind(event.kind).value
    if (kind, name) != (fixture.kind, fixture.name):
        fixture.kind, fixture.name = kind, name
        book.is_described_anew = book.moved = True
        book.touch(Part.FIXTURE, origin)


def apply_score(book: Book, score: OutrightScore, origin: Origin, pending: Pending) -> None:
    """Take an outright's results, which are whole each time, unless newer ones are stored."""
    stored = book.play.scoreboard
    if stored is not None and is_older(stored, origin):
        return
    status = score.status if score.status is not None else stored.status if stored else 0
    scoreboard = ScoreboardRow(
        fixture_id=book.fixture.id,
        received_at=origin.received_at,
        status=status,
        source_id=origin.source_id,
        sent_at=origin.sent_at,
        seq=origin.seq,
    )
    apply_scoreboard(book, scoreboard, origin, pending)
    if pending.merge(PARTICIPANTS, book.participants, placed(book, score), book.revision):
        book.touch(Part.FIXTURE, origin)


def placed(book: Book, score: OutrightScore) -> dict[int, ParticipantRow]:
    """All participants with their results; one that no description named yet is here all the same."""
    rows = {number: replace(row, result="") for number, row in book.participants.items()}
    for each in score.participant_results or ():
        if each.participant_id not in rows:
            row = ParticipantRow(book.fixture.id, each.participant_id, name=plain_text(each.name))
            rows[each.participant_id] = row
        rows[each.participant_id].result = plain_text(each.result)
    return rows
