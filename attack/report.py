"""What was tried, what held and what broke: counted in groups, shown as a table, written as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

#: Characters after which evidence is cut.
MOST_CHARACTERS = 300
#: Of each group the first broken attempts are kept: thousands more of one sort teach nothing.
MOST_BROKEN = 40
#: Broken attempts of each group that are printed; the JSON has all that were kept.
MOST_SHOWN = 5


@dataclass
class Group:
    """Attempts of one sort; `broken` names where and how the desk gave way."""

    what: str
    tried: int = 0
    held: int = 0
    broken: list[dict[str, str]] = field(default_factory=list)


class Findings:
    """What one kind of attack found."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.groups: dict[str, Group] = {}
        self.measured: dict[str, float] = {}

    def check(self, what: str, place: str, holds: bool, evidence: object = "") -> bool:
        """Count one attempt of the group `what`. Where the desk gave way, keep the place and the evidence."""
        group = self.groups.setdefault(what, Group(what))
        group.tried += 1
        group.held += holds
        if not holds and len(group.broken) < MOST_BROKEN:
            group.broken.append(
                {"place": printable(place)[:MOST_CHARACTERS], "evidence": printable(str(evidence))[:MOST_CHARACTERS]}
            )
        return holds

    def measure(self, what: str, figure: float) -> None:
        """A figure that the report shows beside the counts."""
        self.measured[what] = round(figure, 2)

    @property
    def broken(self) -> int:
        return sum(group.tried - group.held for group in self.groups.values())

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "groups": [asdict(group) for group in self.groups.values()],
            "measured": self.measured,
        }


def printable(text: str) -> str:
    """The text with control characters escaped: a terminal would obey those that an answer brings."""
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def show(findings: Sequence[Findings]) -> str:
    """The table, then each broken attempt with its place and evidence."""
    lines = [f"{'kind':<10}{'what':<58}{'tried':>8}{'held':>8}{'broken':>8}"]
    for found in findings:
        for group in found.groups.values():
            broken = group.tried - group.held
            lines.append(f"{found.kind:<10}{group.what:<58}{group.tried:>8,}{group.held:>8,}{broken:>8,}")
        lines += [f"{found.kind:<10}  {what}: {figure:,g}" for what, figure in found.measured.items()]
    tried = sum(group.tried for found in findings for group in found.groups.values())
    broken = sum(found.broken for found in findings)
    lines.append(f"{'all':<68}{tried:>8,}{tried - broken:>8,}{broken:>8,}")
    for found in findings:
        for group in found.groups.values():
            lines += [
                f"BROKEN {found.kind}: {group.what}: {attempt['place']}: {attempt['evidence']}"
                for attempt in group.broken[:MOST_SHOWN]
            ]
    return "\n".join(lines)


def as_json(findings: Sequence[Findings], **about: Any) -> str:
    """All of it, with what the run was."""
    broken = sum(found.broken for found in findings)
    return json.dumps({**about, "broken": broken, "kinds": [found.as_json() for found in findings]}, indent=1)
