"""One's own Python, handed what changed after it was committed: in a process of its own, so it can slow nobody else.

A hook is a function of a list of states, as REST has them, and of whether these begin anew. What it was handed counts
as delivered once it returns: if it raises, or its process dies, it is handed the same again, also after a restart.
"""

import logging
import os
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from feed.database.moment import one_moment
from feed.live.programs.polled import Changed, Cursor, parse_cursor, read_changed
from feed.live.programs.state import EVERYTHING
from feed.live.programs.topics import recent
from feed.models import Fixture
from feed.vouching.sources import read_vouching

MOST_STATES = 100
#: After a failure, twice as long each time up to this.
MOST_SECONDS = 60.0
#: Fixtures whose last delivery is remembered.
MOST_REMEMBERED = 10_000

State = dict[str, Any]
Handler = Callable[[list[State], bool], None]

logger = logging.getLogger(__name__)


class Hook:
    """One of HOOKS, "module:function". How far it is stands in a file, written anew after each call."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.handler = handler_of(name)
        self.path: Path = settings.VAR_DIR / "hooks" / name.replace(":", ".")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.cursor = self.stored_cursor()
        self.handed: dict[int, tuple[int, str]] = {}
        self.failures = 0
        self.retry_at = 0.0

    def stored_cursor(self) -> Cursor:
        """The stored cursor; the very first where there is none that can be read."""
        try:
            return parse_cursor(self.path.read_text(encoding="ascii").strip())
        except (OSError, ValueError):
            return Cursor()

    def step(self) -> bool:
        """Hand it what changed. True where there is more already."""
        if time.monotonic() < self.retry_at:
            return False
        changed = changed_since(self.cursor)
        states = [
            state for state in changed.states if changed.is_all or self.handed.get(state["id"]) != standing(state)
        ]
        try:
            if states or changed.is_all:
                self.handler(states, changed.is_all)
        except Exception:
            self.failures += 1
            wait = min(MOST_SECONDS, 2.0**self.failures)
            self.retry_at = time.monotonic() + wait
            logger.exception("The hook %s failed; it is handed the same again in %.0f s", self.name, wait)
            return False
        self.failures = 0
        self.keep(changed, states)
        return changed.has_more

    def keep(self, changed: Changed, states: list[State]) -> None:
        """Note what was delivered, so that what comes twice is handed over once."""
        if len(self.handed) > MOST_REMEMBERED:
            self.handed = {}
        self.handed.update((state["id"], standing(state)) for state in states)
        self.cursor = changed.cursor
        new = self.path.with_suffix(".new")
        new.write_text(f"{self.cursor}\n", encoding="ascii")
        os.replace(new, self.path)


def standing(state: State) -> tuple[int, str]:
    return state["revision"], state["vouching"]


def changed_since(cursor: Cursor) -> Changed:
    """What changed of everything, read as of one moment."""
    now = timezone.now()
    with one_moment():
        return read_changed(
            Fixture.objects.filter(recent(now)), cursor, EVERYTHING, read_vouching(now), MOST_STATES, now
        )


def handler_of(name: str) -> Handler:
    """The function "module:function". Raises ImproperlyConfigured where there is none."""
    module, _, function = name.partition(":")
    try:
        found: Handler = getattr(import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise ImproperlyConfigured(f"HOOKS: {name} cannot be loaded: {error}") from None
    return found
