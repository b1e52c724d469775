"""From arguments to a running supplier and everything it needs, with plain errors for what is not available."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event
from typing import Any

from .api import serve
from .broker import Broker, BrokerRefused
from .distribution import USUAL_PASSWORD, USUAL_USER, Distribution
from .faults import Faults, UnknownFault
from .outgoing import Feed
from .packages import Package
from .recorder import NotWritable, Recorder
from .relay import Relay
from .running import Sink, run
from .supplier import Supplier
from .witness import Witness

USUAL_PACKAGE = 102030


class CannotPlay(Exception):
    """Something that was asked for is not available; the message says what."""


@dataclass
class Waiting:
    """A sink that tells the API how many messages wait in the broker, and deletes them where that is asked for."""

    broker: Broker
    distribution: Distribution

    def send(self, package: Package, outgoing: object) -> None:
        """Does nothing: only the broker sends."""

    def rest(self) -> list[str]:
        lines = [self.broker.purge()] if self.distribution.faults.take("purge") else []
        for package in self.broker.packages:
            self.distribution.waiting[package.id] = self.broker.waiting(package)
        return lines

    def close(self) -> None:
        """Does nothing: it holds no resource."""


def play(options: dict[str, Any], stop: Event, say: Callable[[str], None]) -> None:
    """Set up what `options` (of `arguments`) ask for, run it until `stop`, and take it down. Raises CannotPlay."""
    begun = datetime.now(UTC)
    start = options["start"] or begun
    distribution = make_distribution(options, start)
    with ExitStack() as stack:
        sinks = open_sinks(options, distribution, stack, say)
        if options["http"]:
            open_api(options, distribution, stack, say)
        fixtures, seed = options["fixtures"], options["seed"]
        say(f"{fixtures} fixtures, seed {seed}, from {start:%Y-%m-%d %H:%M:%S} UTC. Ctrl-C ends it.")
        report = run(
            distribution,
            sinks,
            start=start,
            ahead=start - begun,
            seconds=options["duration"],
            fast=options["fast"],
            stop=stop,
            say=say,
        )
        say(f"Sent {report.messages:,} messages.")


def make_distribution(options: dict[str, Any], start: datetime) -> Distribution:
    packages: list[Package] = options["package"] or [
        Package(id=USUAL_PACKAGE, user=USUAL_USER, password=USUAL_PASSWORD)
    ]
    for package in packages:
        package.active = not options["start_inactive"]
    try:
        faults = Faults(*options["fault"])
        supplier = Supplier(
            seed=options["seed"],
            fixtures=options["fixtures"],
            start=start,
            speed=options["speed"],
            package=packages[0].id,
            dialect=options["dialect"],
            bookmakers=options["bookmakers"],
            odds=options["odds"],
            rate=options["rate"],
            in_play=options["in_play"],
        )
    except (UnknownFault, ValueError) as error:
        raise CannotPlay(str(error)) from None
    return Distribution(supplier, packages, faults, options["seed"])


def feeds_of(dialect: str) -> list[Feed]:
    """The feeds that dialects send to."""
    names = dialect.split(",")
    feeds = [Feed.FIXTURES, Feed.INCIDENTS] if "hyper" in names else []
    return feeds if names == ["hyper"] else [Feed.IN_PLAY, Feed.PRE_MATCH, *feeds]


def open_sinks(
    options: dict[str, Any], distribution: Distribution, stack: ExitStack, say: Callable[[str], None]
) -> list[Sink]:
    """The recording, the witness and the broker, each closed by `stack`."""
    sinks: list[Sink] = []
    try:
        if options["record"]:
            sinks.append(Recorder(options["record"]))
            stack.callback(sinks[-1].close)
        if options["truth"]:
            witness = Witness(options["truth"])
            stack.callback(witness.close)
            distribution.witness = witness.note
            sinks.append(witness)
        if options["amqp"]:
            broker = Broker(
                options["amqp"],
                distribution.packages.by_id.values(),
                feeds_of(options["dialect"]),
                as_is=options["amqp_vhost_as_is"],
            )
            stack.callback(broker.close)
            sinks += [broker, Waiting(broker, distribution)]
            say(f"Publishing to {broker.place}: {', '.join(broker.queues())}.")
            if options["relay"]:
                open_relay(options["relay"], broker, distribution, stack, say)
    except (BrokerRefused, NotWritable) as error:
        raise CannotPlay(str(error)) from None
    return sinks


def open_relay(
    address: tuple[str, int],
    broker: Broker,
    distribution: Distribution,
    stack: ExitStack,
    say: Callable[[str], None],
) -> None:
    host, port = address
    try:
        relay = Relay(host, port, broker.target, distribution.faults)
    except OSError as error:
        raise CannotPlay(f"The relay cannot listen on {host}:{port}: {error.strerror}.") from None
    stack.callback(relay.close)
    say(f"The broker can be reached by way of {host}:{relay.port} too.")


def open_api(options: dict[str, Any], distribution: Distribution, stack: ExitStack, say: Callable[[str], None]) -> None:
    host, port = options["http"]
    try:
        server = serve(distribution, host, port)
    except OSError as error:
        raise CannotPlay(f"The API cannot listen on {host}:{port}: {error.strerror}.") from None
    stack.callback(server.close)
    say(f"Package APIs: {server.url}/api/livescore/... and {server.url}/Distribution/...; faults: {server.url}/faults")
