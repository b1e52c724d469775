"""What a span says of each fixture, as text, and the leaf that has the digest of all of it (docs/proof.md).

shown <ended> <SHA-256 of the index>

The index names the span and has a digest for each fixture, so that a bundle of one fixture shows what was shown of it,
proves that there was no more, and says nothing of what else people had before them.
"""

import json
import re
from collections.abc import Iterator
from hashlib import sha256

from feed.models import ViewingSpan
from feed.proof.leaves import base64_text, moment_text, plain
from feed.viewings.spans import Event, Span, Viewing, content_of, decoded

SHOWN = "shown"
OF_FIXTURE = re.compile(r"[a-z_]+:(\d+)", re.ASCII)
#: Of topics of no fixture: boards, the feed's line.
NO_FIXTURE = 0
#: A fixture, and a line of its text.
Line = tuple[int, bytes]


def texts(span: Span) -> dict[int, bytes]:
    """By fixture, what was shown of it: a line of JSON for each socket, and below it one for each topic that it had
    when the span began, was sent, or showed no longer."""
    fixtures = [fixture_of(item.topic) for item in span.items]
    items = [json.dumps([item.topic, item.version, item.digest.hex()]).encode() for item in span.items]
    found: dict[int, list[bytes]] = {}
    for viewing in span.viewings:
        head, headed = head_of(viewing), set[int]()
        for fixture, line in lines_of(viewing, fixtures, items):
            lines = found.setdefault(fixture, [])
            if fixture not in headed:
                headed.add(fixture)
                lines.append(head)
            lines.append(line)
    return {fixture: b"\n".join(lines) + b"\n" for fixture, lines in found.items()}


def fixture_of(topic: str) -> int:
    found = OF_FIXTURE.match(topic)
    return int(found[1]) if found else NO_FIXTURE


def head_of(viewing: Viewing) -> bytes:
    facts = {
        "socket": viewing.number,
        "kind": viewing.kind,
        "who": viewing.who.hex(),
        "opened": viewing.opened,
        "closed": viewing.closed,
    }
    return json.dumps(facts).encode()


def lines_of(viewing: Viewing, fixtures: list[int], items: list[bytes]) -> Iterator[Line]:
    for place in viewing.had:
        yield fixtures[place], b'["had", %s]' % items[place]
    for event in viewing.events:
        begin = begin_of(event)
        for topic in event.gone:
            yield fixture_of(topic), b'["gone", %d, %s]' % (event.at, json.dumps(topic).encode())
        for place in event.items:
            yield fixtures[place], b"%s%s]" % (begin, items[place])


def begin_of(event: Event) -> bytes:
    """When it was sent, or what came with the page was there, and after how many ms it was painted: -1 hidden."""
    painted = b"null" if event.painted is None else b"%.1f" % event.painted
    return b'["%s", %d, %s, ' % (b"own" if event.is_own else b"sent", event.at, painted)


def signed(row: ViewingSpan) -> tuple[bytes, dict[int, bytes]]:
    """What of a span is signed: the index, of which its leaf has the digest, and its texts by fixture.

    Raises ValueError where the row cannot be read.
    """
    content = content_of(row.blob)
    try:
        own = texts(decoded(content))
    except IndexError:
        raise ValueError("no span: an item is missing") from None
    return index_of(row, content, own), own


def index_of(row: ViewingSpan, content: bytes, own: dict[int, bytes]) -> bytes:
    """Which span it is with the digest of all of it, and that of what it says of each fixture."""
    facts = (
        plain(row.process),
        moment_text(row.begun_at),
        moment_text(row.ended_at),
        str(row.lost),
        digest_of(content),
    )
    lines = [f"{fixture} {digest_of(text)}" for fixture, text in sorted(own.items())]
    return "\n".join([" ".join(facts), *lines, ""]).encode()


def digest_of(text: bytes) -> str:
    return base64_text(sha256(text).digest())


def shown_leaf(row: ViewingSpan, index: bytes) -> str:
    return f"{SHOWN} {moment_text(row.ended_at)} {digest_of(index)}"
