"""Looking at messages without storing them: what each is and holds, or why it is rejected."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from feed.codes import message_type_label
from feed.transport.recorded import FORMATS, find_recordings, format_of, read_recording
from feed.wire import DecodeError, Limits, decode_piece
from feed.wire.left_out import left_out
from feed.wire.messages import Dialect, Message, SetAside
from feed.wire.summary import NOUNS, counts, fixture_ids
from feed.wire.unknown import UnknownCode, unknown_codes

STDIN = "-"
#: Fixture ids shown to people; programs get them all.
SHOWN_FIXTURES = 3
#: Dialect, type, sequence, fixtures; the contents have the rest of the line.
COLUMNS = "{:<10}  {:<30}  {:>6}  {:<32}  {}"
HEADINGS = COLUMNS.format("dialect", "type", "seq", "fixtures", "holds")


class Finding(msgspec.Struct, kw_only=True):
    """What one message turned out to be; `reason` says why it is not understood, `set_aside` what of it is not.

    `not_read` are the fields of its JSON that the desk does not read, and what stands twice in one object.
    """

    source: str
    understood: bool
    reason: str | None = None
    dialect: Dialect | None = None
    type: int | None = None
    sequence: int | None = None
    fixtures: list[int] = []
    counts: dict[str, int] = msgspec.field(default_factory=lambda: dict.fromkeys(NOUNS, 0))
    unknown: list[UnknownCode] = []
    set_aside: list[SetAside] = []
    not_read: list[str] = []

    def as_json(self) -> str:
        """One line with all fields, for programs."""
        fields = msgspec.structs.asdict(self) | {
            "unknown": [as_plain(code) for code in self.unknown],
            "set_aside": [msgspec.structs.asdict(part) for part in self.set_aside],
        }
        return json.dumps(fields, ensure_ascii=False)

    def as_lines(self, width: int) -> list[str]:
        """A line of a table, and one more for numbers without a name; the source takes `width` characters."""
        if not self.understood:
            return [f"{self.source:<{width}}  REJECTED    {self.reason}"]
        kind = f"{self.type} {message_type_label(self.type)}"
        sequence = "" if self.sequence is None else self.sequence
        contents = ", ".join(counted(count, noun) for noun, count in self.counts.items() if count)
        row = COLUMNS.format(str(self.dialect), kind, sequence, self._fixtures(), contents)
        lines = [f"{self.source:<{width}}  {row}".rstrip()]
        lines += [f"{'':<{width}}  set aside: {part.sentence}" for part in self.set_aside]
        if self.not_read:
            lines.append(f"{'':<{width}}  not read: {', '.join(self.not_read)}")
        if self.unknown:
            lines.append(f"{'':<{width}}  without a name: {', '.join(map(in_words, self.unknown))}")
        return lines

    def _fixtures(self) -> str:
        shown = ", ".join(map(str, self.fixtures[:SHOWN_FIXTURES]))
        return f"{shown} ..." if len(self.fixtures) > SHOWN_FIXTURES else shown


def bodies(paths: list[str]) -> Iterator[tuple[str, bytes]]:
    """Each message with where it came from: its file, and its number where it is not the first there.

    Raises OSError and `feed.transport.TransportClosed` for what cannot be read.
    """
    for path in paths:
        if path == STDIN:
            yield STDIN, sys.stdin.buffer.read()
        elif Path(path).is_dir() or format_of(Path(path)) in FORMATS:
            for file in find_recordings([Path(path)]):
                for number, recorded in enumerate(read_recording(file), start=1):
                    yield str(file) if number == 1 else f"{file}:{number}", recorded.body
        else:
            yield path, Path(path).read_bytes()


def inspect(source: str, body: bytes, limits: Limits) -> Finding:
    """What the message, or piece of one, in `body` is."""
    try:
        message = decode_piece(body, limits)
    except DecodeError as error:
        return Finding(source=source, understood=False, reason=error.reason)
    return _understood(source, message, left_out(body))


def _understood(source: str, message: Message, not_read: list[str]) -> Finding:
    return Finding(
        source=source,
        understood=True,
        dialect=message.dialect,
        type=message.header.type,
        sequence=message.header.seq,
        fixtures=fixture_ids(message),
        counts=counts(message),
        unknown=unknown_codes(message),
        set_aside=message.set_aside,
        not_read=not_read,
    )


def counted(count: int, nouns: str) -> str:
    """ "1 bet", "2 bets"."""
    return f"{count} {nouns.removesuffix('s') if count == 1 else nouns}"


def in_words(unknown: UnknownCode) -> str:
    """The number and where it is from: "period 61 of sport 6046"; of Hyper the word: "incident kind Weather"."""
    of_sport = f" of sport {unknown.sport_id}" if unknown.sport_id else ""
    return f"{unknown.kind} {unknown.word or unknown.code}{of_sport}"


def as_plain(unknown: UnknownCode) -> dict[str, Any]:
    """Its fields; `word` only where there is one."""
    return {name: value for name, value in unknown._asdict().items() if name != "word" or value}
