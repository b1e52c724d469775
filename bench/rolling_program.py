"""A program on the stream, as the documents' example client is: `python -m bench.rolling_program URL`.

It writes one JSON list a line: ["feed", seconds, state], ["news", seconds] for each message with states or changes,
["current", seconds, whether its states may be used] five times a second, and when it is ended
["bet", [fixture, market, provider, bet], status, price] for each bet that it holds. Its token is in DESK_TOKEN.
"""

import asyncio
import json
import os
import signal
import sys
import time
from typing import Any

from exam.program import EVERY_SECONDS, load_example

NEWS = ("snapshot", "changes")


def write(*line: Any) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def note(message: dict[str, Any]) -> None:
    if message["type"] in NEWS:
        write("news", time.time())
    elif message["type"] == "feed":
        write("feed", time.time(), message["state"])


def write_bets(known: dict[int, Any]) -> None:
    for fixture, state in known.items():
        for market, one in (state.get("markets") or {}).items():
            for provider, offer in one["providers"].items():
                for bet, row in offer["bets"].items():
                    write("bet", [int(fixture), int(market), int(provider), int(bet)], row["status"], row["price"])


async def follow(url: str) -> None:
    follower = load_example().Follower(url, os.environ["DESK_TOKEN"], note, contents="all")
    following = asyncio.create_task(follower.run())
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    while not ended.is_set() and not following.done():
        write("current", time.time(), follower.is_current)
        await asyncio.sleep(EVERY_SECONDS)
    if following.done():
        following.result()
    write_bets(follower.known)


if __name__ == "__main__":
    asyncio.run(follow(sys.argv[1]))
