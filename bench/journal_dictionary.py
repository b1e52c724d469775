"""Trains a dictionary for the journal's blobs: `python -m bench.journal_dictionary FILE`.

It is trained on what the simulated supplier sends in each dialect, stored in a new SQLite database.
Blobs are read with the dictionary that they were written with: a new one gets a number of its own, the old one stays.
"""

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import zstandard

from sandbox.supplier import Supplier

from . import desk_side

START = datetime(2026, 1, 10, 15, tzinfo=UTC)
FIXTURES, SPEED, MINUTES = 16, 30.0, 2
BYTES = 4096


def main() -> None:
    """Write the dictionary, and say what it is worth on blobs that it was not trained on."""
    with tempfile.TemporaryDirectory() as folder:
        desk_side.set_up(f"sqlite:///{folder}/desk.sqlite3")
        from feed.journal.blobs import unpacked  # Django is set up only now
        from feed.models import JournalEntry

        for dialect in ("trade", "oddservice-xml", "hyper"):
            supplier = Supplier(fixtures=FIXTURES, start=START, speed=SPEED, dialect=dialect)
            desk_side.ingest([sent.body for sent in supplier.advance(START + timedelta(minutes=MINUTES))])
        blobs = [unpacked(stored) for stored in JournalEntry.objects.order_by("id").values_list("blob", flat=True)]
    trained = zstandard.train_dictionary(BYTES, blobs[::2])
    Path(sys.argv[1]).write_bytes(trained.as_bytes())
    for name, options in (("with", {"dict_data": trained}), ("without", {})):
        compressor = zstandard.ZstdCompressor(3, **options)
        sizes = [len(compressor.compress(blob)) for blob in blobs[1::2]]
        print(f"{name}: {sum(sizes) / len(sizes):.0f} bytes a blob of {len(blobs)}")


if __name__ == "__main__":
    main()
