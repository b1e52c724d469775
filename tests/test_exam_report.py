"""What an exam says of its papers, and the witness that it judges by."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from exam.count import Veil, Wrong
from exam.page import key_of
from exam.program import read_views
from exam.report import Report
from exam.rows import Balance
from exam.run import Finding, Paper, Trial
from exam.sample import View
from exam.states import TRANSITIONS
from exam.truth import Key, Truth, read_witness
from sandbox.distribution import Distribution
from sandbox.faults import Faults
from sandbox.supplier import Supplier
from sandbox.witness import Witness

START = datetime(2026, 1, 10, 15, tzinfo=UTC)
BET = Key(7, 1, 8, "Over <2>", "2.5")
TRIAL = Trial("lag", "messages come 5 s late", 0, 10, 30, 60, (), 1.5)
GOOD = Finding(1, TRIAL, "page /fixtures/7/", [], Veil(0.2, 100), 4.0, 200)
WHOLE = {way: [12.0] for way in TRANSITIONS}


def paper(finding: Finding = GOOD, transitions: Any = WHOLE, **counts: int) -> Paper:
    return Paper(1, [finding], Balance(10, 0, 0, 30, 0, 0)._replace(**counts), transitions)


def failures(*papers: Paper) -> list[str]:
    return Report(papers, is_whole=True).failures()


def test_an_exam_in_which_all_holds_has_no_failures() -> None:
    assert failures(paper()) == []
    assert "All holds." in Report([paper()], is_whole=True).as_text()


@pytest.mark.parametrize(
    ("wrong_paper", "words"),
    [
        (paper(lost=2), "2 bets were lost."),
        (paper()._replace(unread=4), "4 messages were never taken from the queues."),
        (paper(doubled=3), "3 rows of history are doubled."),
        (paper(GOOD._replace(veil=Veil(3, 100))), "3.0% of what was open was veiled though all was well."),
        (
            paper(GOOD._replace(wrongs=[Wrong(BET, 12, 4.5, Decimal("2.1"), None)])),
            "Prices looked open for 4.5 s that nobody vouched for.",
        ),
        (
            paper(transitions={way: [1.0] for way in TRANSITIONS if way != ("up", "late")}),
            "Never seen: up to late (silence, or messages that come late).",
        ),
    ],
)
def test_each_thing_that_does_not_hold_is_said(wrong_paper: Paper, words: str) -> None:
    assert failures(wrong_paper) == [words]


def test_an_exam_of_some_kinds_demands_no_transitions() -> None:
    assert Report([paper(transitions={})], is_whole=False).failures() == []


def test_the_report_is_written_for_programs_and_for_browsers(tmp_path: Path) -> None:
    wrong = GOOD._replace(wrongs=[Wrong(BET, 12, 4.5, Decimal("2.1"), None)])
    Report([paper(wrong)], is_whole=True).write(tmp_path / "exam")
    (found,) = json.loads((tmp_path / "exam" / "exam.json").read_text())["papers"]
    assert found["findings"][0]["unvouched_seconds"] == 4.5
    assert found["findings"][0]["examples"] == ["7/1/8/Over <2>/2.5 at 2.1 for 4.5 s from +2.0 s on, true was None"]
    assert "Over &lt;2&gt;" in (tmp_path / "exam" / "exam.html").read_text()


def test_a_page_and_a_program_name_a_bet_alike(tmp_path: Path) -> None:
    path = "/fixtures/7/history/?market=1&outcome=Over%20%3C2%3E&line=2.5&provider=8"
    output = tmp_path / "program.log"
    output.write_text(f"a warning\n{json.dumps([1500, BET, '2.10'])}\n[1700]\n[19")
    assert key_of(path) == BET
    assert read_views(output) == ([View(1.5, BET, "2.10")], 1.7)


def witnessed(path: Path, seconds: float, *faults: str) -> tuple[Truth, Supplier]:
    supplier = Supplier(fixtures=12, start=START)
    witness = Witness(path, clock=lambda: supplier.now / 1000)
    distribution = Distribution(supplier, faults=Faults(*faults), witness=witness.note)
    for package, outgoing in distribution.messages(START + timedelta(seconds=seconds)):
        witness.send(package, outgoing)
    witness.close()
    with path.open("rb") as lines:
        return Truth(read_witness(lines)), supplier


def test_the_witness_knows_how_every_bet_of_a_match_stands_though_all_is_lost(tmp_path: Path) -> None:
    truth, supplier = witnessed(tmp_path / "truth.jsonl", 120, "lost:1")
    quotes = {
        (fixture_id, bet.market.id, provider, quote.id): (quote.status, Decimal(f"{quote.price:g}"))
        for fixture_id, coverage in supplier.coverages.items()
        for bet in coverage.offer
        for provider, quote in bet.quotes.items()
    }
    assert len(truth.rows) > 200
    assert {ids: row[:2] for ids, row in truth.rows.items()} == {ids: quotes[ids] for ids in truth.rows}
    assert not truth.sent


def test_the_witness_knows_what_was_sent_and_when(tmp_path: Path) -> None:
    truth, _ = witnessed(tmp_path / "truth.jsonl", 60)
    assert all(row.guid in truth.sent for row in truth.rows.values())
    assert truth.sent_at == sorted(truth.sent_at)
    assert not truth.silences[:-1]


def test_a_service_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "livescore_site.management.commands.exam.POSTGRESQL_URL", "postgres://postgres@127.0.0.1:1/postgres"
    )
    with pytest.raises(CommandError, match="A service does not answer") as ended:
        call_command("exam")
    assert ended.value.returncode == 2


def test_short_and_kinds_contradict_each_other() -> None:
    with pytest.raises(CommandError, match="--short has kinds of its own"):
        call_command("exam", "--short", "--kinds", "lag")
