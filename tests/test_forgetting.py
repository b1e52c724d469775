"""What is too old is forgotten, what is not stays, and the feed waits for neither."""

import os
import threading
import time
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from accounts.models import Guesses, UserSession
from feed.models import Alert, AlertRule, Bet, Fixture, FixtureNote, RejectedMessage, Scoreboard, UnknownCode
from feed.store import store_batch
from feed.store.sql import forgetting, pruning
from livescore_site.forgetting import pieces
from livescore_site.forgetting.rules import RULES
from packages_admin.models import Package, PackageCall

from .received import a_source, livescore_message
from .rows import make_bet, make_fixture, make_market, make_scoreboard, make_source, make_trader
from .test_prune_history import history, on_postgresql  # noqa: F401 - a fixture

NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=40)
LATELY = NOW - timedelta(days=20)
OVER, IN_PLAY = 3, 2


def forget_now(*only: str) -> str:
    out = StringIO()
    call_command("tidy", *[f"--only={name}" for name in only], stdout=out)
    return out.getvalue()


def over_since(pk: int, at: datetime, **fields: Any) -> Fixture:
    fixture = make_fixture(pk, **{"status": OVER, "start_at": at, "stored_at": at, **fields})
    make_scoreboard(fixture)
    make_bet(make_market(fixture), "1", "1.5")
    return fixture


@pytest.mark.usefixtures("either_database")
@pytest.mark.django_db(transaction=True)
class TestFixtures:
    def test_one_that_is_long_over_goes_with_all_that_is_its_own(self):
        FixtureNote.objects.create(fixture=over_since(1, LONG_AGO), text="watch out", written_at=LONG_AGO)
        over_since(2, LATELY)
        assert "fixtures: 1 forgotten" in forget_now("fixtures")
        left = [set(model.objects.values_list("fixture_id", flat=True)) for model in (Bet, Scoreboard)]
        assert (set(Fixture.objects.values_list("pk", flat=True)), *left) == ({2}, {2}, {2})
        assert not FixtureNote.objects.exists()

    @pytest.mark.parametrize("fields", [{"status": IN_PLAY}, {"stored_at": LATELY}, {"start_at": NOW}])
    def test_one_that_goes_on_or_was_spoken_of_lately_stays(self, fields: dict[str, Any]):
        over_since(1, LONG_AGO, **fields)
        forget_now("fixtures")
        assert Fixture.objects.count() == 1

    def test_all_go_however_many_they_are(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(forgetting, "LOOKED_UP", 2)
        for pk in range(5):
            over_since(pk + 1, LONG_AGO)
        assert "fixtures: 5 forgotten" in forget_now("fixtures")


@pytest.mark.usefixtures("either_database")
@pytest.mark.django_db(transaction=True)
class TestTheRest:
    def test_rejected_messages_and_unknown_numbers(self):
        for number, at in enumerate((LONG_AGO, LATELY)):
            RejectedMessage.objects.create(
                source=a_source(), received_at=at, reason="odd", body=b"", digest=str(number)
            )
            UnknownCode.objects.create(kind="status", code=number, first_seen_at=at, last_seen_at=at)
        forget_now("rejected", "unknown")
        assert (RejectedMessage.objects.count(), UnknownCode.objects.count()) == (1, 1)

    def test_calls_but_the_last_of_each_package(self, settings: Any):
        settings.KEEP_CALLS_DAYS = 30
        package = Package.objects.create(name="Meadow", product="hyper", package_id=1)
        calls = [
            PackageCall.objects.create(package=package, package_name="Meadow", action="status", asked_at=LONG_AGO)
            for _ in range(3)
        ]
        Package.objects.update(last_call=calls[1])
        forget_now("calls")
        assert list(PackageCall.objects.all()) == [calls[1]]

    def test_alerts_that_were_raised_long_ago_but_no_rule(self):
        rule = AlertRule.objects.create(user=make_trader(), kind="goal", name="goals", made_at=LONG_AGO)
        for at in (LONG_AGO, LATELY):
            Alert.objects.create(rule=rule, fixture_id=1, about="1", text="Goal", at=at)
        forget_now("alerts")
        assert (Alert.objects.count(), AlertRule.objects.count()) == (1, 1)

    def test_sessions_that_have_ended_and_tries_to_sign_in(self):
        Session.objects.create(session_key="old", session_data="", expire_date=NOW - timedelta(days=1))
        Session.objects.create(session_key="new", session_data="", expire_date=NOW + timedelta(days=1))
        for key in ("old", "new"):
            UserSession.objects.create(
                session_key=key, user=make_trader(key), began_at=LATELY, seen_at=LATELY, address="", browser=""
            )
        Guesses.objects.create(key="name:ann", times=[], last_at=LONG_AGO)
        forget_now("sessions", "sign-ins")
        assert [row.session_key for row in UserSession.objects.all()] == ["new"]
        assert (Session.objects.count(), Guesses.objects.count()) == (1, 0)

    def test_recordings_and_no_other_files(self, settings: Any, tmp_path: Path):
        settings.RECORDINGS = tmp_path
        for name in ("feed-1.jsonl.zst", "feed-2.jsonl.zst", "notes.txt"):
            (tmp_path / name).write_text("")
        for name in ("feed-1.jsonl.zst", "notes.txt"):
            os.utime(tmp_path / name, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))
        assert "recordings: 1 forgotten" in forget_now("recordings")
        assert sorted(path.name for path in tmp_path.iterdir()) == ["feed-2.jsonl.zst", "notes.txt"]

    def test_no_days_are_for_ever(self, settings: Any):
        settings.KEEP_FIXTURES_DAYS = 0
        over_since(1, LONG_AGO)
        assert "fixtures: kept for ever" in forget_now()
        assert Fixture.objects.count() == 1

    def test_everything_that_it_forgets_it_names(self):
        report = forget_now()
        assert [line.partition(":")[0] for line in report.splitlines()] == [rule.name for rule in RULES]

    def test_one_thing_that_the_database_refuses_to_forget_stops_no_other(self, monkeypatch: pytest.MonkeyPatch):
        def refused(*arguments: Any) -> None:
            raise OperationalError("canceling statement due to statement timeout")

        over_since(1, LONG_AGO)
        monkeypatch.setattr("livescore_site.forgetting.rules.prune", refused)
        words = "The database refused to forget history: canceling statement due to statement timeout."
        with pytest.raises(CommandError, match=words):
            forget_now()
        assert not Fixture.objects.exists()


@pytest.mark.usefixtures("on_postgresql")
class TestWhileOthersWork:
    def test_the_feed_waits_for_no_reader_and_for_no_piece(
        self, migrated_postgresql: str, monkeypatch: pytest.MonkeyPatch
    ):
        """A reader stands open all the time: a day of history is held, all else goes, no batch waits for a second."""
        monkeypatch.setattr(pruning, "ATTEMPTS", 3)
        monkeypatch.setattr(pruning, "PAUSE_SECONDS", 0.1)
        history(60, 1)
        for pk in range(100, 200):
            over_since(pk, LONG_AGO)
        ending, slowest = threading.Event(), []

        def feed_on() -> None:
            number = 0
            while not ending.is_set():
                number += 1
                begun = time.monotonic()
                store_batch(a_source(), [livescore_message(number, str(number), "0", seq=number)])
                slowest.append(time.monotonic() - begun)
            connection.close()

        with psycopg.connect(migrated_postgresql) as reader:
            reader.execute("SELECT count(*) FROM feed_journalentry, feed_fixture, feed_bet, feed_rejectedmessage")
            feeding = threading.Thread(target=feed_on)
            feeding.start()
            try:
                with pytest.raises(CommandError, match="Somebody held the day feed_journalentry_"):
                    forget_now()
            finally:
                ending.set()
                feeding.join()
        assert not Fixture.objects.filter(pk__gte=100).exists()
        assert len(slowest) > 10
        assert max(slowest) < 1

    def test_a_row_that_somebody_holds_is_left_after_short_waits(
        self, migrated_postgresql: str, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(pieces, "TRIES", 2)
        monkeypatch.setattr(pieces, "AGAIN_SECONDS", 0.0)
        monkeypatch.setattr(pieces, "LOCK_MILLISECONDS", 50)
        RejectedMessage.objects.create(source=make_source(), received_at=LONG_AGO, reason="odd", body=b"", digest="1")
        with psycopg.connect(migrated_postgresql) as writer:
            writer.execute("SELECT * FROM feed_rejectedmessage FOR UPDATE")
            begun = time.monotonic()
            with pytest.raises(CommandError, match="Somebody held rejected messages"):
                forget_now("rejected")
            assert time.monotonic() - begun < 2
        forget_now("rejected")
        assert not RejectedMessage.objects.exists()

    def test_a_fixture_that_the_feed_writes_to_just_now_is_left(self, migrated_postgresql: str):
        for pk in (1, 2):
            over_since(pk, LONG_AGO)
        with psycopg.connect(migrated_postgresql) as writer:
            writer.execute("SELECT * FROM feed_fixture WHERE id = 1 FOR UPDATE")
            assert "fixtures: 1 forgotten" in forget_now("fixtures")
        assert list(Fixture.objects.values_list("pk", flat=True)) == [1]
