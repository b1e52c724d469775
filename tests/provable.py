"""A small history that was recorded and signed: messages of two fixtures, a refused one, checkpoints in between."""

from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from bench.tampering import Holdings
from feed.ingest.loop import Ingest
from feed.models import FeedSource
from feed.proof.bundle import BundleScope, make_bundle
from feed.proof.log import Log
from feed.proof.notes import PRIVATE, new_key, read_signer
from feed.proof.trust import ED25519
from feed.proof.verify import read_zip
from feed.store.leaves import note_act
from feed.transport import Delivery
from feed.transport.recorder import Tap, as_line
from feed.viewings.spans import HIDDEN, Event, Item, Span, Viewing
from feed.viewings.writing import write_span
from tests.feed_messages import ListTransport, fixture, heartbeat, livescore, market

FIXTURE, OTHER, SILENT = 7, 8, 9
BODIES: list[bytes | None] = [
    fixture(FIXTURE),
    fixture(OTHER),
    None,
    heartbeat(),
    market(FIXTURE, "1.8"),
    market(OTHER, "2.5"),
    None,
    livescore(FIXTURE, 1, 0, seconds=5),
    market(FIXTURE, "1.9", seconds=6),
    b"\xff no message",
    None,
    *(market(number, f"2.{second}", seconds=second) for second in range(10, 30) for number in (FIXTURE, OTHER)),
]


class Lines:
    """A recording in one plain file, of all but the first message."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, delivery: Delivery) -> None:
        if delivery.tag > 1:
            with self.path.open("ab") as file:
                file.write(as_line(delivery))


class Signed(ListTransport):
    """Its acknowledgements are signed at once, and each checkpoint is stored."""

    log: Log

    def ack(self, last: Delivery) -> None:
        self.log.minute = ""
        self.log.grow()


def a_span(version: str = "2") -> Span:
    """A page with both fixtures, which was sent a row of the first, and a program with the second."""
    items = [
        Item(f"row:{FIXTURE}", "1"),
        Item(f"row:{OTHER}", "1", b"o" * 16),
        Item(f"row:{FIXTURE}", version, b"d" * 16),
        Item("board?show=all", "4"),
        Item(f"state:{OTHER}", "9"),
    ]
    sent = [Event(2000, [2], 31.5), Event(3000, [3], HIDDEN), Event(4000, [], gone=(f"row:{OTHER}",))]
    return Span(items, [Viewing(1, "page", b"", 1000, [0, 1], sent), Viewing(2, "program", b"", 1500, [4], [])])


def holdings(folder: Path) -> Holdings:
    """On an empty database."""
    (folder / "recorded").mkdir()
    signer = read_signer(new_key("test.example/log"))
    begin, transport = timezone.now(), Signed(BODIES)
    transport.log = Log(folder / "proof", signer)
    recorder: Any = Lines(folder / "recorded" / "feed.jsonl")
    source = FeedSource.objects.create(name="Meadow in-play", kind=FeedSource.Kind.QUEUE)
    Ingest(Tap(transport, recorder), source).run()
    note_act("note.written", "ann", FIXTURE, text="Late news.")
    note_act("note.written", "ann", OTHER, text="No news.")
    note_act("deactivate", "olga", package="Meadow")
    write_span("web-1", begin, timezone.now(), a_span(), [("user", 5), ("token", 3)], 0)
    transport.log.grow()
    scope = BundleScope(fixture=FIXTURE, begin=begin, end=timezone.now(), recordings=folder / "recorded")
    content, _ = make_bundle(folder / "proof", signer, scope)
    return Holdings(folder / "proof", folder / "recorded", signer, read_zip(content))


def key_line(desk: Holdings) -> str:
    """The desk's private key, as a setting has it."""
    secret = b64encode(ED25519 + desk.signer.key.private_bytes_raw()).decode()
    return f"{PRIVATE}{desk.signer.name}+{desk.signer.public_key.split('+')[1]}+{secret}"


def scope_of(desk: Holdings, **fields: Any) -> BundleScope:
    """All of the history."""
    now = timezone.now()
    known = {"fixture": FIXTURE, "begin": now - timedelta(hours=1), "end": now, "recordings": desk.recordings}
    return BundleScope(**{**known, **fields})
