"""What others gave for a checkpoint: time stamps (RFC 3161), and witnesses' signatures (C2SP tlog-cosignature)."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .trust import (
    Checkpoint,
    Files,
    Untrue,
    check_consistency,
    decoded,
    hash_lines,
    is_signed,
    key_id,
    needed,
    read_checkpoint,
    read_key,
)

#: The kind of a witness's key.
COSIGNATURE = b"\x04"
#: Object identifiers, as DER has them: CMS signed data, what a stamp says, SHA-256.
SIGNED_DATA, STAMP_INFO, SHA256 = (
    bytes.fromhex(text) for text in ("2a864886f70d010702", "2a864886f70d0109100104", "608648016503040201")
)
SEQUENCE, SET, INTEGER, OCTETS, OBJECT, TIME, TAGGED = 0x30, 0x31, 0x02, 0x04, 0x06, 0x18, 0xA0


#: What a bundle has of a checkpoint that others saw.
ATTESTED_FILES = ("checkpoint", "consistency", "cosignatures", "stamp.tsr")


class Stamp(NamedTuple):
    """What a time stamp says: that whoever has `digest` was there at `time`. Nothing of its signature is checked."""

    digest: bytes
    time: str


def elements(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Tags and contents of DER's elements, one after another. Raises `Untrue`."""
    at = 0
    while at < len(content):
        head = content[at : at + 2]
        length, at = head[-1], at + 2
        if length & 0x80:
            more = length & 0x7F
            length, at = int.from_bytes(content[at : at + more], "big"), at + more
        if len(head) < 2 or at + length > len(content):
            raise Untrue("a time stamp is cut off")
        yield head[0], content[at : at + length]
        at += length


def inner(content: bytes, *tags: int) -> list[bytes]:
    """The contents of the first elements, which must have these tags."""
    found = list(elements(content))[: len(tags)]
    if [tag for tag, _ in found] != list(tags):
        raise Untrue("that is no time stamp")
    return [content for _, content in found]


def read_stamp(response: bytes) -> Stamp:
    """What an authority's answer (RFC 3161, section 2.4.2) says. Raises `Untrue` where it gave no stamp."""
    (whole,) = inner(response, SEQUENCE)
    (status,) = inner(inner(whole, SEQUENCE)[0], INTEGER)
    if status != b"\x00":
        raise Untrue("the authority gave no time stamp")
    kind, tagged = inner(inner(whole, SEQUENCE, SEQUENCE)[1], OBJECT, TAGGED)
    signed = inner(inner(tagged, SEQUENCE)[0], INTEGER, SET, SEQUENCE)[2]
    content, octets = inner(signed, OBJECT, TAGGED)
    if (kind, content) != (SIGNED_DATA, STAMP_INFO):
        raise Untrue("that is no time stamp")
    (info,) = inner(inner(octets, OCTETS)[0], SEQUENCE)
    _, _, imprint, _, moment = inner(info, INTEGER, OBJECT, SEQUENCE, INTEGER, TIME)
    algorithm, digest = inner(imprint, SEQUENCE, OCTETS)
    if inner(algorithm, OBJECT) != [SHA256]:
        raise Untrue("a time stamp is not of a SHA-256")
    return Stamp(digest, plain_time(moment.decode("ascii", "replace")))


def plain_time(text: str) -> str:
    """20261127201403.25Z as 2026-11-27T20:14:03.25Z"""
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}T{text[8:10]}:{text[10:12]}:{text[12:]}"


def check_stamp(response: bytes, note: bytes) -> Stamp:
    """That the stamp is of this very checkpoint. Raises `Untrue`."""
    stamp = read_stamp(response)
    if stamp.digest != hashlib.sha256(note).digest():
        raise Untrue("a time stamp is of something else than its checkpoint")
    return stamp


def cosigned_text(note: str, seconds: int) -> bytes:
    """What a witness signs: the checkpoint without signatures, and when."""
    return f"cosignature/v1\ntime {seconds}\n{note.rpartition(chr(10) * 2)[0]}\n".encode()


def cosigned_at(note: str, cosignatures: str, witness: str) -> int | None:
    """When the witness, named by its public key, cosigned the checkpoint; None: not at all. Raises `Untrue`."""
    name, key = read_key(witness, COSIGNATURE)
    begin, number = f"\u2014 {name} ", key_id(name, key, COSIGNATURE)
    for line in cosignatures.splitlines():
        if line.startswith(begin):
            packed = decoded(line[len(begin) :], 76)
            at = int.from_bytes(packed[4:12], "big")
            if packed[:4] == number and is_signed(key, cosigned_text(note, at), packed[12:]):
                return at
            if packed[:4] == number:
                raise Untrue(f"{name} did not cosign that checkpoint")
    return None


def cosigners(cosignatures: str) -> list[str]:
    """The names that stand at signatures, whoever made them."""
    lines = cosignatures.splitlines()
    if not all(line.startswith("\u2014 ") and line.count(" ") == 2 for line in lines):
        raise Untrue("a line of cosignatures is none")
    return [line.split(" ")[1] for line in lines]


# What a bundle has of them.


class Attested(NamedTuple):
    """A checkpoint that others saw: the time of a stamp, or "", and who cosigned it when by the keys that were given.

    `unchecked`: witnesses whose key was not given.
    """

    checkpoint: Checkpoint
    stamped: str
    cosigned: dict[str, int]
    unchecked: list[str]


def check_attested(files: Files, public_key: str, after: Checkpoint, witnesses: Sequence[str]) -> list[Attested]:
    """The checkpoints that others saw, each of the same tree as the bundle's later one. Raises `Untrue`.

    Every witness must have cosigned one of them at least.
    """
    sizes = sorted({int(name.split("/")[1]) for name in files if name.startswith("attested/")})
    found = [attested(files, size, public_key, after, witnesses) for size in sizes]
    for witness in witnesses:
        name = read_key(witness, COSIGNATURE)[0]
        if not any(name in one.cosigned for one in found):
            raise Untrue(f"{name} cosigned nothing of this")
    return found


def attested(files: Files, size: int, public_key: str, after: Checkpoint, witnesses: Sequence[str]) -> Attested:
    folder = f"attested/{size}"
    note = needed(files, f"{folder}/checkpoint")
    text, own = note.decode("utf-8", "replace"), needed(files, f"{folder}/cosignatures").decode("utf-8", "replace")
    checkpoint = read_checkpoint(text, public_key)
    if checkpoint.size != size:
        raise Untrue(f"{folder} is of {checkpoint.size} leaves")
    first, last = (checkpoint, after) if checkpoint.size <= after.size else (after, checkpoint)
    check_consistency(first, last, hash_lines(files, f"{folder}/consistency"))
    response = files.get(f"{folder}/stamp.tsr")
    times = {read_key(witness, COSIGNATURE)[0]: cosigned_at(text, own, witness) for witness in witnesses}
    return Attested(
        checkpoint=checkpoint,
        stamped=check_stamp(response, note).time if response is not None else "",
        cosigned={name: at for name, at in times.items() if at is not None},
        unchecked=[name for name in cosigners(own) if name not in times],
    )


def others_sentences(attested: Sequence[Attested], after: Checkpoint) -> list[str]:
    """What the stamps and witnesses prove, in sentences for people, and what has to be checked elsewhere."""
    found = []
    if stamped := [one for one in attested if one.stamped]:
        one = first_over(stamped, after)
        place = f"attested/{one.checkpoint.size}"
        found.append(
            f"A time stamp of {one.stamped} is of the checkpoint of {one.checkpoint.size:,} leaves; if it is the "
            "authority's, they were signed by then. Whose it is, openssl checks, with the authority's certificate: "
            f"openssl ts -verify -data {place}/checkpoint -in {place}/stamp.tsr -CAfile AUTHORITY.pem"
        )
    for name in sorted({name for one in attested for name in one.cosigned}):
        one = first_over([one for one in attested if name in one.cosigned], after)
        moment = time_text(one.cosigned[name])
        found.append(f"{name} cosigned {one.checkpoint.size:,} leaves at {moment}, as what continues all that it saw.")
    if unchecked := sorted({name for one in attested for name in one.unchecked}):
        found.append(f"Signatures of {', '.join(unchecked)} are here, and unchecked: no key of theirs was given.")
    return found


def first_over(attested: Sequence[Attested], after: Checkpoint) -> Attested:
    """The first that is of all leaves of the bundle; the last where there is none."""
    return next((one for one in attested if one.checkpoint.size >= after.size), attested[-1])


def time_text(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
