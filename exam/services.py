"""PostgreSQL, Redis, RabbitMQ and Chromium: where they are, and whether they are there."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pika
import psycopg
import redis
from pika.exceptions import AMQPError

from .processes import CHROMIUM


class Services:
    """Where PostgreSQL, Redis and RabbitMQ are."""

    def __init__(self, database: str, redis: str, amqp: str) -> None:
        self.database = database
        self.redis = redis
        self.amqp = amqp

    @property
    def broker(self) -> pika.URLParameters:
        return pika.URLParameters(self.amqp)

    @property
    def credentials(self) -> tuple[str, str]:
        """The broker's user and password, which are the package's too."""
        parts = urlsplit(self.amqp)
        return unquote(parts.username or "guest"), unquote(parts.password or "guest")

    def missing(self) -> str:
        """What does not answer, in a sentence; empty where all do."""
        try:
            psycopg.connect(self.database, connect_timeout=3).close()
            with redis.Redis.from_url(self.redis, socket_connect_timeout=3) as client:
                client.ping()
            pika.BlockingConnection(self.broker).close()
        except (psycopg.Error, redis.RedisError, AMQPError, OSError) as error:
            return f"A service does not answer: {error!r}"
        if not Path(CHROMIUM).exists():
            return f"There is no Chromium at {CHROMIUM}; CHROMIUM says where it is."
        return ""
