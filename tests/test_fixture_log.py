"""A fixture's log: every message that spoke of it, what it changed, the message itself for operators, and files."""

import csv
import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.tampering import Holdings
from feed.ingest.loop import Ingest
from feed.live.hub.shown import Shown
from feed.models import Bet, Break, FeedSource, JournalEntry, LeafBatch
from feed.operations.log import downloads
from feed.pages.log import bodies
from feed.pages.log.messages import LogScope, read_log
from feed.store.sql.pruning import forget_details
from tests.feed_messages import ListTransport, fixture, livescore, market
from tests.provable import BODIES, FIXTURE, OTHER, holdings
from tests.test_proof_page import client_of

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = f"/fixtures/{FIXTURE}/log/"
OWN = [body for body in BODIES if body and f'"FixtureId": {FIXTURE}'.encode() in body]


@pytest.fixture
def desk(either_database: str, tmp_path: Path, settings: Any) -> Holdings:
    made = holdings(tmp_path)
    settings.RECORDINGS = str(made.recordings)
    return made


def messages(**scope: Any) -> list[Any]:
    """Newest first."""
    return [line for batch in read_log(FIXTURE, LogScope(**scope)).batches for line in reversed(batch.shown)]


def rows(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


class TestMessages:
    def test_every_message_of_the_fixture_is_there_and_no_other(self, desk: Holdings):
        assert len(messages()) == len(OWN)
        assert {found.source for found in messages()} == {"Meadow%20in-play"}

    def test_a_message_has_what_its_header_says(self, desk: Holdings):
        (found,) = messages(type=2)
        assert found.details.type == 2
        assert found.details.sent_at is not None
        assert found.received_at <= found.committed_at

    def test_one_that_changed_nothing_is_there_too(self, desk: Holdings):
        source = FeedSource.objects.get()
        again = livescore(FIXTURE, 1, 0, seconds=5)
        Ingest(ListTransport([again]), source).run()
        newest = read_log(FIXTURE, LogScope()).batches[0]
        assert [found.details.type for found in newest.messages] == [2]
        assert newest.entries == []
        assert JournalEntry.objects.filter(fixture_id=FIXTURE, part=JournalEntry.Part.UNCHANGED).count() == 1

    @pytest.mark.parametrize("scope", [{"type": 3}, {"market": 1}, {"text": "no such guid"}], ids=str)
    def test_a_filter_leaves_out_what_does_not_fit(self, desk: Holdings, scope: dict[str, Any]):
        prices = [body for body in OWN if b'"Markets": [' in body]
        assert len(messages(**scope)) == (0 if "text" in scope else len(prices))

    def test_pages_follow_one_another_without_gap_or_repeat(self, desk: Holdings):
        whole = [found.number for found in messages()]
        read: list[int] = []
        before = None
        for _ in range(len(whole)):
            found = read_log(FIXTURE, LogScope(end=before), most=3)
            read += [one.number for batch in found.batches for one in reversed(batch.shown)]
            before = found.before
            if before is None:
                break
        assert read == whole

    def test_details_are_forgotten_with_the_journal_and_the_leaves_stay(self, desk: Holdings):
        count = LeafBatch.objects.count()
        forget_details(timezone.now() + timedelta(days=1))
        assert {found.has_details for found in messages()} == {False}
        assert LeafBatch.objects.count() == count

    def test_numbers_that_are_missing_are_counted(self, either_database: str):
        source = FeedSource.objects.create(name="f", kind=FeedSource.Kind.QUEUE)
        numbered = [market(FIXTURE, f"1.{n}", seconds=n) for n in (11, 12, 15)]
        Ingest(ListTransport([fixture(FIXTURE), *numbered]), source).run()
        assert [found.missing for found in messages(type=3)] == [2, 0, 0]


class TestPage:
    def test_a_trader_sees_types_times_and_what_changed(self, desk: Holdings):
        page = text(client_of("trader"), PAGE)
        assert page.count("Market") > 20
        assert "Livescore" in page
        assert "scoreboard 1–0" in page
        assert "2.29" in page
        assert "as it came" not in page

    def test_it_costs_the_same_queries_however_many_messages_there_are(self, desk: Holdings):
        client = client_of("trader")
        client.get(PAGE)
        counts = []
        for address in (f"{PAGE}?type=2", PAGE):
            with CaptureQueriesContext(connection) as seen:
                client.get(address)
            counts.append(len(seen))
        assert counts[1] - counts[0] <= 3  # the breaks and recoveries, which a search leaves out
        assert counts[1] <= 30

    def test_a_price_leads_to_the_message_that_said_it(self, desk: Holdings):
        bet = Bet.objects.filter(fixture_id=FIXTURE).first()
        assert bet is not None
        client = client_of("trader")
        answer = client.get(f"{PAGE}?price={bet.provider_id}/{bet.bet_id}")
        assert answer.status_code == 302
        page = text(client, answer.url.partition("#")[0])
        marked = page.partition('aria-current="true"')[2].partition("</tr>")[0]
        assert str(bet.price.normalize() if bet.price else "") in marked

    def test_a_part_leads_to_the_message_that_said_it(self, desk: Holdings):
        entry = JournalEntry.objects.filter(fixture_id=FIXTURE, part=JournalEntry.Part.SCOREBOARD).latest("revision")
        answer = client_of("trader").get(f"{PAGE}?part={entry.part}&revision={entry.revision}")
        assert f"{entry.committed_at:%H:%M:%S}" in answer.url

    @pytest.mark.parametrize("words", ["price=8/1", "price=x/y", "part=5&revision=999999", "at=yesterday", "before=x"])
    def test_what_leads_nowhere_is_not_found(self, desk: Holdings, words: str):
        assert client_of("trader").get(f"{PAGE}?{words}").status_code == 404

    def test_a_time_that_ends_before_it_begins_is_named(self, desk: Holdings):
        page = text(client_of("trader"), f"{PAGE}?begin=2026-05-02T10:00&end=2026-05-01T10:00", 400)
        assert "The end must be later than the beginning." in page

    def test_a_break_stands_between_the_messages(self, desk: Holdings):
        at = messages()[3].committed_at
        Break.objects.create(source=FeedSource.objects.get(), epoch=9, reason="The cable was cut.", noticed_at=at)
        assert "The cable was cut." in text(client_of("trader"), PAGE)

    def test_what_the_hub_pushed_and_pages_painted_is_said(self, desk: Holdings, monkeypatch: pytest.MonkeyPatch):
        at = messages()[0].committed_at
        shown = Shown()
        shown.note_pushed({(FIXTURE, at)}, at + timedelta(milliseconds=250))
        shown.note_painted({(FIXTURE, at)}, 500)
        monkeypatch.setattr("feed.operations.log.lines.SHOWN", shown)
        page = text(client_of("trader"), PAGE)
        assert (at + timedelta(milliseconds=250)).isoformat() in page
        assert (at + timedelta(milliseconds=750)).isoformat() in page

    def test_somebody_without_a_role_sees_none_of_it(self, desk: Holdings):
        client = client_of("nobody")
        addresses = [PAGE, f"{PAGE}1/", f"/fixtures/{FIXTURE}/log.csv", f"/fixtures/{FIXTURE}/log.zip"]
        assert {client.get(address).status_code for address in addresses} == {403}


class TestFiles:
    def test_the_csv_has_a_line_for_each_message(self, desk: Holdings):
        found = rows(client_of("trader").get(f"/fixtures/{FIXTURE}/log.csv"))
        assert len([row for row in found if row["number"]]) == len(OWN)
        assert {len(row["sha256"]) for row in found if row["number"]} == {44}

    def test_no_spreadsheet_runs_what_lsports_wrote(self, either_database: str):
        source = FeedSource.objects.create(name="=cmd()", kind=FeedSource.Kind.QUEUE)
        formula = market(FIXTURE, "1.5").replace(b'"g"', b'"=cmd|calc!A0"')
        Ingest(ListTransport([fixture(FIXTURE), formula]), source).run()
        found = rows(client_of("trader").get(f"/fixtures/{FIXTURE}/log.csv"))
        assert "'=cmd|calc!A0" in [row["msg_guid"] for row in found]
        assert not [value for row in found for value in row.values() if value and value[0] in "=+-@"]

    def test_a_csv_that_was_cut_says_so(self, desk: Holdings):
        lines = list(downloads.csv_lines(FIXTURE, LogScope(), 3))
        assert len(lines) == 1 + 3 + 1
        assert "Cut: there are older messages." in lines[-1]

    def test_the_zip_has_the_messages_byte_by_byte(self, desk: Holdings):
        answer = client_of("operator").get(f"/fixtures/{FIXTURE}/log.zip")
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        bodies_there = {archive.read(name) for name in archive.namelist() if name.startswith("messages/")}
        assert bodies_there == set(OWN) - {BODIES[0]}  # the first was not recorded
        assert b"no recording has the others" in archive.read("README.txt")

    def test_a_zip_that_was_cut_says_so(self, desk: Holdings, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(downloads, "MOST_BYTES", 1000)
        archive = zipfile.ZipFile(io.BytesIO(downloads.zipped(FIXTURE, LogScope(), desk.recordings)))
        assert b"Cut after" in archive.read("README.txt")
        assert len(archive.namelist()) < len(OWN)

    def test_traders_are_given_no_message_as_it_came(self, desk: Holdings):
        client, number = client_of("trader"), messages()[0].number
        assert client.get(f"{PAGE}{number}/").status_code == 403
        assert client.get(f"/fixtures/{FIXTURE}/log.zip").status_code == 403

    def test_whoever_asks_while_recordings_are_read_is_told_when_to_come_back(self, desk: Holdings):
        client, number = client_of("operator"), messages()[0].number
        with downloads.READING:
            answers = [client.get(address) for address in (f"/fixtures/{FIXTURE}/log.zip", f"{PAGE}{number}/")]
        assert [(answer.status_code, answer["Retry-After"]) for answer in answers] == [(503, "20")] * 2
        assert b"Recordings are being read for somebody else." in answers[0].content
        assert client.get(f"{PAGE}{number}/").content == OWN[-1]

    def test_operators_are_given_a_message_as_it_came(self, desk: Holdings):
        answer = client_of("operator").get(f"{PAGE}{messages()[0].number}/")
        assert answer.content == OWN[-1]
        assert answer["Content-Type"] == "text/plain; charset=utf-8"

    def test_a_message_is_given_only_as_one_of_its_own_fixture(self, desk: Holdings):
        number = messages()[0].number
        assert client_of("operator").get(f"/fixtures/{OTHER}/log/{number}/").status_code == 404

    def test_one_that_no_recording_has_is_not_there(self, desk: Holdings):
        page = text(client_of("operator"), f"{PAGE}{messages()[-1].number}/", 404)
        assert "no recording has it" in page

    def test_reading_recordings_takes_no_longer_than_it_may(self, desk: Holdings):
        with pytest.raises(bodies.TookTooLong):
            list(bodies.bodies_of(messages(), desk.recordings, 1.0, clock=iter([0.0, 2.0]).__next__))


class TestCommand:
    def test_it_prints_what_the_csv_has(self, desk: Holdings):
        out = io.StringIO()
        call_command("fixture_log", str(FIXTURE), "--type", "3", stdout=out)
        found = list(csv.DictReader(io.StringIO(out.getvalue())))
        assert [int(row["number"]) for row in found] == [one.number for one in messages(type=3)]

    @pytest.mark.parametrize(
        ("words", "why"),
        [
            (["77"], "LSports has not sent a fixture 77."),
            ([str(2**70)], "LSports has not sent a fixture"),
            (["7", "--from", "noon"], "--from: "),
            (["7", "--from", "2026-05-02T10:00", "--to", "2026-05-01T10:00"], "--to: it must be later than --from."),
        ],
        ids=["unknown", "too large", "no time", "backwards"],
    )
    def test_it_says_what_is_wrong(self, desk: Holdings, words: list[str], why: str):
        with pytest.raises(CommandError, match=re.escape(why)):
            call_command("fixture_log", *words)


class TestShown:
    def test_what_is_pushed_with_a_later_change_is_pushed_with_that(self):
        now = timezone.now()
        shown, second = Shown(), timedelta(seconds=1)
        shown.note_pushed({(7, now)}, now + second)
        shown.note_pushed({(7, now + 4 * second)}, now + 5 * second)
        commits = [now - second, now, now + 3 * second, now + 6 * second]
        assert shown.of(7, commits) == {now: (now + second, None), commits[2]: (now + 5 * second, None)}

    def test_the_first_push_counts_and_the_oldest_are_forgotten(self):
        now, shown = timezone.now(), Shown(most=2)
        for number in range(3):
            shown.note_pushed({(number, now)}, now)
            shown.note_pushed({(number, now)}, now + timedelta(seconds=9))
            shown.note_painted({(number, now)}, 5)
        assert shown.of(0, [now]) == {}
        assert shown.of(2, [now]) == {now: (now, now + timedelta(milliseconds=5))}
        assert len(shown.painted) == 2
