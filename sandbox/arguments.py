"""Command line arguments of `manage.py sandbox`, and the words for those that make no sense."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

from .bookmakers import BOOKMAKERS
from .dialects import Odds
from .faults import KINDS
from .packages import parse_package

Value = TypeVar("Value")

EXAMPLES = """
examples:
  manage.py sandbox --record an-hour.jsonl.zst --fast --duration 3600
  manage.py sandbox --amqp amqp://guest:guest@127.0.0.1/ --amqp-vhost-as-is --http 127.0.0.1:8010
  manage.py sandbox --amqp amqp://guest:guest@127.0.0.1/ --fixtures 1000 --rate 3000
  manage.py sandbox --http 127.0.0.1:8010 --package 123:trader:secret --start-inactive --fault api-500

faults (NAME or NAME:NUMBER; with --http also on the page /faults, while it runs):
"""


def in_words(parse: Callable[[str], Value]) -> Callable[[str], Value]:
    """A ValueError's own words reach the user; argparse would hide them."""

    @wraps(parse)
    def parsed(text: str) -> Value:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return parsed


@in_words
def address(text: str) -> tuple[str, int]:
    """HOST:PORT."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise ValueError(f"{text!r} is no HOST:PORT; one is 127.0.0.1:8010")
    return host.strip("[]"), int(port)


@in_words
def count(text: str) -> int:
    if not text.isdigit() or int(text) == 0:
        raise ValueError(f"{text!r} is no number above 0")
    return int(text)


@in_words
def number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < 1e9:
        raise ValueError(f"{text!r} is no number above 0")
    return value


@in_words
def moment(text: str) -> datetime:
    """An ISO time; without a zone it is UTC."""
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    faults = "\n".join(f"  {kind.name:<12} {kind.does} ({kind.number}, {kind.usual:g})" for kind in KINDS.values())
    parser.epilog = EXAMPLES + faults
    add_where(parser.add_argument_group("where to").add_argument)
    add_what(parser.add_argument_group("what").add_argument)
    add_how_long(parser.add_argument_group("how long").add_argument)


def add_where(add: Callable[..., Any]) -> None:
    add("--amqp", metavar="URL", help="publish to this broker, in LSports' virtual hosts and queues")
    add(
        "--amqp-vhost-as-is",
        action="store_true",
        help="publish all into the URL's own virtual host, in queues named for their feeds (StmInPlay_102030_ ...)",
    )
    add("--relay", type=address, metavar="HOST:PORT", help="a way to the broker that the fault cut can cut")
    add("--record", type=Path, metavar="FILE", help="write a recording, .jsonl or .jsonl.zst")
    add("--truth", type=Path, metavar="FILE", help="write what is true and what was sent of it, to judge a desk by")
    add("--http", type=address, metavar="HOST:PORT", help="answer the package APIs there, and the page /faults")


def add_what(add: Callable[..., Any]) -> None:
    add("--seed", type=int, default=1, help="the same seed and start give the same bytes (1)")
    add("--fixtures", type=count, default=40, metavar="N", help="how many at a time (40)")
    add("--in-play", type=count, metavar="N", help="how many of them are under way at the start (about half)")
    most = range(1, len(BOOKMAKERS) + 1)
    add("--bookmakers", type=int, default=5, choices=most, metavar="N", help=f"how many, 1 to {len(BOOKMAKERS)} (5)")
    add("--dialect", default="trade", help="trade, oddservice-xml or hyper; several with commas (trade)")
    add("--odds", type=Odds, choices=list(Odds), default=Odds.BOTH, help="which bets packages have ordered (both)")
    add("--speed", type=number, default=1.0, metavar="N", help="how many times faster contests go (1)")
    add("--rate", type=number, default=0.0, metavar="N", help="at least so many messages a second")
    add(
        "--package",
        type=in_words(parse_package),
        action="append",
        default=[],
        metavar="ID:USER:PASSWORD[:PRODUCT]",
        help="a customer's package, of trade-in-play, trade-pre-match or hyper, or of all; repeatable "
        "(102030:demo:demo)",
    )
    add("--start-inactive", action="store_true", help="packages are served only once they are activated")
    add("--fault", action="append", default=[], metavar="NAME[:NUMBER]", help="repeatable, see below")


def add_how_long(add: Callable[..., Any]) -> None:
    add("--duration", type=number, metavar="SECONDS", help="stop after so long")
    add("--start", type=moment, metavar="TIME", help="begin at this time (ISO, UTC) instead of now")
    add("--fast", action="store_true", help="do not wait: time goes as fast as messages are made")


def contradiction(options: dict[str, Any]) -> str:
    """What is wrong with arguments taken together; empty if nothing."""
    if not (options["amqp"] or options["record"] or options["http"]):
        return "There is nowhere to send to: give --amqp, --record or --http."
    if options["fast"] and (options["amqp"] or options["http"]):
        return "--fast is for recordings alone: a broker and an API are served at the speed of the clock."
    if options["fast"] and not options["duration"]:
        return "--fast needs --duration: it would never end."
    if options["relay"] and not options["amqp"]:
        return "--relay leads to the broker of --amqp, and there is none."
    if options["start_inactive"] and not options["http"]:
        return "--start-inactive needs --http: nobody could activate a package."
    return ""
