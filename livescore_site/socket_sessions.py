"""Who is at the other end of a socket, by the session's cookie."""

from collections.abc import Awaitable, Callable
from typing import Any

from channels.auth import AuthMiddleware
from channels.sessions import CookieMiddleware, InstanceSessionWrapper, SessionMiddleware

from accounts.unfinished import FinishedSockets

Message = dict[str, Any]


class SessionReader(SessionMiddleware):
    """Channels' sessions, which no socket here changes: so what is sent need not be held up to see whether one did."""

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        wrapper = InstanceSessionWrapper(scope, send)
        await wrapper.resolve_session()
        await self.inner(wrapper.scope, receive, send)


def signed_in(inner: Any) -> Any:
    """The application, told the session and the user in its scope; nobody, while their sign-in is unfinished."""
    return CookieMiddleware(SessionReader(AuthMiddleware(FinishedSockets(inner))))
