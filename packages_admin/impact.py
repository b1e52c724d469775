"""What deactivating a package would stop: the fixtures in play that it feeds."""

import msgspec
from django.db.models import Exists, OuterRef, Q, QuerySet

from feed.codes import BetStatus
from feed.models import Bet, Fixture

from .models import Package


class Impact(msgspec.Struct, frozen=True, kw_only=True):
    """What would no longer be fed."""

    package: Package
    in_play: int
    examples: list[str]


def impact_of_deactivating(package: Package, examples: int = 3) -> Impact:
    """What `package` feeds that is in play, with a few names."""
    in_play = fed_in_play(package).order_by("start_at", "pk")
    return Impact(
        package=package,
        in_play=in_play.count(),
        examples=[str(fixture) for fixture in in_play.prefetch_related("participants")[:examples]],
    )


def fed_in_play(package: Package) -> QuerySet[Fixture]:
    """The fixtures in play that the package feeds: description, score, or prices that are not settled yet."""
    sources = package.source_ids()
    prices = Bet.objects.filter(fixture=OuterRef("pk"), source__in=sources).exclude(status=BetStatus.SETTLED)
    return Fixture.objects.in_play().filter(Q(source__in=sources) | Q(scoreboard__source__in=sources) | Exists(prices))
