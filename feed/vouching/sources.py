"""Who vouches for a price: a source that is UP. Silence suspends on screen what a source no longer vouches for."""

from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from django.utils.functional import cached_property

from feed.database.prepared import Prepared
from feed.models import FeedSource, Fixture

from .predicate import NO_SOURCE, SourceStanding
from .reasons import Reason
from .source_health import Health, State, state_of, turns_at

#: Why a source in this state vouches for nothing.
REASONS = {
    State.DOWN: Reason.SOURCE_DOWN,
    State.LATE: Reason.SOURCE_LATE,
    State.OFF: Reason.SOURCE_OFF,
    State.RECOVERING: Reason.SOURCE_RECOVERING,
}
SOURCES = Prepared(lambda: FeedSource.objects.defer("keep_alives"))


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A source with its health at the moment of asking."""

    source: FeedSource
    health: Health

    @property
    def is_up(self) -> bool:
        return self.health.state == FeedSource.State.UP

    @property
    def has_sent(self) -> bool:
        """Whether it ever brought anything that it could vouch for."""
        return self.source.last_message_at is not None


@dataclass(frozen=True)
class Vouching:
    """All sources' states at one moment.

    `signature` differs whenever one vouches for something that it did not, or the reverse, or for another reason.
    """

    sources: tuple[SourceHealth, ...]

    @cached_property
    def standings(self) -> dict[int, SourceStanding]:
        """The standing of each source by its id. A break that is due begins an epoch, of which there is nothing yet."""
        return {
            row.source.pk: SourceStanding(
                REASONS.get(row.health.state),
                row.source.epoch + bool(row.source.break_due),
                row.source.doubted_since is not None,
            )
            for row in self.sources
        }

    def standing(self, source_id: int | None) -> SourceStanding:
        return self.standings.get(source_id, NO_SOURCE) if source_id is not None else NO_SOURCE

    @cached_property
    def sides(self) -> dict[int, str]:
        """The side of each source, by its id."""
        return {row.source.pk: row.source.side for row in self.sources}

    def side(self, source_id: int | None) -> str:
        """The side of a source, "" where it has none."""
        return self.sides.get(source_id, "") if source_id is not None else ""

    def turns_at(self, now: datetime) -> datetime | None:
        """When a source may turn to another state by itself, by silence for example; None: never."""
        return min(filter(None, (turns_at(row.source, now) for row in self.sources)), default=None)

    def broke_at(self, source_id: int | None) -> datetime | None:
        """When the last break of a source without heartbeats was noticed; nothing brings its incidents again."""
        broken = {row.source.pk: row.source.broke_at for row in self.sources if not row.source.has_heartbeat}
        return broken.get(source_id) if source_id is not None else None

    @cached_property
    def signature(self) -> str:
        standings = sorted(self.standings.items())
        return "-".join(
            f"{pk}{standing.reason or ''}.{standing.epoch}{'?' * standing.is_doubted}{self.sides[pk]}"
            for pk, standing in standings
        )

    def signature_for(self, fixture: Fixture) -> str:
        """Differs whenever all bets of the fixture, or all of a source, may be open that were not, or the reverse."""
        absent = f"{crc32(fixture.non_runners.encode()):x}" if fixture.non_runners else ""
        return f"{fixture.status}{'?' if fixture.unreadable else ''}{fixture.charge}{absent}-{self.signature}"


def read_vouching(now: datetime) -> Vouching:
    """Every source's state at `now`: one query."""
    return Vouching(tuple(SourceHealth(source, state_of(source, now)) for source in SOURCES()))
