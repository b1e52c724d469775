"""The hub of this web process and the tasks around it: presence, sessions, a planned restart."""

import asyncio
import logging
import os
import signal
import threading
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from types import FrameType

from django.utils import timezone
from django.utils.translation import gettext

from feed.models import SubscriberToken
from feed.viewings.writing import write_span

from .hub.hub import Hub
from .hub.minutes import LOOK_SECONDS, note_minute
from .hub.reader import Reader
from .hub.viewings import SPAN_SECONDS, OpenSpan
from .hub.watcher import NOT_ALLOWED, RESTART, SIGN_IN_AGAIN, Watcher
from .page import Page
from .parts.fixture.people import PEOPLE
from .parts.part import PageTopic
from .presence import REPORT_SECONDS, THIS_PROCESS, Present, report_end, report_presence
from .programs.program import Program
from .sessions import allowed, ended, keys_of

logger = logging.getLogger(__name__)

SESSION_SECONDS = 60.0
#: Clients that come back each second after a restart, which spreads their return.
RETURNS_PER_SECOND = 400
LEAST_SECONDS_AWAY = 1.0
#: How long a process that is to end may take to tell everybody.
GOODBYE_SECONDS = 3.0
#: Seconds after which the process ends whatever still runs.
DRAIN_SECONDS = 10.0
#: The close frames need a moment to leave before the server drops its sockets.
LAST_BYTES_SECONDS = 0.3

_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}
#: For presence and sessions. SQLite makes their writing wait for the feed's; the hub's reading must not wait for it.
housekeeping = Reader()


def running_hub() -> Hub:
    """This event loop's hub, started with its first watcher."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        hub = _hubs[loop] = Hub()
        hub.start()
        hub.tasks += [
            asyncio.create_task(every(REPORT_SECONDS, report, hub)),
            asyncio.create_task(every(SESSION_SECONDS, end_sessions, hub)),
            asyncio.create_task(every(SPAN_SECONDS, keep_viewings, hub)),
            asyncio.create_task(every(LOOK_SECONDS, keep_minute, hub)),
        ]
        say_goodbye_on_sigterm(hub, loop)
    return _hubs[loop]


def running_hubs() -> list[Hub]:
    """The hubs of this process: one, or none before the first socket."""
    return list(_hubs.values())


async def every(seconds: float, step: Callable[[Hub], Awaitable[None]], hub: Hub) -> None:
    """Take the step again and again; one that fails is logged and tried again."""
    while True:
        try:
            await step(hub)
        except Exception as error:
            logger.warning("%s failed and is tried again in %.0f s: %r", step.__name__, seconds, error)
        await asyncio.sleep(seconds)


async def report(hub: Hub) -> None:
    await housekeeping.read(report_presence, present(hub), len(hub.topics), hub.clocks.window(), viewers(hub))


async def keep_minute(hub: Hub) -> None:
    """A row a minute for the charts of the health page, whichever process is first."""
    await housekeeping.read(note_minute)


async def keep_viewings(hub: Hub) -> None:
    """Write what was shown in the span before the last. One that cannot be written is lost, and the next says so."""
    if not hub.viewings.is_on or (done := hub.viewings.turn()) is None:
        return
    try:
        await housekeeping.read(write, done)
    except Exception:
        hub.viewings.now.lost += done.events + done.lost
        raise


def write(done: OpenSpan) -> None:
    write_span(THIS_PROCESS, done.begun_at, done.ended_at, done.whole(), done.owners, done.lost)


def present(hub: Hub) -> Present:
    """Who is connected to this process."""
    pages = sum(isinstance(watcher, Page) for watcher in hub.everyone)
    return Present(pages, len(hub.everyone) - pages)


def viewers(hub: Hub) -> dict[int, list[str]]:
    """The names of those who have a fixture's page open here, by fixture."""
    names: dict[int, set[str]] = defaultdict(set)
    for watcher in hub.everyone:
        if isinstance(watcher, Page):
            for topic in watcher.versions:
                if isinstance(topic, PageTopic) and topic.part is PEOPLE:
                    names[topic.fixture_id].add(watcher.user_name)
    return {fixture_id: sorted(own) for fixture_id, own in names.items()}


async def end_sessions(hub: Hub) -> None:
    """Close the sockets of those who may not connect any more: signed out, or the token revoked or changed."""
    await end_programs(hub)
    pages = [watcher for watcher in hub.everyone if isinstance(watcher, Page) and watcher.session_key is not None]
    if not pages:
        return
    over = await housekeeping.read(ended, keys_of(pages))
    await dismiss(hub, [page for page in pages if page.session_key in over], SIGN_IN_AGAIN, gettext("Sign in again"))
    pages = [page for page in pages if page.session_key not in over]
    viewers = await housekeeping.read(allowed, {page.user_id for page in pages})
    words = gettext("You may no longer see fixtures; ask an administrator for the trader role")
    await dismiss(hub, [page for page in pages if page.user_id not in viewers], NOT_ALLOWED, words)


async def end_programs(hub: Hub) -> None:
    programs = [watcher for watcher in hub.everyone if isinstance(watcher, Program)]
    if not programs:
        return
    tokens = await housekeeping.read(valid_tokens, {program.token.pk for program in programs})
    over = [program for program in programs if program.token.pk not in tokens]
    await dismiss(hub, over, SIGN_IN_AGAIN, "The token is not valid any more")
    valid = [program for program in programs if program.token.pk in tokens]
    changed = [program for program in valid if not program.token.gives_the_same_as(tokens[program.token.pk])]
    await dismiss(hub, changed, RESTART, "The token opens something else now; connect again")


def valid_tokens(pks: set[int]) -> dict[int, SubscriberToken]:
    return SubscriberToken.objects.valid(timezone.now()).in_bulk(pks)


async def dismiss(hub: Hub, leaving: Sequence[Watcher], code: int, words: str) -> None:
    for watcher in leaving:
        hub.leave(watcher)
    await asyncio.gather(*(watcher.end(code, words) for watcher in leaving))


async def goodbye(hub: Hub) -> None:
    """Tell everybody that this process ends and when to come back, spread over time, then close."""
    hub.is_ending = True
    leaving = list(hub.everyone)
    for watcher in leaving:
        hub.leave(watcher)
    away = [LEAST_SECONDS_AWAY + place / RETURNS_PER_SECOND for place in range(len(leaving))]
    words = gettext("The desk is restarting")
    await asyncio.gather(
        *(
            watcher.end(RESTART, words, watcher.restart(round(seconds, 3)))
            for watcher, seconds in zip(leaving, away, strict=True)
        )
    )
    await housekeeping.read(report_end)
    for _ in range(2):  # the span before, and the one that ends now
        await keep_viewings(hub)
    await asyncio.sleep(LAST_BYTES_SECONDS)


def say_goodbye_on_sigterm(hub: Hub, loop: asyncio.AbstractEventLoop) -> None:
    """Say goodbye before the web server (Daphne or uvicorn) acts on SIGTERM.

    Neither has a hook before it drops its sockets: Daphne closes them with 1006, which looks like a fault.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    server_handler = signal.getsignal(signal.SIGTERM)
    if not callable(server_handler):
        return

    def on_sigterm(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, server_handler)  # a second SIGTERM ends it at once
        end_in_time(DRAIN_SECONDS)
        asyncio.run_coroutine_threadsafe(leave(), loop)

    async def leave() -> None:
        try:
            async with asyncio.timeout(GOODBYE_SECONDS):
                await goodbye(hub)
        except Exception as error:
            logger.warning("The restart could not be announced to everybody: %r", error)
        finally:
            signal.raise_signal(signal.SIGTERM)

    signal.signal(signal.SIGTERM, on_sigterm)


def end_in_time(seconds: float) -> None:
    """End the process then, even where its event loop or another thread hangs."""

    def end() -> None:
        logger.error("The process did not end within %.0f s of SIGTERM, and is ended now", seconds)
        os._exit(1)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
