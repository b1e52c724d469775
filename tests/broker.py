"""A queue of our own in the real broker, and a hand to fill it."""

import secrets
from typing import Any

import pika


class Broker:
    """Declares a queue with a name of its own; `close` deletes it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.queue = f"_test_{secrets.token_hex(4)}_"
        parameters = pika.URLParameters(url)
        # Nobody reads this connection while a test is about something else.
        parameters.heartbeat = 0
        self.connection = pika.BlockingConnection(parameters)
        self.channel = self.connection.channel()
        self.declare()

    def declare(self) -> None:
        self.channel.queue_declare(self.queue)

    def publish(self, *bodies: bytes, headers: dict[str, Any] | None = None) -> None:
        for body in bodies:
            self.channel.basic_publish("", self.queue, body, pika.BasicProperties(headers=headers))

    def depth(self) -> int:
        """Messages that wait; those under way to a consumer are not counted."""
        return self.channel.queue_declare(self.queue, passive=True).method.message_count

    def close(self) -> None:
        self.channel.queue_delete(self.queue)
        self.connection.close()
