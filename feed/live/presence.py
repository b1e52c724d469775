"""Who is connected now: each web process writes it to the database, where every process can read all of it."""

import os
import secrets
import socket
from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from django.db.models import Sum
from django.utils import timezone

from feed.models import WebProcess
from feed.pages.people import GONE_AFTER

#: How often a process reports.
REPORT_SECONDS = 5.0
#: The row of a process that is gone is deleted some time later.
DELETED_AFTER = timedelta(minutes=10)

THIS_PROCESS = f"{socket.gethostname()[:20]}-{os.getpid()}-{secrets.token_hex(3)}"


class Present(NamedTuple):
    """Open pages of traders, and programs that follow the stream."""

    pages: int
    programs: int


def report_presence(
    present: Present, topics: int, clocks: Mapping[str, list[int]], viewers: Mapping[int, list[str]] | None = None
) -> None:
    """Write this process' row, and delete the rows of processes long gone. `viewers` are names by fixture."""
    now = timezone.now()
    values = {"seen_at": now, "pages": present.pages, "programs": present.programs, "topics": topics, "clocks": clocks}
    values["viewers"] = {str(pk): names for pk, names in (viewers or {}).items()}
    WebProcess.objects.update_or_create(id=THIS_PROCESS, defaults=values, create_defaults={"started_at": now, **values})
    WebProcess.objects.filter(seen_at__lt=now - DELETED_AFTER).delete()


def report_end() -> None:
    """Nobody is connected to this process any more."""
    WebProcess.objects.filter(id=THIS_PROCESS).delete()


def who_is_present() -> Present:
    """Over all web processes."""
    here = WebProcess.objects.filter(seen_at__gt=timezone.now() - GONE_AFTER)
    sums = here.aggregate(pages=Sum("pages"), programs=Sum("programs"))
    return Present(sums["pages"] or 0, sums["programs"] or 0)
