"""The checkpoints that others saw, with what they gave for them.

attested/<day>   all of them, each a line of JSON
attested-last    the last of them
cosigned         the last that witnesses cosigned, with their signatures
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec

from feed.proof.log import Refused, Signed
from feed.proof.tiles import write_whole


class Attested(msgspec.Struct, frozen=True, kw_only=True):
    """A checkpoint, the authority's answer (or nothing), and the lines of witnesses (or none)."""

    at: Annotated[datetime, msgspec.Meta(tz=True)]
    size: int
    note: str
    stamp: bytes = b""
    cosignatures: str = ""

    @property
    def signed(self) -> Signed:
        return Signed(self.at, self.size, self.note)


def store(folder: Path, found: Attested) -> None:
    line = msgspec.json.encode(found)
    path = folder / "attested" / f"{found.at:%Y-%m-%d}"
    path.parent.mkdir(exist_ok=True)
    with path.open("ab") as file:
        file.write(line + b"\n")
    write_whole(folder / "attested-last", line)
    if found.cosignatures:
        write_whole(folder / "cosigned", f"{found.note}{found.cosignatures}".encode())


def stored(folder: Path, begin: datetime | None = None) -> Iterator[Attested]:
    """The attested checkpoints of all days, or from one day on, oldest first and unchecked. Raises `Refused`."""
    for path in sorted((folder / "attested").glob("*")):
        if begin is None or path.name >= f"{begin:%Y-%m-%d}":
            for line in path.read_bytes().splitlines():
                yield read(line, path)


def last(folder: Path) -> Attested | None:
    """The last one. Raises `Refused`."""
    path = folder / "attested-last"
    try:
        return read(path.read_bytes(), path)
    except FileNotFoundError:
        return None


def read(line: bytes, path: Path) -> Attested:
    try:
        return msgspec.json.decode(line, type=Attested)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Refused(f"What others gave for a checkpoint cannot be read in {path}.") from None
