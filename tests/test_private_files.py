"""What the desk keeps on disk, nobody else reads."""

import stat
from pathlib import Path
from typing import Any

import pytest

from exam.processes import desk
from livescore_site.private_files import close_to_others, files_are_private, is_open, open_to_others


def test_every_file_that_a_desk_makes_is_its_users_alone():
    with desk() as made:
        (made.folder / "desk.sqlite3").unlink()
        made.run("migrate", "--verbosity", "0")
        address = made.serve()
        assert address
        (made.folder / "static").unlink()
        logs = {path for path in made.folder.iterdir() if path.name.startswith("process-")}
        assert [path for path in open_to_others(made.folder) if path not in logs] == []
        assert stat.S_IMODE((made.folder / "desk.sqlite3").stat().st_mode) == 0o600


def test_files_of_before_are_mended_and_it_is_said_once(tmp_path: Path, settings: Any):
    settings.VAR_DIR = tmp_path
    (tmp_path / "kept").mkdir(mode=0o755)
    (tmp_path / "kept" / "desk.sqlite3").touch()
    (tmp_path / "kept" / "desk.sqlite3").chmod(0o644)
    (tmp_path / "link").symlink_to("/etc/passwd")
    assert [warning.id for warning in files_are_private(None)] == ["livescore_site.W001"]
    assert list(open_to_others(tmp_path)) == []
    assert files_are_private(None) == []


def test_what_belongs_to_somebody_else_is_named(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch):
    def refuse(path: Path, mode: int) -> None:
        raise PermissionError

    settings.VAR_DIR = tmp_path
    (tmp_path / "desk.sqlite3").touch(0o644)
    (tmp_path / "desk.sqlite3").chmod(0o644)
    monkeypatch.setattr(Path, "chmod", refuse)
    assert close_to_others(tmp_path)[0] == 0
    assert [warning.id for warning in files_are_private(None)] == ["livescore_site.W002"]


def test_a_file_that_is_gone_before_it_is_looked_at_is_no_fault(tmp_path: Path):
    assert not is_open(tmp_path / "desk.sqlite3-wal")
