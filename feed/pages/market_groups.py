"""A fixture's hundreds of markets in groups that a trader opens: main, goals, handicap, halves, players, other."""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.http import QueryDict

from feed.models import Market

from .look import DECIMAL, Look, joined, numbers, parse_look
from .main_markets import MAIN_MARKETS

#: Double chance, both teams to score, odd or even: read beside the main markets.
ALSO_MAIN = (7, 17, 5)
PINNED, FOUND = "pinned", "found"
TITLES = {
    PINNED: "Pinned",
    FOUND: "Found",
    "main": "Main",
    "goals": "Goals and points",
    "handicap": "Handicap",
    "halves": "Halves and periods",
    "players": "Players",
    "other": "Other",
}
#: The first that a market's name matches; what matches none is "other".
BY_NAME = (
    ("players", re.compile(r"player|goalscorer|man of the match|\bmvp\b", re.I)),
    ("halves", re.compile(r"half|period|quarter|inning|\bset\b|\bht\b|\d+ minute|extra time|remaining", re.I)),
    ("handicap", re.compile(r"handicap|spread|winning margin", re.I)),
    ("other", re.compile(r"corner|card|foul|throw|offside|substitution|saves|penalt|shootout", re.I)),
    ("goals", re.compile(r"under/over|under/exactly|goal|score|odd/even|range|total|race to", re.I)),
)
MOST_LETTERS = 60


@dataclass(frozen=True, slots=True)
class MarketsQuery:
    """Which groups are open, which markets are pinned, what is searched for."""

    opened: tuple[str, ...] = (PINNED, "main")
    pinned: tuple[int, ...] = ()
    text: str = ""
    look: Look = DECIMAL

    @property
    def words(self) -> str:
        """The words of the topic."""
        asked = QueryDict(mutable=True)
        asked["open"] = ",".join(self.opened)
        if self.pinned:
            asked["pin"] = joined(self.pinned)
        if self.text:
            asked["find"] = self.text
        return "&".join(filter(None, (asked.urlencode(safe=","), self.look.words)))

    def toggled(self, group: str) -> str:
        """The address's words with a group opened that was closed, or the reverse."""
        rest = [word for word in self.opened if word != group]
        return "open=" + ",".join(rest if group in self.opened else [*rest, group])


@dataclass(frozen=True, slots=True)
class MarketGroup:
    word: str
    title: str
    is_open: bool
    markets: tuple[Market, ...]


def parse_markets(words: str, pinned: Collection[int] = (), look: Look | None = None) -> MarketsQuery:
    """The groups that an address or a topic asks for; `pinned` and `look` where the words do not have them."""
    asked = QueryDict(words)
    opened = tuple(word for word in dict.fromkeys(asked.get("open", f"{PINNED},main").split(",")) if word in TITLES)
    return MarketsQuery(
        opened=opened,
        pinned=numbers(asked.get("pin", "")) or tuple(pinned),
        text=asked.get("find", "").replace("\0", "").strip()[:MOST_LETTERS],
        look=look or parse_look(asked),
    )


def group_of(market: Market) -> str:
    """The word of the group that a market belongs to."""
    if market.market_id in MAIN_MARKETS or market.market_id in ALSO_MAIN:
        return "main"
    return next((word for word, pattern in BY_NAME if pattern.search(market.name)), "other")


def market_groups(markets: Mapping[int, Market], query: MarketsQuery) -> list[MarketGroup]:
    """The groups that have markets, in the order of TITLES. A search shows what it finds, opened, and nothing else."""
    if query.text:
        found = [market for market in markets.values() if query.text.casefold() in market.name.casefold()]
        return [MarketGroup(FOUND, TITLES[FOUND], True, tuple(found))]
    members: dict[str, list[Market]] = {}
    for market in markets.values():
        members.setdefault(PINNED if market.market_id in query.pinned else group_of(market), []).append(market)
    main_first = {pk: place for place, pk in enumerate(MAIN_MARKETS + ALSO_MAIN)}
    return [
        MarketGroup(
            word,
            title,
            word in query.opened,
            tuple(sorted(members[word], key=lambda row: (main_first.get(row.market_id, 99), row.market_id))),
        )
        for word, title in TITLES.items()
        if word in members
    ]


def groups_version(groups: list[MarketGroup], number: int) -> str:
    """Differs when one of the fixture's `number` markets comes, goes or is renamed, or a closed group's count does."""
    told = [
        (group.word, [(row.market_id, row.name) for row in group.markets] if group.is_open else len(group.markets))
        for group in groups
    ]
    return hashlib.blake2s(repr((number, told)).encode(), digest_size=8).hexdigest()
