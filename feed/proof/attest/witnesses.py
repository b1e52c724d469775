"""Asking witnesses to cosign a checkpoint (C2SP tlog-witness)."""

from base64 import b64encode
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from feed.proof.others import COSIGNATURE, cosigned_at
from feed.proof.tiles import TileReader
from feed.proof.tree import consistency
from feed.proof.trust import Checkpoint, Untrue, read_key

from .posting import NotAnswered, Post

#: More digits than any size has.
MOST_DIGITS = 19
KIND = "text/plain; charset=utf-8"


class Cosigner(NamedTuple):
    """A witness: its public key, and where it is asked."""

    public_key: str
    address: str

    @property
    def name(self) -> str:
        return read_key(self.public_key, COSIGNATURE)[0]


class Contradicted(Exception):
    """A witness has seen another history of this log than we have; the message says so."""


def cosignature(post: Post, witness: Cosigner, folder: Path, note: str, checkpoint: Checkpoint, since: int) -> str:
    """The witness's line for a checkpoint, checked; `since`: the size that it cosigned last, as far as is known.

    Raises `NotAnswered`, `Untrue`, `Contradicted`.
    """
    answer = post(witness.address, request(folder, note, checkpoint, since), KIND)
    if answer.status == HTTPStatus.CONFLICT:  # what it remembers is another size than we thought
        size = answer.body.strip()
        if not size.isdigit() or len(size) > MOST_DIGITS or int(size) == since:
            raise Contradicted(f"{witness.name} has seen another history of this log")
        if int(size) > checkpoint.size:
            raise Contradicted(f"{witness.name} has seen {int(size):,} leaves, and here are {checkpoint.size:,}")
        answer = post(witness.address, request(folder, note, checkpoint, int(size)), KIND)
    if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        raise Contradicted(f"{witness.name} has seen another history of this log")
    if answer.status != HTTPStatus.OK:
        raise NotAnswered(f"it answered with status {answer.status}")
    return own_line(answer.body.decode("utf-8", "replace"), witness, note)


def request(folder: Path, note: str, checkpoint: Checkpoint, since: int) -> bytes:
    """That the checkpoint continues the one of `since` leaves."""
    since = min(since, checkpoint.size)
    hashes = consistency(since, checkpoint.size, TileReader(folder / "tile", checkpoint.size).whole)
    proof = "".join(f"{b64encode(found).decode()}\n" for found in hashes)
    return f"old {since}\n{proof}\n{note}".encode()


def own_line(lines: str, witness: Cosigner, note: str) -> str:
    """The one that this witness signed; others' are of no interest. Raises `Untrue`."""
    for line in lines.splitlines():
        if line.startswith(f"\u2014 {witness.name} ") and cosigned_at(note, line, witness.public_key) is not None:
            return f"{line}\n"
    raise Untrue(f"{witness.name} did not cosign that checkpoint")
