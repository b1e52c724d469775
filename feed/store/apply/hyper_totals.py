"""What the incidents of Hyper Livescore add up to: periods, score, statistics, whatever order they came in."""

from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec.structs import replace

from feed.changes import Aspect
from feed.codes import (
    FINAL_PERIODS,
    FixtureStatus,
    HyperKind,
    HyperStatus,
    IncidentType,
    hyper_kind,
    hyper_status,
    sport_traits,
)
from feed.store.arrival import Origin
from feed.store.rows.fixture_rows import FixtureRows, Pending
from feed.store.rows.structs import IncidentRow, PeriodRow, ScoreboardRow, StatisticRow
from feed.store.rows.tables import INCIDENTS, PERIODS, STATISTICS

from .hyper_codes import description_code, status_code
from .livescores import apply_scoreboard

HYPER = "hyper"
#: The values of a period or statistic whose incidents were all taken back.
NOTHING = {"1": "0", "2": "0"}
#: A score of more digits than this is no number to add up; Python itself refuses those of thousands.
MOST_DIGITS = 9
EARLIEST = datetime.min.replace(tzinfo=UTC)

Scores = dict[int, dict[str, str]]


def total_up(rows: FixtureRows, origin: Origin, pending: Pending) -> None:
    """Bring the fixture's periods, statistics and scoreboard in line with its incidents."""
    cancel(rows, pending)
    incidents = sorted((row for row in rows.play.incidents.values() if row.parent == HYPER), key=order_of)
    scores = newest_values((row.parent_type, row) for row in of_kind(incidents, HyperKind.SCORE))
    if pending.merge(PERIODS, rows.play.periods, period_rows(rows, incidents, scores), rows.revision):
        rows.touch(Aspect.PERIODS, origin)
    if pending.merge(STATISTICS, rows.play.statistics, statistic_rows(rows, incidents), rows.revision):
        rows.touch(Aspect.STATISTICS, origin)
    row, stored = scoreboard_row(rows, incidents, scores, origin), rows.play.scoreboard
    if stored is None or stored.sent_at is None or stored.sent_at <= moment(incidents[-1]):
        apply_scoreboard(rows, row, origin, pending)


def cancel(rows: FixtureRows, pending: Pending) -> None:
    """Mark what was taken back: by a statement of its own, or by a retraction with another id that fits it."""
    incidents = sorted((row for row in rows.play.incidents.values() if row.parent == HYPER), key=order_of)
    cancelled = {order_of(row): row for row in incidents if is_taken_back(row)}
    for retraction in incidents:
        if retraction.is_retraction:
            meant = [row for row in incidents if fits(row, retraction) and order_of(row) not in cancelled]
            cancelled |= {order_of(row): row for row in meant[-1:]}
    merged = {
        (row.parent, row.parent_type, row.ordinal): replace(row, is_cancelled=order_of(row) in cancelled)
        for row in incidents
    }
    pending.merge(INCIDENTS, rows.play.incidents, merged, rows.revision)


def is_taken_back(row: IncidentRow) -> bool:
    """Whether the newest statement of an incident is its own retraction."""
    return hyper_status(row.state) is HyperStatus.CANCELLED


def fits(row: IncidentRow, retraction: IncidentRow) -> bool:
    """Whether a retraction may mean this incident: sent before it, and alike in all but the id."""
    same = ("kind", "name", "period", "position")
    is_before = order_of(row) < order_of(retraction)
    return is_before and all(getattr(row, name) == getattr(retraction, name) for name in same)


def order_of(row: IncidentRow) -> tuple[datetime, int, int]:
    return moment(row), row.parent_type, row.ordinal


def moment(row: IncidentRow) -> datetime:
    return row.sent_at or EARLIEST


def of_kind(incidents: Iterable[IncidentRow], *kinds: HyperKind) -> list[IncidentRow]:
    return [row for row in incidents if hyper_kind(row.kind) in kinds]


def newest_values(numbered: Iterable[tuple[int, IncidentRow]]) -> Scores:
    """The newest values under each number. Where one was taken back, the one before it counts again, or the
    values that the retraction states."""
    found: Scores = {}
    for number, row in numbered:
        values = row.correction if row.is_cancelled else row.scores
        if values:
            found[number] = values
        elif row.is_cancelled:
            found.setdefault(number, NOTHING)
    return found


def period_rows(rows: FixtureRows, incidents: list[IncidentRow], scores: Scores) -> dict[int, PeriodRow]:
    """A row for each period that has a score, began or ended."""
    finished = periods_finished(incidents)
    return {
        number: PeriodRow(
            fixture_id=rows.fixture.id,
            type=number,
            is_finished=finished.get(number, False),
            scores=scores.get(number, {}),
        )
        for number in scores.keys() | finished.keys()
        if number
    }


def periods_finished(incidents: list[IncidentRow]) -> dict[int, bool]:
    """The periods that began or ended, and whether they ended."""
    return {
        row.parent_type: hyper_status(row.state) is HyperStatus.FINISHED for row in of_kind(incidents, HyperKind.PERIOD)
    }


def statistic_rows(rows: FixtureRows, incidents: list[IncidentRow]) -> dict[int, StatisticRow]:
    """A row for each statistic whose name we know; it counts the whole match."""
    numbered = [(int(IncidentType.POSSESSION), row) for row in of_kind(incidents, HyperKind.POSSESSION)]
    numbered += [(row.type, row) for row in of_kind(incidents, HyperKind.STATISTIC) if row.type is not None]
    return {
        number: StatisticRow(fixture_id=rows.fixture.id, type=number, values=values)
        for number, values in newest_values(numbered).items()
    }


def scoreboard_row(rows: FixtureRows, incidents: list[IncidentRow], scores: Scores, origin: Origin) -> ScoreboardRow:
    periods = [row for row in incidents if row.period is not None and is_of_period(row)]
    timed = [row.seconds for row in incidents if row.seconds is not None]
    return ScoreboardRow(
        fixture_id=rows.fixture.id,
        received_at=origin.received_at,
        status=status(incidents),
        description=description(incidents),
        current_period=periods[-1].period if periods else None,
        time=timed[-1] if timed else None,
        scores=sets_won(scores, incidents) if sport_traits(rows.fixture.sport_id).counts_sets else total(scores),
        source_id=origin.source_id,
        sent_at=moment(incidents[-1]),
    )


def is_of_period(row: IncidentRow) -> bool:
    """Whether an incident shows that its period is being played."""
    kind = hyper_kind(row.kind)
    return kind is HyperKind.SCORE or (kind is HyperKind.PERIOD and hyper_status(row.state) is HyperStatus.STARTED)


def status(incidents: list[IncidentRow]) -> int:
    """The newest status that was sent; before any, that of a match in which something happened."""
    codes = [status_code(*words(row)) for row in of_kind(incidents, HyperKind.FIXTURE_STATUS)]
    known = [code for code in codes if code is not None]
    if known:
        return known[-1]
    has_begun = of_kind(incidents, HyperKind.PERIOD, HyperKind.SCORE)
    return FixtureStatus.IN_PROGRESS if has_begun else FixtureStatus.NOT_SET


def description(incidents: list[IncidentRow]) -> int | None:
    """The newest description, until the next period starts."""
    found = None
    for row in of_kind(incidents, HyperKind.STATUS_DESCRIPTION, HyperKind.PERIOD):
        if hyper_kind(row.kind) is HyperKind.STATUS_DESCRIPTION:
            found = description_code(*words(row))
        elif hyper_status(row.state) is HyperStatus.STARTED:
            found = None
    return found


def words(row: IncidentRow) -> list[str]:
    return [*row.scores.values(), row.state, row.name]


def total(scores: Scores) -> dict[str, str]:
    """The score of the match: the sum over its periods, each of which starts at 0:0."""
    periods = {number: values for number, values in scores.items() if number not in FINAL_PERIODS} or scores
    found: dict[str, int] = {}
    for values in periods.values():
        for position, points in numbers(values).items():
            found[position] = found.get(position, 0) + points
    return {position: str(points) for position, points in sorted(found.items())}


def sets_won(scores: Scores, incidents: list[IncidentRow]) -> dict[str, str]:
    """The sets that each side has won: those that ended, and those after which another one has begun."""
    ended = {number for number, is_finished in periods_finished(incidents).items() if is_finished}
    sets = {number: numbers(values) for number, values in scores.items() if number not in FINAL_PERIODS}
    if not sets:
        return {}
    last, is_over = max(sets), status(incidents) == FixtureStatus.FINISHED
    over = [points for number, points in sets.items() if is_over or number in ended or number < last]
    home, away = ([points.get(position, 0) for points in over] for position in ("1", "2"))
    return {
        "1": str(sum(one > other for one, other in zip(home, away, strict=True))),
        "2": str(sum(other > one for one, other in zip(home, away, strict=True))),
    }


def numbers(values: dict[str, str]) -> dict[str, int]:
    """The points that are numbers."""
    return {
        position: int(value)
        for position, value in values.items()
        if value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS
    }
