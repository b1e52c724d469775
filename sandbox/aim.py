"""Which messages a fault is meant for, and which ones it lost."""

from dataclasses import asdict, dataclass

from .outgoing import Outgoing


@dataclass(frozen=True, slots=True)
class Aim:
    """The fixture, message type and market that are meant; None: any."""

    fixture: int | None = None
    type: int | None = None
    market: int | None = None

    def meets(self, outgoing: Outgoing) -> bool:
        """Whether the message is one of those."""
        given = {"fixture": outgoing.fixture_id, "type": outgoing.type, "market": market_of(outgoing)}
        return all(wanted is None or given[name] == wanted for name, wanted in asdict(self).items())


ANYTHING = Aim()


def parse_aim(text: str) -> Aim | None:
    """`fixture=5,type=3,market=1`, or some of them; None for what is not written so."""
    pairs = [part.partition("=") for part in text.split(",")]
    if not all(name in ("fixture", "type", "market") and number.isdigit() for name, _, number in pairs):
        return None
    return Aim(**{name: int(number) for name, _, number in pairs})


def market_of(outgoing: Outgoing) -> int | None:
    """The market that a message is about, where it is about one."""
    number = outgoing.headers.get("MarketId")
    return None if number is None else int(number)


def number_of(outgoing: Outgoing) -> int | None:
    """Its `MsgSeq`, where it has one."""
    number = outgoing.headers.get("MessageSequence")
    return None if number is None else int(number)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A numbered message that was lost. `at` is when it would have been sent, in milliseconds since 1970."""

    at: int
    fixture: int | None
    type: int
    market: int | None
    number: int

    @classmethod
    def of(cls, outgoing: Outgoing, number: int) -> "Dropped":
        return cls(outgoing.at, outgoing.fixture_id, outgoing.type, market_of(outgoing), number)
