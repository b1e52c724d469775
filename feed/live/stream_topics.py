"""Topics of programs: a fixture's state, which fixtures were asked for, the feed's sources.

The hub asks of a topic what it asks of a page's: `fixture_id`, `pace`, `weight` and `may_show`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple

from django.db.models import Q, QuerySet

from feed.changes import Part
from feed.codes import IN_PLAY, UPCOMING
from feed.models import Fixture
from feed.state import Contents

SCORES = frozenset({Part.SCOREBOARD, Part.PERIODS, Part.INCIDENTS, Part.STATISTICS})
#: Of a sport or league are told the fixtures that are to come, in play, or began at most so long ago.
RECENT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class StateTopic:
    """A fixture's contents. Its version is their revision; from each lower one there is a change to it."""

    fixture_id: int
    contents: Contents

    pace: ClassVar[float] = 0.1
    weight: ClassVar[int] = 10

    def may_show(self, parts: Collection[str], markets: Collection[int], moved: bool) -> bool:
        """Whether a change of the fixture may be one of these contents."""
        if self.contents.scores and not SCORES.isdisjoint(parts):
            return True
        if not self.contents.prices or Part.MARKETS not in parts:
            return not {Part.FIXTURE, Part.COMPETITION}.isdisjoint(parts)
        return self.contents.markets is None or not markets or not set(self.contents.markets).isdisjoint(markets)


class Scope(NamedTuple):
    """What a token opens: fixtures of these sports and of these leagues, () for all; both count."""

    sports: tuple[int, ...] = ()
    leagues: tuple[int, ...] = ()

    def fixtures(self) -> QuerySet[Fixture]:
        fixtures = Fixture.objects.all()
        if self.sports:
            fixtures = fixtures.filter(sport_id__in=self.sports)
        return fixtures.filter(league_id__in=self.leagues) if self.leagues else fixtures


@dataclass(frozen=True, slots=True)
class SelectionTopic:
    """The fixtures that a program asked for, by id, league or sport, within its scope: `most` of them.

    Its version differs when another fixture belongs to it, or one no more.
    """

    scope: Scope
    fixtures: tuple[int, ...]
    leagues: tuple[int, ...]
    sports: tuple[int, ...]
    most: int

    fixture_id: ClassVar[int] = 0
    pace: ClassVar[float] = 0.25
    weight: ClassVar[int] = 20

    def may_show(self, parts: Collection[str], markets: Collection[int], moved: bool) -> bool:
        return moved

    def ids(self, now: datetime) -> list[int]:
        """The fixtures, those in play first; more than `most` may be cut off, so one more than that is read."""
        asked = Q(pk__in=self.fixtures)
        of_group = Q(league_id__in=self.leagues) | Q(sport_id__in=self.sports)
        if not (self.fixtures or self.leagues or self.sports):
            of_group = Q()
        asked |= of_group & (Q(status__in=IN_PLAY | UPCOMING) | Q(start_at__gt=now - RECENT))
        found = self.scope.fixtures().filter(asked).order_by("start_at", "pk")
        return list(found.values_list("pk", flat=True)[: self.most + 1])


@dataclass(frozen=True, slots=True)
class SourcesTopic:
    """How the feed's sources fare."""

    name: str = "sources"

    fixture_id: ClassVar[int] = 0
    pace: ClassVar[float] = 0.1
    weight: ClassVar[int] = 1

    def may_show(self, parts: Collection[str], markets: Collection[int], moved: bool) -> bool:
        return False
