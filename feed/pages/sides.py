"""The two sides of a match and what stands beside their names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from feed.codes import SET_SPORTS, SportId
from feed.models import Fixture, Participant, Period, Scoreboard, Statistic

GAME = 60
#: Periods that are a part of the play and have a score of their own; 100 and above repeat the final result.
FULL_TIME = 100
#: Sports whose followers read every period: sets, quarters, innings.
SHOWS_ALL_PERIODS = SET_SPORTS | {
    SportId.BASKETBALL,
    SportId.AMERICAN_FOOTBALL,
    SportId.ICE_HOCKEY,
    SportId.BASEBALL,
    SportId.AUSTRALIAN_RULES,
}
#: As many fit into a board row; the last ones are shown.
MOST_PERIODS = 5


#: LSports' name for the only season of a track.
EVERYTHING = "All"


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
    told = {participant.position: participant.name for participant in participants}
    names = side_names(told.get(1, ""), told.get(2, ""), fixture.name)
    scores: Mapping[str, str] = scoreboard.scores if scoreboard else {}
    turn = str(scoreboard.extra_data.get("Turn", "")) if scoreboard else ""
    game: Mapping[str, str] = next((period.scores for period in periods if period.type == GAME), {})
    current = current_scores(fixture, scoreboard, periods)
    cards = red_cards[0].values if red_cards else {}
    shown = shown_periods(fixture, periods)

    def side(position: int) -> Side:
        key = str(position)
        return Side(
            name=names[position - 1],
            score=scores.get(key, ""),
            period=current.get(key, ""),
            game=game.get(key, ""),
            red_cards=int(cards[key]) if str(cards.get(key, "")).isdecimal() else 0,
            serves=turn == key,
            periods=tuple(period.scores.get(key, "") for period in shown),
        )

    return side(1), side(2)


def side_names(home: str, away: str, name: str) -> tuple[str, str]:
    """What the two sides are called; a match whose sides nobody told is called by its own name, if it has one."""
    return (home or gettext("Home"), away or gettext("Away")) if home or away or not name else (name, "")


def shown_periods(fixture: Fixture, periods: Sequence[Period]) -> list[Period]:
    """The newest periods of play, in sports whose followers read each."""
    if fixture.sport_id not in SHOWS_ALL_PERIODS:
        return []
    return [period for period in periods if 0 <= period.type < GAME][-MOST_PERIODS:]


def current_scores(fixture: Fixture, scoreboard: Scoreboard | None, periods: Sequence[Period]) -> Mapping[str, str]:
    """The score of the period under way, in sports where the total counts periods won (sets)."""
    if scoreboard is None or fixture.sport_id not in SET_SPORTS:
        return {}
    own = [period for period in periods if period.type < GAME and not period.is_finished]
    return own[-1].scores if own else {}


def title_of(fixture: Fixture, participants: Sequence[Participant]) -> str:
    """How a person names the fixture: "Arsenal v Chelsea", or its own name."""
    names = {participant.position: participant.name for participant in participants}
    if fixture.kind == Fixture.Kind.MATCH and (1 in names or 2 in names):
        return versus(names.get(1), names.get(2))
    return outright_title(fixture)


def outright_title(fixture: Fixture) -> str:
    """An outright's own name, or its place in the tree with the race's title: "Tresmar Downs, Race 3"."""
    place = fixture.competition
    if place is not None and place.name == EVERYTHING and place.parent is not None:
        place = place.parent
    words = [place.name if place else "", str(fixture.extra_data.get("RaceTitle", ""))]
    return fixture.name or ", ".join(filter(None, words)) or fixture_name(fixture.pk)


def versus(home: str | None, away: str | None) -> str:
    """ "Arsenal v Chelsea"."""
    return gettext("%(home)s v %(away)s") % {"home": home or gettext("Home"), "away": away or gettext("Away")}


def fixture_name(pk: int) -> str:
    """What a fixture is called that LSports has not named."""
    return gettext("Fixture %(number)s") % {"number": pk}
