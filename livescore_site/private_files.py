"""What the desk keeps on disk is for its own user only: new files by the umask, those of before by a check."""

import logging
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

logger = logging.getLogger(__name__)

#: All rights of the group and of others.
FOREIGN = stat.S_IRWXG | stat.S_IRWXO


def make_files_private() -> None:
    """From here on this process makes files with 0600 and folders with 0700."""
    os.umask(FOREIGN)


def open_to_others(folder: Path) -> Iterator[Path]:
    """The folder, and everything in it, that somebody else has a right to. Links are left alone."""
    if folder.is_dir() and folder.stat().st_mode & FOREIGN:
        yield folder
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(place, name)
            if is_open(path):
                yield path


def is_open(path: Path) -> bool:
    """Whether others have rights to the file. One that is gone by now has none to give: journals come and go."""
    with suppress(FileNotFoundError):
        return not path.is_symlink() and bool(path.lstat().st_mode & FOREIGN)
    return False


def close_to_others(folder: Path) -> tuple[int, list[Path]]:
    """Take those rights away: how many files were changed, and which could not be."""
    changed, left = 0, []
    for path in list(open_to_others(folder)):
        try:
            path.chmod(stat.S_IMODE(path.lstat().st_mode) & ~FOREIGN)
            changed += 1
        except FileNotFoundError:
            continue
        except OSError:
            left.append(path)
    return changed, left


@register()
def files_are_private(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """livescore_site.W001, W002: what others could read in `VAR_DIR`, mended where that is allowed."""
    changed, left = close_to_others(settings.VAR_DIR)
    found: list[CheckMessage] = []
    if changed:
        text = f"{changed} files or folders in {settings.VAR_DIR} could be read by others. They cannot any more."
        found.append(Warning(text, id="livescore_site.W001"))
    if left:
        text = f"Others can read {left[0]}, which belongs to another user."
        found.append(Warning(text, hint="Give VAR_DIR to the user of the desk.", id="livescore_site.W002"))
    return found


def log_open_files() -> None:
    """Log what others can read, in a process that does not run Django's checks."""
    for warning in files_are_private(None):
        logger.warning("%s", warning.msg)
