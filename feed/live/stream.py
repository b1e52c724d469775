"""The stream: the desk's state as JSON over a websocket, for programs. docs/asyncapi.yaml describes it."""

import hashlib
from typing import Any

from channels.db import database_sync_to_async
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from feed.models import SubscriberToken

from .hub import BEAT_SECONDS
from .hub_socket import HubSocket
from .program import Program, error
from .running import running_hub
from .sockets import NOT_UNDERSTOOD, TOO_MUCH, Rate
from .stream_messages import MOST_BYTES, Ack, as_text, understood
from .watcher import CREDIT_FRAMES, RESTART, SIGN_IN_AGAIN, SILENT_SECONDS, TRY_LATER

PROTOCOL = "livescore.v1"
#: A browser cannot set headers: it offers the token as a second subprotocol.
BEARER = "bearer."
MOST_MESSAGES_PER_SECOND = 50


class StreamSocket(HubSocket):
    """One program's socket. All it is sent comes from the hub, but what answers a message that is wrong."""

    async def connect(self) -> None:
        self.program: Program | None = None
        self.rate = Rate(MOST_MESSAGES_PER_SECOND)
        await self.accept(PROTOCOL if PROTOCOL in self.scope["subprotocols"] else None)
        hub = running_hub()
        token, epoch = await database_sync_to_async(token_and_epoch)(secret_in(self.scope))
        if hub.is_ending:
            await self._refuse(RESTART, "The desk restarts")
        elif token is None:
            await self._refuse(SIGN_IN_AGAIN, "Send a valid token: Authorization: Bearer <token>")
        elif sum(isinstance(each, Program) and each.token == token for each in hub.everyone) >= token.most_connections:
            # Of its own connections one may be dead unnoticed, after a cut: coming back helps.
            await self._refuse(TRY_LATER, f"The token allows {token.most_connections} connections at a time")
        else:
            self.program = Program(hub, token, epoch, self.send_text, self.close_with)
            hub.watch(self.program, {})
            self.program.write(as_text(hello(token, epoch)))

    async def _refuse(self, code: int, words: str) -> None:
        """Say why in a message as well: not every server sends a reason with a code."""
        await self.send_text(as_text(error(code, words)))
        await self.close(code, words)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.program is None:
            return
        if text_data is None or len(text_data) > MOST_BYTES or self.rate.is_too_much():
            await self.program.end(TOO_MUCH, "Too much, too often, or not text")
            return
        try:
            said = understood(text_data)
            if isinstance(said, Ack):
                running_hub().acked(self.program, said.n)
            else:
                self.program.subscribe(said)
        except ValueError as fault:
            words = str(fault)[:300]
            await self.program.end(NOT_UNDERSTOOD, words[:100], as_text(error(NOT_UNDERSTOOD, words)))

    async def disconnect(self, code: int) -> None:
        if self.program is not None:
            running_hub().leave(self.program)


def secret_in(scope: dict[str, Any]) -> str:
    """The token in the header, or in the subprotocols that a browser offers; "" without one."""
    header = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
    word, _, secret = header.partition(" ")
    if word.lower() == "bearer":
        return secret.strip()
    offered = (each for each in scope["subprotocols"] if each.startswith(BEARER))
    return next(offered, "").removeprefix(BEARER)


def token_and_epoch(secret: str) -> tuple[SubscriberToken | None, str]:
    """The valid token, noted as used now, and the name of this database."""
    now = timezone.now()
    token = SubscriberToken.objects.with_secret(secret, now)
    if token is not None:
        SubscriberToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token, epoch()


def epoch() -> str:
    """A word for this database: when its first table was made. Revisions of another mean nothing here."""
    made = MigrationRecorder.Migration.objects.order_by("id").values_list("applied", flat=True).first()
    return hashlib.blake2s(str(made).encode(), digest_size=8).hexdigest()


def hello(token: SubscriberToken, epoch: str) -> dict[str, object]:
    """The first message: how this connection works, and what its token opens."""
    return {
        "type": "hello",
        "protocol": PROTOCOL,
        "epoch": epoch,
        "heartbeat_seconds": BEAT_SECONDS,
        "credit_messages": CREDIT_FRAMES,
        "silent_seconds": SILENT_SECONDS,
        "token": {
            "name": token.name,
            "contents": token.contents,
            "sports": token.sports,
            "leagues": token.leagues,
            "most_fixtures": token.most_fixtures,
        },
    }
