"""The two sides of TRADE, in-play and pre-match: which is in charge of the prices of a fixture of which both speak.

In play it is the in-play side, whatever its state: what another side says of a match under way is not to be traded on.
Before that it is the pre-match side, unless that is down and the other is not.
"""

from datetime import UTC, datetime

from django.utils.functional import cached_property

from feed.codes import BEFORE_PLAY
from feed.models import FeedSource, Fixture
from feed.vouching.source_health import state_of

IN_PLAY, PRE_MATCH = FeedSource.Flow.IN_PLAY.value, FeedSource.Flow.PRE_MATCH.value
OTHER = {IN_PLAY: PRE_MATCH, PRE_MATCH: IN_PLAY}
GONE = frozenset({FeedSource.State.DOWN, FeedSource.State.OFF})


class Sides:
    """`own` is the side of a batch's source, "" where it has none. The sources' rows are read when first needed."""

    def __init__(self, own: str = "") -> None:
        self.own = own

    @cached_property
    def sources(self) -> dict[str, list[FeedSource]]:
        """The sources of each side."""
        sources = list(FeedSource.objects.defer("keep_alives"))
        return {side: [source for source in sources if source.side == side] for side in OTHER}

    @cached_property
    def ids(self) -> dict[str, frozenset[int]]:
        """The ids of the sources of each side."""
        return {side: frozenset(source.pk for source in sources) for side, sources in self.sources.items()}

    @property
    def others(self) -> frozenset[int]:
        """The ids of the sources of the other side."""
        return self.ids[OTHER[self.own]] if self.own else frozenset()

    @cached_property
    def before_play(self) -> str:
        """The side in charge of what has not begun. That which speaks just now is not down."""
        now = datetime.now(UTC)

        def is_down(side: str) -> bool:
            states = (state_of(source, now).state for source in self.sources[side])
            return side != self.own and all(state in GONE for state in states)

        return IN_PLAY if is_down(PRE_MATCH) and not is_down(IN_PLAY) else PRE_MATCH

    def in_charge(self, status: int) -> str:
        """The side in charge of a fixture of this status, if both speak of it."""
        return self.before_play if status in BEFORE_PLAY else IN_PLAY

    def due(self) -> set[int]:
        """The fixtures whose prices are to change hands though no message tells of it, since a side went down or up."""
        if not self.own:
            return set()
        shared = Fixture.objects.filter(has_two_sides=True, status__in=BEFORE_PLAY)
        return set(shared.exclude(charge=self.before_play).values_list("pk", flat=True))


NO_SIDES = Sides()
