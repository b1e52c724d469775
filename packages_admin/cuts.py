"""What deactivating a package would cut: the fixtures in play that it feeds, and who has the desk open just now."""

from collections.abc import Callable

import msgspec
from django.db.models import Q

from feed.models import Fixture

from .models import Package


class Connected(msgspec.Struct, frozen=True, kw_only=True):
    """Who is connected now: open pages of traders, and programs that follow the stream."""

    pages: int
    subscribers: int


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """What would fall silent. `connected` is None where nobody can say."""

    package: Package
    in_play: int
    examples: list[str]
    connected: Connected | None


_count: Callable[[], Connected | None] | None = None


def count_connected_with(count: Callable[[], Connected | None]) -> None:
    """From now on ask `count` who is connected; the web server knows, and says so at its start."""
    global _count
    _count = count


def cut_by_deactivating(package: Package, examples: int = 3) -> Cut:
    """What `package` feeds that is in play, with a few names, and who is connected."""
    sources = package.source_ids()
    in_play = (
        Fixture.objects.in_play()
        .filter(Q(source__in=sources) | Q(scoreboard__source__in=sources))
        .order_by("start_at", "pk")
    )
    return Cut(
        package=package,
        in_play=in_play.count(),
        examples=[str(fixture) for fixture in in_play.prefetch_related("participants")[:examples]],
        connected=_count() if _count else None,
    )
