"""Database, Redis, brokers, and the feed that comes through them."""

import socket
import ssl
import time
from collections.abc import Iterator
from datetime import timedelta

import redis
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from feed.database.schema import newer_contracts
from feed.models import FeedSource
from feed.vouching.source_health import state_of
from livescore_site.channel_layers import REDIS_TIMEOUTS
from packages_admin.certificates import CONNECT_SECONDS, certificate_end
from packages_admin.models import Package

from .findings import Finding, fault, ok, warning

#: Clocks of machines that share a database may differ by this much.
MOST_APART = timedelta(seconds=1)
#: A certificate that expires in fewer days than this is a warning.
CERTIFICATE_DAYS = 21
#: Connections that must stay free: for people, and for a new web process that starts before the old one has ended.
SPARE_CONNECTIONS = 20


def database() -> Iterator[Finding]:
    """Whether it answers, is migrated, agrees on the time and has connections left; then the brokers and feeds."""
    try:
        connection.ensure_connection()
    except Error as error:
        yield fault("database", f"It does not answer: {one_line(error)}", "Start it, or correct DATABASE_URL.")
        return
    yield ok("database", f"{connection.display_name} {'.'.join(map(str, connection.get_database_version()))} answers.")
    executor = MigrationExecutor(connection)
    if newer := newer_contracts():
        yield fault("database", f"It is for a newer version of the desk ({newer[0]}).", "Start that version.")
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield fault("database", f"{len(plan)} migrations are not applied.", "Run: manage.py migrate")
        return
    if connection.vendor == "postgresql":
        yield clock()
        yield connections()
    yield from brokers()
    yield from feeds()


def one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def clock() -> Finding:
    """This machine's clock beside the database's."""
    with connection.cursor() as cursor:
        before = timezone.now()
        cursor.execute("SELECT clock_timestamp()")
        at = cursor.fetchone()[0]
    apart = abs(at - (before + (timezone.now() - before) / 2))
    text = f"It differs from the database's by {apart.total_seconds():.2f} s."
    return ok("clock", text) if apart < MOST_APART else fault("clock", text, "Synchronise both machines (NTP).")


def connections() -> Finding:
    """How many of the database's connections are still free."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('max_connections')::int, (SELECT count(*) FROM pg_stat_activity)")
        most, used = cursor.fetchone()
    text = f"{used} of the database's {most} connections are used."
    if most - used >= SPARE_CONNECTIONS:
        return ok("connections", text)
    return warning("connections", text, "Raise max_connections, or lower DATABASE_CONNECTIONS (docs/operations.md).")


def channel_layer() -> Iterator[Finding]:
    """Redis, which the desk needs where web and consumer are separate processes."""
    if not settings.REDIS_URL:
        text = "REDIS_URL is not set. One process needs none; with several, pages learn of changes only every 2 s."
        yield warning("Redis", text, "Set REDIS_URL if web and consumer are separate processes.")
        return
    started = time.monotonic()
    try:
        with redis.Redis.from_url(settings.REDIS_URL, **REDIS_TIMEOUTS) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        yield fault("Redis", f"It does not answer: {error}", "Start it, or correct REDIS_URL.")
        return
    yield ok("Redis", f"It answers within {(time.monotonic() - started) * 1000:.0f} ms.")


def brokers() -> Iterator[Finding]:
    """Whether the broker of each package to be consumed can be reached, and its certificate does not expire soon."""
    packages = Package.objects.consumable()
    endpoints = {
        (package.amqp_host or package.defaults.amqp_host, package.broker_port, package.has_tls) for package in packages
    }
    if not endpoints:
        yield warning("broker", "No package is active.", "Add one in the admin, and activate it.")
    for host, port, is_tls in sorted(endpoints):
        yield broker(host, port, is_tls)


def broker(host: str, port: int, is_tls: bool) -> Finding:
    """One broker's port; with TLS also its certificate."""
    about = f"broker {host}:{port}"
    try:
        if not is_tls:
            socket.create_connection((host, port), CONNECT_SECONDS).close()
            return ok(about, "It can be reached.")
        ends = certificate_end(host, port)
    except ssl.SSLError as error:
        return fault(
            about, f"TLS fails: {error}", "Check the port, its TLS setting, SSL_CERT_FILE (docs/operations.md)."
        )
    except OSError as error:
        return fault(about, f"It cannot be reached: {error}", "Check the name, the port and the firewall.")
    text = f"It can be reached; its certificate is valid until {ends:%Y-%m-%d}."
    if ends - timezone.now() < timedelta(days=CERTIFICATE_DAYS):
        return warning(about, text, "Ask whoever runs the broker for a new certificate.")
    return ok(about, text)


def feeds() -> Iterator[Finding]:
    """The state of each source, in the words that pages show."""
    now = timezone.now()
    sources = FeedSource.objects.exclude(kind=FeedSource.Kind.RECORDING).order_by("name")
    for source in sources:
        health = state_of(source, now)
        text = f"{health.state.label}. {health.reason}".strip()
        if health.is_up or health.state == FeedSource.State.OFF:
            yield ok(f"feed {source.name}", text)
        else:
            yield fault(f"feed {source.name}", text, 'See docs/operations.md, "What each failure looks like".')
    if not sources:
        yield warning("feed", "No feed has been connected yet.", "Start: manage.py consume_feed")
