"""Checks a bundle that Livescore Desk made, with Python 3.9 or later and nothing else.

    python3 verify.py PUBLIC-KEY BUNDLE.zip

The public key is the line that `manage.py proof key` printed, from somebody whom you trust; never the bundle's own.
Exit code 0: all of it is true; 1: something is false, and the last line says what; 2: it cannot be tried.

First what others have defined: Merkle trees, Ed25519, checkpoints. Then what a bundle holds (docs/proof.md).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

ED25519 = b"\x01"
#: A bundle's files, by their names.
Files = Mapping[str, bytes]


class Untrue(Exception):
    """Something is not as it was signed; the message says what, in plain words."""


class Checkpoint(NamedTuple):
    """The tree of `size` leaves has this root; `time` is what the desk's clock said when it signed that."""

    origin: str
    size: int
    root: bytes
    time: str


# RFC 6962, section 2.1: the Merkle tree.


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_by_inclusion(number: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """The root that a leaf's hash and its path lead to (RFC 9162, section 2.1.3.2)."""
    if not 0 <= number < size:
        raise Untrue(f"leaf {number} cannot be in a tree of {size}")
    place, last, found = number, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise Untrue(f"the path of leaf {number} is too long")
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise Untrue(f"the path of leaf {number} is too short")
    return found


def check_consistency(before: Checkpoint, after: Checkpoint, path: Sequence[bytes]) -> None:
    """Check that the later tree begins with the earlier one (RFC 9162, section 2.1.4.2). Raises `Untrue`."""
    if before.size > after.size:
        raise Untrue("the earlier checkpoint is of the larger tree")
    if before.size == after.size or before.size == 0:
        if path or (before.size and before.root != after.root):
            raise Untrue("the two checkpoints contradict each other")
        return
    hashes = [before.root, *path] if before.size & (before.size - 1) == 0 else list(path)
    if not hashes:
        raise Untrue("there is no proof that the later checkpoint continues the earlier one")
    place, last = before.size - 1, after.size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            raise Untrue("the proof between the two checkpoints is too long")
        if place & 1 or place == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        place, last = place >> 1, last >> 1
    if last or first != before.root or second != after.root:
        raise Untrue("the later checkpoint does not continue the earlier one")


def peaks_of(size: int) -> list[int]:
    """The sizes of the whole subtrees that a tree of `size` leaves is made of, the largest first."""
    return [1 << bit for bit in range(size.bit_length() - 1, -1, -1) if size >> bit & 1]


def grown(peaks: Iterable[tuple[int, bytes]], leaves: Iterable[bytes]) -> tuple[int, bytes]:
    """Size and root of a tree that begins with whole subtrees (size, hash) and goes on with the hashes of leaves."""
    stack = list(peaks)
    for found in leaves:
        stack.append((1, found))
        while len(stack) > 1 and stack[-1][0] == stack[-2][0]:
            (size, right), (_, left) = stack.pop(), stack.pop()
            stack.append((2 * size, node_hash(left, right)))
    total = sum(size for size, _ in stack)
    if not stack:
        return 0, hashlib.sha256().digest()
    _, root = stack.pop()
    while stack:
        root = node_hash(stack.pop()[1], root)
    return total, root


# RFC 8032, section 5.1: Ed25519.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
#: Points as (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z.
Point = tuple[int, int, int, int]


def added(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: Point) -> Point:
    found: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = added(found, point)
        point, number = added(point, point), number >> 1
    return found


def point_of(text: bytes) -> Point:
    """A point from its 32 bytes. Raises `Untrue` where there is none."""
    y = int.from_bytes(text, "little")
    is_odd, y = y >> 255, y & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and is_odd):
        raise Untrue("a key or a signature is not on the curve")
    x = P - x if x & 1 != is_odd else x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key: bytes, text: bytes, signature: bytes) -> bool:
    """Whether the Ed25519 key's owner signed the text."""
    s = int.from_bytes(signature[32:], "little")
    if len(key) != 32 or len(signature) != 64 or s >= ORDER:
        return False
    try:
        owner, begin = point_of(key), point_of(signature[:32])
    except Untrue:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % ORDER
    one, other = times(s, BASE), added(begin, times(challenge, owner))
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 == (one[1] * other[2] - other[1] * one[2]) % P


# C2SP: signed notes, checkpoints, proofs.


def decoded(text: str, size: int) -> bytes:
    try:
        found = base64.b64decode(text, validate=True)
    except ValueError:
        found = b""
    if len(found) != size or base64.b64encode(found).decode() != text:
        raise Untrue(f"{text[:60]!r} is not {size} bytes in base64")
    return found


def key_id(name: str, key: bytes, kind: bytes = ED25519) -> bytes:
    """The four bytes by which a signature names its key."""
    return hashlib.sha256(name.encode() + b"\n" + kind + key).digest()[:4]


def read_key(text: str, kind: bytes = ED25519) -> tuple[str, bytes]:
    """Name and Ed25519 key of a public key's line; `kind`: of a log, or of a witness. Raises `Untrue`."""
    name, _, rest = text.strip().partition("+")
    number, _, packed = rest.partition("+")
    try:
        key = decoded(packed, 33)
    except Untrue:
        key = b""
    if not name or key[:1] != kind or key_id(name, key[1:], kind).hex() != number:
        raise Untrue("that is not a public key as `manage.py proof key` prints it")
    return name, key[1:]


def is_signed_note(note: str, public_key: str) -> bool:
    """Whether that key's owner signed the note, whoever else did."""
    name, key = read_key(public_key)
    text, _, signatures = note.rpartition("\n\n")
    begin = f"\u2014 {name} "
    found = [decoded(line[len(begin) :], 68) for line in signatures.split("\n") if line.startswith(begin)]
    own = [packed[4:] for packed in found if packed[:4] == key_id(name, key)]
    return any(is_signed(key, f"{text}\n".encode(), signature) for signature in own)


def read_checkpoint(note: str, public_key: str) -> Checkpoint:
    """What a checkpoint says, if that key's owner signed it. Raises `Untrue`."""
    name, _ = read_key(public_key)
    if not is_signed_note(note, public_key):
        raise Untrue(f"a checkpoint is not signed by {name} with this key")
    return unsigned_checkpoint(note, name)


def unsigned_checkpoint(note: str, name: str) -> Checkpoint:
    """What a checkpoint says, whoever signed it. Raises `Untrue` where it is none of the log of that name."""
    lines = note.rpartition("\n\n")[0].split("\n")
    if len(lines) < 3 or lines[0] != name or not lines[1].isdigit() or str(int(lines[1])) != lines[1]:
        raise Untrue("a checkpoint is signed, but it is none of this log's")
    time = next((line[5:] for line in lines[3:] if line.startswith("time ")), "")
    return Checkpoint(name, int(lines[1]), decoded(lines[2], 32), time)


# A bundle's files.


def needed(files: Files, name: str) -> bytes:
    if name not in files:
        raise Untrue(f"the bundle has no {name}")
    return files[name]


def text_lines(files: Files, name: str) -> list[str]:
    try:
        return needed(files, name).decode("ascii").splitlines()
    except UnicodeDecodeError:
        raise Untrue(f"{name} is not text") from None


def hash_lines(files: Files, name: str) -> list[bytes]:
    return [decoded(line, 32) for line in text_lines(files, name)]
