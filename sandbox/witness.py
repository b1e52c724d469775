"""What is true and what was sent of it, in a file: for who judges a desk by it (docs/exam.md)."""

from collections.abc import Callable
from pathlib import Path
from time import time
from typing import Any, BinaryIO

import msgspec

from .aim import market_of, number_of
from .outgoing import Outgoing
from .packages import Package
from .recorder import NotWritable


class Witness:
    """Writes one JSON object a line.

    `{"true": guid, "at": ms, ..., "body": {...}}` for each message before faults touch it, `{"sent": guid, "at": ms}`
    with the same facts for each that is really sent, at the moment when it is: time is the clock's.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time) -> None:
        self.clock = clock
        self.encode = msgspec.json.Encoder().encode
        try:
            self.file: BinaryIO = path.open("wb")
        except OSError as error:
            raise NotWritable(f"{path}: {error.strerror}") from None

    def note(self, outgoing: Outgoing) -> None:
        """A message as it is true."""
        body = msgspec.Raw(outgoing.body) if outgoing.body.startswith(b"{") else outgoing.body.decode()
        self.write({"true": guid(outgoing), "at": outgoing.at, **facts(outgoing), "body": body})

    def send(self, package: Package, outgoing: Outgoing) -> None:
        """A message as it goes out; what happened to its body is not recorded."""
        self.write({"sent": guid(outgoing), "at": int(self.clock() * 1000), "of": outgoing.at, **facts(outgoing)})

    def write(self, line: dict[str, Any]) -> None:
        self.file.write(self.encode(line) + b"\n")

    def rest(self) -> list[str]:
        self.file.flush()
        return []

    def close(self) -> None:
        self.file.close()


def guid(outgoing: Outgoing) -> str:
    return outgoing.headers["MessageGuid"]


def facts(outgoing: Outgoing) -> dict[str, Any]:
    """Which fixture, type and market a message is about, and its number."""
    return {
        "fixture": outgoing.fixture_id,
        "type": outgoing.type,
        "market": market_of(outgoing),
        "number": number_of(outgoing),
    }
