"""The signed log: what its folder holds, and how it grows from the database.

checkpoint            the last that was signed: no other tree of that size may ever be
checkpoints/<day>     the first of each minute, each a line of JSON
tile/...              the tree's hashes
"""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import zstandard

from feed.models import LeafBatch

from .leaves import unpacked
from .notes import Signer
from .tiles import Damaged, TileReader, TileWriter, write_whole
from .trust import Checkpoint, Untrue, leaf_hash, read_checkpoint

#: Batches that are read in one turn.
MOST_BATCHES = 200
EMPTY_ROOT = bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")

logger = logging.getLogger(__name__)


class Refused(Exception):
    """Signing on would contradict what was signed; the message says why, in an operator's words."""


class Signed(msgspec.Struct, frozen=True):
    """A checkpoint that was kept, as a line of its day's file."""

    at: Annotated[datetime, msgspec.Meta(tz=True)]
    size: int
    note: str


class Log:
    """The log in `folder`. One process at a time may have it (`feed.proof.signing`). Raises `Refused`."""

    def __init__(self, folder: Path, signer: Signer) -> None:
        self.folder = folder
        self.signer = signer
        self.minute = ""
        if not (folder / "checkpoint").exists():
            self.begin()
        self.writer = self.opened()
        self.last = self.last_signed()

    def begin(self) -> None:
        """Sign the empty tree."""
        if (self.folder / "tile").exists():
            raise Refused("The last checkpoint is gone, though there are hashes of what was signed.")
        now = datetime.now(UTC)
        self.write(now, 0, self.signer.checkpoint(0, EMPTY_ROOT, now))

    def opened(self) -> TileWriter:
        """Where the tree stands by its files."""
        tiles = self.folder / "tile"
        try:
            signed = last_checkpoint(self.folder, self.signer.public_key)
            writer = TileWriter(tiles, signed.size, TileReader(tiles, signed.size).edges())
        except (Untrue, Damaged) as error:
            raise Refused(f"The log's files are not as they were signed: {error}.") from None
        if signed.size and writer.root() != signed.root:
            raise Refused("The log's hashes are not those that were signed.")
        return writer

    def last_signed(self) -> tuple[int, list[bytes]] | None:
        """The number of the last batch's first leaf, and the hashes of its leaves, as they were signed."""
        size = self.writer.size
        if not size:
            return None
        batch = LeafBatch.objects.filter(first__lt=size).order_by("-first").first()
        if batch is None or batch.first + batch.count < size:
            ends = 0 if batch is None else batch.first + batch.count
            raise Refused(restored(size, f"it ends with leaf {ends:,}"))
        signed = TileReader(self.folder / "tile", size).hashes(0, batch.first, size)
        if hashes_of(batch) != signed:
            raise Refused(restored(size, f"its leaves {batch.first:,} to {size:,} are others"))
        return batch.first, signed

    def grow(self) -> int:
        """Add what is new in the database, and sign it. Returns how many leaves that were."""
        begin = self.writer.size
        found = list(
            LeafBatch.objects.filter(first__gte=self.last[0] if self.last else 0).order_by("first")[:MOST_BATCHES]
        )
        if self.last is not None:
            if not found or (found[0].first, hashes_of(found[0])) != self.last:
                raise Refused(restored(begin, f"leaf {self.last[0]:,} and what follows is not what it was"))
            del found[0]
        for batch in found:
            hashes = hashes_of(batch)
            if batch.first != self.writer.size or len(hashes) != batch.count:
                raise Refused(f"The database has no leaves {self.writer.size:,} to {batch.first:,}.")
            self.writer.append(hashes)
            self.last = batch.first, hashes
        if found:
            self.sign(datetime.now(UTC))
        return self.writer.size - begin

    def sign(self, at: datetime) -> None:
        self.writer.write_edges()
        self.write(at, self.writer.size, self.signer.checkpoint(self.writer.size, self.writer.root(), at))

    def write(self, at: datetime, size: int, note: str) -> None:
        """The checkpoint; and once more, where it is the first of its minute."""
        write_whole(self.folder / "checkpoint", note.encode(), for_good=True)
        minute = f"{at:%Y-%m-%dT%H:%M}"
        if minute != self.minute:
            line = msgspec.json.encode(Signed(at, size, note)) + b"\n"
            path = self.folder / "checkpoints" / f"{at:%Y-%m-%d}"
            path.parent.mkdir(exist_ok=True)
            with path.open("ab") as file:
                file.write(line)
            self.minute = minute


def restored(size: int, how: str) -> str:
    return (
        f"{size:,} leaves are signed, and the database is not the one that had them: {how}. It was restored from a "
        "backup, or changed."
    )


def hashes_of(batch: LeafBatch) -> list[bytes]:
    try:
        return list(map(leaf_hash, unpacked(batch.leaves)))
    except zstandard.ZstdError:
        return []


def last_checkpoint(folder: Path, public_key: str) -> Checkpoint:
    """The last that was signed. Raises `Untrue`, and an OSError where there is none."""
    return read_checkpoint(last_note(folder), public_key)


def last_note(folder: Path) -> str:
    return (folder / "checkpoint").read_text(encoding="utf-8", errors="replace")


def stored_checkpoints(folder: Path) -> Iterator[Signed]:
    """The first of each minute, oldest first, as they are written: nothing of them is checked. Raises `Refused`."""
    for path in sorted((folder / "checkpoints").glob("*")):
        for line in path.read_bytes().splitlines():
            try:
                yield msgspec.json.decode(line, type=Signed)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                raise Refused(f"A checkpoint of {path.name} cannot be read.") from None


def checkpoints_and_last(folder: Path, public_key: str) -> list[Signed]:
    """The first of each minute, then the last one, which is read once, after the others: signing may go on meanwhile.

    Raises `Refused`, `Untrue` where the last is not signed with this key, and an OSError where there is none.
    """
    stored = list(stored_checkpoints(folder))
    note = last_note(folder)
    last = read_checkpoint(note, public_key)
    return [*stored, Signed(datetime.fromisoformat(last.time), last.size, note)]


def read_batches(begin: int, end: int) -> Iterator[tuple[LeafBatch, list[bytes]]]:
    """The batches that have these leaves, with all of theirs. Raises `Refused` for one that is broken."""
    first = LeafBatch.objects.filter(first__lte=begin).order_by("-first").values_list("first", flat=True).first()
    for batch in LeafBatch.objects.filter(first__gte=first or 0, first__lt=end).order_by("first").iterator(100):
        try:
            leaves = unpacked(batch.leaves)
        except zstandard.ZstdError:
            raise Refused(f"The leaves from {batch.first:,} on cannot be read in the database.") from None
        yield batch, leaves


def numbered_leaves(begin: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Number and line of the leaves that the database has of these. Raises `Refused` for a batch that is broken."""
    for batch, leaves in read_batches(begin, end):
        yield from ((number, leaf) for number, leaf in enumerate(leaves, batch.first) if begin <= number < end)
