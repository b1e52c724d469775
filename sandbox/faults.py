"""What can go wrong, on demand: each fault is started and stopped while the supplier runs.

`Faults` says which are on and with what; `spoil` in `spoiled.py` does to messages what they say.
"""

from dataclasses import dataclass
from threading import Lock

from .aim import ANYTHING, Aim, parse_aim


class UnknownFault(ValueError):
    """No such fault, or an argument that it cannot take; the message says what there is."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A fault: what it does, and its one number with its meaning and usual value."""

    name: str
    does: str
    number: str
    usual: float
    most: float = 1.0


KINDS = {
    kind.name: kind
    for kind in (
        Kind("silence", "nothing is sent, not even heartbeats", "share of messages", 1.0),
        Kind("delay", "messages come late", "seconds", 5.0, 3600.0),
        Kind("duplicates", "messages come twice", "share of messages", 0.2),
        Kind("reordering", "messages change places with later ones", "share of messages", 0.2),
        Kind("lost", "messages get lost: a hole in MsgSeq", "share of messages", 0.1),
        Kind("drop", "the next numbered messages get lost, and are listed", "messages", 1.0, 1e4),
        Kind("truncated", "bodies end in their middle", "share of messages", 0.1),
        Kind("garbage", "bodies are random bytes", "share of messages", 0.1),
        Kind("unknown", "types, statuses, periods and keys that nobody knows", "share of messages", 0.1),
        Kind("clocks", "times in messages are wrong", "seconds ahead", 7200.0, 1e9),
        Kind("cut", "connections are cut, and stay so", "seconds until the next may live", 10.0, 3600.0),
        Kind("purge", "all that waits in the queues is deleted", "times", 1.0),
        Kind("off", "LSports switches the packages off, unasked", "times", 1.0),
        Kind("restart", "the supplier is away, then counts from 1 and sends everything again", "seconds", 5.0, 3600.0),
        Kind("overlap", "odds of matches in play go to the pre-match package too", "share of messages", 1.0),
        Kind("counting", "MsgSeq counts otherwise", "1: by fixture, 2: by fixture and type, 3: all in one", 1.0, 3.0),
        Kind("snapshot-late", "snapshots are answered late", "seconds", 5.0, 3600.0),
        Kind("snapshot-partly", "snapshots leave events and markets out", "share left out", 0.5),
        Kind(
            "snapshot-never",
            "snapshots are not answered: their connections are held, then closed",
            "seconds",
            600.0,
            3600.0,
        ),
        Kind("api-500", "the API answers 500", "share of requests", 1.0),
        Kind("api-timeout", "the API does not answer", "seconds", 60.0, 3600.0),
        Kind("burst", "prices are sent again, all at once", "messages", 5000.0, 1e6),
    )
}


#: Faults that can be meant for some messages alone.
AIMED = ("drop",)
#: Faults of whole numbers.
COUNTED = frozenset({"drop", "purge", "off", "counting", "burst"})


class Faults:
    """Which faults are on. Safe to use from several threads."""

    def __init__(self, *texts: str) -> None:
        self.on: dict[str, float] = {}
        self.aims: dict[str, Aim] = {}
        self.lock = Lock()
        for text in texts:
            self.start(text)

    def start(self, text: str) -> None:
        """`NAME` or `NAME:NUMBER`; `drop` may be aimed: `drop:2,fixture=5,type=3,market=1`. Raises UnknownFault."""
        text, _, aim_text = text.partition(",")
        name, number = parse_fault(text)
        aim = parse_aim(aim_text) if aim_text else ANYTHING
        if aim is None or (aim is not ANYTHING and name not in AIMED):
            aims = "fixture=, type= and market= with a number"
            raise UnknownFault(f"{aim_text!r}: only {', '.join(AIMED)} can be aimed, by {aims}")
        with self.lock:
            self.on[name] = number
            self.aims[name] = aim

    def stop(self, name: str) -> None:
        """No longer; not an error where it was not on. Raises UnknownFault for a name that means nothing."""
        if name not in KINDS:
            raise UnknownFault(f"{name!r} is no fault: there are {', '.join(KINDS)}")
        with self.lock:
            self.on.pop(name, None)

    def number(self, name: str) -> float:
        """The fault's number while it is on, else 0."""
        return self.on.get(name, 0.0)

    def aim(self, name: str) -> Aim:
        """Which messages a fault is meant for."""
        return self.aims.get(name, ANYTHING)

    def count_down(self, name: str) -> None:
        """One of the messages of a fault that ends after a number of them."""
        with self.lock:
            left = self.on.pop(name, 0.0) - 1
            if left > 0:
                self.on[name] = left

    def take(self, name: str) -> float:
        """The number of a fault that happens once: it is off again."""
        with self.lock:
            return self.on.pop(name, 0.0)


def parse_fault(text: str) -> tuple[str, float]:
    name, _, number = text.partition(":")
    kind = KINDS.get(name)
    if kind is None:
        raise UnknownFault(f"{name!r} is no fault: there are {', '.join(KINDS)}")
    if not number:
        return name, kind.usual
    try:
        value = float(number)
    except ValueError:
        raise UnknownFault(f"{text!r}: {number!r} is no number ({kind.number})") from None
    if not 0 < value <= kind.most:
        raise UnknownFault(f"{text!r}: {kind.number} must be above 0 and at most {kind.most:g}")
    if name in COUNTED and value != int(value):
        raise UnknownFault(f"{text!r}: {number} is no whole number ({kind.number})")
    return name, value
