"""What an exam found, for people in a terminal and in a browser, and for programs."""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from .run import Finding, Paper
from .states import TRANSITIONS

#: The share of open prices that may be veiled while all is well.
NEEDLESS_SHARE = 0.01
EXAMPLES = 5
HEAD = ("kind", "trials", "unvouched s", "of price-s", "needless veil", "heal p50 s", "heal worst s", "never healed")
STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin-block: 1rem; }
th, td { text-align: end; padding: .3rem .6rem; border-bottom: 1px solid #8884; }
th:first-child, td:first-child { text-align: start; }
.wrong { color: #d33; font-weight: 600; }
"""


class Report:
    """The papers of all seeds. `is_whole`: all kinds were tried, in all of their ways to end, so that every
    transition must have been seen."""

    def __init__(self, papers: Sequence[Paper], *, is_whole: bool) -> None:
        self.papers = papers
        self.findings = [finding for paper in papers for finding in paper.findings]
        self.is_whole = is_whole

    def failures(self) -> list[str]:
        """What does not hold, in words; nothing where all does."""
        lost = sum(paper.balance.lost for paper in self.papers)
        doubled = sum(paper.balance.doubled for paper in self.papers)
        unvouched = sum(finding.unvouched for finding in self.findings)
        unread = sum(paper.unread for paper in self.papers)
        failures = [f"{unread} messages were never taken from the queues."] if unread else []
        failures += [f"{lost} bets were lost."] if lost else []
        failures += [f"{doubled} rows of history are doubled."] if doubled else []
        failures += [f"Prices looked open for {unvouched:.1f} s that nobody vouched for."] if unvouched else []
        if (share := needless_share(self.findings)) > NEEDLESS_SHARE:
            failures.append(f"{share:.1%} of what was open was veiled though all was well.")
        failures += [f"Never seen: {before} to {after} ({why})." for (before, after), why in self.missing()]
        return failures

    def missing(self) -> list[tuple[tuple[str, str], str]]:
        """The transitions of a source's state that were not seen, of an exam of all kinds."""
        seen = {transition for paper in self.papers for transition in paper.transitions}
        return [(way, why) for way, why in TRANSITIONS.items() if way not in seen] if self.is_whole else []

    def rows(self) -> list[tuple[str, ...]]:
        """The table, a row for each kind."""
        by_kind = sorted(self.findings, key=lambda finding: finding.trial.kind)
        groups = groupby(by_kind, key=lambda finding: finding.trial.kind)
        return [row(kind, list(findings)) for kind, findings in groups]

    def balances(self) -> list[tuple[str, ...]]:
        return [(str(paper.seed), *map(str, paper.balance[:7])) for paper in self.papers]

    def worst(self) -> list[str]:
        """Where prices looked open for longest that nobody vouched for."""
        found = sorted(self.findings, key=lambda finding: -finding.unvouched)
        return [line for finding in found if finding.wrongs for line in lines(finding)]

    def as_text(self) -> str:
        transitions = sorted({way for paper in self.papers for way in paper.transitions})
        parts = [
            table([HEAD, *self.rows()]),
            table([BALANCE, *self.balances()]),
            "Transitions seen: " + ", ".join(f"{before}>{after}" for before, after in transitions),
            "\n".join(self.worst()),
            *(example for paper in self.papers for example in paper.balance.examples),
            "\n".join(self.failures()) or "All holds.",
        ]
        return "\n\n".join(part for part in parts if part)

    def as_json(self) -> bytes:
        papers = [
            {
                "seed": paper.seed,
                "balance": paper.balance._asdict(),
                "unread": paper.unread,
                "transitions": {f"{before}>{after}": times for (before, after), times in paper.transitions.items()},
                "findings": [as_dict(finding) for finding in paper.findings],
            }
            for paper in self.papers
        ]
        return msgspec.json.format(msgspec.json.encode({"failures": self.failures(), "papers": papers}))

    def as_html(self) -> str:
        verdict = "".join(f"<p class=wrong>{escape(failure)}</p>" for failure in self.failures()) or "<p>All holds.</p>"
        worst = "".join(f"<li>{escape(line)}</li>" for line in self.worst())
        return (
            f"<!doctype html><html lang=en><meta charset=utf-8><title>Exam</title><style>{STYLE}</style>"
            f"<h1>Exam</h1>{verdict}{html_table([HEAD, *self.rows()])}{html_table([BALANCE, *self.balances()])}"
            f"<h2>What nobody vouched for</h2><ul>{worst}</ul></html>"
        )

    def write(self, folder: Path) -> None:
        """exam.json and exam.html."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "exam.json").write_bytes(self.as_json())
        (folder / "exam.html").write_text(self.as_html(), encoding="utf-8")


BALANCE = ("seed", "bets", "lost", "unsent", "words", "forgotten", "doubled", "purged")


def needless_share(findings: Iterable[Finding]) -> float:
    found = list(findings)
    of = sum(finding.veil.of for finding in found)
    return sum(finding.veil.needless for finding in found) / of if of else 0.0


def row(kind: str, findings: list[Finding]) -> tuple[str, ...]:
    healed = [finding.healed for finding in findings if finding.healed is not None]
    return (
        kind,
        str(len({(finding.seed, finding.trial.begin) for finding in findings})),
        f"{sum(finding.unvouched for finding in findings):.1f}",
        f"{sum(finding.price_seconds for finding in findings):.0f}",
        f"{needless_share(findings):.2%}",
        f"{median(healed):.1f}" if healed else "-",
        f"{max(healed):.1f}" if healed else "-",
        str(len(findings) - len(healed)),
    )


def lines(finding: Finding) -> list[str]:
    trial = finding.trial
    where = f"seed {finding.seed}, {trial.kind} ({trial.what}; load {trial.load:.1f}), {finding.watcher}"
    where = f"{where}: {finding.unvouched:.1f} s"
    return [where, *(f"  {example(finding, place)}" for place in range(min(EXAMPLES, len(finding.wrongs))))]


def example(finding: Finding, place: int) -> str:
    wrong = finding.wrongs[place]
    after = wrong.begin - finding.trial.broken_at
    bet = "/".join(map(str, wrong.key))
    return f"{bet} at {wrong.price} for {wrong.seconds:.1f} s from {after:+.1f} s on, true was {wrong.truth}"


def as_dict(finding: Finding) -> dict[str, Any]:
    trial = finding.trial
    return {
        "kind": trial.kind,
        "what": trial.what,
        "begin": trial.begin,
        "broken_at": trial.broken_at,
        "ended_at": trial.ended_at,
        "end": trial.end,
        "load": trial.load,
        "watcher": finding.watcher,
        "unvouched_seconds": finding.unvouched,
        "price_seconds": finding.price_seconds,
        "needless_seconds": finding.veil.needless,
        "open_seconds": finding.veil.of,
        "healed_seconds": finding.healed,
        "examples": [example(finding, place) for place in range(min(EXAMPLES, len(finding.wrongs)))],
    }


def table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) if place == 0 else cell.rjust(width) for place, (cell, width) in enumerate(pairs))
        for pairs in (list(zip(cells, widths, strict=True)) for cells in rows)
    )


def html_table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    cells = "".join(f"<th>{escape(cell)}" for cell in head)
    lines = "".join("<tr>" + "".join(f"<td>{escape(cell)}" for cell in row) for row in body)
    return f"<table><tr>{cells}{lines}</table>"
