"""`manage.py topology plan|apply|check`: spread a feed over several queues of one's own broker."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from feed.management.database import must_be_migrated
from feed.management.queue_arguments import at_least_one
from feed.models import FeedShare, FeedSource
from feed.store.epochs import note_none_due
from feed.transport import TransportClosed
from feed.transport.topology import OwnBroker, Topology

SHOVEL = """Then bring LSports' messages there, once, on the broker:
  rabbitmq-plugins enable rabbitmq_shovel
  rabbitmqctl set_parameter shovel {name} '{{"src-protocol": "amqp091", "src-uri": "amqp://USER:PASSWORD@HOST/VHOST",
    "src-queue": "_PACKAGE_", "src-prefetch-count": 1000, "dest-protocol": "amqp091", "dest-uri": "amqp://",
    "dest-exchange": "{name}", "ack-mode": "on-confirm"}}'"""


class Command(BaseCommand):
    help = (
        "Spread a feed over several queues of our own broker (AMQP_URL), by fixture, each with one consumer at a time. "
        "`plan` says what is to be done, `apply` does it, `check` compares; then every `consume_feed` takes its part. "
        "With fewer queues than before the others get nothing more, and go once they are empty: apply again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["plan", "apply", "check"], help="what is to be done")
        parser.add_argument("--source", required=True, metavar="NAME", help="the feed, as the admin names it")
        parser.add_argument("--queues", type=at_least_one, default=2, metavar="N", help="how many (2)")
        parser.add_argument("--name", default="lsports", help="the exchange; queues are called after it (lsports)")
        parser.add_argument("--queue-type", choices=["quorum", "classic"], default="quorum", help="(quorum)")
        parser.add_argument("--url", default="", metavar="AMQP_URL", help="the broker; better in the environment")

    def handle(self, *args: Any, **options: Any) -> None:
        must_be_migrated()
        url = options["url"] or settings.AMQP_URL
        if not url:
            raise CommandError("Set AMQP_URL to the address of your own broker.")
        source = FeedSource.objects.filter(name=options["source"]).first()
        if source is None:
            raise CommandError(f"There is no feed {options['source']}; the admin lists them.")
        topology = Topology(options["name"], options["queues"], options["queue_type"])
        run = {"plan": self.plan, "apply": self.apply, "check": self.compare}[options["action"]]
        try:
            run(OwnBroker(url), topology, source)
        except TransportClosed as error:
            raise CommandError(str(error)) from None

    def plan(self, broker: OwnBroker, topology: Topology, source: FeedSource) -> None:
        """Changes nothing."""
        self.stdout.write(
            f"exchange {topology.name} (headers): {source} is brought to it; heartbeats go to every queue"
        )
        self.stdout.write(f"exchange {topology.hash_name} (x-consistent-hash, by FixtureId): everything else")
        faults = {found.name: found.fault for found in broker.check(topology)}
        for queue in topology.queue_names:
            self.stdout.write(f"queue {queue} ({topology.queue_type}): {faults[queue] or 'it is there'}")
        for share in surplus(topology, source):
            self.stdout.write(f"queue {share.queue}: gets nothing more, and goes once it is empty")
        self.stdout.write(SHOVEL.format(name=topology.name))

    def apply(self, broker: OwnBroker, topology: Topology, source: FeedSource) -> None:
        """Apply it on the broker first, then in the database, where consumers see it."""
        broker.apply(topology)
        for queue in topology.queue_names:
            FeedShare.objects.get_or_create(source=source, queue=queue, defaults={"break_due": source.break_due})
            self.stdout.write(f"queue {queue}: ready")
        for share in surplus(topology, source):
            if waiting := broker.retire(topology, share.queue):
                self.stdout.write(f"queue {share.queue}: {waiting:,} messages still wait; apply again once it is empty")
            else:
                share.delete()
                note_none_due(source)
                self.stdout.write(f"queue {share.queue}: gone")

    def compare(self, broker: OwnBroker, topology: Topology, source: FeedSource) -> None:
        """Exit code 1 where something is not as planned."""
        faults = 0
        for text, is_fault in self.findings(broker, topology, source):
            faults += is_fault
            self.stdout.write(("fault   " if is_fault else "ok      ") + text)
        if faults:
            raise CommandError("1 fault." if faults == 1 else f"{faults} faults.")

    def findings(self, broker: OwnBroker, topology: Topology, source: FeedSource) -> Iterator[tuple[str, bool]]:
        shares = {share.queue: share for share in FeedShare.objects.filter(source=source)}
        for found in broker.check(topology):
            if found.fault:
                yield f"{found.name}: {found.fault}", True
                continue
            share = shares.get(found.name)
            state = "no consumer knows of it: apply" if share is None else f"{share.state} {share.state_reason}".strip()
            is_well = share is not None and share.state == FeedSource.State.UP
            yield f"{found.name}: {found.waiting:,} waiting, {state}", not is_well
        for share in surplus(topology, source):
            yield f"{share.queue}: not planned: apply", True


def surplus(topology: Topology, source: FeedSource) -> list[FeedShare]:
    """Queues of the source that the topology does not have."""
    return list(FeedShare.objects.filter(source=source).exclude(queue__in=topology.queue_names))
