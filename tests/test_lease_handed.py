"""A source that one consumer hands to another that stands by for it, in the state that it has."""

import pytest

from feed.ingest.lease import SourceLease
from feed.models import FeedSource

pytestmark = pytest.mark.django_db(transaction=True)
State = FeedSource.State


@pytest.fixture
def source(either_database: str) -> FeedSource:
    return FeedSource.objects.create(name="Meadow in-play", kind=FeedSource.Kind.QUEUE)


def test_whoever_is_refused_stands_by_at_once(source: FeedSource) -> None:
    first, second = SourceLease(source), SourceLease(source)
    assert first.take() == ""
    assert second.take() != ""
    assert first.hand_over()
    assert second.take() == ""
    assert second.is_handed


def test_a_feed_that_is_handed_over_at_that_very_moment_is_taken_as_it_is(
    source: FeedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = SourceLease(source), SourceLease(source)
    first.take()
    second.take()
    FeedSource.objects.update(state=State.UP)
    answers = iter([lambda: first.hand_over() and False, lambda: SourceLease.take_over(second)])
    monkeypatch.setattr(second, "take_over", lambda: next(answers)())
    assert second.take() == ""
    assert second.is_handed
    assert FeedSource.objects.get().state == State.UP
