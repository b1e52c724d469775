"""Outrights: races and season-long questions. Any number of participants, and results instead of a score."""

from msgspec.structs import replace

from feed.changes import Aspect
from feed.models import Fixture
from feed.store.arrival import Origin
from feed.store.rows.fixture_rows import FixtureRows, Pending
from feed.store.rows.structs import ParticipantRow, ScoreboardRow
from feed.store.rows.tables import PARTICIPANTS
from feed.wire.messages import Event, FixtureKind, OutrightScore

from .fixtures import non_runners
from .livescores import apply_scoreboard, is_older
from .plain import plain_text


def mark_outright(rows: FixtureRows, event: Event, origin: Origin) -> None:
    """Note that a fixture is an outright, and what LSports calls it where no description did."""
    fixture = rows.fixture
    name = fixture.name or plain_text(event.fixture_name)
    kind = fixture.kind if event.kind is FixtureKind.MATCH else Fixture.Kind(event.kind).value
    if (kind, name) != (fixture.kind, fixture.name):
        fixture.kind, fixture.name = kind, name
        rows.is_described_anew = rows.moved = True
        rows.touch(Aspect.FIXTURE, origin)


def apply_score(rows: FixtureRows, score: OutrightScore, origin: Origin, pending: Pending) -> None:
    """Take an outright's results, which are whole each time, unless newer ones are stored."""
    stored = rows.play.scoreboard
    if stored is not None and is_older(stored, origin):
        return
    status = score.status if score.status is not None else stored.status if stored else 0
    scoreboard = ScoreboardRow(
        fixture_id=rows.fixture.id,
        received_at=origin.received_at,
        status=status,
        source_id=origin.source_id,
        sent_at=origin.sent_at,
        seq=origin.seq,
    )
    apply_scoreboard(rows, scoreboard, origin, pending)
    is_described_since = rows.fixture.described_at is not None and origin.is_before(rows.fixture.described_at)
    placings = placed_since(rows, score) if is_described_since else placed(rows, score)
    if pending.merge(PARTICIPANTS, rows.participants, placings, rows.revision):
        rows.touch(Aspect.FIXTURE, origin)
        if (absent := non_runners(rows)) != rows.fixture.non_runners:
            rows.fixture.non_runners = absent
            rows.is_described_anew = rows.moved = True


def placed(rows: FixtureRows, score: OutrightScore) -> dict[tuple[int, int], ParticipantRow]:
    """All participants with their results, also those that no description has named yet."""
    results = {key: replace(row, result="") for key, row in rows.participants.items()}
    for item in score.participant_results or ():
        keys = [key for key in results if key[1] == item.participant_id] or [(0, item.participant_id)]
        for key in keys:
            if key not in results:
                results[key] = ParticipantRow(rows.fixture.id, *key, name=plain_text(item.name))
            results[key].result = plain_text(item.result)
    return results


def placed_since(rows: FixtureRows, score: OutrightScore) -> dict[tuple[int, int], ParticipantRow]:
    """The results of those whom a description that is newer than the score still has: who is not in it is gone."""
    placings = {item.participant_id: plain_text(item.result) for item in score.participant_results or ()}
    return {
        key: replace(row, result=placings[row.participant_id])
        for key, row in rows.participants.items()
        if row.participant_id in placings
    }
