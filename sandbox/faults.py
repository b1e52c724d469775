"""What can go wrong, on demand: each fault is started and stopped while the supplier runs.

`Faults` says which are on and with what; `spoil` in `spoiled.py` does to messages what they say.
"""

from dataclasses import dataclass
from threading import Lock


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
        Kind("truncated", "bodies end in their middle", "share of messages", 0.1),
        Kind("garbage", "bodies are random bytes", "share of messages", 0.1),
        Kind("unknown", "types, statuses, periods and keys that nobody knows", "share of messages", 0.1),
        Kind("clocks", "times in messages are wrong", "seconds ahead", 7200.0, 1e9),
        Kind("cut", "connections are cut, and stay so", "seconds until the next may live", 10.0, 3600.0),
        Kind("api-500", "the API answers 500", "share of requests", 1.0),
        Kind("api-timeout", "the API does not answer", "seconds", 60.0, 3600.0),
        Kind("burst", "prices are sent again, all at once", "messages", 5000.0, 1e6),
    )
}


class Faults:
    """Which faults are on. Safe to use from several threads."""

    def __init__(self, *texts: str) -> None:
        self.on: dict[str, float] = {}
        self.lock = Lock()
        for text in texts:
            self.start(text)

    def start(self, text: str) -> None:
        """`NAME` or `NAME:NUMBER`. Raises UnknownFault."""
        name, number = parse_fault(text)
        with self.lock:
            self.on[name] = number

    def stop(self, name: str) -> None:
        """No longer; not an error where it was not on. Raises UnknownFault for a name that means nothing."""
        if name not in KINDS:
            raise UnknownFault(f"{name!r} is no fault: there are {', '.join(KINDS)}")
        with self.lock:
            self.on.pop(name, None)

    def number(self, name: str) -> float:
        """The fault's number while it is on, else 0."""
        return self.on.get(name, 0.0)

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
    return name, value
