"""`manage.py proof check`, of what our own people did: each act has its leaf, and each leaf its act."""

import json
from datetime import UTC, datetime, timedelta

from django.conf import settings

from feed.models import Act

from .leaves import Leaf, act_leaf, salted


class Acts:
    """The leaves of acts by their lines, in their order."""

    def __init__(self) -> None:
        self.leaves: dict[str, Leaf] = {}
        self.limit = datetime.min.replace(tzinfo=UTC)
        if days := settings.KEEP_CALLS_DAYS:
            self.limit = datetime.now(UTC) - timedelta(days=days)

    def add(self, line: bytes, leaf: Leaf) -> None:
        self.leaves[line.decode()] = leaf

    def faults(self, notes: list[str]) -> list[str]:
        """What is not as it was signed. What was forgotten by the settings, and what is right, is added to `notes`."""
        found, left, compared = [], dict(self.leaves), 0
        for act in Act.objects.order_by("pk").iterator(1000):
            compared += 1
            if left.pop(act_leaf(act.at, act.kind, act.fixture_id, act.text), None) is None:
                found.append(f"The act {act.kind} of {act.at:%Y-%m-%d %H:%M:%S} is in no leaf, or not as it was done.")
            elif act.salt and who_of(act.text) != salted(act.who, act.salt):
                found.append(f"The act {act.kind} of {act.at:%Y-%m-%d %H:%M:%S} was done by somebody else.")
        gone = [leaf for leaf in left.values() if datetime.fromisoformat(leaf.at) >= self.limit]
        found += [f"An act of {leaf.at} is gone." for leaf in gone]
        if compared or left:
            notes.append(f"{compared:,} acts are compared, and {len(left) - len(gone):,} were forgotten.")
        return found


def who_of(text: str) -> str:
    try:
        return str(json.loads(text)["who"])
    except (ValueError, KeyError, TypeError):
        return ""
