"""Each simulated sport is played as its rules and LSports' notes have it.

`SANDBOX_MATCHES` says how many matches are played for each law (see `tests.sandbox_matches`).
"""

import pytest

from feed.codes import Confirmation, FixtureStatus, PeriodType
from sandbox.contest import Topic
from sandbox.course import Fate
from sandbox.match import Match
from sandbox.numbers import Description, Happening
from sandbox.sports import SPORTS
from tests.sandbox_matches import GAME, MATCHES, TIE_BREAK, make_match, played, sport_named, steps


def test_a_wrong_clock_goes_back_once() -> None:
    for sport in SPORTS:
        if sport.name not in ("Football", "Ice Hockey", "Handball", "Basketball", "American Football"):
            continue
        wrong = 0
        for seed in range(20):
            match = make_match(sport, seed)
            for _, news in steps(match, sport.minutes, Fate.CORRECTED):
                wrong += sum(item.name == "Clock Corrected" for item in news)
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


def test_a_goal_is_to_be_decided_until_play_goes_on_or_it_is_taken_back() -> None:
    seen = set()
    for seed in range(MATCHES):
        match = football(seed)
        for _, news in steps(match, 112):
            if match.latest is not None:
                seen.add(match.latest.confirmation)
                topics = {item.topic for item in news}
                if Topic.SCORE in topics and Topic.PERIOD not in topics:
                    assert match.latest.confirmation != Confirmation.CONFIRMED
                if match.over:
                    assert match.latest.confirmation != Confirmation.TO_BE_DECIDED
    assert seen == set(Confirmation)


def test_players_goals_add_up_to_the_score() -> None:
    for seed in range(MATCHES):
        match = football(seed)
        for _ in steps(match, 112):
            for side in (0, 1):
                own = [done for (position, _, _), done in match.tallies.items() if position == side + 1]
                assert sum(done.get(Happening.SCORE, 0) for done in own) == match.score[side]


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
            assert tuple(sorted((home, away))) in {(games, 6) for games in range(5)} | {(5, 7), (6, 7)}
    assert shown == {"0", "15", "30", "40", "A"}


def test_the_games_that_are_over_are_parts_of_their_set() -> None:
    match = make_match(sport_named("Tennis"), 1)
    for _ in steps(match, 95):
        pass
    for number, games in played(match).items():
        won = [0, 0]
        for part in match.periods[number].parts:
            won[0 if part.values[0] > part.values[1] else 1] += 1
            assert part.finished
            assert (part.texts is None) == (part.type == TIE_BREAK)
        assert won == list(games)


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
            if any(item.cancelled for item in news):
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
            now = sum(len(statistic.incidents) for statistic in match.statistics.values())
            if match.over and cards is None:
                cards = now
        late += now > (cards or 0)
    assert late
