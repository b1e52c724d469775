"""A key that a machine makes for itself: once, for its owner only, the same in all processes."""

import stat
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from livescore_site.key_files import stored_key


def test_a_key_is_made_once_and_kept(tmp_path: Path):
    numbers = count()
    path = tmp_path / "deep" / "key"
    assert [stored_key(path, lambda: f"key {next(numbers)}") for _ in range(3)] == ["key 0"] * 3


def test_only_its_owner_may_read_it(tmp_path: Path):
    stored_key(tmp_path / "key", lambda: "secret")
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_starts_at_the_same_time_agree_on_one_key_and_leave_no_other_file(tmp_path: Path):
    numbers = count()
    with ThreadPoolExecutor(8) as starts:
        keys = list(starts.map(lambda _: stored_key(tmp_path / "key", lambda: f"key {next(numbers)}"), range(40)))
    assert len(set(keys)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
