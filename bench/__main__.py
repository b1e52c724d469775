"""All benchmarks in one table: `python -m bench [NAME ...]`. Each row beside its own reference, measured in one run."""

import argparse
import importlib
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

#: In the order of the table. Each has `run() -> list[dict]`, rows as `side_by_side.row` makes them, and runs in a
#: process of its own.
NAMES = [
    "decode",
    "sandbox",
    "ingest",
    "sqlite",
    "lone",
    "rolling",
    "recording",
    "live",
    "own_boards",
    "alerts",
    "attention",
    "greedy",
    "growth",
    "history",
    "pages",
    "browser",
    "lighthouse",
    "servers",
]
FOLDER = Path("var/bench")


def main() -> None:
    """Print the table and write it as JSON. Exits with 1 where a goal is missed."""
    present = [name for name in NAMES if Path(__file__).with_name(f"{name}.py").exists()]
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {', '.join(present)}")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if unknown := set(options.names) - set(present):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(present)}")
    if options.alone:
        (name,) = options.names
        print(json.dumps(importlib.import_module(f"bench.{name}").run()))
        return
    rows = [row for name in options.names or present for row in measured(name)]
    show(rows)
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(rows, indent=1))
    print(f"Written to {path}.")
    raise SystemExit(not all(row["holds"] for row in rows))


def measured(name: str) -> list[dict[str, Any]]:
    """A benchmark's rows, with its name."""
    print(f"Measuring {name} ...", file=sys.stderr)
    command = [sys.executable, "-m", "bench", "--alone", name]
    output = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    rows = json.loads(output.splitlines()[-1])
    return [{"benchmark": name} | row for row in rows]


def show(rows: list[dict[str, Any]]) -> None:
    print(f"\n{'what':<44}{'ours':>10}{'reference':>12}  {'unit':<12}{'ratio':>8}  {'goal':<16}")
    for row in rows:
        figures = (row["ours"], row["reference"], row["ratio"])
        ours, reference, ratio = ("-" if figure is None else f"{figure:,}" for figure in figures)
        mark = "" if not row["goal"] else "ok" if row["holds"] else "MISSED"
        print(f"{row['what']:<44}{ours:>10}{reference:>12}  {row['unit']:<12}{ratio:>8}  {row['goal']:<16}{mark}")


if __name__ == "__main__":
    main()
