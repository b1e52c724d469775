"""Tamperings: ways to change what is held, or a bundle, so that it is no longer what was signed. Each must be found."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.db import transaction

from bench.changed_acts import an_act
from bench.changed_spans import a_span
from feed.journal.blobs import compressed, unpacked
from feed.models import JournalEntry, LeafBatch, ProofLog, RejectedMessage
from feed.proof import leaves
from feed.proof.bundle import manifest
from feed.proof.notes import Signer
from feed.proof.trust import Untrue
from feed.proof.verify import PLAIN_FILES, check
from feed.proof.walk import Walk

Choice = random.Random


class Holdings:
    """What is kept: a log's folder, a folder of recordings with a plain `.jsonl`, and a bundle's files."""

    def __init__(self, folder: Path, recordings: Path, signer: Signer, bundle: dict[str, bytes]) -> None:
        self.folder, self.recordings, self.signer, self.bundle = folder, recordings, signer, bundle


def other(content: bytes, choice: Choice) -> bytes:
    """The same with one byte changed."""
    place = choice.randrange(len(content))
    return content[:place] + bytes([content[place] ^ choice.randrange(1, 256)]) + content[place + 1 :]


# Of the database.


def a_leaf(choice: Choice, desk: Holdings) -> None:
    """One is another, or gone, or there twice, or has changed places."""
    batch = choice.choice(list(LeafBatch.objects.all()))
    lines = [line.decode() for line in lines_of(batch)]
    place = choice.randrange(len(lines))
    what = choice.choice(["another", "gone", "twice", "order"])
    if what == "another":
        lines[place] = lines[place][:-3] + "x" + lines[place][-2:] + ("y" if lines[place][-3] == "x" else "")
    elif what == "gone" or len(lines) == 1:
        del lines[place]
    elif what == "twice":
        lines.insert(place, lines[place])
    else:
        lines[place - 1], lines[place] = lines[place], lines[place - 1]
    LeafBatch.objects.filter(pk=batch.pk).update(leaves=leaves.packed(lines), count=len(lines))


def beside_leaves(choice: Choice, desk: Holdings) -> None:
    """How many there are, of one batch or in all, or when a batch was committed that wrote to the journal."""
    batch = choice.choice([batch for batch in LeafBatch.objects.all() if b"\njournal " in b"\n".join(lines_of(batch))])
    what, more = choice.choice(["count", "time", "size"]), choice.choice([-1, 1])
    if what == "count":
        LeafBatch.objects.filter(pk=batch.pk).update(count=batch.count + more)
    elif what == "time":
        moved = timedelta(microseconds=more * choice.randrange(1, 10_000_000))
        LeafBatch.objects.filter(pk=batch.pk).update(committed_at=batch.committed_at + moved)
    else:
        ProofLog.objects.update(size=ProofLog.objects.get().size + more)


def lines_of(batch: LeafBatch) -> list[bytes]:
    return leaves.unpacked(batch.leaves)


def bytes_of_leaves(choice: Choice, desk: Holdings) -> None:
    batch = choice.choice(list(LeafBatch.objects.all()))
    changed = other(batch.leaves, choice)
    LeafBatch.objects.filter(pk=batch.pk).update(leaves=changed)
    if unpacked_or_nothing(leaves.unpacked, changed) == leaves.unpacked(batch.leaves):
        a_leaf(choice, desk)  # the compressed bytes differ, and hold the same


def unpacked_or_nothing(unpack: Callable, content: bytes) -> object:
    try:
        return unpack(content)
    except Exception:
        return None


def a_batch(choice: Choice, desk: Holdings) -> None:
    choice.choice(list(LeafBatch.objects.all())).delete()


def restored(choice: Choice, desk: Holdings) -> None:
    """The end is gone, and maybe the desk has gone on since."""
    batches = list(LeafBatch.objects.order_by("first"))
    cut = choice.choice(batches)
    LeafBatch.objects.filter(first__gte=cut.first).delete()
    more = choice.choice([0, 1, 500])
    if more:
        lines = [f"message other {n} 2026-11-27T20:14:03.250060Z 7 {n}" for n in range(more)]
        LeafBatch.objects.create(
            first=cut.first, count=more, committed_at=cut.committed_at, leaves=leaves.packed(lines)
        )
    ProofLog.objects.update(size=cut.first + more)


def a_journal_row(choice: Choice, desk: Holdings) -> None:
    """One is gone, there twice, says something else, or is of another fixture, market, time or the like."""
    row = choice.choice(list(JournalEntry.objects.exclude(part=JournalEntry.Part.UNCHANGED)))
    columns = ["fixture", "part", "market", "time", "source", "revision", "keyframe", "settles"]
    what = choice.choice(["gone", "twice", "blob", "text", *columns])
    if what == "gone":
        row.delete()
        return
    if what == "twice":
        row.pk = None
    elif what == "blob":
        row.blob = other(row.blob, choice)
        if unpacked_or_nothing(unpacked, row.blob) == unpacked(JournalEntry.objects.get(pk=row.pk).blob):
            row.settles = not row.settles
    elif what == "text":
        row.blob = compressed(other(unpacked(row.blob), choice))
    elif what in ("fixture", "market"):
        setattr(row, f"{what}_id", getattr(row, f"{what}_id") + 1)
    elif what == "part":
        row.part = choice.choice([part for part in JournalEntry.Part if part != row.part])
    elif what == "time":
        moved = choice.choice(["received_at", "committed_at"])
        setattr(row, moved, getattr(row, moved) + timedelta(microseconds=choice.randrange(1, 10_000_000)))
    elif what == "source":
        row.source_id = 77
    elif what == "revision":
        row.revision += 1
    elif what == "keyframe":
        row.keyframe_revision += 1
    else:
        row.settles = not row.settles
    row.save()


def a_day(choice: Choice, desk: Holdings) -> None:
    JournalEntry.objects.all().delete()


def a_refused_message(choice: Choice, desk: Holdings) -> None:
    message = choice.choice(list(RejectedMessage.objects.all()))
    RejectedMessage.objects.filter(pk=message.pk).update(body=other(message.body, choice))


OF_DATABASE = (
    a_leaf,
    beside_leaves,
    bytes_of_leaves,
    a_batch,
    restored,
    a_journal_row,
    a_day,
    a_refused_message,
    an_act,
    a_span,
)


# Of files.


def a_tile(choice: Choice, desk: Holdings) -> Path:
    """One of the tree that was signed last; parts of smaller trees are of no use any more."""
    tiles = [path for path in (desk.folder / "tile").rglob("*") if path.is_file()]
    size = ProofLog.objects.get().size
    current = {str(size >> 8 * level & 255) for level in range(4)}
    return change(choice.choice([path for path in tiles if not path.parent.suffix or path.name in current]), choice)


def a_checkpoint(choice: Choice, desk: Holdings) -> Path:
    return change(desk.folder / "checkpoint", choice)


def an_old_checkpoint(choice: Choice, desk: Holdings) -> Path:
    path = choice.choice(list((desk.folder / "checkpoints").iterdir()))
    lines = path.read_bytes().splitlines(keepends=True)
    if len(lines) > 1 and choice.random() < 0.5:
        lines[0], lines[-1] = lines[-1], lines[0]
        path.write_bytes(b"".join(lines))
        return path
    return change(path, choice)


def a_recording(choice: Choice, desk: Holdings) -> Path:
    """Within the body of a message: what stands around it is the recorder's own."""
    path = desk.recordings / "feed.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    place = choice.randrange(len(lines))
    at = lines[place].index(b'"body')
    digits = [n for n in range(at + 8, len(lines[place]) - 4) if lines[place][n : n + 1].isdigit()]
    n = choice.choice(digits)
    digit = b"1" if lines[place][n : n + 1] != b"1" else b"2"
    lines[place] = lines[place][:n] + digit + lines[place][n + 1 :]
    path.write_bytes(b"".join(lines))
    return path


def change(path: Path, choice: Choice) -> Path:
    content = path.read_bytes()
    path.unlink() if choice.random() < 0.1 else path.write_bytes(other(content, choice))
    return path


OF_FILES = (a_tile, a_checkpoint, an_old_checkpoint, a_recording)


# Of a bundle. `is_signed`: the list of its files is signed anew, as only the desk itself could.


def a_file(files: dict[str, bytes], choice: Choice, names: list[str]) -> None:
    name = choice.choice([name for name in names if files[name]])
    files[name] = other(files[name], choice)


def a_file_gone(files: dict[str, bytes], choice: Choice, names: list[str]) -> None:
    del files[choice.choice([name for name in names if name not in ("peaks", "range")])]


def a_file_more(files: dict[str, bytes], choice: Choice, names: list[str]) -> None:
    files[f"messages/{choice.randrange(10**9, 10**10)}"] = b"{}"


def two_files_swapped(files: dict[str, bytes], choice: Choice, names: list[str]) -> None:
    one, two = choice.sample(names, 2)
    while files[one] == files[two]:
        one, two = choice.sample(names, 2)
    files[one], files[two] = files[two], files[one]


def a_line(files: dict[str, bytes], choice: Choice, names: list[str]) -> None:
    """Remove, repeat or move a line of leaves, or of the list of all leaves."""
    name = choice.choice(["leaves", "range", "consistency"])
    lines = files[name].splitlines(keepends=True) or [b"x\n"]
    place = choice.randrange(len(lines))
    line = lines.pop(place)
    if choice.random() < 0.7:
        lines.insert(choice.choice([n for n in range(len(lines) + 1) if n != place] or [0]), line)
        lines += [line] if choice.random() < 0.5 or b"".join(lines) == files[name] else []
    files[name] = b"".join(lines) if b"".join(lines) != files[name] else files[name] + b"x\n"


def a_leaf_and_all_of_it(files: dict[str, bytes], choice: Choice, names: list[str]) -> None:
    """Remove all traces of a message, as if it had never come."""
    lines = files["leaves"].splitlines(keepends=True)
    number = lines.pop(choice.randrange(len(lines))).split(b" ")[0].decode()
    files["leaves"] = b"".join(lines)
    for name in (f"proofs/{number}.tlog-proof", f"messages/{number}", f"journal/{number}", f"acts/{number}"):
        files.pop(name, None)


OF_BUNDLE = (a_file, a_file_gone, a_file_more, two_files_swapped, a_line, a_leaf_and_all_of_it)


WAYS = (*OF_DATABASE, *OF_FILES, *OF_BUNDLE)


def tamper(desk: Holdings, choice: Choice, how: Callable) -> tuple[str, list[str]]:
    """Change one thing, look, and put it back. Returns what was changed, and what was found."""
    if how in OF_BUNDLE:
        return how.__name__, found_in_bundle(desk, how, choice)
    with untouched(desk.folder), untouched(desk.recordings), transaction.atomic():
        how(choice, desk)
        walk = Walk(desk.folder, desk.signer, desk.recordings)
        walk.run()
        transaction.set_rollback(True)
    return how.__name__, walk.faults


def found_in_bundle(desk: Holdings, how: Callable, choice: Choice) -> list[str]:
    files = dict(desk.bundle)
    is_signed = choice.random() < 0.5
    unsigned = ("manifest", *PLAIN_FILES) if is_signed else ()
    how(files, choice, [name for name in files if name not in unsigned])
    if is_signed:
        files["manifest"] = manifest(files, desk.signer)
    try:
        check(files, desk.signer.public_key)
    except Untrue as error:
        return [str(error)]
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]
    return []


@contextmanager
def untouched(folder: Path) -> Iterator[None]:
    """Whatever is changed in there is as before afterwards."""
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    yield
    for path, content in before.items():
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)
