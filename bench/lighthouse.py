"""What Lighthouse says of the trader's pages, on a desktop and of a demo: `python -m bench lighthouse`.

Lighthouse is an npm package, which is installed into this folder when it is first used.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from exam.processes import CHROMIUM, Desk, collected_static, free_port

from .side_by_side import row

HERE = Path(__file__).resolve().parent
PROGRAM = HERE / "node_modules" / ".bin" / "lighthouse"
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"
CATEGORIES = {"performance": 95, "accessibility": 100, "best-practices": 100}
#: Only the board has to load quickly. A busy machine is slow, so the best of several runs counts.
PAGES = {"board": "/", "movers": "/movers/", "preferences": "/preferences/"}
RUNS, TRIES = 3, 4
#: Lighthouse waits up to 45 s until a page has no traffic, which a live page always has; so it is told to give up.
LOADED_MS = 15_000


def run() -> list[dict[str, Any]]:
    """A row for each category of each page: the best score of its runs."""
    install()
    with tempfile.TemporaryDirectory(prefix="desk-lighthouse-") as folder:
        desk, port = Desk(Path(folder)), free_port()
        (desk.folder / "static").symlink_to(collected_static())
        demo = desk.start("manage.py", "demo", "--port", str(port), "--fixtures", "120")
        try:
            base = desk.wait_for(demo, f"http://127.0.0.1:{port}")
            return [line for name, path in PAGES.items() for line in rows(name, base + path)]
        finally:
            desk.close()


def install() -> None:
    """Install Lighthouse in the exact versions of the lockfile."""
    if PROGRAM.exists():
        return
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("Lighthouse is an npm package: install Node.js with npm, then try again.")
    subprocess.run([npm, "ci", "--loglevel=error"], cwd=HERE, check=True, stdout=sys.stderr)


def rows(name: str, address: str) -> list[dict[str, Any]]:
    runs = [scores(address) for _ in range(RUNS)]
    best = {category: max(run[category] for run in runs) for category in CATEGORIES}
    wanted = CATEGORIES if name == "board" else {key: least for key, least in CATEGORIES.items() if least == 100}
    return [
        row(f"{name}: {category}", "of 100", best[category], goal=f">= {least}", holds=best[category] >= least)
        for category, least in wanted.items()
    ]


def scores(address: str) -> dict[str, float]:
    """Lighthouse's scores, of 100; what it finds wrong goes to standard error."""
    command = [str(PROGRAM), address, "--quiet", "--preset=desktop", "--output=json", f"--chrome-flags={FLAGS}"]
    command += [
        f"--only-categories={','.join(CATEGORIES)}",
        "--throttling-method=provided",
        f"--max-wait-for-load={LOADED_MS}",
    ]
    report = json.loads(output_of(command, address))
    for audit in report["audits"].values():
        if audit["score"] is not None and audit["score"] < 0.9 and audit["scoreDisplayMode"] in ("binary", "numeric"):
            print(f"{address}: {audit['id']}: {audit['title']} {audit.get('displayValue', '')}", file=sys.stderr)
    return {category: 100 * report["categories"][category]["score"] for category in CATEGORIES}


def output_of(command: list[str], address: str) -> bytes:
    """The output of Lighthouse. It sometimes fails when it closes its browser; only TRIES failures in a row count."""
    for _ in range(TRIES):
        finished = subprocess.run(command, env={**os.environ, "CHROME_PATH": CHROMIUM}, capture_output=True)
        if not finished.returncode:
            return finished.stdout
    words = finished.stderr.decode(errors="replace").strip()
    raise SystemExit(f"Lighthouse could not look at {address}, {TRIES} times:\n{words}")
