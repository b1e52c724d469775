"""The feed in the admin: sources with their state, numbers nobody knows, refused messages to read and try again."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from feed.models import FeedSource, Fixture, League, Participant, RejectedMessage, Sport, UnknownCode
from feed.vouching.source_health import state_of
from packages_admin.roles import grant

from .packages import make_user, signed_in
from .test_retry import FIXTURE, refused

pytestmark = pytest.mark.django_db
REJECTED = "/admin/feed/rejectedmessage/"


@pytest.fixture
def operator() -> Client:
    make_user("operator")
    return signed_in("operator")


def messages_of(answer: Any) -> list[str]:
    return [message.message for message in get_messages(answer.wsgi_request)]


def test_a_source_shows_its_state_of_this_moment(operator: Client):
    now = timezone.now()
    FeedSource.objects.create(name="well", state="up", state_since=now, last_message_at=now)
    long_ago = now - timedelta(hours=1)
    FeedSource.objects.create(name="silent", state="up", state_since=long_ago, last_message_at=long_ago)
    page = operator.get("/admin/feed/feedsource/").content.decode()
    assert '<span class="state good">up</span>' in page
    assert '<span class="state bad">down</span>' in page
    assert f"Nothing has arrived since {long_ago:%H:%M:%S} UTC." in page


@pytest.fixture
def expecting(operator: Client) -> Client:
    grant(apps, "operator", ["feed.expect_feedsource"])
    return operator


def test_nothing_more_is_expected_of_a_feed_until_it_is_again(expecting: Client):
    source = FeedSource.objects.create(
        name="_123_", kind="queue", state="down", state_since=timezone.now(), state_reason="The consumer was stopped."
    )
    list_of_sources = "/admin/feed/feedsource/"
    answer = expecting.post(list_of_sources, {"action": "expect_nothing", "_selected_action": [source.pk]}, follow=True)
    assert "Changed: _123_." in answer.content.decode()
    health = state_of(FeedSource.objects.get(), timezone.now())
    assert (health.state, health.reason) == ("off", "Switched off by operator.")
    expecting.post(list_of_sources, {"action": "expect_again", "_selected_action": [source.pk]})
    assert state_of(FeedSource.objects.get(), timezone.now()).reason == "The consumer was stopped."
    assert list(LogEntry.objects.order_by("pk").values_list("change_message", flat=True)) == [
        "Nothing more is expected.",
        "Messages are expected again.",
    ]


def test_saying_what_is_expected_needs_its_permission():
    source = FeedSource.objects.create(name="_123_", kind="queue")
    make_user("operator", without="expect_feedsource")
    signed_in("operator").post("/admin/feed/feedsource/", {"action": "expect_nothing", "_selected_action": [source.pk]})
    assert FeedSource.objects.get().off_since is None


def test_an_unknown_number_tells_its_story(operator: Client):
    seen = {"first_seen_at": datetime(2026, 11, 17, 9, 5, tzinfo=UTC), "last_seen_at": timezone.now()}
    UnknownCode.objects.create(kind="statistic", code=4711, seen=3, last_fixture_id=7, **seen)
    UnknownCode.objects.create(kind="period", code=61, seen=1, **seen)
    UnknownCode.objects.create(kind="incident kind", code=0, word="Weather", seen=2, **seen)
    page = operator.get("/admin/feed/unknowncode/").content.decode()
    assert "seen 3 times since Tue 17 Nov 2026, 09:05, last in fixture 7" in page
    assert "seen once since Tue 17 Nov 2026, 09:05" in page
    assert "statistic 4711" in page
    assert "incident kind Weather" in page


def test_a_fixture_is_found_by_its_id_and_by_who_plays(operator: Client):
    for number, name in ((71, "Northport"), (72, "Lakeside")):
        Fixture.objects.create(pk=number, sport=Sport.objects.get_or_create(pk=1, name="Football")[0])
        Participant.objects.create(fixture_id=number, participant_id=number, name=name, position=1)
        Participant.objects.create(fixture_id=number, participant_id=number + 100, name=f"{name} B", position=2)
    for wanted in ("72", "lakes"):
        page = operator.get(f"/admin/feed/fixture/?q={wanted}").content.decode()
        assert "/admin/feed/fixture/72/change/" in page
        assert "/admin/feed/fixture/71/change/" not in page
        assert page.count("/admin/feed/fixture/72/change/") == 1


@pytest.mark.parametrize("model", ["feedsource", "fixture", "unknowncode", "rejectedmessage"])
def test_what_the_feed_writes_nobody_changes(model: str, operator: Client):
    source = FeedSource.objects.create(pk=7, name="seven")
    now = timezone.now()
    Fixture.objects.create(pk=7, league=League.objects.create(pk=1, name="L"))
    UnknownCode.objects.create(pk=7, kind="period", code=1, first_seen_at=now, last_seen_at=now)
    RejectedMessage.objects.create(pk=7, source=source, received_at=now, reason="r", body=b"{", digest="d")
    assert operator.get(f"/admin/feed/{model}/7/change/").status_code == 200
    for path in ("7/change/", "7/delete/", "add/"):
        assert operator.post(f"/admin/feed/{model}/{path}", {"post": "yes"}).status_code == 403


def test_refused_messages_are_listed_with_their_reasons_and_sizes(operator: Client):
    refused(b"{")
    refused(b"x" * 5000, understood_at=timezone.now())
    page = operator.get(REJECTED).content.decode()
    assert "was not understood" in page
    assert "1 bytes" in page
    assert "5,000 bytes" in page
    assert "5,000 bytes" not in operator.get(f"{REJECTED}?understood=no").content.decode()
    assert "5,000 bytes" in operator.get(f"{REJECTED}?understood=yes").content.decode()


def test_the_list_does_not_read_the_bodies(operator: Client, django_assert_max_num_queries: Any):
    for number in range(20):
        refused(b"%d" % number * 1000)
    with django_assert_max_num_queries(12) as seen:
        operator.get(REJECTED)
    assert not [query for query in seen.captured_queries if '"body" AS' in query["sql"] or '."body",' in query["sql"]]


def test_a_body_is_shown_readable_and_harmless(operator: Client):
    message = refused(b'{"Name":"<script>alert(1)</script>","Id":30713932524605698}')
    page = operator.get(f"{REJECTED}{message.pk}/change/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&quot;Name&quot;: &quot;&lt;script&gt;alert(1)&lt;/script&gt;&quot;," in page
    assert "30713932524605698" in page


def test_one_message_is_tried_again(operator: Client):
    first, second = refused(json.dumps(FIXTURE).encode()), refused(b"{")
    answer = operator.post(f"{REJECTED}{first.pk}/retry/")
    assert (answer.url, messages_of(answer)) == (f"{REJECTED}{first.pk}/change/", ["1 understood and stored."])
    assert RejectedMessage.objects.get(understood_at=None) == second
    page = operator.get(f"{REJECTED}{first.pk}/change/").content.decode()
    assert f"{REJECTED}{first.pk}/retry/" not in page


def test_chosen_ones_and_all_are_tried_again(operator: Client):
    chosen, other = refused(b"{"), refused(b"[")
    operator.post(REJECTED, {"action": "retry_selected", "_selected_action": [chosen.pk]})
    assert list(RejectedMessage.objects.order_by("pk").values_list("tries", flat=True)) == [2, 1]
    operator.post(f"{REJECTED}retry/")
    other.refresh_from_db()
    assert other.tries == 2


@pytest.mark.parametrize("path", ["retry/", "{pk}/retry/"])
def test_trying_again_takes_a_post_and_its_permission(path: str):
    make_user("operator", without="retry_rejectedmessage")
    message = refused(b"{")
    browser = signed_in("operator")
    address = REJECTED + path.format(pk=message.pk)
    assert browser.post(address).status_code == 403
    assert browser.get(address).status_code == 405
    assert "Try" not in browser.get(REJECTED).content.decode()
    assert "Try again" not in browser.get(f"{REJECTED}{message.pk}/change/").content.decode()
    message.refresh_from_db()
    assert message.tries == 1


def test_the_index_counts_what_is_not_understood(operator: Client):
    refused(b"{")
    page = operator.get("/admin/").content.decode()
    assert "1 message not understood" in page
