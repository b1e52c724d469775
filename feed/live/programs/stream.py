"""The stream: the desk's state as JSON over a websocket, for programs. docs/asyncapi.yaml describes it."""

import asyncio
import hashlib
from typing import Any

from channels.db import database_sync_to_async
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from feed.live.hub.budget import SUBSCRIPTION_WORK, TooCostly
from feed.live.hub.hub import BEAT_SECONDS, Hub
from feed.live.hub.watcher import (
    CREDIT_FRAMES,
    NOT_UNDERSTOOD,
    RESTART,
    SIGN_IN_AGAIN,
    SILENT_SECONDS,
    TOO_MUCH,
    TRY_LATER,
)
from feed.live.hub_socket import HubSocket
from feed.live.payload import json_text
from feed.live.running import running_hub
from feed.live.sockets import Rate
from feed.models import SubscriberToken

from .messages import MOST_BYTES, Ack, FromProgram, number_of_ids, parse_message
from .program import Program, error

PROTOCOL = "livescore.v1"
#: A browser cannot set headers: it offers the token as a second subprotocol.
BEARER = "bearer."
MOST_MESSAGES_PER_SECOND = 50
#: How long whoever connects too often waits for the refusal.
HELD_SECONDS = 2.0


class StreamSocket(HubSocket):
    """One program's socket. All it is sent comes from the hub, except the answer to an invalid message."""

    async def connect(self) -> None:
        self.program: Program | None = None
        self.rate = Rate(MOST_MESSAGES_PER_SECOND)
        await self.accept(PROTOCOL if PROTOCOL in self.scope["subprotocols"] else None)
        hub, secret = running_hub(), secret_in(self.scope)
        try:
            hub.budget.connect(hashlib.blake2s(secret.encode(), digest_size=8).digest())
        except TooCostly as refusal:
            await asyncio.sleep(HELD_SECONDS)
            await self._refuse(refusal.code, refusal.words)
            return
        token, database = await database_sync_to_async(token_and_database)(secret)
        if hub.is_ending:
            await self._refuse(RESTART, "The desk restarts")
        elif token is None:
            await self._refuse(SIGN_IN_AGAIN, "Send a valid token: Authorization: Bearer <token>")
        elif connections_of(token, hub) >= token.most_connections:
            # After a cut one of them may be dead unnoticed, so it helps to try again.
            await self._refuse(TRY_LATER, f"The token allows {token.most_connections} connections at a time")
        else:
            self.program = Program(hub, token, database, self.send_text, self.close_with)
            hub.watch(self.program, {})
            self.program.write(json_text(hello(token, database)))

    async def _refuse(self, code: int, words: str) -> None:
        """Send the reason in a message as well: not every server sends one with a close code."""
        await self.send_text(json_text(error(code, words)))
        await self.close(code, words)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.program is None:
            return
        if text_data is None or len(text_data) > MOST_BYTES or self.rate.is_too_much():
            await self.program.end(TOO_MUCH, "Messages that are too long, too many, or not text")
            return
        try:
            self.take(self.program, parse_message(text_data))
        except TooCostly as refusal:
            await self.program.end(refusal.code, refusal.words)
        except ValueError as fault:
            words = str(fault)[:300]
            await self.program.end(NOT_UNDERSTOOD, words[:100], json_text(error(NOT_UNDERSTOOD, words)))

    @staticmethod
    def take(program: Program, message: FromProgram) -> None:
        """Do what the program asks for. Raises TooCostly, and ValueError where the token does not allow it."""
        budget = running_hub().budget
        if isinstance(message, Ack):
            budget.spend(program.owner, 1)
            running_hub().acked(program, message.n)
        else:
            budget.spend(program.owner, SUBSCRIPTION_WORK + number_of_ids(message))
            budget.check_states(program.owner)
            program.subscribe(message)

    async def disconnect(self, code: int) -> None:
        if self.program is not None:
            running_hub().leave(self.program)


def connections_of(token: SubscriberToken, hub: Hub) -> int:
    """How many connections of this process the token has."""
    return sum(isinstance(watcher, Program) and watcher.token == token for watcher in hub.everyone)


def secret_in(scope: dict[str, Any]) -> str:
    """The token in the header, or in the subprotocols that a browser offers; "" without one."""
    header = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
    word, _, secret = header.partition(" ")
    if word.lower() == "bearer":
        return secret.strip()
    offers = (name for name in scope["subprotocols"] if name.startswith(BEARER))
    return next(offers, "").removeprefix(BEARER)


def token_and_database(secret: str) -> tuple[SubscriberToken | None, str]:
    """The valid token, noted as used now, and the id of this database."""
    now = timezone.now()
    token = SubscriberToken.objects.with_secret(secret, now)
    if token is not None:
        SubscriberToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token, database_id()


def database_id() -> str:
    """Identifies this database, by when its first table was made: revisions of another database mean nothing here."""
    made = MigrationRecorder.Migration.objects.order_by("id").values_list("applied", flat=True).first()
    return hashlib.blake2s(str(made).encode(), digest_size=8).hexdigest()


def hello(token: SubscriberToken, database: str) -> dict[str, object]:
    """The first message: how this connection works, and what its token opens."""
    return {
        "type": "hello",
        "protocol": PROTOCOL,
        "epoch": database,
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
