"""The live benchmark itself, with a few sockets: every row is measured, and at rest nothing is lost."""

import pytest

from bench import live

pytestmark = pytest.mark.timeout(240)
FEW = live.Sizes(
    sockets=6,
    fixtures=5,
    rounds=1,
    round_seconds=1.0,
    many=6,
    many_seconds=1.0,
    stalled=2,
    stalled_rounds=1,
    watching=2,
    in_play=5,
    rate=10.0,
    painting_seconds=2.0,
    settle_seconds=0.2,
)


def test_every_row_of_the_live_benchmark_is_measured(redis_url: str, postgresql_url: str, chromium: str):
    cpu, memory, lost, stalled, held, p50, p99 = live.run(FEW)
    assert cpu["ours"] > 0
    assert cpu["reference"] > 0
    assert "memory of a socket" in memory["what"]
    assert lost["holds"] == (lost["ours"] == 0)
    assert lost["frames"] >= FEW.many * FEW.many_seconds / FEW.many_turn / 2
    assert stalled["reference"] > 0
    assert held["holds"]
    assert p50["messages"] == FEW.rate * FEW.painting_seconds
    assert (p50["never"], p50["ours"] <= p99["ours"]) == (0, True)


def test_a_message_is_painted_when_its_row_stands_at_its_revision_or_a_later_one():
    received = [(7, 2, 1000.0), (7, 3, 1100.0), (8, 2, 1000.0), (7, 9, 1200.0)]
    paints = [("row:7", "1.2.1795199400000.1-2.0", 1050.0), ("row:7", "1.4.1795199400000.1-2.0", 1300.0)]
    assert live.until_painted(received, paints, ["row:7"]) == ([50.0, 200.0], 1)
