"""A source's row shows when it last spoke; a message that could not be read is stored once."""

import msgspec
import pytest

from feed.models import FeedSource, RejectedMessage
from feed.store import Received, Rejected, store_batch
from feed.transport import Delivery
from feed.wire import messages as wire

from .received import a_source, at, bet, market_message, received

pytestmark = pytest.mark.usefixtures("either_database")


def heartbeat(sent: float, *interrupted: int) -> Received:
    return received(sent=sent, type=32, heartbeat=wire.Heartbeat(feed_interrupted=list(interrupted)))


def hyper(sent: float) -> Received:
    message = received(sent=sent, type=1)
    return msgspec.structs.replace(
        message, message=msgspec.structs.replace(message.message, dialect=wire.Dialect.HYPER)
    )


def keep_alive(sent: float, *fixtures: int, provider: int | None = None) -> Received:
    return received(sent=sent, type=31, keep_alive=wire.KeepAlive(active_events=list(fixtures), provider_id=provider))


def stored() -> FeedSource:
    return FeedSource.objects.get()


def refused(body: bytes = b"{", reason: str = "not JSON", **fields: object) -> Rejected:
    return Rejected(delivery=Delivery(body=body, received_at=at(3), **fields), reason=reason, kind="syntax")


def test_it_notes_when_the_source_last_spoke():
    source = a_source()
    store_batch(source, [market_message(bet(), sent=5), market_message(bet(), sent=4)])
    assert (stored().last_message_at, stored().last_sent_at) == (at(5.1), at(5))
    assert source.last_message_at == at(5.1)


def test_it_notes_heartbeats_and_what_they_say_is_interrupted():
    store_batch(a_source(), [heartbeat(5, 1)])
    assert (stored().last_heartbeat_at, stored().feed_interrupted) == (at(5.1), [1])
    store_batch(a_source(), [heartbeat(10)])
    assert stored().feed_interrupted == []


def test_a_source_that_brings_hyper_has_no_heartbeat():
    store_batch(a_source(), [market_message(bet())])
    assert stored().has_heartbeat
    store_batch(a_source(), [hyper(1)])
    assert not stored().has_heartbeat


def test_a_source_that_has_sent_a_heartbeat_has_one_whatever_else_it_sends():
    store_batch(a_source(), [hyper(1)])
    store_batch(a_source(), [heartbeat(5)])
    assert stored().has_heartbeat
    store_batch(a_source(), [hyper(6)])
    assert stored().has_heartbeat


def test_it_does_not_believe_an_older_heartbeat_that_comes_later():
    store_batch(a_source(), [heartbeat(10), heartbeat(5, 1)])
    store_batch(a_source(), [heartbeat(6, 1)])
    assert (stored().feed_interrupted, stored().heartbeat_sent_at) == ([], at(10))


def test_it_keeps_the_fixtures_of_the_newest_keep_alive():
    store_batch(a_source(), [keep_alive(0, 7, 8)])
    store_batch(a_source(), [keep_alive(30, 9, 8), keep_alive(20, 1)])
    assert (stored().active_fixtures, stored().last_keep_alive_at) == ([8, 9], at(20.1))
    store_batch(a_source(), [keep_alive(60)])
    assert stored().active_fixtures == []


def test_it_joins_the_keep_alives_of_several_providers():
    store_batch(a_source(), [keep_alive(0, 7, 8, provider=8), keep_alive(1, 8, 9, provider=13)])
    assert stored().active_fixtures == [7, 8, 9]
    store_batch(a_source(), [keep_alive(30, 8, provider=8)])
    assert stored().active_fixtures == [8, 9]
    store_batch(a_source(), [keep_alive(300, 5, provider=8)])
    assert stored().active_fixtures == [5]


def test_it_keeps_a_rejected_message_whole():
    body = bytes(range(256))
    rejection = refused(body, "a\0 reason " + "x" * 600, queue="_123_", headers={"MessageType": "3"})
    assert store_batch(a_source(), [], [rejection]) == []
    row = RejectedMessage.objects.get()
    assert (bytes(row.body), row.queue, row.headers, row.kind) == (body, "_123_", {"MessageType": "3"}, "syntax")
    assert (row.received_at, row.source, row.tries, row.understood_at) == (at(3), a_source(), 1, None)
    assert row.reason.startswith("a reason xxx")
    assert stored().last_message_at == at(3)


def test_it_keeps_a_rejected_message_once_while_it_is_open():
    for _ in range(2):
        store_batch(a_source(), [], [refused(), refused(), refused(b"[")])
    assert RejectedMessage.objects.count() == 2
    RejectedMessage.objects.update(understood_at=at(9))
    store_batch(a_source(), [], [refused()])
    assert RejectedMessage.objects.filter(understood_at=None).count() == 1


def test_it_stores_good_and_rejected_messages_of_a_batch_together():
    (change,) = store_batch(a_source(), [market_message(bet())], [refused()])
    assert (change.revision, RejectedMessage.objects.count()) == (1, 1)


def test_it_writes_nothing_for_an_empty_batch():
    assert store_batch(a_source(), []) == []
    assert stored().last_message_at is None


def test_it_takes_the_time_of_receipt_from_the_delivery():
    message = heartbeat(1).message
    assert Received(message=message, delivery=Delivery(body=b"", received_at=at(7))).received_at == at(7)
    with pytest.raises(TypeError):
        Received(message=message)
