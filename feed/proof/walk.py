"""`manage.py proof check`: everything that is kept, compared with what was signed."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from django.conf import settings
from django.db.models import Max

from feed.database.moment import one_moment
from feed.journal.blobs import unpacked
from feed.models import JournalEntry, LeafBatch, ProofLog, RejectedMessage
from feed.transport.recorded import read_recording

from .acts import Acts
from .attest import checking, record
from .bundle import journaled
from .leaves import ACT, base64_text, journal_digest, moment_text, read_leaf, subject_of
from .log import Refused, Signed, checkpoints_and_last, numbered_leaves, read_batches
from .notes import Signer
from .shown.checking import Spans
from .shown.texts import SHOWN
from .tiles import BYTES, WIDTH, TileWriter, tile_path
from .trust import Untrue, leaf_hash

#: Marks for the fixtures' log, which are in no leaf.
UNCHANGED = JournalEntry.Part.UNCHANGED
#: More leaves than there are.
MOST = 1 << 62
#: `tidy` carries over how things stood at the beginning of the first day that it keeps.
MIDNIGHT = datetime.min.time()


class Comparison(TileWriter):
    """Builds the tree again, and compares each tile with its file instead of writing it.

    A tile that was not full at the last checkpoint may be by now: its beginning is compared.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, 0, [])
        self.faults: list[str] = []

    def write(self, level: int, number: int, hashes: list[bytes]) -> None:
        path, wanted = self.folder / tile_path(level, number, len(hashes)), b"".join(hashes)
        full = content_of(self.folder / tile_path(level, number))
        is_full_by_now = len(full) == WIDTH * BYTES and full.startswith(wanted)
        if content_of(path) != wanted and not is_full_by_now:
            self.faults.append(f"{path} does not have the hashes of the database's leaves.")

    def drop_parts(self, level: int, number: int) -> None:
        """Nothing is changed here."""


class Walk:
    """One check. `faults` are what is not as it was signed, `notes` what can not be checked any more, and why."""

    def __init__(self, folder: Path, signer: Signer, recordings: Path) -> None:
        self.folder = folder
        self.signer = signer
        self.recordings = recordings
        self.faults: list[str] = []
        self.notes: list[str] = []
        self.size = 0
        self.begin = ""
        self.limit = datetime.min.replace(tzinfo=UTC)
        if days := settings.KEEP_HISTORY_DAYS:
            self.limit = datetime.combine(datetime.now(UTC) - timedelta(days=days), MIDNIGHT, UTC)
        self.digests: set[str] = set()
        self.acts = Acts()
        self.spans = Spans()
        self.journal: dict[tuple[str, int], tuple[int, str]] = {}

    def run(self) -> None:
        """The database is read as it is at one moment; what is stored meanwhile is left for another time."""
        with one_moment():
            self.note_fault(self.check_tree)
            self.check_journal()
            self.faults += self.acts.faults(self.notes)
            self.faults += self.spans.faults(self.notes)
            strays = list(self.stray_bodies())
        self.note_fault(self.read_later)
        self.faults += [words for digest, words in strays if digest not in self.digests]

    def note_fault(self, check: Callable[[], None]) -> None:
        """Do a part that cannot go on where it finds a fault."""
        try:
            check()
        except (Refused, Untrue) as error:
            self.faults.append(str(error))
        except OSError as error:
            self.faults.append(f"The log cannot be read: {error}.")

    def read_later(self) -> None:
        """The leaves of what was stored meanwhile: it may have been recorded before."""
        for _, leaf in numbered_leaves(self.size, MOST):
            self.read(leaf)

    def check_tree(self) -> None:
        """Leaf by leaf, with every checkpoint that was kept."""
        attested = list(record.stored(self.folder))  # first: signing may go on meanwhile
        checkpoints = checkpoints_and_last(self.folder, self.signer.public_key)
        if attested:
            self.faults += checking.faults_of(attested)
            self.notes.append(checking.note_of(attested))
        seen, place = [found.signed for found in attested], 0
        comparison, last = Comparison(self.folder / "tile"), checkpoints[-1]
        if checkpoints[0].size:
            self.faults.append("The checkpoints of the log's beginning are gone.")
        at = 0
        for leaf in self.leaves():
            at = self.check_checkpoints(checkpoints, at, comparison)
            place = self.check_checkpoints(seen, place, comparison)
            self.read(leaf)
            self.size += 1
            if self.size <= last.size:
                comparison.append([leaf_hash(leaf)])
            if self.size == last.size:
                comparison.write_edges()
        at = self.check_checkpoints(checkpoints, at, comparison)
        if self.check_checkpoints(seen, place, comparison) < len(seen):
            self.faults.append(f"Others have seen {seen[-1].size:,} leaves, and the database has {self.size:,}.")
        if at < len(checkpoints):
            self.faults.append(f"{last.size:,} leaves are signed, and the database has {self.size:,}.")
        self.faults += comparison.faults
        self.notes.append(f"{last.size:,} leaves and {len(checkpoints):,} checkpoints are compared.")

    def leaves(self) -> Iterator[bytes]:
        """All that the database has, with what stands beside them: their number, and when they were committed."""
        for batch, leaves in read_batches(0, MOST):
            if batch.first != self.size:
                raise Refused(f"The database has no leaves {self.size:,} to {batch.first:,}.")
            if batch.count != len(leaves):
                self.faults.append(f"From leaf {batch.first:,} on are {len(leaves):,}, not {batch.count:,}.")
            at = moment_text(batch.committed_at).encode()
            if any(leaf.startswith(b"journal ") and leaf.split(b" ")[1] != at for leaf in leaves):
                self.faults.append(f"The leaves from {batch.first:,} on were not committed at {at.decode()}.")
            yield from leaves
        counted = ProofLog.objects.values_list("size", flat=True).first() or 0
        if counted != self.size:
            self.faults.append(f"The database counts {counted:,} leaves, and has {self.size:,}.")

    def check_checkpoints(self, checkpoints: list[Signed], at: int, tree: Comparison) -> int:
        """Check the checkpoints of the present size. Signing is exact: this tree signed again must give the same.

        Returns how many are done.
        """
        while at < len(checkpoints) and checkpoints[at].size <= tree.size:
            signed = checkpoints[at]
            root = tree.root() if tree.size else sha256().digest()
            if signed.size != tree.size or self.signer.checkpoint(tree.size, root, signed.at) != signed.note:
                self.faults.append(f"The checkpoint of {moment_text(signed.at)} is not of the database's leaves.")
            at += 1
        return at

    def read(self, line: bytes) -> None:
        """Remember what a leaf has digests of."""
        try:
            leaf = read_leaf(line)
            if datetime.fromisoformat(leaf.at).tzinfo is None:
                raise ValueError("a time without its zone")
        except ValueError:
            self.faults.append(f"A leaf cannot be read: {line[:80]!r}.")
            return
        self.digests.add(leaf.digest)
        if leaf.kind == ACT:
            self.acts.add(line, leaf)
            return
        if leaf.kind == SHOWN:
            self.spans.add(line, leaf.at)
            return
        self.begin = self.begin or leaf.at
        self.journal |= {(leaf.at, fixture): found for fixture, found in leaf.digests.items()}

    def check_journal(self) -> None:
        """Each row has its leaf, and each leaf its rows; but for what was forgotten."""
        begin = LeafBatch.objects.order_by("first").values_list("committed_at", flat=True).first()
        rows = JournalEntry.objects.filter(committed_at__gte=begin or datetime.now(UTC)).exclude(part=UNCHANGED)
        rows = rows.order_by("committed_at", "fixture_id", "part", "market_id", "revision")
        first_of_sources = min((at for at, subject in self.journal if subject < 0), default="")
        carried = earlier = 0
        for (at, subject), found in groupby(rows.iterator(1000), key=lambda row: (row.committed_at, subject_of(row))):
            group = list(found)
            signed = self.journal.pop((moment_text(at), subject), None)
            if signed is None and at.time() == MIDNIGHT:
                carried += len(group)
            elif signed is None and subject < 0 and moment_text(at) < (first_of_sources or "9"):
                earlier += len(group)
            elif signed is None:
                self.faults.append(f"The journal of {named(subject)} of {moment_text(at)} is in no leaf.")
            elif not is_as_signed(group, *signed) or (subject < 0 and any(row.fixture_id for row in group)):
                self.faults.append(f"The journal of {named(subject)} of {moment_text(at)} is not as it was written.")
        if carried:
            self.notes.append(f"{carried:,} rows of the journal were carried over when days were forgotten.")
        if earlier:
            self.notes.append(f"{earlier:,} rows say how feeds stood before such rows were signed.")
        self.note_forgotten()

    def note_forgotten(self) -> None:
        """What the journal does not have any more may be missing only of the days that the settings forget."""
        forgotten = [key for key in self.journal if datetime.fromisoformat(key[0]) < self.limit]
        if forgotten:
            days = f"before {self.limit:%Y-%m-%d}"
            self.notes.append(f"What {len(forgotten):,} leaves of {days} say of the journal was forgotten there.")
        for at, subject in sorted(self.journal.keys() - set(forgotten)):
            self.faults.append(f"The journal of {named(subject)} of {at} is gone.")

    def stray_bodies(self) -> Iterator[tuple[str, str]]:
        """Messages that were recorded, or refused, since there are leaves and until the last, and are none."""
        last = LeafBatch.objects.aggregate(last=Max("committed_at"))["last"]
        compared = 0
        if last is None:
            return
        for received_at, body, place in self.bodies():
            at = "" if received_at is None else moment_text(received_at)
            if at and not self.begin <= at <= moment_text(last):
                continue
            compared += 1
            digest = base64_text(sha256(body).digest())
            if digest not in self.digests:
                yield digest, f"{place}: the message that was received {at or 'at no time'} is no leaf."
        self.notes.append(f"{compared:,} recorded or refused messages are compared.")

    def bodies(self) -> Iterator[tuple[datetime | None, bytes, str]]:
        for message in RejectedMessage.objects.order_by("pk").iterator(1000):
            yield message.received_at, bytes(message.body), f"Rejected message {message.pk}"
        paths = sorted(self.recordings.glob("*.jsonl*")) if self.recordings.is_dir() else []
        for path in paths:
            yield from ((found.received_at, found.body, path.name) for found in read_recording(path))


def named(subject: int) -> str:
    """What a leaf of the journal is about, for people."""
    return f"source {-subject}" if subject < 0 else f"fixture {subject}"


def content_of(path: Path) -> bytes:
    """Nothing of a file that is not there."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def is_as_signed(rows: list[JournalEntry], revision: int, digest: str) -> bool:
    return {row.revision for row in rows} == {revision} and digest_of(rows) == digest


def digest_of(rows: list[JournalEntry]) -> str:
    try:
        return journal_digest([journaled(row, unpacked(row.blob)) for row in rows])
    except Exception:
        return ""  # a blob that cannot be read is not the one that was written
