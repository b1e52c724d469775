"""What a destination is sent, in the format that it accepts. Pure."""

import hashlib
import hmac
import json
from datetime import datetime
from html import escape
from typing import Any

import msgspec

from .models import Destination

Kind = Destination.Kind


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is the same whenever the same message is sent again. `event`: "began", "ended" or "trial"."""

    id: str
    event: str
    kind: str
    about: str
    text: str
    began_at: datetime
    ended_at: datetime | None = None

    @property
    def sentence(self) -> str:
        """The alarm in one line, for people: also the subject of an e-mail."""
        text = " ".join(self.text.split())
        return text if self.ended_at is None else f"Over since {self.ended_at:%H:%M:%S} UTC: {text}"


def body_of(kind: str, message: Message) -> bytes:
    """What a webhook of this kind is sent."""
    if kind == Kind.SLACK:
        return json.dumps({"text": escape(message.sentence, quote=False)}).encode()
    if kind == Kind.TEAMS:
        return json.dumps(teams_card(message.sentence)).encode()
    return msgspec.json.encode(message)


def teams_card(text: str) -> dict[str, Any]:
    """The smallest message that a Teams workflow accepts: one card with one text."""
    block = {"type": "TextBlock", "text": text, "wrap": True}
    card = {"type": "AdaptiveCard", "version": "1.4", "body": [block]}
    return {
        "type": "message",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}],
    }


def signature(secret: str, at: int, body: bytes) -> str:
    """The header Livescore-Signature: HMAC-SHA256 over the time in seconds, a full stop and the body, in hex."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"
