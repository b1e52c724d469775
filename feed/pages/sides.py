"""The two sides of a match and what stands beside their names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feed.codes import SportId
from feed.models import Fixture, Participant, Period, Scoreboard, Statistic

GAME = 60
#: Periods that are a part of the play and have a score of their own; 100 and above repeat the final result.
FULL_TIME = 100
#: Sports whose total counts periods won: the score of the current one is read beside it.
SHOWS_PERIODS = frozenset(
    {SportId.TENNIS, SportId.VOLLEYBALL, SportId.BEACH_VOLLEYBALL, SportId.TABLE_TENNIS, SportId.BADMINTON}
    | {SportId.SQUASH, SportId.PADEL}
)
#: Sports whose followers read every period: sets, quarters, innings.
SHOWS_ALL_PERIODS = SHOWS_PERIODS | {
    SportId.BASKETBALL,
    SportId.AMERICAN_FOOTBALL,
    SportId.ICE_HOCKEY,
    SportId.BASEBALL,
    SportId.AUSTRALIAN_RULES,
}
#: As many fit into a board row; the last ones are shown.
MOST_PERIODS = 5


@dataclass(frozen=True, slots=True)
class Side:
    """Home (position 1) or away (2): name, total score, score of the current period and game, red cards, serve.

    `periods` are the scores of the newest periods, in sports whose followers read them.
    """

    name: str
    score: str
    period: str
    game: str
    red_cards: int
    serves: bool
    periods: tuple[str, ...] = ()


def sides_of(
    fixture: Fixture,
    scoreboard: Scoreboard | None,
    participants: Sequence[Participant],
    periods: Sequence[Period] = (),
    red_cards: Sequence[Statistic] = (),
) -> tuple[Side, Side]:
    """Home and away; a side without a participant is named so that the row can still be read."""
    names = {participant.position: participant.name for participant in participants}
    scores: Mapping[str, str] = scoreboard.scores if scoreboard else {}
    turn = str(scoreboard.extra_data.get("Turn", "")) if scoreboard else ""
    game: Mapping[str, str] = next((period.scores for period in periods if period.type == GAME), {})
    current = current_scores(fixture, scoreboard, periods)
    cards = red_cards[0].values if red_cards else {}
    shown = shown_periods(fixture, periods)

    def side(position: int) -> Side:
        key = str(position)
        return Side(
            name=names.get(position) or ("Home" if position == 1 else "Away"),
            score=scores.get(key, ""),
            period=current.get(key, ""),
            game=game.get(key, ""),
            red_cards=int(cards[key]) if str(cards.get(key, "")).isdecimal() else 0,
            serves=turn == key,
            periods=tuple(period.scores.get(key, "") for period in shown),
        )

    return side(1), side(2)


def shown_periods(fixture: Fixture, periods: Sequence[Period]) -> list[Period]:
    """The newest periods of play, in sports whose followers read each."""
    if fixture.sport_id not in SHOWS_ALL_PERIODS:
        return []
    return [period for period in periods if 0 <= period.type < GAME][-MOST_PERIODS:]


def current_scores(fixture: Fixture, scoreboard: Scoreboard | None, periods: Sequence[Period]) -> Mapping[str, str]:
    """The score of the period under way, in sports where the total counts periods won (sets)."""
    if scoreboard is None or fixture.sport_id not in SHOWS_PERIODS:
        return {}
    own = [period for period in periods if period.type < GAME and not period.is_finished]
    return own[-1].scores if own else {}


def title_of(fixture: Fixture, participants: Sequence[Participant]) -> str:
    """How a person names the fixture: "Arsenal v Chelsea", or its own name."""
    names = {participant.position: participant.name for participant in participants}
    if fixture.kind == Fixture.Kind.MATCH and (1 in names or 2 in names):
        return f"{names.get(1, 'Home')} v {names.get(2, 'Away')}"
    placed = f"{fixture.competition}" if fixture.competition_id and fixture.competition else ""
    return fixture.name or placed or f"Fixture {fixture.pk}"
