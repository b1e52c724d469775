"""How bookmakers react to goals: who closes first, who moves first, and after how long, by the times of receipt."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

from feed.codes import WINNERS, BetStatus, sport_traits
from feed.journal.prices import BetState, states_of
from feed.journal.prices import columns_of as price_columns
from feed.journal.scores import Scores, scores_of
from feed.journal.scores import columns_of as score_columns
from feed.models import Fixture, JournalEntry, Provider
from feed.models.market import CALCULATED

from .goals import MOST_GOALS
from .movers import titles

Part = JournalEntry.Part
#: Prices of who wins are looked at from this long before LSports' word of a goal until this long after it.
BEFORE, AFTER = timedelta(seconds=60), timedelta(seconds=180)
#: The newest goals and entries that are read.
MOST, MOST_ENTRIES = 40, 20_000


class Goal(NamedTuple):
    """The score became this when it was received."""

    fixture_id: int
    at: datetime
    score: str


class Reaction(NamedTuple):
    """After how many seconds a bookmaker closed its market and showed another price; None: not within the time.

    Below zero: before LSports' word of the goal came.
    """

    provider_id: int
    closed: float | None
    moved: float | None


class GoalReactions(NamedTuple):
    goal: Goal
    title: str
    reactions: list[Reaction]


class Reactions(NamedTuple):
    """The bookmakers, the quickest first; the goals, the newest first; the names of all bookmakers by id."""

    books: "list[BookmakerReactions]"
    goals: list[GoalReactions]
    names: dict[int, str]


@dataclass(frozen=True, slots=True)
class BookmakerReactions:
    """Over all goals: of how many it is known, how often it was first, and the median seconds (None: never)."""

    name: str
    goals: int
    closed_first: int
    moved_first: int
    closed: float | None
    moved: float | None


def read_reactions(since: datetime) -> Reactions:
    """The reactions to the newest goals since then: five queries."""
    goals = of_few_goals(goals_of(newest_scores(since), since))[-MOST:]
    states = states_around(goals)
    names = dict(Provider.objects.values_list("pk", "name"))
    named = titles({goal.fixture_id for goal in goals})
    found = [
        GoalReactions(goal, named.get(goal.fixture_id, str(goal.fixture_id)), own)
        for goal in goals
        if (own := reactions_to(goal, states[goal.fixture_id]))
    ]
    return Reactions(summary([row.reactions for row in found], names), found[::-1], names)


def newest_scores(since: datetime) -> list[Scores]:
    entries = JournalEntry.objects.filter(part=Part.SCOREBOARD, received_at__gte=since - AFTER)
    return scores_of(list(score_columns(entries.order_by("-id"))[:MOST_ENTRIES])[::-1])


def goals_of(history: Iterable[Scores], since: datetime) -> list[Goal]:
    """Each time that a small score grew, in the order in which that came."""
    last: dict[int, int] = {}
    goals = []
    for board in history:
        points = [int(score) for score in board.scores.values() if score.isdecimal()]
        before, total = last.get(board.fixture_id), sum(points)
        last[board.fixture_id] = total
        if before is not None and before < total <= MOST_GOALS and board.received_at >= since:
            score = ":".join(board.scores.get(side, "") for side in ("1", "2"))
            goals.append(Goal(board.fixture_id, board.received_at, score))
    return sorted(goals, key=lambda goal: goal.at)


def of_few_goals(goals: Sequence[Goal]) -> list[Goal]:
    """The goals of sports with so few of them that bookmakers close at each: one query."""
    rows = Fixture.objects.filter(pk__in={goal.fixture_id for goal in goals}).values_list("pk", "sport_id")
    chosen = {pk for pk, sport_id in rows if sport_traits(sport_id).few_goals}
    return [goal for goal in goals if goal.fixture_id in chosen]


def states_around(goals: Sequence[Goal]) -> dict[int, list[BetState]]:
    """What bookmakers' prices of who wins were around the goals, by fixture, in the order in which they came."""
    found: dict[int, list[BetState]] = defaultdict(list)
    if not goals:
        return found
    entries = JournalEntry.objects.filter(
        part=Part.MARKET,
        fixture_id__in={goal.fixture_id for goal in goals},
        market_id__in=WINNERS,
        received_at__gte=goals[0].at - BEFORE,
        received_at__lte=goals[-1].at + AFTER,
    )
    for state in states_of(list(price_columns(entries.order_by("-id"))[:MOST_ENTRIES])[::-1]):
        if state.provider_id != CALCULATED:
            found[state.market[0]].append(state)
    return found


def reactions_to(goal: Goal, states: Iterable[BetState]) -> list[Reaction]:
    """The reaction of each bookmaker that sent anything around the goal, by its number."""
    closed: dict[int, float] = {}
    moved: dict[int, float] = {}
    prices: dict[tuple[int, int], object] = {}
    for state in states:
        if not goal.at - BEFORE <= state.received_at <= goal.at + AFTER:
            continue
        seconds, book = (state.received_at - goal.at).total_seconds(), state.provider_id
        if state.status == BetStatus.SUSPENDED:
            closed.setdefault(book, seconds)
        elif state.status == BetStatus.OPEN:
            bet = book, state.bet_id
            if seconds < 0:
                closed.pop(book, None)  # that was about something else
            if seconds >= 0 and prices.get(bet) != state.price:
                moved.setdefault(book, seconds)
            prices[bet] = state.price
    return [Reaction(book, closed.get(book), moved.get(book)) for book in sorted(closed.keys() | moved.keys())]


def summary(goals: Collection[list[Reaction]], names: dict[int, str]) -> list[BookmakerReactions]:
    """Each bookmaker over all goals, those first that close soonest."""
    own: dict[int, list[Reaction]] = defaultdict(list)
    firsts: dict[tuple[str, int], int] = defaultdict(int)
    for reactions in goals:
        for reaction in reactions:
            own[reaction.provider_id].append(reaction)
        for kind in ("closed", "moved"):
            times = [(getattr(row, kind), row.provider_id) for row in reactions if getattr(row, kind) is not None]
            for seconds, book in times:
                firsts[kind, book] += seconds == min(times)[0]
    rows = [
        BookmakerReactions(
            names.get(book, str(book)),
            len(reactions),
            firsts["closed", book],
            firsts["moved", book],
            middle(row.closed for row in reactions),
            middle(row.moved for row in reactions),
        )
        for book, reactions in own.items()
    ]
    return sorted(rows, key=lambda row: (row.closed is None, row.closed or 0.0, row.name))


def middle(seconds: Iterable[float | None]) -> float | None:
    known = [second for second in seconds if second is not None]
    return median(known) if known else None
