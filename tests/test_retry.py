"""Trying refused messages again: what is understood now is stored, the rest keeps its newest reason."""

import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from feed.ingest.retry import retry
from feed.models import FeedSource, Fixture, RejectedMessage

FIXTURE: dict[str, Any] = {
    "Header": {"Type": 1, "MsgSeq": 1, "ServerTimestamp": 1_754_207_767_982},
    "Body": {"Events": [{"FixtureId": 7, "Fixture": {"Sport": {"Id": 6046, "Name": "Football"}, "Status": 1}}]},
}
ALL = RejectedMessage.objects.all


def refused(body: bytes, minutes_ago: float = 0, **fields: Any) -> RejectedMessage:
    source, _ = FeedSource.objects.get_or_create(name="feed")
    return RejectedMessage.objects.create(
        source=source,
        received_at=timezone.now() - timedelta(minutes=minutes_ago),
        reason="was not understood",
        kind="type",
        body=body,
        digest=sha256(body).hexdigest(),
        **fields,
    )


@pytest.mark.django_db(transaction=True)
def test_what_is_understood_now_is_stored_as_of_its_receipt(either_database: str):
    message = refused(json.dumps(FIXTURE).encode(), minutes_ago=9)
    assert retry(ALL()).sentence == "1 understood and stored."
    assert Fixture.objects.get().pk == 7
    assert Fixture.objects.get().received_at == message.received_at
    message.refresh_from_db()
    assert message.understood_at is not None
    assert message.tries == 2


@pytest.mark.django_db
def test_what_is_still_not_understood_keeps_its_newest_reason():
    message = refused(b'{"Header":{"Type":77},"Body":{}}')
    sentence = retry(ALL()).sentence
    message.refresh_from_db()
    assert (message.tries, message.understood_at, message.kind) == (2, None, "type")
    assert message.reason.startswith("messages of type 77 are not read")
    assert sentence == f"None understood; 1 refused again ({message.reason})."


@pytest.mark.django_db
def test_one_bad_message_hurts_no_other():
    refused(b"{", minutes_ago=3)
    refused(json.dumps(FIXTURE).encode(), minutes_ago=2)
    refused(b"", minutes_ago=1)
    result = retry(ALL())
    assert (result.understood, result.refused) == (1, 2)


@pytest.mark.django_db
def test_a_message_that_the_store_cannot_take_is_refused_with_its_reason(monkeypatch: pytest.MonkeyPatch):
    def broken(*args: object) -> None:
        raise ValueError("no room\0")

    monkeypatch.setattr("feed.ingest.retry.store_batch", broken)
    message = refused(json.dumps(FIXTURE).encode())
    retry(ALL())
    message.refresh_from_db()
    assert (message.kind, message.reason) == ("store", "understood, but it cannot be stored: ValueError: no room")


@pytest.mark.django_db
def test_a_lost_database_is_not_the_messages_fault(monkeypatch: pytest.MonkeyPatch):
    def lost(*args: object) -> None:
        raise OperationalError

    monkeypatch.setattr("feed.ingest.retry.store_batch", lost)
    message = refused(json.dumps(FIXTURE).encode())
    with pytest.raises(OperationalError):
        retry(ALL())
    message.refresh_from_db()
    assert message.tries == 1


@pytest.mark.django_db
def test_what_was_understood_is_left_alone():
    refused(json.dumps(FIXTURE).encode(), understood_at=timezone.now())
    assert retry(ALL()).sentence == "There was no message to try again."


@pytest.mark.django_db
def test_very_many_are_tried_in_parts(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("feed.ingest.retry.MOST", 2)
    for number in range(5):
        refused(b"%d" % number, minutes_ago=number)
    result = retry(ALL())
    assert (result.refused, result.left) == (2, 3)
    assert result.sentence.endswith("; 3 left: press again.")
