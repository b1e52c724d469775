"""What a log sends to its witness (C2SP tlog-witness), read strictly."""

from base64 import b64decode
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from feed.proof.trust import Checkpoint, Untrue, decoded, key_id, read_key, unsigned_checkpoint

MOST_HASHES = 63
#: More digits than any size has.
MOST_DIGITS = 19
#: Signatures under one checkpoint of which we try those of the log's key.
MOST_SIGNATURES = 32


class Unreadable(Exception):
    """That is not what a log sends; the message says what is wrong."""


class Request(NamedTuple):
    """`note` continues the checkpoint of `since` leaves, says `proof`. Nothing of it is checked."""

    since: int
    proof: list[bytes]
    note: str
    checkpoint: Checkpoint


def read_request(body: bytes) -> Request:
    """Raises `Unreadable`."""
    try:
        head, blank, note = body.decode().partition("\n\n")
        old, *hashes = head.split("\n")
        word, _, size = old.partition(" ")
        proof = [decoded(line, 32) for line in hashes]
        checkpoint = unsigned_checkpoint(note, note.partition("\n")[0])
    except UnicodeDecodeError:
        raise Unreadable("The request is not text.") from None
    except Untrue as error:
        raise Unreadable(f"The request cannot be read: {error}.") from None
    if word != "old" or not size.isdigit() or str(int(size[:MOST_DIGITS])) != size:
        raise Unreadable("The first line must be old and the size of the last checkpoint.")
    if not blank or len(proof) > MOST_HASHES or not note.endswith("\n") or checkpoint.size >= 1 << 63:
        raise Unreadable("The request must be a line with the old size, at most 63 hashes, a blank line, a checkpoint.")
    return Request(int(size), proof, note, checkpoint)


def is_signed_by(note: str, public_key: str) -> bool:
    """Whether the key's owner signed the checkpoint, whoever else did. As fast as it must be where strangers ask."""
    name, key = read_key(public_key)
    text, _, signatures = note.rpartition("\n\n")
    begin = f"\u2014 {name} "
    lines = [line for line in signatures.split("\n") if line.startswith(begin)]
    return any(verifies(key, key_id(name, key), text, line[len(begin) :]) for line in lines[:MOST_SIGNATURES])


def verifies(key: bytes, number: bytes, text: str, signature: str) -> bool:
    try:
        packed = b64decode(signature, validate=True)
        if packed[:4] != number:
            return False
        Ed25519PublicKey.from_public_bytes(key).verify(packed[4:], f"{text}\n".encode())
    except (ValueError, InvalidSignature):
        return False
    return True
