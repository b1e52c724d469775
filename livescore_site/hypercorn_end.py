"""How hypercorn is changed here: everybody is notified before it closes the sockets.

It answers lifespan's shutdown last, when its sockets are gone. So programs heard 1011 and not when to come back.
"""

import sys
from typing import Any

from livescore_site.lifespan import say_goodbye

SERVER = "hypercorn.asyncio.run"


def tell_before_hypercorn_ends() -> None:
    """Where hypercorn serves this, let its workers say goodbye first. Its code is loaded, and no worker has begun."""
    server: Any = sys.modules.get(SERVER)
    if server is not None:
        server.WorkerContext = telling(server.WorkerContext)


def telling(context: type[Any]) -> type[Any]:
    """hypercorn's context of a worker, whose end is announced before it comes."""

    class TellingContext(context):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            end = self.terminated.set

            async def say_goodbye_and_end() -> None:
                await say_goodbye()
                await end()

            self.terminated.set = say_goodbye_and_end

    return TellingContext
