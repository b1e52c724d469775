"""A desk served on rows that a test writes, with a browser that is signed in there."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from exam.processes import Desk as Processes
from feed.models import Bet, Desk, Fixture, Market, Scoreboard
from tests.conftest import default_database
from tests.journal_rows import note_price
from tests.rows import make_fixture, make_scoreboard, make_source

HOURS = "36000"
numbers = itertools.count(1)


class Served:
    """A web process on a SQLite of its own. Inside `rows()` the models of this process are its rows too."""

    def __init__(self, folder: Path, blocker: Any, **more: str) -> None:
        self.blocker = blocker
        self.url = f"sqlite:///{folder / 'desk.sqlite3'}"
        quiet = {"FEED_DOWN_SECONDS": HOURS, "FEED_LATE_SECONDS": HOURS}
        self.desk = Processes(folder, DATABASE_URL=self.url, SECRET_KEY=settings.SECRET_KEY, **quiet, **more)
        self.desk.migrate()
        with self.rows():
            make_source(state_since=timezone.now(), last_message_at=timezone.now())
        self.address = self.desk.serve()

    @contextmanager
    def rows(self) -> Iterator[None]:
        with self.blocker.unblock(), default_database(self.url, transaction_mode="IMMEDIATE", timeout=20):
            yield

    def sign_in(self, page: Page, name: str = "trader", **wishes: Any) -> User:
        """A trader of this page alone, with these wishes for the desk."""
        with self.rows():
            user = User.objects.create_user(f"{name}-{next(numbers)}")
            user.groups.set(Group.objects.filter(name="trader"))
            Desk.objects.create(user=user, **wishes)
            client = Client()
            client.force_login(user)
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self.address}])
        return user

    def match(self, **fields: Any) -> Fixture:
        """A fixture in play with a scoreboard, 1:0 in the first half."""
        with self.rows():
            now = {"start_at": timezone.now(), "received_at": timezone.now()}
            fixture = make_fixture(next(numbers), **now | fields)
            make_scoreboard(fixture, sent_at=timezone.now(), received_at=timezone.now())
        return fixture

    def tick(self, bet: Bet, price: str | None, at: datetime, status: int = 1, settlement: int | None = None) -> None:
        """An entry of the price's history."""
        with self.rows():
            note_price(bet, price, at, status, settlement)

    def change(self, bet: Bet, **fields: Any) -> None:
        """Change a bet as the store would: the fixture, its markets and the market have another revision after it."""
        with self.rows(), transaction.atomic():
            Bet.objects.filter(pk=bet.pk).update(**fields)
            Market.objects.filter(fixture=bet.fixture_id, market_id=bet.market_id).update(revision=F("revision") + 1)
            more = {name: F(name) + 1 for name in ("revision", "markets_revision")}
            Fixture.objects.filter(pk=bet.fixture_id).update(**more)

    def score(self, fixture: Fixture, home: int, away: int) -> None:
        """Another score of the fixture."""
        with self.rows(), transaction.atomic():
            Scoreboard.objects.filter(fixture=fixture).update(scores={"1": str(home), "2": str(away)})
            more = {name: F(name) + 1 for name in ("revision", "scoreboard_revision")}
            Fixture.objects.filter(pk=fixture.pk).update(**more)

    def open(self, page: Page, path: str = "/") -> list[str]:
        """Go there and wait until the page follows; all that the browser complains of from now on."""
        complaints: list[str] = []
        page.on("console", lambda message: message.type in ("error", "warning") and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(self.address + path)
        page.wait_for_selector("#socket[data-state=live]", timeout=20_000)
        return complaints
