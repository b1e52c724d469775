"""What a destination is sent."""

import json
from collections.abc import Iterator
from datetime import timedelta

import httpx
import msgspec
import pytest
from django.utils import timezone

from alarms.message import Kind, Message, body_of, signature
from alarms.sending import NotSent, Target, post, send

NOW = timezone.now()
MESSAGE = Message(
    id="7-began-1", event="began", kind="feed_down", about="Meadow", text="The feed is DOWN.", began_at=NOW
)


def test_a_webhook_is_sent_every_field():
    body = json.loads(body_of(Kind.WEBHOOK, MESSAGE))
    assert {"id", "event", "kind", "about", "text", "began_at", "ended_at"} == body.keys()
    assert body["ended_at"] is None


def test_slack_and_teams_are_sent_a_sentence():
    assert json.loads(body_of(Kind.SLACK, MESSAGE)) == {"text": "The feed is DOWN."}
    card = json.loads(body_of(Kind.TEAMS, MESSAGE))["attachments"][0]["content"]
    assert card["body"][0]["text"] == "The feed is DOWN."


def test_no_name_breaks_a_subject_or_becomes_slacks_markup():
    named = msgspec.structs.replace(MESSAGE, text="The feed a\r\nBcc: x <!channel> is DOWN.")
    assert named.sentence == "The feed a Bcc: x <!channel> is DOWN."
    assert json.loads(body_of(Kind.SLACK, named)) == {"text": "The feed a Bcc: x &lt;!channel&gt; is DOWN."}


def test_that_it_is_over_says_since_when():
    over = msgspec.structs.replace(MESSAGE, ended_at=NOW + timedelta(seconds=1))
    assert over.sentence == f"Over since {NOW + timedelta(seconds=1):%H:%M:%S} UTC: The feed is DOWN."


def test_a_signature_is_of_time_and_body():
    assert signature("k", 1, b"x") != signature("k", 2, b"x")
    assert signature("k", 1, b"x").startswith("t=1,v1=")


def test_what_a_destination_answers_is_not_read():
    def endless() -> Iterator[bytes]:
        raise AssertionError("the answer was read")
        yield b""

    class Endless(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            return endless()

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-encoding": "gzip"}, stream=Endless())

    send(Target(1, Kind.WEBHOOK, "https://hooks.example.com/x", ""), MESSAGE, httpx.MockTransport(answer))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed_with_an_alarm_or_a_body(status: int):
    addresses: list[str] = []

    def moved(request: httpx.Request) -> httpx.Response:
        addresses.append(str(request.url))
        return httpx.Response(status, headers={"location": "https://elsewhere.example.test/"})

    with pytest.raises(NotSent, match=f"It answered with status {status}."):
        post("https://hooks.slack.com/x", {}, b"{}", ["hooks.slack.com"], "", httpx.MockTransport(moved))
    assert addresses == ["https://hooks.slack.com/x"]
