"""What was shown: noted as it happens, written in spans, found again by whose it was and when."""

import hashlib
from datetime import timedelta

import pytest

from feed.live import running
from feed.live.hub import viewings as keeping
from feed.live.hub.hub import Hub
from feed.live.hub.viewings import OpenSpan, Viewings, note_painted
from feed.live.page import Page
from feed.live.parts.board.row import ROW
from feed.models import ViewerSalt, ViewingSpan
from feed.viewings.reading import Shown, ShownTopic, shown_to
from feed.viewings.viewers import forget, hash_of
from feed.viewings.writing import write_span
from livescore_site.forgetting.rules import forget_viewings

from .viewed import ANN, BEGAN, Desk, fragment, new_desk


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return new_desk(monkeypatch)


def shown(seconds: float, viewer: tuple[str, int] = ANN) -> list[Shown]:
    who = hash_of(viewer)
    return shown_to(who, BEGAN + timedelta(seconds=seconds)) if who else []


def of_row(seconds: float, number: int = 7) -> ShownTopic:
    (found,) = shown(seconds)
    return found.topics[f"row:{number}"]


@pytest.mark.django_db
class TestSpans:
    def test_a_frame_is_there_from_when_it_was_pushed_with_its_html_s_digest(self, desk: Desk):
        page = desk.page()
        desk.watch(page, {ROW.topic(7): "1"})
        desk.clock.go(3)
        desk.push(page, fragment(7, "2"))
        desk.end(10)
        assert (of_row(2).version, of_row(2).came_with_page) == ("1", True)
        later = of_row(4)
        assert (later.version, later.since) == ("2", BEGAN + timedelta(seconds=3))
        assert hashlib.sha256(b"<p>2.10</p>").hexdigest().startswith(later.digest)
        assert len(later.digest) == 32

    def test_when_it_was_painted_is_half_the_way_there_and_the_time_on_the_page(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ):
        page = desk.page()
        monkeypatch.setattr("feed.live.hub.watcher.time.monotonic", lambda: 100.0)
        desk.push(page, fragment(7, "2"))
        monkeypatch.setattr("feed.live.hub.watcher.time.monotonic", lambda: 100.25)
        note_painted(page.note_acked(1), [(30.0, 200.0)])
        desk.end(10)
        assert of_row(4).painted_at == BEGAN + timedelta(milliseconds=10 + 30)

    def test_what_a_hidden_window_took_is_said_so(self, desk: Desk):
        page = desk.page()
        desk.push(page, fragment(7, "2"))
        note_painted(page.note_acked(1), [])
        desk.end(10)
        assert of_row(4).is_hidden
        assert of_row(4).painted_at is None

    def test_what_the_page_does_not_show_any_more_is_gone(self, desk: Desk):
        page = desk.page()
        desk.watch(page, {ROW.topic(7): "1", ROW.topic(8): "1"})
        desk.clock.go(5)
        desk.watch(page, {ROW.topic(8): "1"})
        desk.end(10)
        assert set(shown(4)[0].topics) == {"row:7", "row:8"}
        assert set(shown(6)[0].topics) == {"row:8"}

    def test_a_socket_that_was_closed_shows_nothing(self, desk: Desk):
        page = desk.page()
        desk.watch(page, {ROW.topic(7): "1"})
        desk.clock.go(5)
        desk.viewings.note_left(page)
        desk.end(10)
        assert len(shown(4)) == 1
        assert shown(6) == []

    def test_a_page_that_watches_again_after_it_left_is_another_socket(self, desk: Desk):
        page = desk.page()
        desk.watch(page, {ROW.topic(7): "1"})
        desk.clock.go(5)
        desk.viewings.note_left(page)
        page.versions = {}
        desk.watch(page, {ROW.topic(7): "3"})
        desk.end(10)
        assert [of_row(second).version for second in (4, 6)] == ["1", "3"]
        assert shown(4)[0].number != shown(6)[0].number

    def test_what_was_pushed_spans_ago_still_stands_with_its_digest_and_since_when(self, desk: Desk):
        page = desk.page()
        desk.push(page, fragment(7, "2"))
        for second in (10, 20, 30, 40):
            desk.turn(second)
        assert of_row(25) == of_row(5)
        assert of_row(25).since == BEGAN

    def test_the_digest_of_what_was_pushed_long_ago_stands_in_every_span(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("feed.viewings.reading.MOST_BACK", 0)
        page = desk.page()
        desk.push(page, fragment(7, "2"))
        for second in (10, 20, 30, 40):
            desk.turn(second)
        assert (of_row(25).digest, of_row(25).since) == (of_row(5).digest, None)

    def test_pages_of_two_people_are_kept_apart(self, desk: Desk):
        for owner, version in ((ANN, "1"), (("user", 6), "2"), (("token", 5), "3")):
            desk.watch(desk.page(owner), {ROW.topic(7): version})
        desk.end(10)
        found = {viewer: shown(5, viewer)[0].topics["row:7"].version for viewer in (ANN, ("user", 6), ("token", 5))}
        assert list(found.values()) == ["1", "2", "3"]

    def test_two_pages_of_one_person_are_both_found_the_latest_first(self, desk: Desk):
        for second in (1, 2):
            desk.clock.go(second)
            desk.watch(desk.page(), {ROW.topic(second): "1"})
        desk.end(10)
        assert [list(found.topics) for found in shown(5)] == [["row:2"], ["row:1"]]

    def test_what_a_page_asks_for_and_has_not_got_is_not_shown(self, desk: Desk):
        desk.watch(desk.page(), {ROW.topic(7): ""})
        desk.end(10)
        assert shown(5)[0].topics == {}

    def test_more_than_fits_is_counted_as_lost(self, desk: Desk, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(keeping, "MOST_EVENTS", 2)
        page = desk.page()
        for version in ("2", "3", "4", "5"):
            desk.push(page, fragment(7, version))
        desk.end(10)
        assert (of_row(5).version, shown(5)[0].lost) == ("3", 2)

    def test_nothing_is_noted_where_the_settings_say_so(self, desk: Desk):
        desk.viewings = Viewings(is_on=False)
        page = desk.page()
        desk.watch(page, {ROW.topic(7): "1"})
        desk.push(page, fragment(7, "2"))
        desk.viewings.note_left(page)
        assert desk.viewings.now.viewings == []

    def test_a_span_in_which_nobody_was_connected_is_not_written(self, desk: Desk):
        desk.end(10)
        assert not ViewingSpan.objects.exists()

    def test_names_are_hashed_and_whose_salt_is_deleted_is_found_no_more(self, desk: Desk):
        desk.watch(desk.page(), {ROW.topic(7): "1"})
        desk.end(10)
        before = hash_of(ANN)
        assert forget(ANN)
        assert hash_of(ANN) is None
        desk.watch(desk.page(), {ROW.topic(7): "1"})
        desk.end(30)
        assert hash_of(ANN) not in (None, before)
        assert shown(5) == []
        assert len(shown(25)) == 2

    def test_tidying_forgets_spans_of_long_ago(self, desk: Desk):
        desk.watch(desk.page(), {ROW.topic(7): "1"})
        for second in (10, 20, 30):
            desk.turn(second)
        assert sum(forget_viewings(BEGAN + timedelta(seconds=5))) == 1
        assert ViewingSpan.objects.count() == 1

    def test_a_damaged_span_is_refused(self, desk: Desk):
        desk.watch(desk.page(), {ROW.topic(7): "1"})
        desk.end(10)
        ViewingSpan.objects.update(blob=b"none")
        with pytest.raises(ValueError, match="no span"):
            shown(5)

    def test_a_socket_of_nobody_has_no_salt(self):
        span = OpenSpan(BEGAN)
        write_span("web", BEGAN, BEGAN, span.whole(), [object()][:0], lost=1)
        assert not ViewerSalt.objects.exists()
        assert ViewingSpan.objects.get().lost == 1


@pytest.mark.django_db(transaction=True)
async def test_a_span_that_could_not_be_written_is_counted_in_the_next(monkeypatch: pytest.MonkeyPatch):
    def fail(done: OpenSpan) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(running, "write", fail)
    hub = Hub()
    page = Page(lambda text: None, lambda code, words: None)  # type: ignore[arg-type, return-value]
    hub.viewings.note_watch(page, {ROW.topic(7): "1"})
    await running.keep_viewings(hub)
    with pytest.raises(OSError, match="full"):
        await running.keep_viewings(hub)
    assert hub.viewings.now.lost == 1
    for lane in hub.lanes:
        lane.reader.close()
