"""What a bundle holds, and whether it is true. Behind `feed.proof.trust` in one file it is the bundle's verify.py."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Sequence
from typing import NamedTuple

from .others import ATTESTED_FILES, COSIGNATURE, Attested, check_attested, others_sentences
from .shown.verified import SHOWN, check_shown, shown_sentence
from .trust import (
    Checkpoint,
    Files,
    Untrue,
    check_consistency,
    decoded,
    grown,
    hash_lines,
    is_signed_note,
    leaf_hash,
    needed,
    peaks_of,
    read_checkpoint,
    read_key,
    root_by_inclusion,
    text_lines,
)

FORM = "livescore-desk bundle 3"
#: The second form had nothing of what was shown; the first had nothing of others, and no acts.
FORMS = (FORM, "livescore-desk bundle 2", "livescore-desk bundle 1")
PROOF_FORM = "c2sp.org/tlog-proof@v1"
#: Leaves that have the digest of a message: of one that came, one that was asked for, one that was stored later.
MESSAGES = ("message", "answer", "again")
#: Files that are about the bundle, and prove nothing by themselves.
PLAIN_FILES = ("about.json", "index.html", "verify.py")


class Bundle(NamedTuple):
    """What was found true: the leaves of the fixture by number, and how many there are between the checkpoints."""

    fixture: int
    before: Checkpoint
    after: Checkpoint
    leaves: dict[int, str]
    others: int | None
    attested: list[Attested]


def check_manifest(files: Files, public_key: str) -> None:
    """Check that the files are those that were put in, none more and none less."""
    note = needed(files, "manifest").decode("utf-8", "replace")
    if not is_signed_note(note, public_key):
        raise Untrue(f"the bundle was not made by {read_key(public_key)[0]}, or its list of files was changed")
    text, _, signatures = note.rpartition("\n\n")
    first, *lines = text.split("\n")
    listed = {name: digest for digest, _, name in (line.partition(" ") for line in lines)}
    found = {name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != "manifest"}
    if first not in FORMS or signatures.find("\n") != len(signatures) - 1:
        raise Untrue(f"this is no {FORM}")
    for name in sorted({*listed, *found}):
        if name not in found:
            raise Untrue(f"{name} is missing")
        if listed.get(name) != found[name]:
            raise Untrue(f"{name} is not as it was put into the bundle")


def read_leaves(files: Files) -> dict[int, str]:
    """The fixture's leaves, by number."""
    found = [line.partition(" ") for line in text_lines(files, "leaves")]
    if not all(number.isdecimal() for number, _, _ in found):
        raise Untrue("a line of leaves has no number")
    numbers = [int(number) for number, _, _ in found]
    if numbers != sorted(set(numbers)):
        raise Untrue("the lines of leaves are not in the order of their numbers")
    return {int(number): leaf for number, _, leaf in found}


def check_inclusion(files: Files, number: int, leaf: str, after: Checkpoint) -> None:
    """Check the leaf's C2SP tlog-proof, which is of the later checkpoint."""
    text, _, note = needed(files, f"proofs/{number}.tlog-proof").decode("utf-8", "replace").partition("\n\n")
    form, index, *path = text.split("\n")
    if form != PROOF_FORM or index != f"index {number}" or note.encode() != files["checkpoint-after"]:
        raise Untrue(f"the proof of leaf {number} is none of the later checkpoint")
    root = root_by_inclusion(number, after.size, leaf_hash(leaf.encode()), [decoded(line, 32) for line in path])
    if root != after.root:
        raise Untrue(f"leaf {number} is not what was signed under that number")


def speaks_of(leaf: str, fixture: int) -> bool:
    """Whether a leaf is, or may be, about the fixture, or says how a feed stood (a number with a minus)."""
    kind, *fields = leaf.split(" ")
    if kind in MESSAGES and len(fields) == 5:
        return fields[3].endswith("?") or str(fixture) in fields[3].split(",")
    if kind == "act" and len(fields) == 4:
        return fields[2] in ("-", str(fixture))
    if kind == "journal":
        return any(part.startswith((f"{fixture}:", "-")) for part in fields[1:])
    return True


def check_range(files: Files, bundle: Bundle) -> None:
    """Check that all leaves between the checkpoints are there, and no other of them speaks of the fixture."""
    before, after = bundle.before, bundle.after
    hashes, lines = hash_lines(files, "peaks"), text_lines(files, "range")
    sizes = peaks_of(before.size)
    if len(sizes) != len(hashes):
        raise Untrue("peaks are not those of the earlier checkpoint")
    peaks = [(size, hashes[place]) for place, size in enumerate(sizes)]
    if before.size and grown(peaks, []) != (before.size, before.root):
        raise Untrue("peaks are not those of the earlier checkpoint")
    if grown(peaks, (leaf_hash(line.encode()) for line in lines)) != (after.size, after.root):
        raise Untrue("the leaves between the checkpoints are not those that were signed")
    spoken = {before.size + n: line for n, line in enumerate(lines) if speaks_of(line, bundle.fixture)}
    if spoken != bundle.leaves:
        raise Untrue(f"the bundle does not have exactly the leaves of fixture {bundle.fixture}")


def digest_for(fixture: int, fields: Sequence[str]) -> str:
    """The digest in a leaf of the journal: the fixture's, or else that of a feed's state."""
    return next((part.split(":")[2] for part in fields[1:] if part.startswith((f"{fixture}:", "-"))), "")


def check_content(files: Files, number: int, leaf: str, fixture: int, missing: Sequence[int]) -> None:
    """Check that the bundle has the content whose digest the leaf has."""
    kind, *fields = leaf.split(" ")
    name, digest = "", fields[-1]
    if kind in MESSAGES:
        name = f"messages/{number}"
    elif kind == "act":
        name = f"acts/{number}"
    elif kind == "journal":
        name, digest = f"journal/{number}", digest_for(fixture, fields)
    elif kind == SHOWN:
        name = f"shown/{number}"
        check_shown(files, number, fixture)
    if name in files:
        if base64.b64encode(hashlib.sha256(files[name]).digest()).decode() != digest:
            raise Untrue(f"{name} is not what leaf {number} has the digest of")
    elif name and number not in missing:
        raise Untrue(f"{name} is missing, and the bundle does not say so")


def check_names(files: Files, bundle: Bundle) -> None:
    """Check that the bundle has no file for which there is no leaf."""
    own = {"manifest", "checkpoint-before", "checkpoint-after", "consistency", "leaves", "peaks", "range", *PLAIN_FILES}
    for number, leaf in bundle.leaves.items():
        folder = {"journal": "journal", "act": "acts", SHOWN: "shown"}.get(leaf.split(" ")[0], "messages")
        own |= {f"proofs/{number}.tlog-proof", f"{folder}/{number}"}
        own |= {f"shown/{number}.jsonl"} if folder == "shown" else set()
    sizes = [found.checkpoint.size for found in bundle.attested]
    own |= {f"attested/{size}/{name}" for size in sizes for name in ATTESTED_FILES}
    if strays := sorted(set(files) - own):
        raise Untrue(f"nothing vouches for {strays[0]}")


def check(files: Files, public_key: str, witnesses: Sequence[str] = ()) -> Bundle:
    """What the bundle proves; that these witnesses saw it too, named by their public keys. Raises `Untrue`."""
    check_manifest(files, public_key)
    about = json.loads(needed(files, "about.json"))
    before, after = (
        read_checkpoint(needed(files, f"checkpoint-{which}").decode("utf-8", "replace"), public_key)
        for which in ("before", "after")
    )
    check_consistency(before, after, hash_lines(files, "consistency"))
    leaves = read_leaves(files)
    others = after.size - before.size - len(leaves) if "range" in files else None
    attested = check_attested(files, public_key, after, witnesses)
    bundle = Bundle(int(about["fixture"]), before, after, leaves, others, attested)
    for number, leaf in leaves.items():
        check_inclusion(files, number, leaf, after)
        check_content(files, number, leaf, bundle.fixture, about["missing"])
        if not speaks_of(leaf, bundle.fixture):
            raise Untrue(f"leaf {number} is not about fixture {bundle.fixture}")
    if others is not None:
        check_range(files, bundle)
    check_names(files, bundle)
    return bundle


def sentences(bundle: Bundle, files: Files) -> list[str]:
    """What is true, for people."""
    before, after, fixture = bundle.before, bundle.after, bundle.fixture
    messages = sum(leaf.split(" ")[0] in MESSAGES for leaf in bundle.leaves.values())
    bodies = sum(name.startswith("messages/") for name in files)
    signed = (
        f"By its own clock {after.origin} signed {before.size:,} leaves at {before.time} and {after.size:,} at "
        f"{after.time}, and the later checkpoint continues the earlier one."
    )
    recorded = (
        f"Of the messages that it recorded in between, {messages:,} are about fixture {fixture}, or may be; "
        f"{bodies:,} of them are here, as they came."
    )
    feeds = sum(leaf.startswith("journal ") and " -" in leaf for leaf in bundle.leaves.values())
    stood = f"It wrote {feeds:,} times how one of its feeds stood: up, late, down or off."
    acts = [leaf.split(" ") for leaf in bundle.leaves.values() if leaf.startswith("act ")]
    of_fixture = sum(fields[3] != "-" for fields in acts)
    done = (
        f"It wrote {len(acts):,} times what its own people, or it by itself, did: {of_fixture:,} times with this "
        "fixture, otherwise with its packages and the like."
    )
    others = "Whether there were others is not proved: this bundle was made without the other leaves."
    if bundle.others is not None:
        others = f"None of the {bundle.others:,} other leaves in between speaks of fixture {fixture}, or of a feed."
    shown = shown_sentence(files, bundle.leaves, fixture)
    return [
        signed,
        recorded,
        *([stood] if feeds else ()),
        *([done] if acts else ()),
        *([shown] if shown else ()),
        others,
        *others_sentences(bundle.attested, after),
    ]


def read_zip(content: bytes) -> dict[str, bytes]:
    """The files of a zip, none of which may be there twice."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        if len(names) != len(set(names)):
            raise Untrue("a file is in the zip twice")
        return {name: archive.read(name) for name in names}


def judged(public_key: str, content: bytes, witnesses: Sequence[str] = ()) -> list[str]:
    """What the zip proves, for people. Raises `Untrue`."""
    try:
        files = read_zip(content)
        return sentences(check(files, public_key, witnesses), files)
    except Untrue:
        raise
    except Exception as error:  # whatever a broken file leads to: it is not what was signed
        raise Untrue(f"the bundle cannot be read ({type(error).__name__}: {error})") from error


def main(arguments: Sequence[str]) -> int:
    if len(arguments) < 2:
        sys.stderr.write("python3 verify.py PUBLIC-KEY BUNDLE.zip [WITNESS-KEY ...]\n")
        return 0 if list(arguments) in (["-h"], ["--help"]) else 2
    public_key, path, *witnesses = arguments
    try:
        read_key(public_key)
        for witness in witnesses:
            read_key(witness, COSIGNATURE)
        with open(path, "rb") as file:
            content = file.read()
    except (OSError, Untrue) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    try:
        found = judged(public_key, content, witnesses)
    except Untrue as error:
        sys.stdout.write(f"FALSE: {error}.\n")
        return 1
    sys.stdout.write("".join(f"true: {sentence}\n" for sentence in found) + "TRUE\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
