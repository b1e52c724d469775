"""The desk on a simulated feed, in one process: what `make run` starts."""

import argparse
import asyncio
import ipaddress
import socket
import threading
from typing import Any

from channels.routing import get_default_application
from daphne.server import Server
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, connection
from django.utils import timezone

from feed.alerts.watch import AlertWatch
from feed.ingest.loop import Ingest
from feed.live.announce import Announcer
from feed.models import FeedSource, Fixture, JournalEntry
from feed.proof.signing import Signing
from livescore_site.demo_sign_in import DEMO_TRADER
from livescore_site.environment import env_text
from livescore_site.posting import post
from livescore_site.tour import Shown
from sandbox.api import Server as SupplierServer
from sandbox.api import serve as serve_supplier
from sandbox.distribution import Distribution
from sandbox.faults import Faults, UnknownFault
from sandbox.in_process import InProcess
from sandbox.supplier import Supplier
from sandbox.tour import Tour

STOP_SECONDS = 2.0
FAULT_HELP = "begin with a fault of the supplier's; its page starts and stops them all"


class Command(BaseCommand):
    help = (
        "Serve the desk on a simulated feed, in one process with SQLite: nothing else is needed. Whoever opens it is "
        "signed in as the demo trader, so it listens on this machine only. Ctrl-C ends it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = argparse.ArgumentDefaultsHelpFormatter
        parser.add_argument("--port", type=int, default=8000, help="the port to listen on")
        parser.add_argument("--bind", default="127.0.0.1", metavar="ADDRESS", help="the loopback address to listen on")
        parser.add_argument("--fixtures", type=int, default=60, metavar="N", help="how many fixtures to simulate")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same matches")
        parser.add_argument("--speed", type=float, default=1.0, help="how many times faster than life")
        parser.add_argument("--fault", action="append", default=[], metavar="NAME[:NUMBER]", help=FAULT_HELP)
        parser.add_argument(
            "--supplier-port", type=int, default=0, metavar="PORT", help="the port of the supplier's APIs; 0 is any"
        )
        parser.add_argument("--tour", action="store_true", help="a panel on each page walks through what can happen")
        parser.add_argument(
            "--into-this-database", action="store_true", help="write invented fixtures beside real ones (DATABASE_URL)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        address = loopback(options["bind"])
        must_be_free(address, options["port"])
        if not options["into_this_database"]:
            must_be_for_demos()
        call_command("migrate", verbosity=0)
        make_trader()
        feed = DemoFeed(make_distribution(options))
        must_have_static_files()
        supplier = supplier_at(address, options["supplier_port"], feed)
        host = f"[{address}]" if ":" in address else address
        self.stdout.write(
            f"Livescore Desk: http://{host}:{options['port']}/\n"
            f"  You are signed in as {DEMO_TRADER}. For /admin/ sign in as demo-operator or demo-administrator,\n"
            f"  without a password, at http://{host}:{options['port']}/sign_in/\n"
            f"  A simulated supplier plays {options['fixtures']} fixtures (seed {options['seed']}, "
            f"speed {options['speed']:g}); its messages go through the same code as LSports'.\n"
            f"  Faults to try, such as silence and lost messages: {supplier.url}/faults\n"
            f"  Data: {settings.DATABASES['default']['NAME']}. Ctrl-C ends it."
        )
        self.stdout.flush()
        settings.DEMO_SIGN_IN = True
        Shown.tour = Tour(feed.transport.distribution) if options["tour"] else None
        try:
            serve(address, options["port"], feed)
        finally:
            supplier.close()


def loopback(address: str) -> str:
    """The address if only this machine reaches it; the demo has no other protection."""
    try:
        is_loopback = ipaddress.ip_address("127.0.0.1" if address == "localhost" else address).is_loopback
    except ValueError:
        raise CommandError(f"{address!r} is not an address. Give a loopback one, such as 127.0.0.1.") from None
    if not is_loopback:
        raise CommandError(
            f"The demo signs in whoever opens it, so it listens on loopback only, not on {address}. "
            "To serve others run `daphne livescore_site.asgi:application` with users of your own (README)."
        )
    return "127.0.0.1" if address == "localhost" else address


def must_be_free(address: str, port: int) -> None:
    """Say plainly that a port is taken, rather than let the server fail."""
    if not 0 < port < 65536:
        raise CommandError(f"{port} is not a port. Choose one from 1 to 65535 with PORT=...")
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({error.strerror}). Choose another, as in: make run PORT=8001"
            ) from None


def must_have_static_files() -> None:
    """Raises `CommandError` where no page could be made, since nobody has collected the styles and scripts."""
    if not settings.DEBUG and not (settings.STATIC_ROOT / "staticfiles.json").exists():
        raise CommandError(
            f"{settings.STATIC_ROOT} has no collected styles and scripts. `make run` collects them and starts the "
            "demo; by hand: npm ci, then manage.py collectstatic --noinput."
        )


def must_be_for_demos() -> None:
    """Raises `CommandError` where the database may hold a real desk: invented fixtures would look like real ones."""
    if env_text("DATABASE_URL"):
        raise CommandError(
            "DATABASE_URL is set, and the demo writes invented fixtures. Unset it, so that the demo has a SQLite "
            "database of its own in VAR_DIR, or say --into-this-database."
        )
    try:
        name = FeedSource.objects.filter(kind=FeedSource.Kind.QUEUE).values_list("name", flat=True).first()
    except Error:
        return  # no table yet: a new database
    if name is not None:
        raise CommandError(
            f"{settings.DATABASES['default']['NAME']} has a real feed, {name}, and the demo writes invented fixtures. "
            "Set VAR_DIR to another folder, or say --into-this-database."
        )


def make_trader() -> None:
    """The demo trader, who has no password."""
    trader, is_new = get_user_model().objects.get_or_create(username=DEMO_TRADER)
    if is_new:
        trader.set_unusable_password()
        trader.save()
    trader.groups.set(Group.objects.filter(name="trader"))


def make_distribution(options: dict[str, Any]) -> Distribution:
    try:
        faults = Faults(*options["fault"])
    except UnknownFault as error:
        raise CommandError(str(error)) from None
    supplier = Supplier(
        seed=options["seed"], fixtures=options["fixtures"], start=timezone.now(), speed=options["speed"]
    )  # fmt: skip
    return Distribution(supplier, faults=faults)


def supplier_at(address: str, port: int, feed: "DemoFeed") -> SupplierServer:
    """The supplier's APIs, and the page on which its faults are switched."""
    try:
        return serve_supplier(feed.transport.distribution, address, port)
    except (OSError, OverflowError) as error:
        raise CommandError(f"The supplier's port {port} cannot be used ({error}). Choose another.") from None


def serve(address: str, port: int, feed: "DemoFeed") -> None:
    """Daphne with the feed in a thread beside it, until Ctrl-C or SIGTERM."""
    host = address.replace(":", r"\:")
    server = Server(
        get_default_application(),
        endpoints=[f"tcp:port={port}:interface={host}"],
        websocket_timeout=-1,
        ping_interval=10,
        ping_timeout=10,
        application_close_timeout=1,
        ready_callable=feed.start,
        verbosity=0,
    )
    try:
        server.run()
    finally:
        feed.stop()


def forget_fixtures(source: FeedSource) -> None:
    """What an earlier run left: the simulated supplier plays other fixtures now, and nobody would end those."""
    left = Fixture.objects.filter(source=source)
    ids = list(left.values_list("pk", flat=True))
    JournalEntry.objects.filter(fixture_id__in=ids).delete()
    left.delete()


class DemoFeed:
    """The simulated supplier and the ingest loop, in a thread of the web server's process."""

    def __init__(self, distribution: Distribution) -> None:
        self.transport = InProcess(distribution)
        self.thread = threading.Thread(target=self.run, name="demo-feed", daemon=True)
        self.signing = Signing(post=post)
        self.no_alerts = threading.Event()
        self.alerts = threading.Thread(target=self.watch_alerts, name="demo-alerts", daemon=True)

    def start(self) -> None:
        """Called by the web server just before it runs its loop, which announcements must run on."""
        self.announcer = Announcer(asyncio.get_event_loop())
        self.thread.start()
        self.alerts.start()
        self.signing.start()

    def run(self) -> None:
        source, _ = FeedSource.objects.get_or_create(name="simulated", defaults={"kind": FeedSource.Kind.SANDBOX})
        try:
            forget_fixtures(source)
            Ingest(self.transport, source, self.announcer).run()
        finally:
            connection.close()

    def watch_alerts(self) -> None:
        """The traders' rules, as `watch_alerts` watches them elsewhere."""
        try:
            AlertWatch(timezone.now()).run(self.no_alerts)
        finally:
            connection.close()

    def stop(self) -> None:
        """End the feed, and give it a moment to store what it holds."""
        self.no_alerts.set()
        self.transport.close()
        if self.thread.is_alive():
            self.thread.join(STOP_SECONDS)
        self.signing.stop()
