"""ASGI's lifespan: a server that ends the desk by it, rather than by a signal, notifies everybody as well."""

import asyncio
import logging

from feed.live.running import GOODBYE_SECONDS, goodbye, running_hubs
from livescore_site.edge.admission import Application, Message, Receive, Send

logger = logging.getLogger(__name__)


class Lifespan:
    """An ASGI application around another, which is asked everything but when the server begins and ends."""

    def __init__(self, inner: Application) -> None:
        self.inner = inner

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self.inner(scope, receive, send)
            return
        while (event := await receive())["type"] != "lifespan.shutdown":
            await send({"type": f"{event['type']}.complete"})
        await say_goodbye()
        await send({"type": "lifespan.shutdown.complete"})


async def say_goodbye() -> None:
    """Notify everybody who has not been notified yet, within a bounded time."""
    leaving = [hub for hub in running_hubs() if not hub.is_ending]
    try:
        async with asyncio.timeout(GOODBYE_SECONDS):
            await asyncio.gather(*map(goodbye, leaving))
    except Exception as error:
        logger.warning("The end could not be announced to everybody: %r", error)
