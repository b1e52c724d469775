"""Which fixtures a board shows. Its words are the page's address, so a board can be shared by its link."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from feed.codes import IN_PLAY, UPCOMING
from feed.models import Bet, Fixture, Market
from feed.pages.display import DECIMAL, Display, joined, number, numbers, parse_display
from feed.pages.zones import zone_named

from .search import find_fixtures

#: As many favourites as fit into a topic.
MOST_FAVOURITES = 60
MOST_LETTERS = 60


class Section(NamedTuple):
    """A part of the board: its word in addresses, the statuses in it (None: all others)."""

    word: str
    statuses: frozenset[int] | None


SECTIONS = (
    Section("in_play", frozenset(map(int, IN_PLAY))),
    Section("upcoming", frozenset(map(int, UPCOMING))),
    Section("finished", None),
)
#: The tabs, in their order; "today" crosses the sections.
TABS = ("in_play", "today", "upcoming", "finished", "all")


def section_of(status: int) -> str:
    """The word of the section that fixtures of this status stand in."""
    return next(section.word for section in SECTIONS if section.statuses is None or status in section.statuses)


@dataclass(frozen=True, slots=True)
class BoardQuery:
    """The fixtures that are asked for, and how their prices are written.

    `provider_id`: only fixtures that this bookmaker has, at its prices; `market_id`: only fixtures with this market,
    shown in the first place. `favourites`, `zone` and `display` are the reader's and no part of the address.
    """

    show: str = "all"
    sport_id: int | None = None
    location_id: int | None = None
    league_id: int | None = None
    provider_id: int | None = None
    market_id: int | None = None
    text: str = ""
    favourites: tuple[int, ...] = ()
    zone: str = ""
    display: Display = DECIMAL

    @property
    def address(self) -> str:
        """The words after the "?" of the page's address."""
        pairs = {
            "show": self.show if self.show != "all" else None,
            "sport": self.sport_id,
            "location": self.location_id,
            "league": self.league_id,
            "provider": self.provider_id,
            "market": self.market_id,
            "q": self.text or None,
        }
        return urlencode({key: value for key, value in pairs.items() if value is not None})

    @property
    def words(self) -> str:
        """The words of the topic: the address and the reader's own choices."""
        own = [("pins", joined(self.favourites))] if self.favourites else []
        own += [("zone", self.zone)] if self.zone and self.show == "today" else []
        return "&".join(filter(None, (self.address, urlencode(own, safe=","), self.display.words)))

    @property
    def row_words(self) -> str:
        """The words of each row's topic."""
        pairs = {"provider": self.provider_id, "market": self.market_id}
        own = urlencode({key: value for key, value in pairs.items() if value is not None})
        return "&".join(filter(None, (own, self.display.words)))

    @property
    def is_narrowed(self) -> bool:
        """Whether filters beyond the tab and the sport are on."""
        return replace(self, show="all", sport_id=None).address != ""

    def but(self, **changes: Any) -> "BoardQuery":
        return replace(self, **changes)

    def fixtures(self, now: datetime) -> QuerySet[Fixture]:
        """The fixtures of the board, all sections together."""
        fixtures = self.fixtures_of_all_tabs()
        fixtures = fixtures.filter(sport_id=self.sport_id) if self.sport_id is not None else fixtures
        return fixtures.filter(is_today(self.zone, now)) if self.show == "today" else fixtures

    def fixtures_of_all_tabs(self) -> QuerySet[Fixture]:
        """What the other filters leave, for counting by tab and sport."""
        fixtures = Fixture.objects.matches()
        for field in ("location_id", "league_id"):
            if (value := getattr(self, field)) is not None:
                fixtures = fixtures.filter(**{field: value})
        own = {"fixture_id": OuterRef("pk")}
        if self.provider_id is not None:
            fixtures = fixtures.filter(Exists(Bet.objects.filter(provider_id=self.provider_id, **own)))
        if self.market_id is not None:
            fixtures = fixtures.filter(Exists(Market.objects.filter(market_id=self.market_id, **own)))
        if self.text:
            fixtures = fixtures.filter(pk__in=find_fixtures(self.text))
        return fixtures


def is_today(zone: str, now: datetime) -> Q:
    """Starts on the reader's day, or is in play."""
    midnight = now.astimezone(ZoneInfo(zone or "UTC")).replace(hour=0, minute=0, second=0, microsecond=0)
    return Q(start_at__gte=midnight, start_at__lt=midnight + timedelta(days=1)) | Q(status__in=IN_PLAY)


def parse_query(words: str) -> BoardQuery:
    """The board that an address or a topic asks for; what is not understood is left out, never an error."""
    given = QueryDict(words)
    show = given.get("show", "all")
    return BoardQuery(
        show=show if show in TABS else "all",
        sport_id=number(given.get("sport", "")),
        location_id=number(given.get("location", "")),
        league_id=number(given.get("league", "")),
        provider_id=number(given.get("provider", "")),
        market_id=number(given.get("market", "")),
        text=given.get("q", "").replace("\0", "").strip()[:MOST_LETTERS],
        favourites=numbers(given.get("pins", ""), MOST_FAVOURITES),
        zone=zone_named(given.get("zone", "")),
        display=parse_display(given),
    )
