"""What the rules look at: one fixture with its score, its prices and its holes, as they were last read."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.functional import cached_property

from feed.codes import IN_PLAY
from feed.pages.prices.movers import Offer
from feed.vouching.reasons import SUSPENDED, Reason

#: Why nobody vouches for a price, whatever is said of it: the desk's own doubts, which the feed's line tells.
DOUBTS = frozenset(
    {Reason.SOURCE_DOWN, Reason.SOURCE_LATE, Reason.SOURCE_OFF, Reason.SOURCE_RECOVERING, Reason.UNCONFIRMED}
)
IN_PLAY_STATUSES = frozenset(map(int, IN_PLAY))


@dataclass
class Scene:
    """A fixture. `seconds` is the match clock; `holes` maps markets to when they got one, `closed` those that are
    stated to be closed as a whole to when that was stated, `shut` those that were seen suspended by all bookmakers to
    since when; `began_at` is since when it is in play. `feed_is_up`: all sources are, so that nothing is missing.
    """

    fixture_id: int
    title: str
    sport_id: int | None
    status: int
    start_at: datetime | None
    scores: dict[str, str]
    seconds: int | None
    offers: list[Offer]
    holes: dict[int, datetime] = field(default_factory=dict)
    closed: dict[int, datetime] = field(default_factory=dict)
    began_at: datetime | None = None
    shut: dict[int, datetime] = field(default_factory=dict)
    feed_is_up: bool = True

    @property
    def is_in_play(self) -> bool:
        return self.status in IN_PLAY_STATUSES

    @cached_property
    def points(self) -> tuple[int, int] | None:
        """The score of both sides; None where it is not two numbers."""
        home, away = self.scores.get("1", ""), self.scores.get("2", "")
        return (int(home), int(away)) if home.isdecimal() and away.isdecimal() else None

    @cached_property
    def vouched(self) -> list[Offer]:
        """The offers that the desk does not doubt, open or not."""
        return [offer for offer in self.offers if DOUBTS.isdisjoint(offer.reasons)]

    @cached_property
    def open(self) -> list[Offer]:
        return [offer for offer in self.offers if offer.is_open]

    @cached_property
    def markets(self) -> dict[int, dict[int, list[Offer]]]:
        """The offers that are not doubted, by market and bookmaker."""
        markets: dict[int, dict[int, list[Offer]]] = defaultdict(lambda: defaultdict(list))
        for offer in self.vouched:
            markets[offer.market_id][offer.provider_id].append(offer)
        return markets

    @cached_property
    def spoken_at(self) -> dict[int, datetime]:
        """When each bookmaker last spoke of the fixture."""
        newest: dict[int, datetime] = {}
        for offer in self.offers:
            newest[offer.provider_id] = max(offer.received_at, newest.get(offer.provider_id, offer.received_at))
        return newest

    def ages(self, now: datetime) -> Iterator[tuple[int, float]]:
        """How many seconds ago each bookmaker last spoke of the fixture."""
        return ((provider_id, (now - at).total_seconds()) for provider_id, at in self.spoken_at.items())

    def starts_within(self, span: timedelta, now: datetime) -> bool:
        return not self.is_in_play and self.start_at is not None and self.start_at <= now + span


def is_suspended(offer: Offer) -> bool:
    return not SUSPENDED.isdisjoint(offer.reasons)
