"""Topics of programs: a fixture's state, the fixtures of a subscription, the feed's sources (`feed.live.topic`)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple

from django.db.models import Q, QuerySet

from feed.changes import Aspect
from feed.codes import IN_PLAY, UPCOMING
from feed.models import Fixture

from .state import SCORES, Contents

#: Of a sport or league a program follows the fixtures that are to come, in play, or began within this time.
RECENT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class StateTopic:
    """A fixture's contents. Its version is their revision; from each lower one there is a change to it."""

    fixture_id: int
    contents: Contents

    pace: ClassVar[float] = 0.1
    cost: ClassVar[int] = 10
    first_cost: ClassVar[int] = 50
    follows_everything: ClassVar[bool] = False

    def may_show(self, aspects: Collection[str], markets: Collection[int], moved: bool) -> bool:
        """Whether a change of the fixture may change these contents."""
        if self.contents.scores and not SCORES.isdisjoint(aspects):
            return True
        if not self.contents.prices or Aspect.MARKETS not in aspects:
            return not {Aspect.FIXTURE, Aspect.COMPETITION}.isdisjoint(aspects)
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


def recent(now: datetime) -> Q:
    """The fixtures that are to come, in play, or began a short while ago."""
    return Q(status__in=IN_PLAY | UPCOMING) | Q(start_at__gt=now - RECENT)


@dataclass(frozen=True, slots=True)
class SelectionTopic:
    """The fixtures of a subscription, by id, league or sport, within the token's scope: `most` of them at most.

    Its version differs when a fixture joins or leaves it.
    """

    scope: Scope
    fixtures: tuple[int, ...]
    leagues: tuple[int, ...]
    sports: tuple[int, ...]
    most: int

    fixture_id: ClassVar[int] = 0
    pace: ClassVar[float] = 0.25
    cost: ClassVar[int] = 20
    first_cost: ClassVar[int] = 20
    follows_everything: ClassVar[bool] = False

    def may_show(self, aspects: Collection[str], markets: Collection[int], moved: bool) -> bool:
        return moved

    def ids(self, now: datetime) -> list[int]:
        """The fixtures by their start. One more than `most` is read, to know whether some are left out."""
        wanted = Q(pk__in=self.fixtures)
        of_group = Q(league_id__in=self.leagues) | Q(sport_id__in=self.sports)
        if not (self.fixtures or self.leagues or self.sports):
            of_group = Q()
        wanted |= of_group & recent(now)
        rows = self.scope.fixtures().filter(wanted).order_by("start_at", "pk")
        return list(rows.values_list("pk", flat=True)[: self.most + 1])


@dataclass(frozen=True, slots=True)
class SourcesTopic:
    """The states of the feed's sources."""

    name: str = "sources"

    fixture_id: ClassVar[int] = 0
    pace: ClassVar[float] = 0.1
    cost: ClassVar[int] = 1
    first_cost: ClassVar[int] = 1
    follows_everything: ClassVar[bool] = False

    def may_show(self, aspects: Collection[str], markets: Collection[int], moved: bool) -> bool:
        return False
