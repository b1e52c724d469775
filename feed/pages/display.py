"""How a page's prices are written and which bookmakers it shows: the part of a topic that is the reader's choice.

Its words stand in the topic's query ("odds=american&hide=145"), so two readers with the same choices share a fragment.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from feed.pages.prices.odds import NOTATIONS

MOST_NUMBERS = 30


@dataclass(frozen=True, slots=True)
class Display:
    """`first` are the bookmakers whose columns come first, in that order; `hidden` are left out.

    The column of `staying` comes before them all and stays in view while the others are scrolled.
    """

    odds: str = "decimal"
    first: tuple[int, ...] = ()
    hidden: tuple[int, ...] = ()
    staying: int | None = None

    @property
    def pairs(self) -> list[tuple[str, str]]:
        pairs = [("odds", self.odds)] if self.odds != "decimal" else []
        pairs += [("first", joined(self.first))] if self.first else []
        pairs += [("hide", joined(self.hidden))] if self.hidden else []
        return pairs + ([("stay", str(self.staying))] if self.staying is not None else [])

    @property
    def words(self) -> str:
        return urlencode(self.pairs, safe=",")

    def columns(self, providers: set[int]) -> list[int]:
        """The bookmakers in the order of their columns."""
        wanted = [pk for pk in self.first if pk != self.staying]
        wanted[:0] = [] if self.staying is None else [self.staying]
        chosen = [pk for pk in wanted if pk in providers and pk not in self.hidden]
        return chosen + sorted(providers - set(chosen) - set(self.hidden))


#: What a reader sees who has chosen nothing.
DECIMAL = Display()


def parse_display(query: QueryDict) -> Display:
    """The display that the parameters ask for; what is not understood is left out, never an error."""
    odds = query.get("odds", "")
    return Display(
        odds if odds in NOTATIONS else "decimal",
        numbers(query.get("first", "")),
        numbers(query.get("hide", "")),
        number(query.get("stay", "")),
    )


def joined(values: tuple[int, ...]) -> str:
    return ",".join(map(str, values))


def numbers(text: str, most: int = MOST_NUMBERS) -> tuple[int, ...]:
    """The ids in "8,31"; rubbish among them is left out."""
    found = (number(word) for word in text.split(",")[:most])
    return tuple(dict.fromkeys(pk for pk in found if pk is not None))


def number(text: str) -> int | None:
    """An id, or None where the text is not one that a database could hold."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
