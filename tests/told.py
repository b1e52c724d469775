"""A program that follows a fixture and merges what it is told, beside what whoever asks anew is told."""

import json
from typing import Any

from django.utils import timezone

from feed.live.programs.deltas import read_deltas
from feed.live.programs.state import EVERYTHING, Contents, fixture_state, merged
from feed.live.programs.topics import StateTopic
from feed.pages.reading import Reading
from feed.vouching.sources import read_vouching


class Program:
    """A program that follows one fixture and merges what it is sent."""

    def __init__(self, fixture_id: int = 7, contents: Contents = EVERYTHING) -> None:
        self.topic = StateTopic(fixture_id, contents)
        self.version = ""
        self.state: dict[str, Any] = {}
        self.take()

    def take(self) -> dict[str, Any]:
        """Take what there is to be sent, and return it; {} where there is nothing."""
        update = read_deltas({self.topic: [self.version]}, timezone.now()).get(self.topic)
        if update is None:
            return {}
        payload = json.loads(json.dumps(update.payloads[self.version].message))
        self.version = update.version
        self.state = merged(self.state, payload["change"]) if "change" in payload else payload["state"]
        self.state = {key: value for key, value in self.state.items() if key not in ("since", "conflated")}
        return payload.get("change", {})

    @property
    def bet(self) -> dict[str, Any]:
        return self.state["markets"]["1"]["providers"]["8"]["bets"]["1080"]


def known(state: dict[str, Any]) -> dict[str, Any]:
    """Without `at`, which also tells of changes that are not among what is followed."""
    return {key: value for key, value in state.items() if key != "at"}


def fresh(fixture_id: int, contents: Contents = EVERYTHING) -> dict[str, Any]:
    reading = Reading([fixture_id], contents.markets)
    return json.loads(json.dumps(fixture_state(reading, fixture_id, read_vouching(timezone.now()), contents)))
