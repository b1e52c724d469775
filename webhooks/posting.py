"""Posting what changed to each webhook: side by side, again after a failure, and on from where each was.

A body counts as taken once its program has answered 2xx: where it does not, or this process dies, what changed is
posted again. Bodies hold whole states, so whoever missed one is right again with the next that has its fixture.
"""

import logging
import os
import secrets
import socket
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from alarms.sending import NotSent, post, signed
from feed.database.moment import one_moment
from feed.live.programs.polled import Changed, Cursor, changed_message, parse_cursor, read_changed
from feed.live.programs.state import EVERYTHING, contents_named
from feed.live.programs.topics import Scope, recent
from feed.vouching.sources import Vouching, read_vouching
from packages_admin.secrets import SealBroken

from .models import Webhook

HOST_REFUSED = "The host is not among those that webhooks may be posted to (WEBHOOK_HOSTS)."
MOST_STATES = 20
#: Webhooks that are posted to at once, so that one program that hangs holds up no other.
AT_ONCE = 8
#: How long a process holds a webhook, and the time left at which it renews its hold. After that another may take it.
HELD, RENEWED_AT = timedelta(seconds=30), timedelta(seconds=20)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=2), timedelta(minutes=10)
#: How often its progress is written while there is nothing to post.
WRITTEN_EVERY = timedelta(minutes=1)
#: Fixtures whose last delivery is remembered.
MOST_REMEMBERED = 10_000

State = dict[str, Any]

logger = logging.getLogger(__name__)


class Progress:
    """How far a webhook is: `cursor`, beside what the database says (`written`); what it was sent of each fixture."""

    def __init__(self, written: str, now: datetime) -> None:
        self.written, self.written_at = written, now
        self.standings: dict[int, tuple[int, str]] = {}
        try:
            self.cursor = parse_cursor(written)
        except ValueError:
            self.cursor = Cursor()

    def news(self, changed: Changed) -> Changed:
        """Without what was sent already: what comes twice is posted once."""
        known = {} if changed.is_all else self.standings
        return changed._replace(states=[one for one in changed.states if known.get(one["id"]) != standing(one)])

    def note(self, changed: Changed) -> None:
        if len(self.standings) > MOST_REMEMBERED:
            self.standings = {}
        self.standings.update((state["id"], standing(state)) for state in changed.states)
        self.cursor = changed.cursor


class Posted(NamedTuple):
    """A body under way."""

    webhook: Webhook
    changed: Changed
    outcome: "Future[str]"


class Posting:
    """Keeps all webhooks up to date, round by round."""

    def __init__(self) -> None:
        self.progress: dict[int, Progress] = {}
        self.under_way: dict[int, Posted] = {}
        self.pool = ThreadPoolExecutor(AT_ONCE, "webhook")
        self.name = f"{socket.gethostname()[:20]}-{os.getpid()}-{secrets.token_hex(3)}"

    def step(self, now: datetime) -> bool:
        """Note what was answered, and post what changed to whoever is due. True where there is more to do at once."""
        for pk, posted in list(self.under_way.items()):
            if posted.outcome.done():
                del self.under_way[pk]
                self.note(posted, now)
        free = Webhook.objects.due(now).free_for(self.name, now)
        due = [webhook for webhook in free if webhook.pk not in self.under_way and self.holds(webhook, now)]
        vouching = read_vouching(now) if due else None
        has_more = [
            self.tell(webhook, vouching, now) for webhook in due if vouching is not None and self.has_place(webhook)
        ]
        return any(has_more) or bool(self.under_way)

    def has_place(self, webhook: Webhook) -> bool:
        """Programs that failed the last time have half of the threads; those that answer find one of the others."""
        failing = sum(posted.webhook.failures > 0 for posted in self.under_way.values())
        return not webhook.failures or failing < AT_ONCE // 2

    def holds(self, webhook: Webhook, now: datetime) -> bool:
        """Whether this process takes it, or has it still: of two that try at once, one gets it."""
        if webhook.holder == self.name and webhook.held_until is not None and webhook.held_until - now > RENEWED_AT:
            return True
        free = Webhook.objects.free_for(self.name, now).filter(pk=webhook.pk)
        return bool(free.update(holder=self.name, held_until=now + HELD))

    def tell(self, webhook: Webhook, vouching: Vouching, now: datetime) -> bool:
        """Post what changed for it, if anything did. True where more changed than was looked at."""
        progress = self.progress.get(webhook.pk)
        if progress is None or progress.written != webhook.since:
            progress = self.progress[webhook.pk] = Progress(webhook.since, now)
        changed = progress.news(changed_for(webhook, progress.cursor, vouching, now))
        if changed.states or changed.is_all:
            outcome = self.pool.submit(attempt, webhook, msgspec.json.encode(changed_message(changed, vouching)))
            self.under_way[webhook.pk] = Posted(webhook, changed, outcome)
            return False
        progress.note(changed)
        if now - progress.written_at > WRITTEN_EVERY:
            self.write(webhook, progress, now)
        return changed.has_more

    def note(self, posted: Posted, now: datetime) -> None:
        """Write down what became of a body."""
        webhook, error = posted.webhook, posted.outcome.result()
        if not error:
            progress = self.progress[webhook.pk]
            progress.note(posted.changed)
            self.write(webhook, progress, now, bodies=F("bodies") + 1, taken_at=now)
            return
        pause = min(FIRST_PAUSE * 2 ** min(webhook.failures, 10), LONGEST_PAUSE)
        Webhook.objects.filter(pk=webhook.pk).update(
            failures=webhook.failures + 1,
            failing_since=webhook.failing_since or now,
            error=error[:200],
            next_try_at=now + pause,
        )
        logger.warning("The webhook %s was not taken, and is posted again in %.0f s: %s", webhook, pause.seconds, error)

    def write(self, webhook: Webhook, progress: Progress, now: datetime, **more: Any) -> None:
        """How far it is; unless a person has just said from where to tell it again."""
        well = {"failures": 0, "failing_since": None, "error": "", "next_try_at": None} if more else {}
        row = Webhook.objects.filter(pk=webhook.pk)
        row.update(**well, **more)
        if row.filter(since=progress.written).update(since=str(progress.cursor)):
            progress.written, progress.written_at = str(progress.cursor), now

    def end(self) -> None:
        """Wait for what is under way, note it, and let others have what this process holds."""
        self.pool.shutdown()
        for posted in self.under_way.values():
            self.note(posted, timezone.now())
        Webhook.objects.filter(holder=self.name).update(held_until=None)


def standing(state: State) -> tuple[int, str]:
    return state["revision"], state.get("vouching", "")


def changed_for(webhook: Webhook, cursor: Cursor, vouching: Vouching, now: datetime) -> Changed:
    """What changed of what it wants."""
    contents = contents_named(webhook.contents, webhook.contents, webhook.markets or None) or EVERYTHING
    fixtures = Scope(tuple(webhook.sports), tuple(webhook.leagues)).fixtures().filter(recent(now))
    if webhook.fixtures:
        fixtures = fixtures.filter(pk__in=webhook.fixtures)
    with one_moment():
        return read_changed(fixtures, cursor, contents, vouching, MOST_STATES, now)


def attempt(webhook: Webhook, body: bytes) -> str:
    """What went wrong; empty where it was taken."""
    try:
        since = msgspec.json.decode(body)["since"]
        headers = signed(body, f"{webhook.pk}-{since}", webhook.secret.reveal())
        post(webhook.address.reveal(), headers, body, settings.WEBHOOK_HOSTS, HOST_REFUSED)
    except (NotSent, SealBroken) as error:
        return str(error)
    except Exception as error:  # one that fails by itself must not hold up the others
        logger.exception("A webhook could not be posted.")
        return type(error).__name__
    return ""
