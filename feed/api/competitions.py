"""The outrights' tree for programs: tracks and leagues, and below them the races and seasons that can be bet on."""

from collections import defaultdict
from typing import Any

from feed.live.programs.rows import competition_json, iso
from feed.live.programs.topics import Scope
from feed.models import Competition, Fixture


def competition_tree(scope: Scope) -> dict[str, Any]:
    """All competitions as a tree, and the outrights that are in none; only branches with fixtures of the scope."""
    outrights = scope.fixtures().exclude(kind=Fixture.Kind.MATCH).order_by("pk")
    fixtures: dict[int | None, list[int]] = defaultdict(list)
    for pk, competition in outrights.values_list("pk", "competition_id"):
        fixtures[competition].append(pk)
    below: dict[int | None, list[Competition]] = defaultdict(list)
    for row in Competition.objects.order_by("name", "id"):
        below[row.parent_id].append(row)

    def nodes(parent: int | None) -> list[dict[str, Any]]:
        branches = [
            {
                **(competition_json(row) or {}),
                "next_fixture_at": iso(row.next_fixture_at),
                "fixtures": fixtures[row.pk],
                "competitions": nodes(row.pk),
            }
            for row in below[parent]
        ]
        return [branch for branch in branches if scope == Scope() or branch["fixtures"] or branch["competitions"]]

    return {"competitions": nodes(None), "unplaced": fixtures[None]}
