"""The outrights' tree. Each message names the path to its fixtures; the structure may change from one to the next."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from feed.changes import Aspect
from feed.models import Competition as Node
from feed.store.arrival import Origin, Received
from feed.store.rows.fixture_rows import FixtureRows
from feed.wire.messages import Competition, Event

from .plain import plain_text


class Tree:
    """The nodes that a batch names, created where they are missing, locked, written once at its end."""

    def __init__(self, batch: Sequence[Received]) -> None:
        events = [event for received in batch for event in received.message.events if event.competitions]
        self.nodes: dict[str, Node] = {}
        self.changed: set[str] = set()
        if events:
            self.load({path for event in events for path in paths(event.competitions or [])})

    def load(self, wanted: set[str]) -> None:
        """Parents come before their children: a node's row needs its parent's id."""
        self.nodes = locked_nodes(wanted)
        for path in sorted(wanted - self.nodes.keys(), key=lambda path: path.count("/")):
            parent, _, number = path.rpartition("/")
            node = Node(path=path, competition_id=int(number), name=f"Competition {number}")
            node.parent = self.nodes.get(parent)
            Node.objects.bulk_create([node], ignore_conflicts=True)
            self.nodes |= locked_nodes({path})

    def place(self, rows: FixtureRows, event: Event, origin: Origin) -> None:
        """Put a fixture where the message has it, unless a newer one placed it."""
        path = [self.nodes[path] for path in paths(event.competitions or [])]
        for node, named in zip(path, event.competitions or [], strict=True):
            if self.name(node, named, origin.sent_at):
                rows.touch(Aspect.COMPETITION, origin)
        fixture = rows.fixture
        if fixture.placed_at is not None and origin.sent_at <= fixture.placed_at:
            return
        fixture.placed_at = origin.sent_at
        rows.is_itself_changed = True
        rows.touch(None, origin)
        if fixture.competition_id != path[-1].pk:
            fixture.competition_id = path[-1].pk
            rows.is_described_anew = rows.moved = True
            rows.touch(Aspect.COMPETITION, origin)

    def name(self, node: Node, named: Competition, sent_at: datetime) -> bool:
        """Take what a message says of a node, unless something newer is stored. True if anything is different now."""
        if node.sent_at is not None and sent_at <= node.sent_at:
            return False
        before = node.name, node.type, node.next_fixture_at
        node.name = plain_text(named.name) or node.name
        node.type = node.type if named.type is None else named.type
        node.next_fixture_at = named.next_fixture_start_time or node.next_fixture_at
        node.sent_at = sent_at
        self.changed.add(node.path)
        return before != (node.name, node.type, node.next_fixture_at)

    def write(self) -> None:
        for path in sorted(self.changed):
            self.nodes[path].save(update_fields=["name", "type", "next_fixture_at", "sent_at"])


def paths(competitions: Sequence[Competition]) -> list[str]:
    """The path of each step: "67", "67/2029"."""
    found: list[str] = []
    for competition in competitions:
        found.append(f"{found[-1]}/{competition.id}" if found else str(competition.id))
    return found


def locked_nodes(wanted: Iterable[str]) -> dict[str, Node]:
    nodes = Node.objects.select_for_update().filter(path__in=wanted).order_by("path")
    return {node.path: node for node in nodes}
