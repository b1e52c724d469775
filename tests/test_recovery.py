"""After a break LSports is asked for what was missed; the source is RECOVERING until that has come, and no longer."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import lxml.html
import pytest
from django.test import Client

from feed.live.parts.fixture.scoreboard import SCOREBOARD
from feed.live.parts.fragments import TopicHtml
from feed.live.programs.deltas import sources_message
from feed.models import Bet, FeedSource, LiveDifference, Recovery
from feed.pages.feed_line import feed_line
from feed.recovery.keep_alive import AGAIN, KeepAlive
from feed.recovery.plan import TRIES, Plan
from feed.recovery.recovering import FAILURES_TO_WAIT, Recovering
from feed.recovery.supplier import Reply, Wanted
from feed.store import Received, store_batch
from feed.vouching.source_health import state_of
from feed.vouching.sources import read_vouching

from .packages import make_user, signed_in
from .received import a_source, at, beat, bet, fixture_message, livescore_message, market_message

pytestmark = pytest.mark.django_db
State = FeedSource.State
IN_PLAY, UPCOMING, OVER = 7, 8, 9


class Answering:
    """A supplier of whom a test says what it answers, and which fixtures its answers name."""

    def __init__(self, *names: int) -> None:
        self.names = names
        self.asked_for: list[Wanted] = []
        self.reply = Reply(True, "LSports sent a snapshot.")

    def ask(self, source_id: int, wanted: Wanted) -> Reply:
        self.asked_for.append(wanted)
        if self.reply.is_answered:
            source = FeedSource.objects.get(pk=source_id)
            for pk in self.names:
                if not wanted.fixtures or pk in wanted.fixtures:
                    store_batch(source, [offered(pk, 300, epoch=source.epoch)])
        return self.reply


def offered(pk: int, sent: float, **fields: Any) -> Received:
    message = market_message(bet(1, "1.9", updated=sent), bet(2, "2.1", updated=sent), sent=sent, number=pk)
    return Received(message=message.message, received_at=message.received_at, **fields)


@pytest.fixture
def broken(settings: Any) -> FeedSource:
    """A source with prices of three fixtures, after a break."""
    settings.FEED_RECOVERY_SECONDS = 1200
    source = a_source()
    FeedSource.objects.update(snapshots=FeedSource.Snapshots.ANSWERED)
    statuses = {IN_PLAY: 2, UPCOMING: 1, OVER: 3}
    store_batch(source, [beat(0), *(fixture_message(number=pk, status=status) for pk, status in statuses.items())])
    store_batch(source, [*(offered(pk, 1) for pk in statuses), beat(100)])
    return now_up()


def now_up() -> FeedSource:
    now = datetime.now(UTC)
    FeedSource.objects.update(state=State.UP, state_since=now, last_message_at=now)
    return FeedSource.objects.get()


def recovering(source: FeedSource, supplier: Answering) -> Recovering:
    recovery = Recovery.objects.select_related("source").get(ended_at=None)
    return Recovering(recovery, supplier, lambda source_id: None)


def state() -> State:
    return state_of(FeedSource.objects.get(), datetime.now(UTC)).state


def test_a_break_begins_a_recovery_in_the_same_transaction(broken: FeedSource) -> None:
    recovery = Recovery.objects.get()
    assert (recovery.epoch, recovery.since, recovery.ended_at) == (1, at(0), None)
    assert state() == State.RECOVERING


def test_what_is_in_play_is_asked_for_first_then_what_changed_then_the_rest(broken: FeedSource) -> None:
    supplier = Answering(IN_PLAY, UPCOMING)
    steps = recovering(broken, supplier)
    while steps.take_step():
        pass
    assert supplier.asked_for == [
        Wanted(fixtures=(IN_PLAY,)),
        Wanted(since=at(0) - timedelta(minutes=1)),
    ]
    recovery = Recovery.objects.get()
    assert (recovery.calls, recovery.answers, recovery.confirmed, recovery.left_over) == (2, 2, 4, 0)
    assert recovery.outcome == "Every price is confirmed."
    assert state() == State.UP
    assert Bet.objects.filter(epoch=1).count() == 4


def test_what_lsports_does_not_name_stays_unconfirmed_and_is_named(broken: FeedSource) -> None:
    supplier = Answering(IN_PLAY)
    steps = recovering(broken, supplier)
    while steps.take_step():
        pass
    assert supplier.asked_for[-1] == Wanted(fixtures=(UPCOMING,))
    assert Recovery.objects.get().outcome == "2 prices stay unconfirmed: LSports did not name them."
    assert (state(), Recovery.objects.get().left_over) == (State.UP, 2)


def test_every_page_and_program_says_how_far_it_is(broken: FeedSource) -> None:
    steps = recovering(broken, Answering(IN_PLAY))
    steps.take_step()
    words = "Catching up after a break: 2 of 4 prices confirmed (50 %)."
    line = feed_line(read_vouching(datetime.now(UTC)))
    assert (line.state, line.text) == (State.RECOVERING, f"Test feed: {words.rstrip('.')}")
    (source,) = sources_message(read_vouching(datetime.now(UTC)))["sources"]
    assert (source["state"], source["words"], source["suspended"]) == (State.RECOVERING, words, True)


def test_where_lsports_does_not_answer_the_source_is_up_and_is_asked_for_on(
    broken: FeedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr("feed.recovery.recovering.time.monotonic", lambda: clock[0])
    supplier = Answering(IN_PLAY, UPCOMING)
    supplier.reply = Reply(False, "LSports' server failed.")
    steps = recovering(broken, supplier)
    for _ in range(FAILURES_TO_WAIT):
        assert state() == State.RECOVERING
        assert steps.take_step()
        clock[0] += 60
    assert state() == State.UP
    supplier.reply = Reply(True, "LSports sent a snapshot.")
    while steps.take_step():
        pass
    assert Recovery.objects.get().left_over == 0


def test_a_call_that_fails_again_and_again_does_not_keep_the_rest_waiting(broken: FeedSource) -> None:
    plan = Plan(Recovery.objects.select_related("source").get())
    for _ in range(TRIES):
        assert plan.next() == Wanted(fixtures=(IN_PLAY,))
        plan.failed(Wanted(fixtures=(IN_PLAY,)))
    others = [Wanted(since=at(0) - timedelta(minutes=1)), Wanted(fixtures=(UPCOMING,))]
    for wanted in others:
        assert plan.next() == wanted
        plan.done(wanted)
    assert plan.next() == Wanted(fixtures=(IN_PLAY,))


def test_a_recovery_is_bounded(broken: FeedSource) -> None:
    steps = recovering(broken, Answering())
    steps.recovery.began_at -= timedelta(seconds=1201)
    assert not steps.take_step()
    recovery = Recovery.objects.get()
    assert recovery.outcome.startswith("Ended after 20 min with 4 prices unconfirmed.")
    assert state() == State.UP


def test_a_source_whose_recovery_nobody_ends_is_not_recovering_for_ever(broken: FeedSource) -> None:
    FeedSource.objects.update(recovering_since=datetime.now(UTC) - timedelta(seconds=1201))
    assert state() == State.UP


def test_another_break_begins_another_recovery_that_goes_back_as_far(broken: FeedSource) -> None:
    first = recovering(broken, Answering(IN_PLAY, UPCOMING))
    store_batch(broken, [beat(900)])
    now_up()
    assert not first.end("done")
    old, new = Recovery.objects.order_by("pk")
    assert old.outcome == "Another break came; its recovery goes back to before this one."
    assert (new.epoch, new.since, new.ended_at) == (2, at(0), None)
    assert state() == State.RECOVERING


def test_too_soon_costs_no_try(broken: FeedSource) -> None:
    supplier = Answering()
    supplier.reply = Reply(False, "Too soon.", was_sent=False)
    steps = recovering(broken, supplier)
    assert steps.take_step()
    assert (Recovery.objects.get().calls, steps.failures) == (0, 0)


def test_a_source_without_a_package_says_that_it_cannot_ask(broken: FeedSource) -> None:
    Recovery.objects.all().delete()
    FeedSource.objects.update(snapshots="")
    store_batch(broken, [beat(500)])
    now_up()
    recovery = Recovery.objects.get()
    assert recovery.outcome.startswith("This feed has no package: LSports cannot be asked.")
    assert (recovery.ended_at is not None, state()) == (True, State.UP)


def test_a_triggered_source_is_asked_once(broken: FeedSource) -> None:
    FeedSource.objects.update(snapshots=FeedSource.Snapshots.TRIGGERED)
    supplier = Answering()
    assert not recovering(broken, supplier).take_step()
    assert supplier.asked_for == [Wanted()]
    assert Recovery.objects.get().outcome.startswith("LSports resends all that has not started")


def scoreboard_text() -> str:
    topic = SCOREBOARD.topic(IN_PLAY)
    return " ".join(lxml.html.fromstring(TopicHtml([topic], at(9), 40).fragment(topic).html).text_content().split())


def test_a_score_of_a_feed_without_heartbeats_says_since_when_incidents_may_be_missing(broken: FeedSource) -> None:
    store_batch(broken, [livescore_message(50, "1", "0", number=IN_PLAY)])
    assert "may be missing" not in scoreboard_text()
    FeedSource.objects.update(has_heartbeat=False)
    assert "Incidents may be missing since 12:01:40 UTC" in scoreboard_text()
    store_batch(broken, [livescore_message(200, "2", "0", number=IN_PLAY)])
    assert "may be missing" not in scoreboard_text()


class TestKeepAlive:
    """LSports' list of what is live beside ours."""

    @pytest.fixture
    def lists(self, broken: FeedSource) -> Iterator[Any]:
        supplier = Answering()
        compared = KeepAlive(broken.pk, supplier)

        def take(*active: int) -> list[tuple[int, str, int]]:
            FeedSource.objects.update(active_fixtures=list(active), last_keep_alive_at=datetime.now(UTC))
            compared.take_turn(FeedSource.objects.get())
            return list(LiveDifference.objects.values_list("fixture_id", "kind", "lists").order_by("fixture_id"))

        take.asked_for = supplier.asked_for  # type: ignore[attr-defined]
        take(IN_PLAY)
        return take

    def test_what_both_have_is_no_difference(self, lists: Any) -> None:
        assert lists(IN_PLAY) == []

    def test_what_is_only_here_and_what_is_only_there_differ_and_are_asked_for_after_two_lists(
        self, lists: Any
    ) -> None:
        assert lists(50) == [(IN_PLAY, "missing", 1), (50, "unknown", 1)]
        assert lists.asked_for == []
        assert lists(50) == [(IN_PLAY, "missing", 2), (50, "unknown", 2)]
        assert [set(wanted.fixtures) for wanted in lists.asked_for] == [{IN_PLAY, 50}]
        lists(50)
        assert len(lists.asked_for) == 1
        LiveDifference.objects.update(asked_at=datetime.now(UTC) - AGAIN)
        lists(50)
        assert len(lists.asked_for) == 2

    def test_a_difference_that_is_over_goes(self, lists: Any) -> None:
        lists(50)
        assert lists(IN_PLAY) == []

    def test_a_person_has_one_asked_for_at_once(self, lists: Any) -> None:
        lists(IN_PLAY, 50)
        row = LiveDifference.objects.get()
        make_user("operator", username="olga")
        client: Client = signed_in("olga")
        address = f"/admin/feed/livedifference/{row.pk}/repair/"
        assert f'formaction="{address}"' in client.get("/admin/feed/livedifference/").content.decode()
        assert client.get(address).status_code == 405
        assert client.post(address).status_code == 302
        assert "is being asked for" in client.get("/admin/feed/livedifference/").content.decode()
        lists(IN_PLAY, 50)
        assert lists.asked_for == [Wanted(fixtures=(50,))]
        assert LiveDifference.objects.get().sentence == "LSports sent a snapshot."

    def test_a_person_has_several_asked_for_at_once(self, lists: Any) -> None:
        lists(IN_PLAY, 50, 51)
        make_user("operator", username="olga")
        choice = {"action": "repair", "_selected_action": list(LiveDifference.objects.values_list("pk", flat=True))}
        assert signed_in("olga").post("/admin/feed/livedifference/", choice).status_code == 302
        lists(IN_PLAY, 50, 51)
        assert [set(wanted.fixtures) for wanted in lists.asked_for] == [{50, 51}]

    def test_who_may_only_look_has_no_button(self, lists: Any) -> None:
        lists(IN_PLAY, 50)
        make_user("operator", without="repair_livedifference", username="olga")
        client: Client = signed_in("olga")
        assert "formaction" not in client.get("/admin/feed/livedifference/").content.decode()
        address = f"/admin/feed/livedifference/{LiveDifference.objects.get().pk}/repair/"
        assert client.post(address).status_code == 403
