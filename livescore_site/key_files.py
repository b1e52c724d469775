"""A key that one machine makes for itself once, where none is set."""

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex

from feed.proof.notes import new_key

from .environment import env_text


def stored_key(path: Path, make: Callable[[], str]) -> str:
    """The key in the file `path`; made by `make` when there is no file yet, readable by its owner only.

    Processes that start at the same time agree on one key: the file appears whole, and the first one stays.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=path.name) as draft:
            draft.write(make())
            draft.flush()
            with contextlib.suppress(FileExistsError):
                os.link(draft.name, path)
    return path.read_text(encoding="utf-8").strip()


def witness_key(folder: Path) -> str:
    """The key that cosigns other desks' checkpoints, and nothing else."""
    return env_text("PROOF_WITNESS_KEY") or stored_key(
        folder / "witness_key", lambda: new_key(f"livescore-witness-{token_hex(4)}")
    )


def proof_key(folder: Path) -> str:
    """The key that signs what the desk received (`feed.proof`)."""
    return env_text("PROOF_KEY") or stored_key(folder / "proof_key", new_key)
