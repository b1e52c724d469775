"""What the desk has in the end, against the truth: bets that are lost, history that is lost or doubled."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

import psycopg

from feed.journal.blobs import State, read_market, state_of, state_rows, unpacked
from feed.models import JournalEntry

from .count import Window
from .truth import Ids, Row, Truth

BETS = "SELECT fixture_id, market_id, provider_id, bet_id, status, price FROM feed_bet"
JOURNAL = """
SELECT fixture_id, market_id, blob FROM feed_journalentry WHERE part = %s ORDER BY fixture_id, revision, id
"""
Shown = tuple[int, Decimal | None]
#: A state of a bet, with the id of the source that stated it.
Stated = tuple[int, State]


class Balance(NamedTuple):
    """Of `bets` whose last word was sent, `lost` stand otherwise in the desk; of those whose last word never left the
    supplier, `unsent` do. Of `words` that were sent, `forgotten` are not in the journal, nor are `purged`, which were
    deleted in the queue; `doubled` states are there twice on end, with nothing of the bet changed between. `examples`
    are some of the lost."""

    bets: int
    lost: int
    unsent: int
    words: int
    forgotten: int
    doubled: int
    purged: int = 0
    examples: tuple[str, ...] = ()


def balance(truth: Truth, server: "psycopg.Connection[Any]", purges: Sequence[Window] = ()) -> Balance:
    """Compare the rows, once the desk has had time to take everything in and the supplier has ended.

    `purges` are the times whose messages were deleted in the queue before anybody took them.
    """
    rows = {tuple(row[:4]): (row[4], row[5]) for row in server.execute(BETS)}
    wrong = {ids: last for ids, last in truth.rows.items() if not is_as_stated(rows.get(ids), last)}
    lost = [ids for ids, last in wrong.items() if last.guid in truth.sent]
    history = read_history(server)
    words = {ids: sent_words(truth, stated) for ids, stated in truth.statements.items()}
    missing = {ids: stated - shown(history[ids]) for ids, stated in words.items()}
    forgotten = sum(
        len(missed & sent_words(truth, truth.statements[ids], outside=purges)) for ids, missed in missing.items()
    )
    return Balance(
        bets=sum(last.guid in truth.sent for last in truth.rows.values()),
        lost=len(lost),
        unsent=len(wrong) - len(lost),
        words=sum(map(len, words.values())),
        forgotten=forgotten,
        doubled=sum(before == after for states in history.values() for before, after in pairwise(states)),
        purged=sum(map(len, missing.values())) - forgotten,
        examples=tuple(f"{ids}: {rows.get(ids)} instead of {truth.rows[ids][:2]}" for ids in lost[:5]),
    )


def read_history(server: "psycopg.Connection[Any]") -> dict[Ids, list[Stated]]:
    """Every state that the journal has of each bet, in the order in which they came, with who stated it."""
    history: dict[Ids, list[Stated]] = defaultdict(list)
    for fixture_id, market_id, blob in server.execute(JOURNAL, [JournalEntry.Part.MARKET]):
        for step in read_market(unpacked(blob)).steps:
            moved = [(step.source_id, state) for state in state_rows(step.states)]
            whole = [(row.source_id, State(*state_of(row))) for row in step.bets]
            late = [(step.source_id, state) for state in state_rows(step.late)]
            for source_id, state in (*late, *moved, *whole):
                history[fixture_id, market_id, state.provider_id, state.bet_id].append((source_id, state))
    return history


def shown(states: list[Stated]) -> set[Shown]:
    return {(state.status, state.price) for _, state in states}


def is_as_stated(row: Shown | None, last: Row) -> bool:
    return row is not None and row[0] == last.status and row[1] == last.price


def sent_words(truth: Truth, stated: list[Row], outside: Sequence[Window] = ()) -> set[Shown]:
    """The distinct states of a bet that were sent, at least once `outside` of these times."""
    sent = [(row, truth.sent[row.guid]) for row in stated if row.guid in truth.sent]
    return {
        (row.status, row.price) for row, at in sent if not any(window.begin <= at <= window.end for window in outside)
    }
