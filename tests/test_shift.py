"""A shift's hand-over: who has what, what nobody has, what was noted, how feeds stood, and handing it all over."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feed.models import Act, Break, FeedSource, FixtureClaim, FixtureNote, JournalEntry, Recovery
from feed.pages.fixture.suspensions import Suspension
from feed.pages.shift import MOST, read_shift
from feed.store.sources import record_source
from tests.rows import make_fixture, make_scoreboard, make_source, make_trader

pytestmark = pytest.mark.usefixtures("either_database")


@pytest.fixture
def ann(client: Client) -> Client:
    make_source()
    make_scoreboard(make_fixture(7))
    make_fixture(8, "Eastham", "Westbury")
    client.force_login(make_trader())
    make_trader("bob")
    return client


def take(fixture_id: int, name: str = "ann") -> None:
    user = User.objects.get(username=name)
    FixtureClaim.objects.create(fixture_id=fixture_id, user=user, taken_at=timezone.now())


def holders() -> dict[int, str]:
    return dict(FixtureClaim.objects.values_list("fixture_id", "user__username"))


def words(client: Client, address: str = "/shift/") -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content
    return " ".join(response.content.decode().split())


def section(client: Client, name: str) -> str:
    return words(client).partition(f'aria-labelledby="{name}-title"')[2].partition("</section>")[0]


def test_what_is_taken_stands_with_its_score_and_who_has_it(ann: Client):
    take(7, "bob")
    taken = section(ann, "taken")
    assert "Northfield v Southport" in taken
    assert "1:0" in taken
    assert "<td>bob</td>" in taken


def test_what_is_in_play_and_taken_by_nobody_is_listed(ann: Client):
    take(7)
    unclaimed = section(ann, "unclaimed")
    assert "Eastham v Westbury" in unclaimed
    assert "Northfield" not in unclaimed


def test_of_many_that_nobody_has_the_rest_is_a_number(ann: Client):
    for pk in range(100, 100 + MOST):
        make_fixture(pk)
    assert "and 2 more" in section(ann, "unclaimed")


@pytest.mark.parametrize(("hours_ago", "is_shown"), [(7, True), (9, False)])
def test_notes_of_the_shift_are_shown_and_older_ones_are_not(ann: Client, hours_ago: int, is_shown: bool):
    written_at = timezone.now() - timedelta(hours=hours_ago)
    author = User.objects.get(username="bob")
    FixtureNote.objects.create(fixture_id=7, author=author, text="Late team news", written_at=written_at)
    assert ("Late team news" in section(ann, "notes")) is is_shown


def test_a_longer_shift_is_asked_for_by_hours_and_a_wrong_number_is_the_usual_one(ann: Client):
    assert 'href="/shift/?hours=12" aria-current="true"' in words(ann, "/shift/?hours=12")
    assert 'href="/shift/?hours=8" aria-current="true"' in words(ann, "/shift/?hours=99")


def stood(at: datetime, **columns: Any) -> None:
    """The source's row has these columns from then on, and the journal says so."""
    FeedSource.objects.update(**columns)
    known = set(JournalEntry.objects.values_list("pk", flat=True))
    record_source(FeedSource.objects.get().pk)
    revision = int(at.timestamp() * 1_000_000)
    JournalEntry.objects.exclude(pk__in=known).update(
        committed_at=at, received_at=at, revision=revision, keyframe_revision=revision
    )


def test_the_feeds_states_are_told_where_they_changed_newest_first(ann: Client):
    now = timezone.now()
    stood(now - timedelta(hours=20), state="up")
    stood(now - timedelta(hours=3), state="down")
    stood(now - timedelta(hours=2, minutes=30), state="down", doubted_since=now)
    stood(now - timedelta(hours=2), state="up")
    events = read_shift(now - timedelta(hours=8), now).feed
    assert [(event.source, event.words) for event in events] == [("in-play", "is up"), ("in-play", "is down")]


def test_breaks_and_recoveries_are_told_with_what_came_of_them(ann: Client):
    source, now = FeedSource.objects.get(), timezone.now()
    Break.objects.create(source=source, epoch=1, reason="Silence of 40 s", noticed_at=now)
    ended = {"began_at": now, "ended_at": now, "confirmed": 90, "left_over": 2}
    Recovery.objects.create(source=source, epoch=1, reason="after a break", **ended)
    feed = section(ann, "feed")
    assert "Break: Silence of 40 s" in feed
    assert "Recovery: 90 prices confirmed, 2 left over" in feed


def test_what_people_suspended_at_lsports_is_told(ann: Client, monkeypatch: pytest.MonkeyPatch):
    suspension = Suspension(1, None, None, None, 7, 52, "", "carol", timezone.now(), "in-play package")
    monkeypatch.setattr("feed.pages.fixture.suspensions.readers", [lambda: [suspension]])
    closed = section(ann, "closed")
    assert '<a href="/fixtures/7/">Fixture 7</a>' in closed
    assert "<td>carol</td>" in closed


def test_all_that_a_trader_has_is_handed_over_with_a_note_on_each(ann: Client):
    take(7)
    take(8)
    assert ann.post("/shift/hand_over/", {"to": "bob", "text": "Good night"}).status_code == 302
    assert holders() == {7: "bob", 8: "bob"}
    notes = FixtureNote.objects.order_by("fixture_id").values_list("fixture_id", "text")
    assert list(notes) == [(7, "Handed over to bob. Good night"), (8, "Handed over to bob. Good night")]
    assert sorted(Act.objects.filter(kind="fixture.handed_over").values_list("fixture_id", flat=True)) == [7, 8]


def test_what_others_have_stays_theirs(ann: Client):
    make_trader("carol")
    take(7)
    take(8, "carol")
    ann.post("/shift/hand_over/", {"to": "bob"})
    assert holders() == {7: "bob", 8: "carol"}


@pytest.mark.parametrize("name", ["nobody", "guest", "", "ann"])
def test_nothing_is_handed_to_who_is_no_other_trader(ann: Client, name: str):
    User.objects.create_user("guest")
    take(7)
    assert ann.post("/shift/hand_over/", {"to": name}).status_code == 400
    assert holders() == {7: "ann"}


def test_who_has_taken_nothing_is_offered_no_form(ann: Client):
    take(7, "bob")
    assert 'action="/shift/hand_over/"' not in words(ann)
    take(8)
    assert "Hand over all that you have taken (1) to" in words(ann)


def test_the_lists_cost_the_same_queries_however_much_is_in_them(ann: Client):
    now = timezone.now()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            read_shift(now - timedelta(hours=8), now)
        return len(captured)

    take(7)
    FixtureNote.objects.create(fixture_id=7, text="One", written_at=now)
    few = queries()
    for pk in range(20, 60):
        make_fixture(pk)
        take(pk, "bob")
        FixtureNote.objects.create(fixture_id=pk, text="Another", written_at=now)
    assert queries() == few <= 12
