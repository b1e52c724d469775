"""What a bundle has of what was shown, and whether it is true. Part of the bundle's verify.py."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping

from feed.proof.trust import Files, Untrue, text_lines

#: The kind of leaves that have the digest of a span's index.
SHOWN = "shown"


def check_shown(files: Files, number: int, fixture: int) -> None:
    """Check that what the span of that leaf says of the fixture is all here. Raises `Untrue`."""
    index, name = f"shown/{number}", f"shown/{number}.jsonl"
    if index not in files:
        if name in files:
            raise Untrue(f"nothing vouches for {name}")
        return
    lines = [line.split(" ") for line in text_lines(files, index)[1:]]
    digests = [line[1] for line in lines if line[0] == str(fixture)]
    found = [base64.b64encode(hashlib.sha256(files[name]).digest()).decode()] if name in files else []
    if found != digests:
        raise Untrue(f"{name} is not what was shown of fixture {fixture} in that span")


def shown_sentence(files: Files, leaves: Mapping[int, str], fixture: int) -> str:
    """What of it is true, for people; "" where no span was signed."""
    spans = [number for number, leaf in leaves.items() if leaf.startswith(f"{SHOWN} ")]
    if not spans:
        return ""
    there = sum(f"shown/{number}" in files for number in spans)
    own = [files[name] for number in spans if (name := f"shown/{number}.jsonl") in files]
    frames = sum(line.startswith(b'["sent"') for text in own for line in text.splitlines())
    return (
        f"It signed {len(spans):,} spans of what its web processes showed, of which {there:,} are here; in "
        f"{len(own):,} something of fixture {fixture} was on a page or with a program, and was sent {frames:,} times. "
        "To whom stands there as salted hashes, and what anybody saw is not proved."
    )
