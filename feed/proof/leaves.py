"""Leaves: the lines that the tree is made of (docs/proof.md, The leaves). Pure.

message <source> <position> <received> <fixtures> <SHA-256 of the body>   (or answer, or again)
journal <committed> <fixture>:<revision>:<SHA-256 of its rows> ...
act <at> <what was done> <fixture> <SHA-256 of the rest>
shown <ended> <SHA-256 of the index>   (feed.proof.shown.texts)

For rows about a source's state, the source's number with a minus stands in place of the fixture's.
"""

import json
from binascii import b2a_base64
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from operator import attrgetter
from typing import Any, NamedTuple
from urllib.parse import quote

import zstandard

from feed.transport import Delivery

#: An act of our own.
ACT = "act"
#: How a message came: from a queue; as LSports' answer to a call; refused before, and stored now.
MESSAGE, ANSWER, AGAIN = "message", "answer", "again"
#: Nothing of the message says which fixtures it is about, or not all of it could be read.
UNREAD = "?"
NO_FIXTURE = "-"
#: A message that speaks of more fixtures names none of them, so that no leaf is longer than C2SP's 65,535 bytes.
MOST_NAMED = 3000
#: Fixtures in one leaf about the journal.
MOST_JOURNALED = 500
#: The part of rows about a source's state (`JournalEntry.Part.SOURCE`); their market is the source.
OF_SOURCES = 10
LEVEL = 1
#: Far more than the leaves of a batch need.
MOST_BYTES = 256 * 1024 * 1024


class Journaled(NamedTuple):
    """A journal row as its leaf has it: `text` is the blob's JSON."""

    committed_at: datetime
    fixture_id: int
    part: int
    market_id: int
    revision: int
    keyframe_revision: int
    received_at: datetime
    source_id: int | None
    settles: bool
    text: bytes


#: The order in which a batch's rows are hashed.
IN_ORDER = attrgetter("committed_at", "fixture_id", "part", "market_id")


def message_leaf(source: str, kind: str, delivery: Delivery, fixtures: Collection[int], is_whole: bool) -> str:
    """A delivery's leaf. `is_whole`: all of it could be read, so that it speaks of no other fixture."""
    digest = base64_text(sha256(delivery.body).digest())
    at = written_moment(delivery.received_at)
    return f"{kind} {plain(source)} {delivery.tag} {at} {names_of(fixtures, is_whole)} {digest}"


def names_of(fixtures: Collection[int], is_whole: bool) -> str:
    if len(fixtures) == 1 and is_whole:
        return str(*fixtures)
    if len(fixtures) > MOST_NAMED:
        return UNREAD
    return ",".join(map(str, sorted(fixtures))) + ("" if is_whole else UNREAD) or NO_FIXTURE


def journal_leaves(rows: Iterable[Any]) -> Iterator[str]:
    """What a batch wrote to the journal, a digest for each fixture. Rows have what `Journaled` has."""
    batches: dict[datetime, dict[int, list[Any]]] = {}
    for row in sorted(rows, key=IN_ORDER):
        batches.setdefault(row.committed_at, {}).setdefault(subject_of(row), []).append(row)
    for committed_at, fixtures in batches.items():
        sums = [f"{pk}:{rows[0].revision}:{journal_digest(rows)}" for pk, rows in fixtures.items()]
        for start in range(0, len(sums), MOST_JOURNALED):
            yield f"journal {moment_text(committed_at)} {' '.join(sums[start : start + MOST_JOURNALED])}"


def subject_of(row: Any) -> int:
    """What a leaf names for the row: its fixture, or with a minus the source whose state it is."""
    return -row.market_id if row.part == OF_SOURCES else int(row.fixture_id)


def journal_digest(rows: Iterable[Any]) -> str:
    """The digest of what one batch wrote of one fixture, in the order of parts and markets."""
    return base64_text(sha256(b"".join(row_text(row).encode() + row.text for row in rows)).digest())


def row_text(row: Any) -> str:
    """The line before a row's JSON."""
    source = NO_FIXTURE if row.source_id is None else row.source_id
    return (
        f"{int(row.part)} {row.market_id} {row.keyframe_revision} {moment_text(row.received_at)} {source} "
        f"{int(row.settles)} {len(row.text)}\n"
    )


def act_text(who: str, salt: str, facts: Mapping[str, Any]) -> str:
    """What a leaf of an act has the digest of: who did it, as a salted hash, and what exactly."""
    content = {"who": salted(who, salt), **facts}
    return json.dumps(content, sort_keys=True, ensure_ascii=True, default=str)


def salted(who: str, salt: str) -> str:
    return base64_text(sha256(f"{salt} {who}".encode()).digest())


def act_leaf(at: datetime, kind: str, fixture_id: int | None, text: str) -> str:
    fixture = NO_FIXTURE if fixture_id is None else fixture_id
    return f"{ACT} {moment_text(at)} {plain(kind)} {fixture} {base64_text(sha256(text.encode()).digest())}"


def written_moment(moment: datetime) -> str:
    """2026-11-27T20:14:03.250000Z"""
    text = moment.isoformat()
    return f"{text[:26]}Z" if len(text) == 32 else f"{moment.isoformat(timespec='microseconds')[:26]}Z"


#: The same for moments that many rows share.
moment_text = lru_cache(1024)(written_moment)


@lru_cache(1024)
def plain(text: str) -> str:
    """The text without blanks and in ASCII alone."""
    return quote(text, safe="") or NO_FIXTURE


def base64_text(digest: bytes) -> str:
    return b2a_base64(digest, newline=False).decode()


def packed(leaves: Sequence[str]) -> bytes:
    """Leaves as the database keeps them."""
    return zstandard.ZstdCompressor(LEVEL).compress("\n".join(leaves).encode())


def unpacked(stored: bytes | memoryview) -> list[bytes]:
    """Raises `zstandard.ZstdError` where that is not what was packed."""
    if zstandard.frame_content_size(stored) > MOST_BYTES:
        raise zstandard.ZstdError("its stated size is more than any batch has")
    return zstandard.ZstdDecompressor().decompress(stored).split(b"\n")


class Leaf(NamedTuple):
    """What a leaf says of fixtures. `digests`: of the journal, by fixture, its revision and the digest of its rows."""

    kind: str
    at: str
    fixtures: frozenset[int]
    may_be_any: bool
    digest: str = ""
    digests: Mapping[int, tuple[int, str]] = {}

    def speaks_of(self, fixture_id: int) -> bool:
        return self.may_be_any or fixture_id in self.fixtures


def read_leaf(line: bytes) -> Leaf:
    """A leaf of an unknown kind may be about any fixture. Raises `ValueError` where one cannot be read."""
    kind, *fields = line.decode().split(" ")
    if kind in (MESSAGE, ANSWER, AGAIN):
        _, _, at, names, digest = fields
        known = frozenset(map(int, filter(None, names.strip(UNREAD + NO_FIXTURE).split(","))))
        return Leaf(kind, at, known, names.endswith(UNREAD), digest)
    if kind == "journal":
        at, *sums = fields
        parts = (found.split(":") for found in sums)
        digests = {int(pk): (int(revision), digest) for pk, revision, digest in parts}
        return Leaf(kind, at, frozenset(digests), False, digests=digests)
    if kind == ACT:
        at, _, fixture, digest = fields
        known = frozenset() if fixture == NO_FIXTURE else frozenset([int(fixture)])
        return Leaf(kind, at, known, not known, digest)
    return Leaf(kind, fields[0] if fields else "", frozenset(), True)
