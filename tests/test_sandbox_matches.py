"""Simulated matches keep their sport's rules, whatever the seed.

`SANDBOX_MATCHES` says how many matches of each sport are played for each law (25 here); 1000 take about four minutes.
"""

import os
from itertools import pairwise

import pytest

from feed.codes import FixtureStatus
from sandbox.course import Fate, draw_fate
from sandbox.match import Match
from sandbox.numbers import Description, Happening, PeriodType
from sandbox.sport import Sport
from sandbox.sports import SPORTS
from tests.sandbox_matches import make_match, steps

MATCHES = int(os.environ.get("SANDBOX_MATCHES", "25"))
FINAL = {PeriodType.FULL_TIME, PeriodType.AFTER_OVERTIME, PeriodType.AFTER_PENALTIES}
GAME, TIE_BREAK = 60, 61
#: Protocol.md section 4, life cycle; a postponed fixture was seen to be cancelled after.
NEXT_STATUSES = {
    FixtureStatus.NOT_STARTED: set(FixtureStatus),
    FixtureStatus.ABOUT_TO_START: {FixtureStatus.IN_PROGRESS, FixtureStatus.LOST_COVERAGE, FixtureStatus.CANCELLED},
    FixtureStatus.IN_PROGRESS: {
        FixtureStatus.LOST_COVERAGE,
        FixtureStatus.FINISHED,
        FixtureStatus.ABANDONED,
        FixtureStatus.INTERRUPTED,
    },
    FixtureStatus.LOST_COVERAGE: {FixtureStatus.IN_PROGRESS, FixtureStatus.FINISHED, FixtureStatus.ABANDONED},
    FixtureStatus.INTERRUPTED: {
        FixtureStatus.IN_PROGRESS,
        FixtureStatus.ABANDONED,
        FixtureStatus.FINISHED,
        FixtureStatus.LOST_COVERAGE,
    },
    FixtureStatus.POSTPONED: {FixtureStatus.CANCELLED},
    FixtureStatus.FINISHED: set(),
    FixtureStatus.ABANDONED: set(),
    FixtureStatus.CANCELLED: set(),
}

every_sport = pytest.mark.parametrize("sport", SPORTS, ids=[sport.name for sport in SPORTS])


def sport_named(name: str) -> Sport:
    return next(sport for sport in SPORTS if sport.name == name)


def played(match: Match) -> dict[int, list[int]]:
    """The scores of the periods that were really played."""
    return {
        number: period.values for number, period in match.periods.items() if number not in (GAME, TIE_BREAK, *FINAL)
    }


def check_sum_of_periods(match: Match) -> None:
    if match.counts_sets:
        won = [values for number, values in played(match).items() if match.periods[number].finished]
        assert match.score == [sum(home > away for home, away in won), sum(away > home for home, away in won)]
    else:
        assert match.score == [sum(values[side] for values in played(match).values()) for side in (0, 1)]


def check_sum_of_incidents(match: Match) -> None:
    """Each incident says the score after it; a period's incidents lead from the score before it to that after."""
    before = (0, 0)
    for number, values in played(match).items():
        incidents = match.periods[number].incidents
        for each in incidents:
            assert sum(each.values) > sum(before)
            assert each.values[2 - each.position] == before[2 - each.position], "only one side scores"
            assert each.period == number
            before = each.values
        reached = incidents[-1].values if incidents else before
        assert reached == before
        assert [reached[side] - values[side] for side in (0, 1)] == start_of(match, number)


def start_of(match: Match, period: int) -> list[int]:
    earlier = [values for number, values in played(match).items() if order(match, number) < order(match, period)]
    return [sum(values[side] for values in earlier) for side in (0, 1)]


def order(match: Match, period: int) -> int:
    return list(match.periods).index(period)


@every_sport
def test_the_score_is_the_sum_of_its_periods_and_incidents_at_every_moment(sport: Sport) -> None:
    for seed in range(MATCHES):
        match = make_match(sport, seed)
        for _ in steps(match, sport.minutes):
            check_sum_of_periods(match)
        if match.tells_incidents:
            check_sum_of_incidents(match)


@every_sport
def test_a_last_period_tells_the_final_score(sport: Sport) -> None:
    for seed in range(MATCHES):
        match = make_match(sport, seed)
        for _ in steps(match, sport.minutes):
            pass
        finals = FINAL & set(match.periods)
        assert len(finals) == (1 if match.over else 0)
        for final in finals:
            assert match.periods[final].values == match.score
            assert match.periods[final].finished
            assert match.current == final


@pytest.mark.parametrize("name", ["Basketball", "American Football", "Volleyball", "Table Tennis", "Badminton"])
def test_statistics_add_up_to_the_score(name: str) -> None:
    sport = sport_named(name)
    worth = {
        "Basketball": {Happening.FREE_THROWS: 1, Happening.TWO_POINTS: 2, Happening.THREE_POINTS: 3},
        "American Football": {Happening.TOUCHDOWNS: 6, Happening.FIELD_GOALS: 3, Happening.EXTRA_POINTS: 1},
    }.get(name)
    for seed in range(MATCHES):
        match = make_match(sport, seed)
        for _ in steps(match, sport.minutes):
            values = {kind: match.statistics[kind].values for kind in match.statistics}
            for side in (0, 1):
                if worth is not None:
                    counted = sum(values.get(kind, [0, 0])[side] * points for kind, points in worth.items())
                    assert counted == match.score[side]
                else:
                    points = sum(period[side] for period in played(match).values())
                    assert values.get(Happening.POINTS_SCORED, [0, 0])[side] == points


@every_sport
def test_statuses_change_as_documented_whatever_becomes_of_the_fixture(sport: Sport) -> None:
    for seed in range(MATCHES):
        for fate in (draw_fate(make_match(sport, seed).rng), list(Fate)[seed % len(Fate)]):
            match = make_match(sport, seed)
            statuses = [FixtureStatus(match.status)]
            for _ in steps(match, sport.minutes, fate):
                if match.status != statuses[-1]:
                    statuses.append(FixtureStatus(match.status))
            for before, after in pairwise(statuses):
                assert after in NEXT_STATUSES[before], f"{sport.name} {seed} {fate}: {statuses}"
            assert not NEXT_STATUSES[statuses[-1]], "a fixture ends"


@every_sport
def test_each_fate_comes_to_its_own_end(sport: Sport) -> None:
    seen = {}
    for fate in Fate:
        match = make_match(sport, 3)
        seen[fate] = [FixtureStatus(match.status)]
        for _ in steps(match, sport.minutes, fate):
            if match.status != seen[fate][-1]:
                seen[fate].append(FixtureStatus(match.status))
    assert seen[Fate.POSTPONED][-2:] == [FixtureStatus.POSTPONED, FixtureStatus.CANCELLED]
    assert seen[Fate.CANCELLED][-1] == FixtureStatus.CANCELLED
    assert seen[Fate.ABANDONED][-2:] == [FixtureStatus.INTERRUPTED, FixtureStatus.ABANDONED]
    assert FixtureStatus.INTERRUPTED in seen[Fate.INTERRUPTED]
    assert FixtureStatus.LOST_COVERAGE in seen[Fate.LOST]
    assert seen[Fate.LOST][-1] == seen[Fate.INTERRUPTED][-1] == FixtureStatus.FINISHED


@every_sport
def test_every_break_says_which_it_is(sport: Sport) -> None:
    for seed in range(MATCHES):
        match = make_match(sport, seed)
        for _ in steps(match, sport.minutes):
            if match.current == PeriodType.BREAK:
                assert match.description != Description.NONE
                assert all(
                    period.finished for number, period in match.periods.items() if number not in (GAME, TIE_BREAK)
                )


@every_sport
def test_clocks_run_as_the_sport_has_them(sport: Sport) -> None:
    for seed in range(MATCHES):
        match = make_match(sport, seed)
        before = None
        for _ in steps(match, sport.minutes):
            if before is not None and before[0] == match.current and match.clock != -1:
                change = int(match.clock) - before[1]
                assert change <= 0 if match.clock_runs_down else change >= 0
            before = match.current, int(match.clock)
            if sport.name in ("Tennis", "Baseball", "Volleyball", "Table Tennis", "Badminton"):
                assert match.clock == -1


def test_a_wrong_clock_goes_back_once() -> None:
    for sport in SPORTS:
        if sport.name not in ("Football", "Ice Hockey", "Handball", "Basketball", "American Football"):
            continue
        wrong = 0
        for seed in range(20):
            match = make_match(sport, seed)
            for _, news in steps(match, sport.minutes, Fate.CORRECTED):
                wrong += sum(each.name == "Clock Corrected" for each in news)
        assert 5 < wrong <= 20, sport.name


def football(seed: int) -> Match:
    return make_match(sport_named("Football"), seed)


def test_half_time_is_at_2700_and_the_end_at_5400_or_7200() -> None:
    ends = set()
    for seed in range(MATCHES):
        match = football(seed)
        if match.card.league.minutes is not None:
            continue
        for _ in steps(match, 112):
            if match.description == Description.HALF_TIME:
                assert match.clock == 2700
            if 50 in match.periods:
                assert match.clock == -1, "no time in penalties"
        ends.add((match.current, match.clock))
    assert ends <= {(100, 5400), (101, 7200), (102, -1)}


def test_e_soccer_has_short_halves() -> None:
    match = next(match for match in map(football, range(20)) if match.card.league.minutes is not None)
    for _ in steps(match, 10):
        pass
    assert match.clock == match.card.league.minutes * 60


def test_a_cup_tie_is_decided_and_a_league_match_may_be_drawn() -> None:
    for seed in range(4 * MATCHES):
        match = football(seed)
        for _ in steps(match, 112):
            pass
        if match.card.league.periods == 4:
            assert match.score[0] != match.score[1]
        else:
            assert match.current == PeriodType.FULL_TIME


def test_college_basketball_is_played_in_halves_and_ends_each_at_0() -> None:
    sport = sport_named("Basketball")
    for seed in range(MATCHES):
        match = make_match(sport, seed)
        for _ in steps(match, sport.minutes):
            if match.current == PeriodType.BREAK:
                assert match.clock == 0
        halves = match.card.league.periods == 2
        assert {1, 2, 3, 4} & set(match.periods) == (set() if halves else {1, 2, 3, 4})
        assert {10, 20} & set(match.periods) == ({10, 20} if halves else set())
        assert match.score[0] != match.score[1]


def test_a_tennis_match_shows_its_game_and_drops_it_at_the_end() -> None:
    sport = sport_named("Tennis")
    shown = set()
    for seed in range(MATCHES):
        match = make_match(sport, seed)
        for _ in steps(match, sport.minutes):
            if GAME in match.periods and not match.done:
                shown |= set(match.periods[GAME].texts or ())
            if not match.done and match.status == FixtureStatus.IN_PROGRESS and match.extra.get("Turn"):
                assert match.extra["Turn"] in ("1", "2")
        assert not {GAME, TIE_BREAK} & set(match.periods)
        assert "Turn" not in match.extra
        for home, away in (values for number, values in played(match).items() if match.periods[number].finished):
            assert tuple(sorted((home, away))) in {(each, 6) for each in range(5)} | {(5, 7), (6, 7)}
    assert shown == {"0", "15", "30", "40", "A"}


def test_a_player_may_retire_and_the_match_is_finished_without_a_result() -> None:
    sport = sport_named("Tennis")
    for seed in range(300):
        match = make_match(sport, seed)
        for _ in steps(match, sport.minutes):
            pass
        if match.void:
            assert match.status == FixtureStatus.FINISHED
            assert match.description in (Description.HOME_RETIRED, Description.AWAY_RETIRED)
            return
    pytest.fail("nobody retired in 300 matches")


@pytest.mark.parametrize(("name", "enough", "decider", "to_win"), [
    ("Volleyball", 25, 15, 3),
    ("Table Tennis", 11, 11, 3),
    ("Badminton", 21, 21, 2),
])  # fmt: skip
def test_sets_are_won_with_enough_points_and_two_ahead(name: str, enough: int, decider: int, to_win: int) -> None:
    sport = sport_named(name)
    for seed in range(MATCHES):
        match = make_match(sport, seed)
        for _ in steps(match, sport.minutes):
            pass
        assert max(match.score) == to_win
        for number, values in played(match).items():
            least = decider if number == 2 * to_win - 1 else enough
            assert (max(values) == least and min(values) <= least - 2) or (
                max(values) > least and max(values) - min(values) == 2
            )


@pytest.mark.parametrize("name", sorted({sport.name for sport in SPORTS} - {"Tennis", "Baseball"}))
def test_scores_are_taken_back_now_and_then(name: str) -> None:
    sport = sport_named(name)
    cancelled = 0
    for seed in range(60):
        match = make_match(sport, seed)
        before = 0
        for _, news in steps(match, sport.minutes):
            total = sum(sum(values) for values in played(match).values())
            if any(each.cancelled for each in news):
                assert total < before
                cancelled += 1
            before = total
    assert cancelled


def test_results_are_confirmed_after_the_end_and_some_never() -> None:
    unconfirmed = 0
    for seed in range(200):
        match = football(seed)
        confirmed_at_end = None
        for _ in steps(match, 112):
            if match.over and confirmed_at_end is None:
                confirmed_at_end = match.periods[match.current].confirmed
        assert confirmed_at_end is False
        unconfirmed += not match.periods[match.current].confirmed
    assert 0 < unconfirmed < 100


def test_incidents_are_told_after_the_final_status() -> None:
    late = 0
    for seed in range(40):
        match = football(seed)
        cards = None
        for _ in steps(match, 112):
            now = sum(len(each.incidents) for each in match.statistics.values())
            if match.over and cards is None:
                cards = now
        late += now > (cards or 0)
    assert late
