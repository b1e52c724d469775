"""A bundle: all that is stored of a fixture between two moments, for a stranger to check (docs/proof.md)."""

import io
import re
import zipfile
from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import msgspec
from django.template.loader import render_to_string

from feed.journal.blobs import unpacked
from feed.models import Act, JournalEntry, RejectedMessage
from feed.transport import TransportClosed
from feed.transport.recorded import read_recording

from .attest import record
from .leaves import Journaled, base64_text, read_leaf, row_text
from .log import Refused, checkpoints_and_last, numbered_leaves
from .notes import Signer
from .shown.files import shown_files
from .tiles import Damaged, TileReader
from .tree import consistency, inclusion, peaks
from .trust import Checkpoint, Untrue, read_checkpoint
from .verify import FORM, MESSAGES, PROOF_FORM, check, sentences, speaks_of

#: The most leaves that a complete bundle may have.
MOST_LEAVES = 1_000_000
#: Of more checkpoints that others saw the last are enough.
MOST_ATTESTED = 100
#: How far around the window bodies are searched for: a message is recorded on arrival, and signed when stored.
AROUND = timedelta(hours=1)
#: When the recorder began a file, in its name (`feed.transport.recorder`).
BEGUN = re.compile(r"-([0-9]{8}T[0-9]{6}Z)-[0-9]+\.jsonl")
OF_MESSAGES = tuple(f"{kind} ".encode() for kind in MESSAGES)
FOLDERS = ("messages", "journal", "acts", "shown")
HERE = Path(__file__).parent


class NoProof(Exception):
    """There is nothing to make a bundle of; the message says why."""


class BundleScope(msgspec.Struct, frozen=True, kw_only=True):
    """Which fixture, from when to when. `is_complete`: with all other leaves, so that nobody can leave any out.

    `most_leaves` is how many leaves there may be between the two checkpoints.
    """

    fixture: int
    begin: datetime
    end: datetime
    is_complete: bool = True
    recordings: Path | None = None
    most_leaves: int = 1 << 62


def make_bundle(folder: Path, signer: Signer, scope: BundleScope) -> tuple[bytes, list[str]]:
    """The zip, and what it proves. Raises `NoProof`, also where what is stored does not match what was signed."""
    try:
        notes = checkpoints_around(folder, signer, scope)
        files = dict(contents(folder, notes, signer.public_key, scope))
        about = {"fixture": scope.fixture, "from": scope.begin, "to": scope.end, "missing": missing(files)}
        files |= {"about.json": msgspec.json.encode(about), "verify.py": verifier().encode()}
        files["manifest"] = manifest(files, signer)
        found = sentences(check(files, signer.public_key), files)
    except (Untrue, Damaged, Refused) as error:
        raise NoProof(f"What is stored is not what was signed: {error}. manage.py proof check says more.") from None
    files["index.html"] = page(files, scope, found, signer.public_key).encode()
    files["manifest"] = manifest(files, signer)
    return packed(files), found


def checkpoints_around(folder: Path, signer: Signer, scope: BundleScope) -> tuple[str, str]:
    """The last checkpoint before the time, or the log's first, and the first after it, or the last that there is."""
    if not (folder / "checkpoint").exists():
        raise NoProof("Nothing has been signed on this machine.")
    if scope.end > datetime.now(UTC):
        raise NoProof("The end is still to come: nothing can be proved of it yet.")
    stored = checkpoints_and_last(folder, signer.public_key)
    earlier = [signed for signed in stored if signed.at <= scope.begin]
    later = [signed for signed in stored if signed.at >= scope.end]
    before, after = (earlier or stored[:1])[-1], (later or stored[-1:])[0]
    if before.size > after.size or stored[0].at > scope.end:
        raise NoProof(f"The log begins at {stored[0].at:%Y-%m-%d %H:%M:%S} UTC.")
    leaves, most = after.size - before.size, MOST_LEAVES if scope.is_complete else scope.most_leaves
    if leaves > min(most, scope.most_leaves):
        words = "Add --without-others." if leaves <= scope.most_leaves else "Choose a shorter time."
        raise NoProof(f"{leaves:,} leaves are too many for a bundle. {words}")
    return before.note, after.note


def contents(folder: Path, notes: tuple[str, str], public_key: str, scope: BundleScope) -> Iterator[tuple[str, bytes]]:
    """The files that prove something, with their names."""
    before, after = (read_checkpoint(note, public_key) for note in notes)
    reader = TileReader(folder / "tile", after.size)
    yield "checkpoint-before", notes[0].encode()
    yield "checkpoint-after", notes[1].encode()
    yield "consistency", hash_text(consistency(before.size, after.size, reader.whole))
    leaves = dict(numbered_leaves(before.size, after.size))
    if len(leaves) != after.size - before.size:
        raise NoProof("The database does not have all leaves of that time.")
    if scope.is_complete:
        yield "peaks", hash_text(found for _, found in peaks(before.size, reader.whole))
        yield "range", b"".join(leaf + b"\n" for leaf in leaves.values())
    own = {number: leaf for number, leaf in leaves.items() if speaks_of(leaf.decode(), scope.fixture)}
    yield "leaves", b"".join(b"%d %s\n" % item for item in own.items())
    for number in own:
        path = hash_text(inclusion(number, after.size, reader.whole)).decode()
        yield f"proofs/{number}.tlog-proof", f"{PROOF_FORM}\nindex {number}\n{path}\n{notes[1]}".encode()
    yield from message_files(own, scope)
    yield from journal_files(own, scope.fixture)
    yield from act_files(own)
    yield from shown_files(own, scope.fixture)
    yield from attested_files(folder, before, after, scope)


def message_files(own: dict[int, bytes], scope: BundleScope) -> Iterator[tuple[str, bytes]]:
    """The messages whose bodies are still there, in a recording or among the rejected messages."""
    numbers: dict[str, list[int]] = {}
    for number, leaf in own.items():
        if leaf.startswith(OF_MESSAGES):
            numbers.setdefault(read_leaf(leaf).digest, []).append(number)
    for body in bodies(scope):
        for number in numbers.pop(base64_text(sha256(body).digest()), ()):
            yield f"messages/{number}", body
        if not numbers:
            return


def bodies(scope: BundleScope) -> Iterator[bytes]:
    """All stored bodies of that time, and those of an hour before and after."""
    begin, end = scope.begin - AROUND, scope.end + AROUND
    for message in RejectedMessage.objects.filter(received_at__gte=begin, received_at__lte=end):
        yield bytes(message.body)
    if scope.recordings is None or not scope.recordings.is_dir():
        return
    for path in sorted(scope.recordings.glob("*.jsonl*")):
        try:
            if path.stat().st_mtime >= begin.timestamp() and not begins_after(path, end):
                yield from (recorded.body for recorded in read_recording(path))
        except (OSError, TransportClosed) as error:
            if path.exists():  # else it was deleted meanwhile
                raise NoProof(f"A recording of that time cannot be read: {error}") from None


def begins_after(path: Path, end: datetime) -> bool:
    """Whether a recording was begun later, as its name says. False where the name says nothing."""
    found = BEGUN.search(path.name)
    return found is not None and datetime.strptime(found[1], "%Y%m%dT%H%M%S%z") > end


def journal_files(own: dict[int, bytes], fixture: int) -> Iterator[tuple[str, bytes]]:
    """For each leaf of the journal, the text that its digest was made of, unless that was dropped.

    A leaf that is not about the fixture is about a source's state.
    """
    for number, leaf in own.items():
        if leaf.startswith(b"journal "):
            found = read_leaf(leaf)
            subject = fixture if fixture in found.digests else min(found.digests)
            if text := b"".join(journal_text(subject, found.digests[subject][0], datetime.fromisoformat(found.at))):
                yield f"journal/{number}", text


def journal_text(subject: int, revision: int, committed_at: datetime) -> Iterator[bytes]:
    """What a batch wrote of a fixture, or of a source where `subject` is negative (`leaves.subject_of`)."""
    own = {"fixture_id": 0, "market_id": -subject} if subject < 0 else {"fixture_id": subject}
    rows = JournalEntry.objects.filter(**own, revision=revision, committed_at=committed_at)
    for row in rows.order_by("part", "market_id"):
        text = unpacked(row.blob)
        yield row_text(journaled(row, text)).encode()
        yield text


def journaled(row: JournalEntry, text: bytes) -> Journaled:
    """A journal row as its leaf has it."""
    return Journaled._make([getattr(row, name) for name in Journaled._fields[:-1]] + [text])


def act_files(own: dict[int, bytes]) -> Iterator[tuple[str, bytes]]:
    """The text of each act among the leaves, by which its digest is checked; names in it are hashes."""
    leaves = {number: read_leaf(leaf) for number, leaf in own.items() if leaf.startswith(b"act ")}
    if not leaves:
        return
    ats = [datetime.fromisoformat(leaf.at) for leaf in leaves.values()]
    texts = Act.objects.filter(at__gte=min(ats), at__lte=max(ats)).values_list("text", flat=True)
    by_digest = {base64_text(sha256(text.encode()).digest()): text for text in texts}
    for number, leaf in leaves.items():
        if text := by_digest.get(leaf.digest):
            yield f"acts/{number}", text.encode()


def attested_files(
    folder: Path, before: Checkpoint, after: Checkpoint, scope: BundleScope
) -> Iterator[tuple[str, bytes]]:
    """What others gave for checkpoints of that time, and for the first that is of all of it."""
    found: dict[int, record.Attested] = {}
    for one in record.stored(folder, scope.begin):
        if one.size > before.size:
            found[one.size] = one
    until = next((size for size in sorted(found) if size >= after.size), after.size)
    for size in [size for size in sorted(found) if size <= until][-MOST_ATTESTED:]:
        place, one = f"attested/{size}", found[size]
        reader = TileReader(folder / "tile", max(size, after.size))
        yield f"{place}/checkpoint", one.note.encode()
        yield f"{place}/consistency", hash_text(consistency(min(size, after.size), max(size, after.size), reader.whole))
        yield f"{place}/cosignatures", one.cosignatures.encode()
        if one.stamp:
            yield f"{place}/stamp.tsr", one.stamp


def missing(files: dict[str, bytes]) -> list[int]:
    """The numbers of the leaves whose message or journal rows are no longer there."""
    numbers = [int(line.split(b" ", 1)[0]) for line in files["leaves"].splitlines()]
    return [n for n in numbers if not {f"{folder}/{n}" for folder in FOLDERS} & set(files)]


def manifest(files: dict[str, bytes], signer: Signer) -> bytes:
    """The list of all files, signed."""
    lines = [f"{sha256(content).hexdigest()} {name}" for name, content in sorted(files.items()) if name != "manifest"]
    return signer.note("\n".join([FORM, *lines, ""])).encode()


def verifier() -> str:
    """verify.py: one file, which needs nothing of the desk."""
    names = ("trust.py", "others.py", "shown/verified.py", "verify.py")
    texts = [(HERE / name).read_text(encoding="utf-8") for name in names]
    imports = {line for text in texts for line in text.splitlines() if line.startswith(("import ", "from "))}
    imports -= {
        "from __future__ import annotations",
        *(line for line in imports if line.startswith(("from .", "from feed."))),
    }
    head, future, trust = texts[0].partition("from __future__ import annotations\n")
    begins = ("ED25519 =", "#: The kind of a witness's key.", "#: The kind of leaves", "FORM =")
    bodies = [text[text.index(begin) :] for text, begin in zip([trust, *texts[1:]], begins, strict=True)]
    return f"{head}{future}\n{chr(10).join(sorted(imports))}\n\n" + "\n\n".join(bodies)


def page(files: dict[str, bytes], scope: BundleScope, found: list[str], public_key: str) -> str:
    """index.html, for people."""
    rows = []
    for line in files["leaves"].decode().splitlines():
        number, _, leaf = line.partition(" ")
        names = [name for folder in FOLDERS if (name := f"{folder}/{number}") in files]
        read = read_leaf(leaf.encode())
        rows.append({"number": number, "kind": read.kind, "at": read.at, "file": names[0] if names else ""})
    context = {"scope": scope, "sentences": found, "rows": rows, "public_key": public_key, "name": f"{scope.fixture}"}
    return render_to_string("proof/bundle.html", context, using="django")


def packed(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return content.getvalue()


def hash_text(hashes: Iterable[bytes]) -> bytes:
    """Hashes in base64, one a line."""
    return b"".join(b64encode(found) + b"\n" for found in hashes)
