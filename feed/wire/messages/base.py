"""What every struct is made of."""

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import msgspec

#: The longest text that is taken, in characters; nothing that LSports sends comes near.
MAX_TEXT = 65_536

Int64 = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
Text = Annotated[str, msgspec.Meta(max_length=MAX_TEXT)]

if TYPE_CHECKING:
    Price = Decimal
else:
    # What the decoder is told. `tidy` makes Decimals of them before a message leaves `wire`, by a cache, for prices
    # repeat: in half the time in which the decoder would make and check each anew.
    Price = str | int | float


class WireStruct(msgspec.Struct, rename="pascal", gc=False, kw_only=True):
    """Base of all that is read from a message: PascalCase outside, unknown fields ignored."""


class Named(WireStruct):
    """An id with its name: sport, location, city, stage, round, season."""

    id: Int64
    name: Text | None = None


class ExtraData(WireStruct):
    """One name-value pair of FixtureExtraData, ParticipantExtraData or LivescoreExtraData (seed 002, Extra Data)."""

    name: Text
    value: Text | None = None


class Result(WireStruct):
    """The value that a participant has in a scoreboard, period, incident or statistic."""

    position: Int64
    value: Text | None = None
