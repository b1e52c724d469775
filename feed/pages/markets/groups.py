"""A fixture's hundreds of markets in groups that a trader opens: main, goals, handicap, halves, players, other."""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.http import QueryDict

from feed.codes import BESIDE_MAIN, MAIN_MARKETS
from feed.models import Market
from feed.pages.display import DECIMAL, Display, joined, numbers, parse_display
from feed.pages.labels import market_title

PINNED, FOUND = "pinned", "found"
#: The groups, in their order; the template has their titles.
GROUPS = (PINNED, FOUND, "main", "goals", "handicap", "halves", "players", "other")
#: A market is in the first group whose pattern its name matches; where none does, in "other".
BY_NAME = (
    ("players", re.compile(r"player|goalscorer|man of the match|\bmvp\b", re.I)),
    ("halves", re.compile(r"half|period|quarter|inning|\bset\b|\bht\b|\d+ minute|extra time|remaining", re.I)),
    ("handicap", re.compile(r"handicap|spread|winning margin", re.I)),
    ("other", re.compile(r"corner|card|foul|throw|offside|substitution|saves|penalt|shootout", re.I)),
    ("goals", re.compile(r"under/over|under/exactly|goal|score|odd/even|range|total|race to", re.I)),
)
MOST_CHARACTERS = 60
CACHED_NAMES = 4096


@dataclass(frozen=True, slots=True)
class MarketsQuery:
    """Which groups are open, which markets are pinned, what is searched for."""

    opened: tuple[str, ...] = (PINNED, "main")
    pinned: tuple[int, ...] = ()
    text: str = ""
    display: Display = DECIMAL

    @property
    def words(self) -> str:
        """The query of the topic."""
        words = QueryDict(mutable=True)
        words["open"] = ",".join(self.opened)
        if self.pinned:
            words["pin"] = joined(self.pinned)
        if self.text:
            words["find"] = self.text
        return "&".join(filter(None, (words.urlencode(safe=","), self.display.words)))

    def toggled(self, group: str) -> str:
        """The address's query after a click on a group: opened if it was closed, closed if it was open."""
        rest = [word for word in self.opened if word != group]
        return "open=" + ",".join(rest if group in self.opened else [*rest, group])


@dataclass(frozen=True, slots=True)
class MarketGroup:
    word: str
    is_open: bool
    markets: tuple[Market, ...]


def parse_markets(words: str, pinned: Collection[int] = (), display: Display | None = None) -> MarketsQuery:
    """The groups that an address or a topic asks for. `pinned` counts where the words pin nothing; `display`, if given,
    counts rather than what the words say."""
    parameters = QueryDict(words)
    opened = tuple(
        word for word in dict.fromkeys(parameters.get("open", f"{PINNED},main").split(",")) if word in GROUPS
    )
    return MarketsQuery(
        opened=opened,
        pinned=numbers(parameters.get("pin", "")) or tuple(pinned),
        text=parameters.get("find", "").replace("\0", "").strip()[:MOST_CHARACTERS],
        display=display or parse_display(parameters),
    )


def group_of(market: Market) -> str:
    """The word of the group that a market belongs to."""
    if market.market_id in MAIN_MARKETS or market.market_id in BESIDE_MAIN:
        return "main"
    return group_of_name(market.name)


@lru_cache(maxsize=CACHED_NAMES)
def group_of_name(name: str) -> str:
    """Cached, since all fixtures have the same few hundred names, and each takes up to five searches."""
    return next((word for word, pattern in BY_NAME if pattern.search(name)), "other")


def market_groups(markets: Mapping[int, Market], query: MarketsQuery) -> list[MarketGroup]:
    """The groups that have markets, in the order of GROUPS; during a search, one open group of what was found."""
    if query.text:
        text = query.text.casefold()
        found = [row for row in markets.values() if text in market_title(row.market_id, row.name).casefold()]
        return [MarketGroup(FOUND, True, tuple(found))]
    members: dict[str, list[Market]] = {}
    for market in markets.values():
        members.setdefault(PINNED if market.market_id in query.pinned else group_of(market), []).append(market)
    main_first = {pk: place for place, pk in enumerate(MAIN_MARKETS + BESIDE_MAIN)}
    return [
        MarketGroup(
            word,
            word in query.opened,
            tuple(sorted(members[word], key=lambda row: (main_first.get(row.market_id, 99), row.market_id))),
        )
        for word in GROUPS
        if word in members
    ]


def groups_version(groups: list[MarketGroup], number: int) -> str:
    """Changes with the fixture's `number` of markets, an open group's markets and names, and a closed group's count."""
    shown = [
        (group.word, [(row.market_id, row.name) for row in group.markets] if group.is_open else len(group.markets))
        for group in groups
    ]
    return hashlib.blake2s(repr((number, shown)).encode(), digest_size=8).hexdigest()
