"""Which fixtures a board shows. Its words are the page's address, so a board can be shared by its link."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict

from feed.codes import IN_PLAY, UPCOMING
from feed.pages.display import DECIMAL, Display, joined, number, numbers, parse_display
from feed.pages.zones import zone_named

from .picks import PLACES, USUAL, Pick, parse_picks, picks_text

#: As many favourites as fit into a topic.
MOST_FAVOURITES = 60
MOST_CHARACTERS = 60
#: LSports has some sixty sports.
MOST_SPORTS = 100


#: The words of what a link may say of how a board is shown.
ORDERS = ("league", "start", "change")
DENSITIES = ("dense", "compact", "normal", "roomy")
COLUMNS = ("totals", "handicap", "last", "age")
NO_COLUMNS = "none"


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
    shown in the first place. `order`, `density`, the `columns` beside the first and the `picks` of markets are those of
    the link; where it has none, the reader's own count. `places` are the markets picked for one sport's rows, which all
    rows of a topic belong to (`for_sport`). `favourites`, `zone` and `display` are the reader's and no part of the
    address, and so are the `sports` that come first, those that are `hidden`, and `own_order`.
    """

    show: str = "all"
    sport_id: int | None = None
    location_id: int | None = None
    league_id: int | None = None
    provider_id: int | None = None
    market_id: int | None = None
    text: str = ""
    order: str = ""
    density: str = ""
    columns: tuple[str, ...] | None = None
    picks: tuple[Pick, ...] = ()
    own_picks: tuple[Pick, ...] = ()
    places: tuple[int, ...] = USUAL
    favourites: tuple[int, ...] = ()
    zone: str = ""
    sports: tuple[int, ...] = ()
    hidden: tuple[int, ...] = ()
    own_order: str = "league"
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
        given = [(key, value) for key, value in pairs.items() if value is not None]
        return urlencode([*given, *self.shown_pairs], safe=",")

    @property
    def shown_pairs(self) -> list[tuple[str, str]]:
        """What the link says of how the board is shown."""
        columns = "" if self.columns is None else ",".join(self.columns) or NO_COLUMNS
        pairs = [
            ("order", self.order),
            ("density", self.density),
            ("columns", columns),
            ("picks", picks_text(self.picks)),
        ]
        return [pair for pair in pairs if pair[1]]

    @property
    def words(self) -> str:
        """The words of the topic: the address and the reader's own choices."""
        own = [("pins", joined(self.favourites))] if self.favourites else []
        own += [("zone", self.zone)] if self.zone and self.show == "today" else []
        own += [("sports", joined(self.sports))] if self.sports else []
        own += [("without", joined(self.hidden))] if self.hidden else []
        own += [("by", self.own_order)] if self.own_order != "league" and not self.order else []
        own += [("own_picks", picks_text(self.own_picks))] if self.own_picks and not self.picks else []
        own += self.notation
        return "&".join(filter(None, (self.address, urlencode(own, safe=","))))

    @property
    def row_words(self) -> str:
        """The words of each row's topic: what a row looks like, so that all who see the same share it."""
        places = joined(self.places) if self.places != USUAL else None
        pairs = [("provider", self.provider_id), ("market", self.market_id), ("places", places), *self.notation]
        return urlencode([(key, value) for key, value in pairs if value is not None], safe=",")

    @property
    def shown_picks(self) -> tuple[Pick, ...]:
        return self.picks or self.own_picks

    @property
    def picked_ids(self) -> set[int]:
        """The markets that some row may show beside the main ones."""
        picked = {market_id for _, markets in self.shown_picks for market_id in markets}
        return (picked | set(self.places) | {self.market_id or 0}) - {0}

    @property
    def chosen(self) -> tuple[int, ...]:
        """The market in each place of these rows that is not the usual one there; 0 is the usual one."""
        return self.places if self.market_id is None else (self.market_id, *self.places[1:])

    def for_sport(self, sport_id: int | None) -> "BoardQuery":
        """The same for the rows of a sport: with the markets that were picked for it."""
        places = dict(self.shown_picks).get(sport_id or 0)
        return self.but(places=places) if places else self

    @property
    def notation(self) -> list[tuple[str, str]]:
        """All that a board shows of the reader's display: it has no bookmakers' columns."""
        return [("odds", self.display.odds)] if self.display.odds != DECIMAL.odds else []

    @property
    def by_start(self) -> bool:
        return (self.order or self.own_order) == "start"

    @property
    def by_change(self) -> bool:
        return (self.order or self.own_order) == "change"

    @property
    def is_narrowed(self) -> bool:
        """Whether filters beyond the tab and the sport are on."""
        return self != self.cleared

    @property
    def cleared(self) -> "BoardQuery":
        """Without the filters beyond the tab and the sport."""
        return replace(self, location_id=None, league_id=None, provider_id=None, market_id=None, text="")

    @property
    def is_arranged(self) -> bool:
        """Whether the reader wants another order than the usual, or less."""
        return bool(self.sports or self.hidden or self.by_start or self.by_change)

    @property
    def hidden_here(self) -> frozenset[int | None]:
        """The sports that this board leaves out; one that is asked for is shown."""
        return frozenset(self.hidden) - {self.sport_id}

    def but(self, **changes: Any) -> "BoardQuery":
        return replace(self, **changes)


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
        text=given.get("q", "").replace("\0", "").strip()[:MOST_CHARACTERS],
        favourites=numbers(given.get("pins", ""), MOST_FAVOURITES),
        zone=zone_named(given.get("zone", "")),
        sports=numbers(given.get("sports", ""), MOST_SPORTS),
        hidden=numbers(given.get("without", ""), MOST_SPORTS),
        order=one_of(ORDERS, given.get("order", "")),
        density=one_of(DENSITIES, given.get("density", "")),
        columns=parse_columns(given["columns"]) if "columns" in given else None,
        picks=parse_picks(given.get("picks", "")),
        own_picks=parse_picks(given.get("own_picks", "")),
        places=parse_places(given.get("places", "")),
        own_order=one_of(ORDERS, given.get("by", "")) or "league",
        display=parse_display(given),
    )


def one_of(words: tuple[str, ...], word: str) -> str:
    return word if word in words else ""


def parse_columns(text: str) -> tuple[str, ...]:
    """The columns beside the first, in the order in which they stand."""
    wanted = text.split(",")
    return tuple(word for word in COLUMNS if word in wanted)


def parse_places(text: str) -> tuple[int, ...]:
    """The markets of three places: "17,0,52"."""
    ids = [number(word) or 0 for word in text.split(",")]
    return tuple(ids) if len(ids) == PLACES else USUAL
