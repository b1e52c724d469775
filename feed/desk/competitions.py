"""The outrights' tree: tracks and leagues, and below them the races and seasons that can be bet on."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from feed.codes import competition_type_label, status_label
from feed.live.fragments import Screen
from feed.models import Competition, Fixture
from feed.views import FEED, live_page

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


@require_GET
def competitions(request: HttpRequest) -> HttpResponse:
    """The whole tree: two queries however deep it is."""
    screen = Screen([FEED], timezone.now())
    context = {"page": "competitions", "roots": tree(), "unplaced": unplaced()}
    return live_page(request, "competitions.html", screen, context)


def tree() -> list[Node]:
    """The roots, by name."""
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


def unplaced() -> list[OutrightLine]:
    """Outrights that no message has placed in the tree."""
    return [line(row) for row in outrights().filter(competition=None)[:MOST_FIXTURES]]


def outrights() -> QuerySet[Fixture]:
    rows = Fixture.objects.exclude(kind=Fixture.Kind.MATCH)
    return rows.select_related("sport", "competition").order_by("start_at", "id")


def line(row: Fixture) -> OutrightLine:
    name = row.name or (f"{row.competition}" if row.competition else "") or f"Fixture {row.pk}"
    return OutrightLine(row.pk, name, status_label(row.status), row.start_at, row.end_at)
