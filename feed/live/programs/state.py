"""The whole state of a fixture as JSON, and what changed of it: what REST answers and what programs are sent.

A state is an object. A change is an object of the same shape that holds only what changed: it is merged into the state
by the one rule of `merged`. Bet ids and prices are strings, because a browser's numbers are not exact.
"""

from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

from feed.changes import Aspect, revision_columns
from feed.live.right_of_way import CHANGES_FIRST
from feed.models import Fixture
from feed.pages.reading import Reading
from feed.vouching.sources import Vouching

from .rows import (
    fixture_json,
    incident_json,
    iso,
    market_json,
    participant_json,
    period_json,
    player_json,
    scoreboard_json,
    statistic_json,
)

SCORES = frozenset({Aspect.SCOREBOARD, Aspect.PERIODS, Aspect.INCIDENTS, Aspect.STATISTICS})
SCORES_REVISIONS = attrgetter(*revision_columns(SCORES))
#: Objects by id, which are merged member by member. Everything else is replaced whole.
BY_ID = frozenset({"markets", "providers", "bets"})


class Contents(NamedTuple):
    """Which parts of a fixture a program or request gets, and the ids of which markets (None: all)."""

    scores: bool = True
    prices: bool = True
    markets: tuple[int, ...] | None = None

    def __str__(self) -> str:
        words = [word for word, is_included in (("scores", self.scores), ("prices", self.prices)) if is_included]
        if self.markets is not None:
            words.append(f"markets={','.join(map(str, self.markets))}")
        return "+".join(words)


EVERYTHING = Contents()
#: The words that people and programs use for contents, with what each stands for.
NAMED = {"all": {"scores", "prices"}, "scores": {"scores"}, "prices": {"prices"}}


def contents_named(wanted: str, opened: str, markets: Iterable[int] | None = None) -> Contents | None:
    """What is both wanted and opened, both of them "all", "scores" or "prices"; None where that is nothing."""
    parts = NAMED[wanted] & NAMED[opened]
    chosen = tuple(sorted(set(markets))) if markets is not None and "prices" in parts else None
    return Contents("scores" in parts, "prices" in parts, chosen) if parts else None


def fixture_state(
    reading: Reading, fixture_id: int, vouching: Vouching, contents: Contents = EVERYTHING
) -> dict[str, Any]:
    """Everything of a fixture. Absent things are null; positions are keys: {"1": "2", "2": "0"}."""
    return fixture_change(reading, fixture_id, -1, vouching, contents)


def fixture_change(
    reading: Reading,
    fixture_id: int,
    since: int,
    vouching: Vouching,
    contents: Contents = EVERYTHING,
    *,
    is_reopened: bool = False,
) -> dict[str, Any]:
    """What is at a higher revision than `since`.

    `at`, of the newest change of anything of the fixture, has only who has everything: for others it would change
    without a revision of theirs.

    Of bets that are read though they are at no higher revision it says whether they are open; `is_reopened` says that
    there may be some though no market has changed.
    """
    fixture = reading.fixtures[fixture_id]
    change: dict[str, Any] = {
        "id": fixture.pk,
        "revision": revision_of(reading, fixture_id, contents),
    }
    if contents == EVERYTHING:
        change["at"] = {name: iso(getattr(fixture, f"{name}_at")) for name in ("sent", "received", "stored")}
    if fixture.fixture_revision > since:
        participants = [participant_json(row) for row in reading.participants.get(fixture_id, [])]
        change |= {**fixture_json(fixture), "participants": participants}
    if contents.scores:
        change |= scores_change(reading, fixture, since)
    if contents.prices:
        change["vouching"] = vouching.signature_for(fixture)
    if contents.prices and (is_reopened or fixture.markets_revision > since):
        change["markets"] = markets_change(reading, fixture_id, since, vouching, contents)
    return change


def revision_of(reading: Reading, fixture_id: int, contents: Contents) -> int:
    """The revision of the newest change of these contents."""
    fixture = reading.fixtures[fixture_id]
    revisions = [fixture.fixture_revision]
    if contents.scores:
        revisions += SCORES_REVISIONS(fixture)
    if contents.prices and contents.markets is None:
        revisions.append(fixture.markets_revision)
    if contents.prices and contents.markets is not None:
        mine = reading.markets.get(fixture_id, {})
        newest = (mine[market_id].revision for market_id in contents.markets if market_id in mine)
        revisions += [min(revision, fixture.revision) for revision in newest]
    return max(revisions)


def scores_change(reading: Reading, fixture: Fixture, since: int) -> dict[str, Any]:
    """Scoreboard, periods, incidents and statistics: each whole where anything of it changed."""
    change: dict[str, Any] = {}
    if fixture.scoreboard_revision > since:
        scoreboard = getattr(fixture, "scoreboard", None)
        change["scoreboard"] = scoreboard_json(scoreboard) if scoreboard else None
    if fixture.periods_revision > since:
        change["periods"] = [period_json(row) for row in reading.periods.get(fixture.pk, [])]
    if fixture.incidents_revision > since:
        change["incidents"] = [incident_json(row) for row in reading.incidents.get(fixture.pk, [])]
    if fixture.statistics_revision > since:
        change["statistics"] = [statistic_json(row) for row in reading.statistics.get(fixture.pk, [])]
        change["player_statistics"] = [player_json(row) for row in reading.player_statistics.get(fixture.pk, [])]
    return change


def markets_change(
    reading: Reading, fixture_id: int, since: int, vouching: Vouching, contents: Contents
) -> dict[str, Any]:
    """The markets at a higher revision, each with its bets that are, and those of which other bets were read."""
    changes = {}
    for market_id, market in reading.markets.get(fixture_id, {}).items():
        CHANGES_FIRST.let_pass()
        bets = reading.bets.get((fixture_id, market_id), [])
        if (bets or market.revision > since) and (contents.markets is None or market_id in contents.markets):
            of_market = reading.vouching_for(market, vouching)
            changes[str(market_id)] = market_json(market, bets, reading.providers, of_market, since)
    return changes


def merged(state: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """The state after the change: what is under "markets", "providers" and "bets" merged by id, all else replaced."""
    after = {**state, **change}
    for key in BY_ID & change.keys() & state.keys():
        mine = state[key]
        after[key] = {**mine, **{pk: merged(mine.get(pk, {}), member) for pk, member in change[key].items()}}
    return after
