"""Static files of versions that are long gone: `python -m livescore_site.old_static_files FOLDER`.

A page asks for the files of the version that made it, for as long as it is open, so files of older versions stay beside
the new ones. What no version of the last 30 days had is removed.
"""

import json
import os
import sys
import time
from pathlib import Path

DAYS = 30
COMPRESSED = ("", ".gz", ".br")


def remove_old(folder: Path, now: float) -> None:
    manifest = folder / "staticfiles.json"
    paths: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))["paths"]
    present = {folder / f"{name}{suffix}" for pair in paths.items() for name in pair for suffix in COMPRESSED}
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if path in present or path == manifest:
            os.utime(path, (now, now))
        elif path.stat().st_mtime < now - DAYS * 86_400:
            path.unlink()


if __name__ == "__main__":
    remove_old(Path(sys.argv[1]), time.time())
