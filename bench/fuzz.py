"""Tries to make `wire` fail, on all cores: `python -m bench.fuzz` (or `make fuzz N=1000000`).

Real and generated messages with small mutations, and messages that hypothesis makes up. Nothing but DecodeError
may come out of `decode`; what is accepted must hold what `feed.wire.messages` promises, and the store must take it, on
SQLite and on PostgreSQL (where one answers at DATABASE_TEST_URL). Inputs that fail are written to var/fuzz.
"""

import argparse
import hashlib
import multiprocessing
import os
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from random import Random

import msgspec
from hypothesis import HealthCheck, given, seed, settings

from bench.generated import MESSAGES
from feed.wire import DecodeError, decode, decode_piece
from feed.wire.messages import Message
from feed.wire.summary import counts
from feed.wire.unknown import unknown_codes

from .invariants import broken
from .mutate import mutated, seeds
from .scratch import Scratch, scratch_databases

CHUNK = 5_000
#: Inputs of each chunk that hypothesis makes, which is slow.
MADE_UP = 250
#: One in this many accepted inputs is stored as well.
STORED = 10
FAILURES = Path(__file__).resolve().parent.parent / "var" / "fuzz"


class Tally(msgspec.Struct):
    """What a chunk of inputs came to. `refused` counts kinds of reasons; `failures` are inputs and what came out."""

    inputs: int = 0
    accepted: int = 0
    stored: int = 0
    slowest: float = 0.0
    refused: Counter[str] = msgspec.field(default_factory=Counter)
    failures: list[tuple[bytes, str]] = msgspec.field(default_factory=list)

    def add(self, other: "Tally") -> None:
        self.inputs += other.inputs
        self.accepted += other.accepted
        self.stored += other.stored
        self.slowest = max(self.slowest, other.slowest)
        self.refused += other.refused
        self.failures += other.failures


def fuzz(number: int, count: int, made_up: int, scratch: Scratch | None = None) -> Tally:
    """Try `count` mutated messages and `made_up` of hypothesis; `number` seeds both, so a chunk can be repeated."""
    tally, taken = Tally(), list[tuple[bytes, Message]]()

    def take(body: bytes) -> None:
        message = attempt(body, tally, decode_piece if tally.inputs % 8 == 0 else decode)
        if message is not None and tally.accepted % STORED == 0:
            taken.append((body, message))

    random, corpus = Random(number), seeds()
    for _ in range(count):
        take(mutated(random, corpus))
    if made_up:
        make_up(number, made_up, take)
    if scratch is not None:
        tally.failures += scratch.store(taken)
        tally.stored = len(taken)
    return tally


def attempt(body: bytes, tally: Tally, read: Callable[[bytes], Message] = decode) -> Message | None:
    """Decode one input and count it; None where it was refused or failed."""
    tally.inputs += 1
    started = time.perf_counter()
    try:
        message = read(body)
        wrong = broken(message)
        unknown_codes(message)
        counts(message)
    except DecodeError as error:
        tally.refused[error.kind] += 1
        return None
    except BaseException:
        tally.failures.append((body, traceback.format_exc()))
        return None
    finally:
        tally.slowest = max(tally.slowest, time.perf_counter() - started)
    tally.accepted += 1
    if wrong:
        tally.failures.append((body, "; ".join(wrong[:5])))
        return None
    return message


def make_up(number: int, count: int, take: Callable[[bytes], None]) -> None:
    """Have hypothesis make up `count` messages."""

    @seed(number)
    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(MESSAGES)
    def made_up(body: bytes) -> None:
        take(body)

    made_up()


def work(job: tuple[int, int, int]) -> Tally:
    return fuzz(*job, scratch)


def prepare(databases: "multiprocessing.Queue[str]") -> None:
    """Give this process a store on a database of its own."""
    global scratch
    scratch = Scratch(url) if (url := databases.get()) else None


def results(inputs: int, first: int, databases: list[str]) -> Iterator[Tally]:
    """The chunks' tallies, as they are done, by one process for each database; where that is "", it stores none."""
    jobs = ((first + n, min(CHUNK, inputs - n * CHUNK), MADE_UP) for n in range(-(-inputs // CHUNK)))
    context = multiprocessing.get_context("spawn")
    queue: multiprocessing.Queue[str] = context.Queue()
    for url in databases:
        queue.put(url)
    with context.Pool(len(databases), prepare, (queue,)) as pool:
        yield from pool.imap_unordered(work, jobs)


def write_failures(failures: list[tuple[bytes, str]]) -> None:
    """Write each input that failed, and what came out, into files."""
    for body, what in failures:
        FAILURES.mkdir(parents=True, exist_ok=True)
        path = FAILURES / hashlib.sha256(body).hexdigest()[:16]
        path.with_suffix(".input").write_bytes(body)
        path.with_suffix(".txt").write_text(what)
        print(f"\nFAILED {path.with_suffix('.input')}\n{what[-1500:]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="?", type=int, default=1_000_000, help="how many (default 1,000,000)")
    parser.add_argument("--seconds", type=float, default=1800, help="stop after so long (default 1800)")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="default: one for each core")
    parser.add_argument("--seed", type=int, default=0, help="0 (default): the same inputs each time")
    parser.add_argument("--no-store", action="store_true", help="decode only")
    options = parser.parse_args()

    with nullcontext([""] * options.processes) if options.no_store else scratch_databases(options.processes) as urls:
        kinds = ", ".join(sorted({url.partition(":")[0] for url in urls if url})) or "nothing"
        print(f"{options.inputs:,} inputs, {options.processes} processes, stored on: {kinds}")
        total = run(options, urls)
    print(f"\nRefused: {', '.join(f'{count:,} {kind}' for kind, count in total.refused.most_common())}")
    print(f"The slowest input took {total.slowest * 1000:.0f} ms.")
    raise SystemExit(bool(total.failures))


def run(options: argparse.Namespace, databases: list[str]) -> Tally:
    """Try them all, or as many as there is time for, and show the progress."""
    total, started = Tally(), time.monotonic()
    for tally in results(options.inputs, options.seed, databases):
        total.add(tally)
        write_failures(tally.failures)
        seconds = time.monotonic() - started
        print(
            f"\r{total.inputs:>10,} tried  {total.accepted:>9,} accepted  {total.stored:>8,} stored  "
            f"{len(total.failures)} failed  {total.inputs / seconds:>7,.0f}/s",
            end="",
            flush=True,
        )
        if seconds > options.seconds:
            print(f"\nStopped after {seconds:.0f} s, before all inputs were tried.")
            break
    return total


scratch: Scratch | None = None

if __name__ == "__main__":
    main()
