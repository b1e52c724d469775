"""A program on the stream, as the documents' example client is: `python -m exam.program URL FIXTURE ...`.

It writes one JSON list a line, [epoch ms, [fixture, market, provider, name, line], price | "" | null], whenever a bet
may be traded at another price than before: five times a second it looks at what its client holds. Its token is in
DESK_TOKEN.
"""

import asyncio
import importlib.util
import json
import os
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from .sample import View
from .truth import Key

EXAMPLE = Path(__file__).resolve().parent.parent / "docs" / "examples" / "stream_client.py"
EVERY_SECONDS = 0.2


def load_example() -> Any:
    """docs/examples/stream_client.py as a module."""
    spec = importlib.util.spec_from_file_location("stream_client", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def shown(follower: Any) -> dict[Key, str]:
    """What the client would trade: each bet's price, or "" where it would not."""
    return {key: text for state in follower.states.values() for key, text in bets_of(follower, state)}


def bets_of(follower: Any, state: dict[str, Any]) -> Iterator[tuple[Key, str]]:
    for market_id, market in (state.get("markets") or {}).items():
        for provider_id, provider in market["providers"].items():
            for bet in provider["bets"].values():
                key = Key(state["id"], int(market_id), int(provider_id), bet["name"], bet["line"] or "")
                yield key, bet["price"] if follower.may_be_traded(bet) else ""


async def write_views(follower: Any) -> None:
    """Write the program's views, for ever."""
    before: dict[Key, str] = {}
    while True:
        now, at = shown(follower), int(time.time() * 1000)
        changes: list[tuple[Key, str | None]] = [(key, text) for key, text in now.items() if before.get(key) != text]
        changes += [(key, None) for key in before.keys() - now.keys()]
        for key, text in changes:
            sys.stdout.write(json.dumps([at, key, text]) + "\n")
        sys.stdout.write(json.dumps([at]) + "\n")
        sys.stdout.flush()
        before = now
        await asyncio.sleep(EVERY_SECONDS)


async def follow(url: str, fixtures: list[int]) -> None:
    follower = load_example().Follower(url, os.environ["DESK_TOKEN"], fixtures=fixtures, contents="prices")
    await asyncio.gather(follower.run(), write_views(follower))


def read_views(path: Path) -> tuple[list[View], float]:
    """What a program printed, and when it last looked. Prices are rounded as on a page."""
    views, until = [], 0.0
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("[") or not line.endswith("]"):
            continue
        at, *rest = json.loads(line)
        until = at / 1000
        if rest:
            views.append(View(until, Key(*rest[0]), rest[1] and f"{Decimal(rest[1])}"))
    return views, until


if __name__ == "__main__":
    asyncio.run(follow(sys.argv[1], [int(number) for number in sys.argv[2:]]))
