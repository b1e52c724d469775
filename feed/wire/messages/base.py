"""What every struct is made of, and which of its fields decide.

Some fields decide: an id, a status, a price, a position. Where one of them cannot be read, the part of the message that
it belongs to is lost. All other fields decide nothing: a value that cannot be read is left out and noted in
`Message.set_aside`, and the rest of the part is taken.
"""

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar

import msgspec

#: The longest text that is taken, in characters; nothing that LSports sends comes near.
MAX_TEXT = 65_536
#: Marks the type of a field that decides.
DECIDES = {"decides": True}

Int64 = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
#: A number that decides: an id, a status, a position.
Code = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1, extra=DECIDES)]
#: The id of what can be bet on. Zero is what .NET writes where there is none, and as a bookmaker's it would be LSports.
Identity = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1, extra=DECIDES)]
Text = Annotated[str, msgspec.Meta(max_length=MAX_TEXT)]

if TYPE_CHECKING:
    Price = Decimal
    Volume = Decimal
    PlayerId = str
else:
    # What the decoder accepts. `normalise` turns prices into Decimals before a message leaves `wire`. Prices repeat, so
    # its cache needs half of the time that the decoder would.
    Volume = str | int | float
    Price = Annotated[str | int | float, msgspec.Meta(extra=DECIDES)]
    # A number in most messages, a text in LSports' .NET SDK; `normalise` turns both into text.
    PlayerId = Int64 | Text


#: What msgspec takes for a number is none that .NET writes for want of one: NaN and the infinities.
Fraction = Annotated[float, msgspec.Meta(ge=-1e300, le=1e300)]


class WireStruct(msgspec.Struct, rename="pascal", gc=False, kw_only=True):
    """Base of all that is read from a message: PascalCase outside, unknown fields ignored."""


class Named(WireStruct):
    """An id with its name: sport, location."""

    id: Code
    name: Text | None = None


class Label(WireStruct):
    """An id with its name, on which nothing depends: tour, stage, round, season, country."""

    id: Int64 | None = None
    name: Text | None = None


class ExtraData(WireStruct):
    """A name and a value of a fixture's, participant's or livescore's extra data (docs/protocol.md, Extra data)."""

    PAIR: ClassVar[tuple[str, str]] = ("Name", "Value")

    name: Text
    value: Text | None = None


class Result(WireStruct):
    """The value that a participant has in a scoreboard, period, incident or statistic.

    `is_of_participant`: the message names the participant by id instead, and `position` is that.
    """

    PAIR: ClassVar[tuple[str, str]] = ("Position", "Value")

    position: Code
    value: Text | None = None
    is_of_participant: bool = False
