"""Which queue a command takes: from its arguments, else from the environment."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError


def add_queue_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--url",
        default="",
        metavar="AMQP_URL",
        help="amqp(s)://user:password@host:port/virtual-host; better in the environment (AMQP_URL), "
        "since others can read a command's arguments",
    )
    parser.add_argument("--queue", default="", metavar="NAME", help="such as _123_ (AMQP_QUEUE)")


def at_least_one(text: str) -> int:
    """A whole number from 1 on; RabbitMQ understands a prefetch of 0 as no limit."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


def named_queue(options: dict[str, Any]) -> tuple[str, str]:
    """The broker's address and the queue. Raises `CommandError` where one of them is not given anywhere."""
    url = options["url"] or settings.AMQP_URL
    queue = options["queue"] or settings.AMQP_QUEUE
    missing = [name for name, value in (("AMQP_URL", url), ("AMQP_QUEUE", queue)) if not value]
    if missing:
        raise CommandError(f"No queue to take from: set {' and '.join(missing)}, or give --url and --queue.")
    return url, queue
