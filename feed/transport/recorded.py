"""What a recording's file holds, and how it is read.

* `.json`, `.xml`: one message; a `.json` array of several messages is taken apart;
* `.jsonl`: a line for each message, as `recorder` and the simulated supplier write it, or the bare message;
* each of them also with `.zst` behind; a folder stands for all recordings in it, in the order of their names.
"""

import base64
import binascii
import io
import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import zstandard

from . import TransportClosed

FORMATS = (".json", ".xml", ".jsonl")
#: Packed bytes unpacked in one go.
PACKED_BYTES = 16 * 1024
UNREADABLE = (msgspec.DecodeError, UnicodeError, RecursionError, binascii.Error)

logger = logging.getLogger(__name__)


class Line(msgspec.Struct, omit_defaults=True):
    """One line of a `.jsonl` recording. `body_base64` stands in for a body that is not UTF-8."""

    received_at: datetime | None = None
    queue: str = ""
    headers: dict[str, str] = {}
    body: str | None = None
    body_base64: str | None = None

    def content(self) -> bytes | None:
        """The message's bytes; None where the line holds none, being a bare message itself."""
        if self.body is not None:
            return self.body.encode()
        return None if self.body_base64 is None else base64.b64decode(self.body_base64, validate=True)


class Recorded(msgspec.Struct, frozen=True):
    """A message in a file, with the time of its receipt where the file knows it."""

    body: bytes
    file: str
    received_at: datetime | None = None
    headers: dict[str, str] = {}
    queue: str = ""


def find_recordings(paths: Sequence[Path]) -> list[Path]:
    """The files that `paths` name. Raises `TransportClosed` where one is not there or is no recording."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(child for child in path.iterdir() if child.is_file() and format_of(child) in FORMATS)
            if not inside:
                raise TransportClosed(f"{path}: there is no recording in this folder")
            found += inside
        elif not path.exists():
            raise TransportClosed(f"{path}: there is no such file")
        elif format_of(path) not in FORMATS:
            raise TransportClosed(f"{path}: not a recording; its name must end in {', '.join(FORMATS)} (or .zst after)")
        else:
            found.append(path)
    return found


def format_of(path: Path) -> str:
    """The suffix that says what is inside, with `.zst` taken off."""
    return Path(path.stem).suffix if path.suffix == ".zst" else path.suffix


def read_recording(path: Path) -> Iterator[Recorded]:
    """The messages in one file. Raises `TransportClosed` where it cannot be read."""
    try:
        with open_recording(path) as file:
            if format_of(path) == ".jsonl":
                yield from read_lines(file, path)
            elif format_of(path) == ".json":
                yield from (Recorded(body, path.name) for body in split_array(file.read()))
            else:
                yield Recorded(file.read(), path.name)
    except OSError as error:
        raise TransportClosed(f"{path}: {error.strerror or error}") from error
    except zstandard.ZstdError as error:
        raise TransportClosed(f"{path}: not a zstd file, or a broken one ({error})") from error


def open_recording(path: Path) -> BinaryIO:
    """The file's content, unpacked where it is packed."""
    file = path.open("rb")
    return io.BufferedReader(Unpacked(file)) if path.suffix == ".zst" else file


class Unpacked(io.RawIOBase):
    """A zstd file as what it holds; of one that was cut off, everything that was flushed.

    zstandard's own stream reader drops what a cut-off frame has still to give after its input ended.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.unpacker = zstandard.ZstdDecompressor().decompressobj(read_across_frames=True)
        self.held = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.held and (packed := self.file.read(PACKED_BYTES)):
            self.held = memoryview(self.unpacker.decompress(packed))
        size = min(len(buffer), len(self.held))
        buffer[:size] = self.held[:size]
        self.held = self.held[size:]
        return size

    def close(self) -> None:
        self.file.close()
        super().close()


def read_lines(file: BinaryIO, path: Path) -> Iterator[Recorded]:
    """Each line's message. A last line that was cut off (its writer was killed) is left out, with a warning."""
    for line in file:
        body = line.strip()
        if not line.endswith(b"\n") and not is_json(body):
            logger.warning("%s ends in the middle of a line, which is left out.", path)
        elif body:
            yield read_line(body, path.name)


def is_json(body: bytes) -> bool:
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
    except UNREADABLE:
        return False
    return True


def read_line(body: bytes, file: str) -> Recorded:
    """What a line holds; a line of any other form is itself the message, for the loop to understand or reject."""
    try:
        line = msgspec.json.decode(body, type=Line)
        content = line.content()
    except UNREADABLE:
        return Recorded(body, file)
    if content is None:
        return Recorded(body, file)
    return Recorded(content, file, as_utc(line.received_at), line.headers, line.queue)


def as_utc(moment: datetime | None) -> datetime | None:
    """The same moment in UTC; a time without a zone is UTC already."""
    if moment is None:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def split_array(content: bytes) -> list[bytes]:
    """The messages of a `.json` file: the elements of an array of several messages, else the whole."""
    try:
        elements = msgspec.json.decode(content, type=list[msgspec.Raw])
        messages = [msgspec.json.decode(element, type=dict[str, msgspec.Raw]) for element in elements]
    except UNREADABLE:
        return [content]
    if len(messages) > 1 and all("Header" in message or "header" in message for message in messages):
        return [bytes(element) for element in elements]
    return [content]
