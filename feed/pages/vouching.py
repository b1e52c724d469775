"""Who vouches for a price: a source that is UP. Silence suspends on screen what a source no longer vouches for."""

from dataclasses import dataclass
from datetime import datetime

from feed.health import Health, state_of
from feed.models import FeedSource
from feed.prepared import Prepared

SOURCES = Prepared(lambda: FeedSource.objects.defer("keep_alives"))


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source with its health at the moment of asking."""

    source: FeedSource
    health: Health

    @property
    def is_up(self) -> bool:
        return self.health.state == FeedSource.State.UP

    @property
    def has_spoken(self) -> bool:
        """Whether it ever brought anything that it could vouch for."""
        return self.source.last_message_at is not None


@dataclass(frozen=True, slots=True)
class Vouching:
    """All sources' states at one moment. `signature` differs whenever one is UP that was not, or the reverse."""

    sources: tuple[SourceState, ...]

    @property
    def up(self) -> frozenset[int]:
        return frozenset(each.source.pk for each in self.sources if each.is_up)

    @property
    def signature(self) -> str:
        return "-".join(str(pk) for pk in sorted(self.up))


def read_vouching(now: datetime) -> Vouching:
    """Every source's state at `now`: one query."""
    return Vouching(tuple(SourceState(source, state_of(source, now)) for source in SOURCES()))
