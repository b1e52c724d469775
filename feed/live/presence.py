"""Who is connected now, told by each web process to the database, so that any process can say it of all."""

import os
import secrets
import socket
from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from django.db.models import Sum
from django.utils import timezone

from feed.models import WebProcess
from feed.pages.health_page import GONE_AFTER

#: How often a process says that it is there.
TELL_SECONDS = 5.0
FORGOTTEN_AFTER = timedelta(minutes=10)

THIS_PROCESS = f"{socket.gethostname()[:20]}-{os.getpid()}-{secrets.token_hex(3)}"


class Present(NamedTuple):
    """Open pages of traders, and programs that follow the stream."""

    pages: int
    programs: int


def tell(present: Present, topics: int, clocks: Mapping[str, list[int]]) -> None:
    """Write this process' row, and drop the rows of those long gone."""
    now = timezone.now()
    said = {"seen_at": now, "pages": present.pages, "programs": present.programs, "topics": topics, "clocks": clocks}
    WebProcess.objects.update_or_create(id=THIS_PROCESS, defaults=said, create_defaults={"started_at": now, **said})
    WebProcess.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()


def tell_end() -> None:
    """This process has nobody any more."""
    WebProcess.objects.filter(id=THIS_PROCESS).delete()


def who_is_present() -> Present:
    """Over all web processes."""
    here = WebProcess.objects.filter(seen_at__gt=timezone.now() - GONE_AFTER)
    sums = here.aggregate(pages=Sum("pages"), programs=Sum("programs"))
    return Present(sums["pages"] or 0, sums["programs"] or 0)
