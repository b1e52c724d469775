"""Hooks: one's own function is handed what changed, once each, again where it failed, and from where it was."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from feed.api import hooks
from feed.api.hooks import Hook
from feed.models import Fixture
from tests.api_documents import DOCS
from tests.rows import make_fixture, make_source

pytestmark = pytest.mark.django_db
NAME = "hook_to_file:write"


@pytest.fixture
def written(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the example writes to; there are two fixtures."""
    now = timezone.now()
    make_source(last_message_at=now, state_since=now)
    for pk in (7, 8):
        make_fixture(pk, revision=1, fixture_revision=1, stored_at=now, start_at=now)
    settings.VAR_DIR, settings.HOOKS = tmp_path, [NAME]
    monkeypatch.syspath_prepend(DOCS / "examples")
    monkeypatch.setenv("HOOK_FILE", str(tmp_path / "states.jsonl"))
    return tmp_path / "states.jsonl"


def ids(written: Path) -> list[int]:
    return [json.loads(line)["id"] for line in written.read_text().splitlines()]


def change(pk: int) -> None:
    fixture = Fixture.objects.get(pk=pk)
    Fixture.objects.filter(pk=pk).update(
        revision=fixture.revision + 1, fixture_revision=fixture.revision + 1, stored_at=timezone.now()
    )


def test_the_example_is_handed_everything_and_then_what_changed(written: Path):
    call_command("hooks", "--once")
    assert ids(written) == [7, 8]
    hook = Hook(NAME)
    change(8)
    hook.step()
    assert ids(written)[-1] == 8


def test_what_is_read_twice_is_handed_over_once(written: Path):
    hook = Hook(NAME)
    for _ in range(3):
        hook.step()
    assert ids(written) == [7, 8]


def test_what_changed_while_it_was_away_is_handed_over_when_it_is_back(written: Path):
    Hook(NAME).step()
    change(7)
    Hook(NAME).step()
    assert ids(written).count(7) == 2


def test_a_hook_that_fails_is_handed_the_same_again_later(written: Path, monkeypatch: pytest.MonkeyPatch):
    handed: list[list[int]] = []

    def fails_once(states: list[dict[str, Any]], is_all: bool) -> None:
        handed.append([state["id"] for state in states])
        if len(handed) == 1:
            raise OSError("disk full")

    hook = Hook(NAME)
    hook.handler = fails_once
    assert not hook.step()
    assert hook.failures == 1
    assert not hook.step()
    hook.retry_at = 0.0
    hook.step()
    assert handed == [[7, 8], [7, 8]]


def test_a_position_that_cannot_be_read_begins_anew(written: Path):
    hook = Hook(NAME)
    hook.step()
    hook.path.write_text("not a position")
    assert Hook(NAME).cursor == hooks.Cursor()


@pytest.mark.parametrize("name", ["no_such_module:write", "hook_to_file:nothing", "hook_to_file"])
def test_a_hook_that_is_not_there_is_refused_in_words(written: Path, settings: Any, name: str):
    settings.HOOKS = [name]
    with pytest.raises(CommandError, match="cannot be loaded"):
        call_command("hooks", "--once")


def test_without_hooks_the_command_says_what_to_set(settings: Any):
    settings.HOOKS = []
    with pytest.raises(CommandError, match="HOOKS names no function"):
        call_command("hooks")
