"""`python -m attack [--short] [--only KIND ...] [--json FILE]`: attacks a desk of its own and reports what gave way."""

import argparse
import importlib
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import psycopg
from pika.exceptions import AMQPError

from .report import Findings, as_json, show
from .target import Target, target

#: In this order; each is a module with `run(target, short) -> Findings`.
KINDS = ("rights", "poison", "bombs", "leaks", "floods", "slow", "guessing")
FOLDER = Path("var/attack")


def main(words: Sequence[str] | None = None) -> int:
    """Print the table, write it as JSON. 1 where anything broke, 2 where a service is missing."""
    parser = argparse.ArgumentParser(prog="python -m attack", description=__doc__)
    parser.add_argument("--short", action="store_true", help="fewer attempts of each sort, as in the tests")
    parser.add_argument("--only", nargs="+", choices=KINDS, default=KINDS, metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--json", type=Path, metavar="FILE", help=f"where the report goes, not to {FOLDER}")
    options = parser.parse_args(words)
    began = datetime.now(UTC)
    try:
        findings = attacked([importlib.import_module(f"attack.{kind}") for kind in options.only], options.short)
    except (OSError, psycopg.Error, AMQPError) as error:
        print(f"The attack needs PostgreSQL, Redis and RabbitMQ: {error}", file=sys.stderr)
        return 2
    print(show(findings))
    path = options.json or FOLDER / f"{began:%Y%m%d-%H%M%S}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    seconds = round((datetime.now(UTC) - began).total_seconds())
    path.write_text(as_json(findings, began_at=began.isoformat(), seconds=seconds, short=options.short))
    print(f"Written to {path}, after {seconds} s.")
    return int(any(found.broken for found in findings))


def attacked(kinds: Sequence[ModuleType], short: bool) -> list[Findings]:
    """What each kind found, one after the other against one desk."""
    findings = []
    with target() as desk:
        for kind in kinds:
            began = time.monotonic()
            print(f"{kind.__name__.rpartition('.')[2]}: {(kind.__doc__ or '').splitlines()[0]}", file=sys.stderr)
            findings.append(found(kind, desk, short))
            findings[-1].measure("seconds", time.monotonic() - began)
    return findings


def found(kind: ModuleType, desk: Target, short: bool) -> Findings:
    """What a kind found. One that cannot go on counts as broken; the others still run."""
    try:
        findings: Findings = kind.run(desk, short)
    except Exception as error:
        traceback.print_exc()
        findings = Findings(kind.__name__.rpartition(".")[2])
        findings.check("the attack comes to its end", "", False, repr(error))
    return findings


if __name__ == "__main__":
    # Whoever ends the attack ends its desk too.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    raise SystemExit(main())
