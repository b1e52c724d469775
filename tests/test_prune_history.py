"""Old history is forgotten by whole days; what the day still needs stays."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from feed.models import Fixture, JournalEntry
from feed.store import batch, store_batch
from feed.store.rows.tables import JOURNAL
from feed.store.sql import partitions, pruning
from tests.emptying import empty_database

from .conftest import default_database
from .journal_rows import all_prices, all_scores, note_score
from .received import FIXTURE, a_source, bet, livescore_message, market_message
from .test_journal import differences, past

TODAY = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)


def history(days_ago: int, number: int) -> None:
    """A price and a score received and stored so many days ago."""
    messages = [market_message(bet(number)), livescore_message(number, str(number), "0")]
    then = TODAY - timedelta(days=days_ago)
    for message in messages:
        message.received_at = then
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "datetime", SimpleNamespace(now=lambda zone: then))
        store_batch(a_source(), messages)


def prune(days: object) -> str:
    out = StringIO()
    with override_settings(KEEP_HISTORY_DAYS=days):
        call_command("tidy", "--only=history", stdout=out)
    return out.getvalue()


def left() -> tuple[list[int], int]:
    return sorted(state.bet_id for state in all_prices()), len(all_scores())


@pytest.mark.usefixtures("either_database")
class TestPruning:
    def test_it_forgets_days_before_those_to_keep(self):
        for number, days_ago in enumerate([5, 3, 2, 0]):
            history(days_ago, number)
        report = prune(2)
        assert left() == ([2, 3], 3), "the score at the beginning of what is kept, and those since"
        assert "from before " in report

    def test_it_changes_nothing_when_nothing_is_old(self):
        history(0, 1)
        prune(1)
        assert left() == ([1], 1)

    def test_it_keeps_bets_and_scores_themselves(self):
        history(9, 1)
        prune(1)
        assert left() == ([], 1)
        source = a_source()
        message = market_message(bet(1, "2.2", 1), sent=1)
        message.received_at = TODAY
        store_batch(source, [message])
        assert left() == ([1], 1)

    def test_every_moment_that_is_kept_has_its_whole_state(self):
        for number, days_ago in enumerate([9, 8, 1]):
            history(days_ago, number)
        moments = [TODAY - timedelta(days=days) for days in (3, 1, 0)]
        before = [past(FIXTURE, moment) for moment in moments]
        keyframe = {"keyframe_revision", "keyframe_at", "entries"}
        prune(5)
        prune(4)
        for moment, state in zip(moments, before, strict=True):
            assert {row[1] for row in differences(past(FIXTURE, moment), state)} <= keyframe
        assert not past(FIXTURE, TODAY - timedelta(days=5))[Fixture], "what was pruned is denied"

    def test_what_is_over_is_not_carried_on(self):
        history(9, 1)
        Fixture.objects.update(status=3)
        prune(5)
        assert not JournalEntry.objects.exists()

    def test_no_statement_reads_more_of_a_forgotten_day_than_one_fixture(self, django_assert_max_num_queries: Any):
        """However much a day holds, none runs into the server's time-out."""
        for number, days_ago in enumerate([9, 8, 1]):
            history(days_ago, number)
        with django_assert_max_num_queries(100) as captured:
            prune(2)
        reads = [q["sql"] for q in captured if q["sql"].startswith("SELECT") and 'FROM "feed_journalentry"' in q["sql"]]
        assert reads
        assert [sql for sql in reads if '"fixture_id" = ' not in sql and "LIMIT 1" not in sql] == []

    def test_it_deletes_in_small_steps(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(pruning, "STEP_ROWS", 2)
        for _ in range(5):
            note_score(FIXTURE, datetime(1999, 1, 1, tzinfo=UTC))
        progress: list[int | None] = []
        pruning.prune(date(2000, 1, 1), lambda table, rows: progress.append(rows))
        assert (left(), progress) == (([], 0), [2, 4, 5])


@pytest.fixture
def on_postgresql(migrated_postgresql: str, transactional_db: None) -> Iterator[None]:
    with default_database(migrated_postgresql):
        yield
        empty_database()


@pytest.mark.usefixtures("on_postgresql")
class TestPartitions:
    def test_it_makes_a_partition_for_each_day(self):
        history(40, 1)
        history(41, 2)
        days = set(partitions.partitions(JOURNAL).values())
        assert {TODAY.date() - timedelta(days=40), TODAY.date() - timedelta(days=41), None} <= days
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM ONLY feed_journalentry_default")
            assert cursor.fetchone() == (0,)

    def test_it_drops_the_partition_of_a_day_that_is_over(self):
        history(44, 1)
        prune(30)
        assert TODAY.date() - timedelta(days=44) not in partitions.partitions(JOURNAL).values()

    def test_it_says_about_how_many_entries_a_dropped_day_had(self):
        day = TODAY.date() - timedelta(days=45)
        assert partitions.make_partition(JOURNAL.name, day, 5000)
        history(45, 1)
        with connection.cursor() as cursor:
            name = partitions.partition_name(JOURNAL.name, day)
            cursor.execute(f"ANALYZE {name}")
            cursor.execute(f"SELECT count(*) FROM {name}")  # noqa: S608
            (entries,) = cursor.fetchone()
        assert entries > 0
        assert f"history: {entries} forgotten" in prune(30)

    def test_days_ahead_are_made_before_their_first_row(self):
        today = date(2031, 5, 1)
        assert partitions.make_partitions_ahead(today)
        days = partitions.partitions(JOURNAL).values()
        assert {today, today + timedelta(days=1), today + timedelta(days=2)} <= set(days)
        assert partitions.make_partitions_ahead(today)

    def test_an_attached_day_has_what_the_table_has(self):
        partitions.make_partitions_ahead(date(2031, 6, 1))
        with connection.cursor() as cursor:
            counts = []
            for table in ("feed_journalentry", "feed_journalentry_20310601"):
                cursor.execute("SELECT count(*) FROM pg_index WHERE indrelid = %s::regclass", [table])
                counts.append(cursor.fetchone()[0])
        assert counts[0] == counts[1] > 0

    def test_the_feed_stores_a_day_that_has_no_partition_though_somebody_reads(self, migrated_postgresql: str):
        with psycopg.connect(migrated_postgresql) as reader:
            reader.execute("SELECT count(*) FROM feed_journalentry")
            begun = time.monotonic()
            history(50, 1)
            assert time.monotonic() - begun < 1
            assert left() == ([1], 1)

    def test_days_ahead_wait_for_a_reader_for_a_second_at_most_and_are_tried_again(self, migrated_postgresql: str):
        today = date(2031, 7, 1)
        with psycopg.connect(migrated_postgresql) as reader:
            reader.execute("SELECT count(*) FROM feed_journalentry")
            assert not partitions.make_partition("feed_journalentry", today, 100)
        assert partitions.make_partition("feed_journalentry", today, 100)

    def test_a_day_that_somebody_reads_is_dropped_when_they_have_read(
        self, migrated_postgresql: str, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(pruning, "PAUSE_SECONDS", 0.05)
        history(52, 1)
        with psycopg.connect(migrated_postgresql) as reader:
            reader.execute("SELECT count(*) FROM feed_journalentry")
            threading.Timer(0.5, reader.rollback).start()
            prune(30)
        assert TODAY.date() - timedelta(days=52) not in partitions.partitions(JOURNAL).values()

    def test_a_day_that_somebody_reads_all_the_time_is_left_and_the_feed_goes_on(
        self, migrated_postgresql: str, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(pruning, "PAUSE_SECONDS", 0.01)
        monkeypatch.setattr(pruning, "ATTEMPTS", 20)
        history(53, 1)
        slowest = []

        def feed_on() -> None:
            for number in range(2, 12):
                begun = time.monotonic()
                history(0, number)
                slowest.append(time.monotonic() - begun)
            connection.close()

        with psycopg.connect(migrated_postgresql) as reader:
            reader.execute("SELECT count(*) FROM feed_journalentry")
            feeding = threading.Thread(target=feed_on)
            feeding.start()
            with pytest.raises(CommandError, match="Somebody held the day feed_journalentry_"):
                prune(30)
            feeding.join()
        assert len(slowest) == 10
        assert max(slowest) < 1
        assert left() == (list(range(1, 12)), 11)

    def test_it_stores_on_a_day_whose_partition_was_dropped(self):
        history(45, 1)
        prune(30)
        history(45, 2)
        assert left() == ([2], 2)
        partitions.KNOWN.clear()
        history(45, 3)
        assert left() == ([2, 3], 3)
