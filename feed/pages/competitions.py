"""The outrights' tree: tracks and leagues, and below them the races and seasons that can be bet on."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db.models import QuerySet

from feed.models import Competition, Fixture

from .labels import competition_type_label, status_label
from .sides import outright_title

MOST_FIXTURES = 1000


@dataclass(frozen=True, slots=True)
class OutrightLine:
    id: int
    name: str
    status: str
    start_at: datetime | None
    end_at: datetime | None


@dataclass(frozen=True, slots=True)
class Node:
    """A competition with what is below it."""

    id: int
    name: str
    type: str
    next_fixture_at: datetime | None
    children: tuple["Node", ...]
    fixtures: tuple[OutrightLine, ...]

    @property
    def number(self) -> int:
        """How many outrights are in it and below it."""
        return len(self.fixtures) + sum(child.number for child in self.children)


@dataclass(frozen=True, slots=True)
class Tree:
    """All outrights: those that LSports has placed in competitions, and those that no message has."""

    roots: tuple[Node, ...]
    unplaced: tuple[OutrightLine, ...]

    @property
    def version(self) -> str:
        """Differs when anything in it does."""
        return hashlib.blake2s(msgspec.json.encode(self), digest_size=8).hexdigest()


def read_tree() -> Tree:
    """The whole tree: three queries however deep it is."""
    return Tree(tuple(roots()), tuple(line(row) for row in outrights().filter(competition=None)[:MOST_FIXTURES]))


def roots() -> list[Node]:
    """The competitions that are below none, by name."""
    fixtures: dict[int, list[OutrightLine]] = defaultdict(list)
    for fixture in outrights().exclude(competition=None)[:MOST_FIXTURES]:
        fixtures[fixture.competition_id or 0].append(line(fixture))
    below: dict[int | None, list[Competition]] = defaultdict(list)
    for row in Competition.objects.order_by("name", "id"):
        below[row.parent_id].append(row)

    def node(row: Competition) -> Node:
        return Node(
            id=row.pk,
            name=row.name,
            type=competition_type_label(row.type) if row.type is not None else "",
            next_fixture_at=row.next_fixture_at,
            children=tuple(node(child) for child in below[row.pk]),
            fixtures=tuple(fixtures[row.pk]),
        )

    return [node(row) for row in below[None]]


def outrights() -> QuerySet[Fixture]:
    rows = Fixture.objects.exclude(kind=Fixture.Kind.MATCH)
    return rows.select_related("sport", "competition__parent").order_by("start_at", "id")


def line(row: Fixture) -> OutrightLine:
    return OutrightLine(row.pk, outright_title(row), status_label(row.status), row.start_at, row.end_at)
