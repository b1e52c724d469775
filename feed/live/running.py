"""The hub of this web process, and what goes on around it: presence, sessions, a planned restart."""

import asyncio
import logging
import signal
import threading
from collections.abc import Awaitable, Callable, Sequence
from types import FrameType

from django.utils import timezone
from django.utils.translation import gettext

from feed.models import SubscriberToken

from .hub import Hub
from .page import Page
from .presence import TELL_SECONDS, Present, tell, tell_end
from .program import Program
from .reader import Reader
from .sessions import allowed, ended, keys_of
from .watcher import NOT_ALLOWED, RESTART, SIGN_IN_AGAIN, Watcher

logger = logging.getLogger(__name__)

SESSION_SECONDS = 60.0
#: The return after a restart is spread so that so many come back each second.
RETURNS_PER_SECOND = 400
LEAST_SECONDS_AWAY = 1.0
#: How long a process that was asked to end takes to tell everybody.
GOODBYE_SECONDS = 3.0
#: The close frames need a moment to leave before the server drops its sockets.
LAST_BYTES_SECONDS = 0.3

_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}
#: What is written waits for the feed's own writing on some databases; pages must not wait for it.
errands = Reader()


def running_hub() -> Hub:
    """This event loop's hub, started with its first watcher."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        hub = _hubs[loop] = Hub()
        hub.start()
        hub.tasks += [
            asyncio.create_task(every(TELL_SECONDS, tell_presence, hub)),
            asyncio.create_task(every(SESSION_SECONDS, end_sessions, hub)),
        ]
        say_goodbye_on_sigterm(hub, loop)
    return _hubs[loop]


def running_hubs() -> list[Hub]:
    """The hubs of this process: one, or none before the first socket."""
    return list(_hubs.values())


async def every(seconds: float, step: Callable[[Hub], Awaitable[None]], hub: Hub) -> None:
    """Take the step, again and again; one that fails is logged and taken again."""
    while True:
        try:
            await step(hub)
        except Exception as error:
            logger.warning("%s failed and is tried again in %.0f s: %r", step.__name__, seconds, error)
        await asyncio.sleep(seconds)


async def tell_presence(hub: Hub) -> None:
    await errands.read(tell, present(hub), len(hub.having), hub.clocks.window())


def present(hub: Hub) -> Present:
    """Who is connected to this process."""
    pages = sum(isinstance(watcher, Page) for watcher in hub.everyone)
    return Present(pages, len(hub.everyone) - pages)


async def end_sessions(hub: Hub) -> None:
    """Close the sockets of those who are not let in any more: signed out, or the token revoked or changed."""
    await end_programs(hub)
    pages = [watcher for watcher in hub.everyone if isinstance(watcher, Page) and watcher.session_key is not None]
    if not pages:
        return
    over = await errands.read(ended, keys_of(pages))
    await dismiss(hub, [each for each in pages if each.session_key in over], SIGN_IN_AGAIN, gettext("Sign in again"))
    pages = [each for each in pages if each.session_key not in over]
    may = await errands.read(allowed, {each.user_id for each in pages})
    words = gettext("You may not see fixtures any more; ask an administrator for the role trader")
    await dismiss(hub, [each for each in pages if each.user_id not in may], NOT_ALLOWED, words)


async def end_programs(hub: Hub) -> None:
    programs = [each for each in hub.everyone if isinstance(each, Program)]
    if not programs:
        return
    tokens = await errands.read(valid_tokens, {program.token.pk for program in programs})
    over = [each for each in programs if each.token.pk not in tokens]
    await dismiss(hub, over, SIGN_IN_AGAIN, "The token is not valid any more")
    changed = [each for each in programs if each not in over and not each.token.opens_as(tokens[each.token.pk])]
    await dismiss(hub, changed, RESTART, "The token opens something else now; connect again")


def valid_tokens(pks: set[int]) -> dict[int, SubscriberToken]:
    return SubscriberToken.objects.valid(timezone.now()).in_bulk(pks)


async def dismiss(hub: Hub, leaving: Sequence[Watcher], code: int, words: str) -> None:
    for watcher in leaving:
        hub.leave(watcher)
    await asyncio.gather(*(watcher.end(code, words) for watcher in leaving))


async def goodbye(hub: Hub) -> None:
    """Tell everybody that this process ends and when to come back, each at another moment, then close."""
    hub.is_ending = True
    leaving = list(hub.everyone)
    for watcher in leaving:
        hub.leave(watcher)
    away = [LEAST_SECONDS_AWAY + place / RETURNS_PER_SECOND for place in range(len(leaving))]
    words = gettext("The desk restarts")
    await asyncio.gather(
        *(
            watcher.end(RESTART, words, watcher.restart(round(seconds, 3)))
            for watcher, seconds in zip(leaving, away, strict=True)
        )
    )
    await errands.read(tell_end)
    await asyncio.sleep(LAST_BYTES_SECONDS)


def say_goodbye_on_sigterm(hub: Hub, loop: asyncio.AbstractEventLoop) -> None:
    """Put the goodbye before what the web server does on SIGTERM, be it Daphne or uvicorn.

    Neither offers a moment before it drops its sockets: Daphne closes them with 1006, which looks like a fault.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    servers_own = signal.getsignal(signal.SIGTERM)
    if not callable(servers_own):
        return

    def on_sigterm(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, servers_own)  # a second one ends it at once
        asyncio.run_coroutine_threadsafe(leave(), loop)

    async def leave() -> None:
        try:
            async with asyncio.timeout(GOODBYE_SECONDS):
                await goodbye(hub)
        except Exception as error:
            logger.warning("Not everybody could be told of the restart: %r", error)
        finally:
            signal.raise_signal(signal.SIGTERM)

    signal.signal(signal.SIGTERM, on_sigterm)
