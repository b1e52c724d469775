"""The disk of this machine, and certificates that are about to expire."""

import shutil
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from alarms.fault import Fault
from packages_admin.certificates import certificate_end
from packages_admin.models import Package

LEAST_FREE = 1024**3
CERTIFICATE = timedelta(days=21)
ASK_AGAIN = timedelta(hours=6)


def disk_faults(now: datetime) -> Iterator[Fault]:
    """Less than 1 GB left where the desk keeps its files."""
    free = shutil.disk_usage(settings.VAR_DIR).free
    if free < LEAST_FREE:
        text = f"{free / 1024**3:.1f} GB is left at {settings.VAR_DIR}."
        yield Fault(kind="disk", about=str(settings.VAR_DIR), text=text, since=now)


class CertificateEnds:
    """Reads them every few hours, in a thread of its own, so that a host that hangs does not hold up the checks."""

    def __init__(self) -> None:
        self.ends: dict[str, datetime] = {}
        self.due_at = timezone.now()
        self.thread: threading.Thread | None = None

    def faults(self, now: datetime) -> Iterator[Fault]:
        """Those that expire within three weeks, as they were when last read."""
        if now >= self.due_at:
            self.due_at = now + ASK_AGAIN
            self.thread = threading.Thread(target=self.read, args=[endpoints()], name="certificates", daemon=True)
            self.thread.start()
        for name, end in sorted(self.ends.items()):
            if end - now < CERTIFICATE:
                text = f"The certificate of {name} expires on {end:%Y-%m-%d}."
                yield Fault(kind="certificate", about=name, text=text, since=now)

    def read(self, hosts: set[tuple[str, int]]) -> None:
        ends = {f"{host}:{port}": end for host, port in sorted(hosts) if (end := end_or_none(host, port))}
        self.ends = ends


def end_or_none(host: str, port: int) -> datetime | None:
    """None where the host cannot be reached, which is for other checks to report."""
    try:
        return certificate_end(host, port)
    except OSError:
        return None


def endpoints() -> set[tuple[str, int]]:
    """The brokers that are reached over TLS, and the desk itself."""
    packages = [package for package in Package.objects.consumable() if package.has_tls]
    brokers = {(package.amqp_host or package.defaults.amqp_host, package.broker_port) for package in packages}
    own = [urlsplit(origin) for origin in settings.CSRF_TRUSTED_ORIGINS if origin.startswith("https://")]
    return brokers | {(origin.hostname, origin.port or 443) for origin in own if origin.hostname}
