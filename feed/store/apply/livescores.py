"""Livescores: whole each time, so what a newer one does not have is gone. Going back is allowed, and marked."""

from collections.abc import Iterator

from feed.changes import Aspect
from feed.codes import FixtureStatus, status_stated
from feed.store.arrival import MOST_AHEAD, Origin
from feed.store.rows.fixture_rows import FixtureRows, Pending, Play
from feed.store.rows.structs import (
    IncidentRow,
    PeriodRow,
    PlayerStatisticRow,
    ScoreboardRow,
    StatisticRow,
)
from feed.store.rows.tables import INCIDENTS, PERIODS, PLAYER_STATISTICS, SCOREBOARDS, STATISTICS
from feed.wire.messages import Incident, Livescore, Period, PlayerStatistic, Statistic

from .fixtures import FROM_SCOREBOARD, state_status
from .plain import NO_PLACES, Places, extra_data, plain, plain_text, positions

#: The fields of a scoreboard of which the journal has every state on the way: its clock alone makes none.
HISTORY_FIELDS = ("status", "description", "current_period", "scores")
#: A later message need not say anything new to be the one that vouches.
STAMPS = ("source_id", "received_at", "corrected_from", "corrected_at", "revision")


def apply_livescore(rows: FixtureRows, livescore: Livescore, origin: Origin, pending: Pending) -> None:
    """Take a livescore, unless the stored scoreboard is of a later one."""
    play = rows.play
    if play.scoreboard is not None and is_older(play.scoreboard, origin):
        return
    apply_scoreboard(rows, scoreboard_row(rows, livescore, origin), origin, pending)
    revision, fixture_id, places = rows.revision, rows.fixture.id, places_of(rows, livescore)
    periods = {period.type: period_row(fixture_id, period, places) for period in livescore.periods or ()}
    if pending.replace(PERIODS, play.periods, periods, revision):
        rows.touch(Aspect.PERIODS, origin)
    if replace_incidents(play, incident_rows(fixture_id, livescore, places), pending, revision):
        rows.touch(Aspect.INCIDENTS, origin)
    if replace_statistics(rows, livescore, pending, places):
        rows.touch(Aspect.STATISTICS, origin)


def places_of(rows: FixtureRows, livescore: Livescore) -> Places:
    """The positions of participants by id, for results that name these."""
    if not livescore.names_participants:
        return NO_PLACES
    return {row.participant_id: row.position for row in rows.participants.values() if row.position is not None}


def is_older(stored: ScoreboardRow, origin: Origin) -> bool:
    """Compares ServerTimestamp, then MsgSeq, which also overrules a time that is far behind."""
    if stored.sent_at is None:
        return False
    later = None if stored.seq is None or origin.seq is None else origin.seq - stored.seq
    if origin.sent_at == stored.sent_at:
        return later is not None and later < 0
    if later is not None and later > 0 and stored.sent_at - origin.sent_at > MOST_AHEAD:
        return False
    return origin.is_before(stored.sent_at)


def scoreboard_row(rows: FixtureRows, livescore: Livescore, origin: Origin) -> ScoreboardRow:
    """The scoreboard that a livescore makes; one without a scoreboard leaves the score as it is."""
    stored, given = rows.play.scoreboard, livescore.scoreboard
    row = ScoreboardRow(
        fixture_id=rows.fixture.id,
        received_at=origin.received_at,
        extra_data=extra_data(livescore.livescore_extra_data),
        current_incident=plain(livescore.current_incident),
        danger_triggers=plain(livescore.danger_triggers or []),
        source_id=origin.source_id,
        sent_at=origin.sent_at,
        seq=origin.seq,
    )
    if given is not None:
        row.status, row.description, row.current_period = given.status, given.description, given.current_period
        row.time, row.scores = given.time, positions(given.results, places_of(rows, livescore))
        if given.clock is not None:
            row.clock_status, row.clock_seconds = given.clock.status, given.clock.seconds
    elif stored is not None:
        for name in (*HISTORY_FIELDS, "time", "clock_status", "clock_seconds"):
            setattr(row, name, getattr(stored, name))
    return row


def apply_scoreboard(rows: FixtureRows, row: ScoreboardRow, origin: Origin, pending: Pending) -> None:
    """Put a scoreboard in place of the stored one, if it differs; mark a score that went back, keep the history."""
    stored = rows.play.scoreboard
    if stored is not None:
        received_at, source_id = row.received_at, row.source_id
        for name in STAMPS:
            setattr(row, name, getattr(stored, name))
        if row == stored:
            return
        row.received_at, row.source_id = received_at, source_id
        if goes_back(stored.scores, row.scores):
            row.corrected_from, row.corrected_at = stored.scores, origin.received_at
    if stored is None or any(getattr(stored, name) != getattr(row, name) for name in HISTORY_FIELDS):
        pending.scoreboards.setdefault(row.fixture_id, []).append(row)
    row.revision = rows.revision
    rows.play.scoreboard = row
    pending.write(SCOREBOARDS, row)
    rows.touch(Aspect.SCOREBOARD, origin)
    if (status := status_stated(row.status, row.description, row.current_period)) != FixtureStatus.NOT_SET:
        state_status(rows, status, origin, FROM_SCOREBOARD)


def goes_back(before: dict[str, str], after: dict[str, str]) -> bool:
    """Whether any position has fewer points than before. Scores that are no numbers are not compared."""
    return any(
        position in after and is_number(score) and is_number(after[position]) and float(after[position]) < float(score)
        for position, score in before.items()
    )


def is_number(text: str) -> bool:
    return text.isascii() and text.replace(".", "", 1).isdigit()


def period_row(fixture_id: int, period: Period, places: Places) -> PeriodRow:
    return PeriodRow(
        fixture_id=fixture_id,
        type=period.type,
        is_finished=period.is_finished,
        is_confirmed=period.is_confirmed,
        sequence=period.sequence_number,
        scores=positions(period.results, places),
        sub_periods=[sub_period(part, places) for part in period.sub_periods or ()],
    )


def sub_period(period: Period, places: Places) -> dict[str, object]:
    """A period within a period, as JSON of the shape of a period's row, with its incidents."""
    return {
        "type": period.type,
        "is_finished": period.is_finished,
        "is_confirmed": period.is_confirmed,
        "sequence": period.sequence_number,
        "scores": positions(period.results, places),
        "incidents": [plain(incident) for incident in period.incidents or ()],
        "sub_periods": [sub_period(part, places) for part in period.sub_periods or ()],
    }


def replace_incidents(
    play: Play, given: dict[tuple[str, int, int], IncidentRow], pending: Pending, revision: int
) -> bool:
    """Incidents of Hyper Livescore come one by one and stay."""
    hyper = {key: row for key, row in play.incidents.items() if key[0] == "hyper"}
    return pending.replace(INCIDENTS, play.incidents, given | hyper, revision)


def incident_rows(fixture_id: int, livescore: Livescore, places: Places) -> dict[tuple[str, int, int], IncidentRow]:
    """All incidents, each under the place where the livescore has it."""
    found: dict[tuple[str, int, int], IncidentRow] = {}
    for parent, type_, incident in incidents(livescore):
        ordinal = 0
        while (parent, type_, ordinal) in found:
            ordinal += 1
        row = incident_row(fixture_id, (parent, type_, ordinal), incident, places)
        if parent == "period" and row.period is None:
            row.period = type_
        found[parent, type_, ordinal] = row
    return found


def incidents(livescore: Livescore) -> Iterator[tuple[str, int, Incident]]:
    for period in livescore.periods or ():
        for incident in period.incidents or ():
            yield "period", period.type, incident
    for statistic in livescore.statistics or ():
        for incident in statistic.incidents or ():
            yield "statistic", statistic.type, incident


def incident_row(fixture_id: int, key: tuple[str, int, int], incident: Incident, places: Places) -> IncidentRow:
    parent, parent_type, ordinal = key
    players = incident.players if isinstance(incident.players, list) else []
    return IncidentRow(
        fixture_id=fixture_id,
        parent=parent,
        parent_type=parent_type,
        ordinal=ordinal,
        period=incident.period,
        type=incident.incident_type,
        seconds=incident.seconds,
        position=incident.participant_position,
        player_id=plain_text(incident.player_id),
        player_name=plain_text(incident.player_name),
        scores=positions(incident.results, places),
        players=plain(players),
    )


def replace_statistics(rows: FixtureRows, livescore: Livescore, pending: Pending, places: Places) -> bool:
    play, fixture_id, revision = rows.play, rows.fixture.id, rows.revision
    statistics = {
        statistic.type: statistic_row(fixture_id, statistic, places) for statistic in livescore.statistics or ()
    }
    players = {player.player_id: player_row(fixture_id, player) for player in livescore.player_statistics or ()}
    changed = pending.replace(STATISTICS, play.statistics, statistics, revision)
    return pending.replace(PLAYER_STATISTICS, play.player_statistics, players, revision) or changed


def statistic_row(fixture_id: int, statistic: Statistic, places: Places) -> StatisticRow:
    return StatisticRow(fixture_id=fixture_id, type=statistic.type, values=positions(statistic.results, places))


def player_row(fixture_id: int, player: PlayerStatistic) -> PlayerStatisticRow:
    return PlayerStatisticRow(
        fixture_id=fixture_id,
        player_id=player.player_id,
        player_name=plain_text(player.player_name),
        team_id=player.team_id,
        has_played=player.has_played,
        values={
            str(statistic.id): {"name": plain_text(statistic.name), "value": plain_text(statistic.value)}
            for statistic in player.statistics or ()
        },
    )
