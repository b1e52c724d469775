"""The history of an outcome's price at each bookmaker, and what happened in the match meanwhile."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from feed.codes import IncidentType
from feed.journal.prices import bet_states
from feed.journal.scores import Scores, score_history
from feed.models import Bet, Incident
from feed.pages.labels import incident_label
from feed.pages.markets.provider import provider_name
from feed.vouching.predicate import is_offered

#: The entries of its market that a path reaches back over at most, and the most states that it has.
MOST_ENTRIES = MOST_STATES = 20_000


class Outcome(NamedTuple):
    """An outcome of a market at a line; all bets of it, one at each bookmaker, are its paths."""

    market_id: int
    name: str
    line: str


class Point(NamedTuple):
    """The price from `at` on; None while it could not be traded on."""

    at: datetime
    price: Decimal | None
    status: int


@dataclass(frozen=True, slots=True)
class Path:
    """What one bookmaker's price was, in order of time."""

    provider_id: int
    provider: str
    points: tuple[Point, ...]


class Mark(NamedTuple):
    """Something to mark on the axis of time."""

    at: datetime
    kind: str
    label: str


def outcomes_of(bets: Iterable[Bet]) -> list[Outcome]:
    """The different outcomes, in the order of their lines and names."""
    found = {Outcome(bet.market_id, bet.name, bet.line) for bet in bets}
    return sorted(found, key=lambda outcome: (outcome.market_id, line_number(outcome.line), outcome.line, outcome.name))


def line_number(line: str) -> float:
    try:
        return float(line.split(" ")[0].split(":")[0])
    except ValueError:
        return 0.0


def read_paths(fixture_id: int, outcome: Outcome, provider_id: int | None = None) -> list[Path]:
    """The paths of all bookmakers, or of one: two queries."""
    bets = Bet.objects.filter(fixture_id=fixture_id, market_id=outcome.market_id, name=outcome.name, line=outcome.line)
    if provider_id is not None:
        bets = bets.filter(provider_id=provider_id)
    named = {
        (provider, bet): name for provider, bet, name in bets.values_list("provider_id", "bet_id", "provider__name")
    }
    points: dict[tuple[int, int], list[Point]] = {key: [] for key in named}
    for state in bet_states(fixture_id, outcome.market_id, named.keys(), MOST_ENTRIES)[-MOST_STATES:]:
        price = state.price if is_offered(state.status, state.price) else None
        points[state.provider_id, state.bet_id].append(Point(state.at, price, state.status))
    return [
        Path(provider, provider_name(provider, named[provider, bet]), tuple(sorted(path, key=lambda point: point.at)))
        for (provider, bet), path in sorted(points.items())
        if path
    ]


def read_marks(fixture_id: int, incidents: Iterable[Incident]) -> list[Mark]:
    """Changes of the score, and red cards where the match clock tells when they were."""
    scores = sorted(score_history(fixture_id), key=lambda scores: scores.at)
    return sorted([*score_marks(scores), *card_marks(scores, incidents)])


def score_marks(history: Sequence[Scores]) -> list[Mark]:
    """A mark where the score differs from the one before."""
    marks = []
    for before, now in pairwise(history):
        if now.scores and before.scores and now.scores != before.scores:
            marks.append(Mark(now.at, "goal", "–".join(now.scores[key] for key in sorted(now.scores))))
    return marks


def card_marks(history: Sequence[Scores], incidents: Iterable[Incident]) -> list[Mark]:
    """Red cards, at the moment when the scoreboard of their period showed their minute."""
    marks = []
    for incident in incidents:
        if incident.type != IncidentType.RED_CARD or incident.is_cancelled or incident.seconds is None:
            continue
        timed = [scores for scores in history if scores.current_period == incident.period and scores.time is not None]
        after = [scores for scores in timed if (scores.time or 0) >= incident.seconds]
        if timed:
            marks.append(Mark((after or timed[-1:])[0].at, "red", incident_label(incident.type)))
    return marks


def as_columns(paths: Sequence[Path], points: int) -> dict[str, Any]:
    """For the chart: all times in epoch seconds, and for each bookmaker its price at each, null while suspended.

    More than `points` times are thinned: of each of `points` equal spans the last, lowest and highest prices stay.
    """
    times = sorted({point.at for path in paths for point in path.points})
    drawn = thinned(times, paths, points)
    return {
        "times": [moment.timestamp() for moment in drawn],
        "series": [{"id": path.provider_id, "name": path.provider, "prices": filled(path, drawn)} for path in paths],
    }


def thinned(times: list[datetime], paths: Sequence[Path], points: int) -> list[datetime]:
    """The moments that are drawn."""
    if len(times) <= points:
        return times
    width = (times[-1] - times[0]) / points
    drawn = {times[0], times[-1]}
    for path in paths:
        parts: dict[int, list[Point]] = {}
        for point in path.points:
            parts.setdefault(int((point.at - times[0]) / width), []).append(point)
        for members in parts.values():
            drawn.add(members[-1].at)
            priced = [point for point in members if point.price is not None]
            if priced:
                drawn.add(min(priced, key=lambda point: point.price or 0).at)
                drawn.add(max(priced, key=lambda point: point.price or 0).at)
    return sorted(drawn)


def filled(path: Path, times: Sequence[datetime]) -> list[float | None]:
    """The price that stood at each of the moments."""
    prices: list[float | None] = []
    place, standing = 0, None
    for moment in times:
        while place < len(path.points) and path.points[place].at <= moment:
            standing = path.points[place].price
            place += 1
        prices.append(float(standing) if standing is not None else None)
    return prices


def spark(points: Sequence[Point], most: int = 30) -> str:
    """The newest prices as the path of a picture of 60 by 16: stepped, broken where the price was suspended."""
    shown = points[-most:]
    prices = [float(point.price) for point in shown if point.price is not None]
    if not prices:
        return ""
    low, span = min(prices), (max(prices) - min(prices)) or 1.0
    start, length = shown[0].at, (shown[-1].at - shown[0].at).total_seconds() or 1.0
    path, pen = [], "M"
    for point, after in zip(shown, [*shown[1:], None], strict=True):
        if point.price is None:
            pen = "M"
            continue
        x = 60 * (point.at - start).total_seconds() / length
        end = 60 * (after.at - start).total_seconds() / length if after else 60.0
        y = 15 - 14 * (float(point.price) - low) / span
        path.append(f"{pen}{x:.1f} {y:.1f}H{end:.1f}")
        pen = "L"
    return "".join(path)
