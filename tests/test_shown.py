"""What was shown, as it is asked for: rendered again from the journal, and by command."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from feed.live.parts.board.row import ROW
from feed.live.parts.fragments import read_fragments
from feed.live.parts.registry import parse_topic
from feed.live.parts.tree import TREE
from feed.live.payload import Fragment
from feed.models import FeedSource
from feed.operations.shown.again import Again, rendered_again
from feed.operations.shown.page import past_page
from feed.past.address import at_moment
from feed.past.database import CACHE
from feed.store import Received, store_batch
from feed.viewings.reading import Shown, ShownTopic, is_of
from feed.viewings.viewers import forget

from .received import FIXTURE, a_source, at, fixture_message
from .rows import make_trader
from .test_journal import batches
from .test_store_batch import clear, messages
from .test_store_outrights import race, runners
from .viewed import Desk, fragment, new_desk

TOPICS = [
    *(f"{kind}:{FIXTURE}" for kind in ("row", "scoreboard", "periods", "incidents", "statistics", "notes", "crumbs")),
    f"markets:{FIXTURE}?open=pinned,main",
    *(f"market:{FIXTURE}:{market}" for market in (1, 2, 3)),
]


@pytest.fixture(autouse=True)
def no_pasts() -> Iterator[None]:
    """No moment is there from the test before, whose rows had the same numbers."""
    CACHE.clear()
    yield
    CACHE.clear()


@pytest.mark.usefixtures("either_database")
class TestAgain:
    @pytest.fixture
    def source(self) -> FeedSource:
        FeedSource.objects.all().delete()
        row = a_source()
        FeedSource.objects.update(state=FeedSource.State.UP, state_since=at(-60), has_heartbeat=False)
        row.refresh_from_db()
        return row

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(batch_messages=st.lists(messages, min_size=1, max_size=12), ends_at=st.sets(st.integers(1, 11)))
    def test_whatever_was_sent_is_rendered_again_byte_by_byte(
        self, batch_messages: list[Received], ends_at: set[int], source: FeedSource
    ):
        words = repr(batch_messages)
        assume(not ("Cup" in words and "Track" in words))  # what a tournament is called is today's, also in the past
        clear()
        CACHE.clear()
        sent = []
        for batch in batches(batch_messages, ends_at):
            store_batch(source, batch)
            moment = datetime.now(UTC)
            sent.append((moment, shown_now(moment)))
        digests: dict[tuple[str, str], str] = {}
        for _, was in sent:
            for name, topic in was.topics.items():
                assert digests.setdefault((name, topic.version), topic.digest) == topic.digest, f"{name} behind"
        for moment, was in sent:
            again = rendered_again(was, moment)
            assert {name: verdict for name, found in again.items() if (verdict := found.again) is not Again.SAME} == {}

    def test_the_outrights_tree_is_rendered_from_the_outrights_of_then(self, source: FeedSource):
        store_batch(source, [race(0, fixture=runners(fixture_name="Race 7"))])
        moment = datetime.now(UTC)
        update = read_fragments({TREE.topic(): [""]}, moment)[TREE.topic()]
        payload = update.payloads[""]
        assert isinstance(payload, Fragment)
        assert "Race 7" in payload.html
        digest = hashlib.sha256(payload.html.encode()).hexdigest()[:32]
        was = Shown("web", 1, "page", moment, 0, {"tree": ShownTopic("tree", update.version, digest, moment)})
        assert rendered_again(was, moment)["tree"].again is Again.SAME
        assert past_page(was, moment) == at_moment(moment, "/competitions/")

    def test_what_was_sent_otherwise_than_the_journal_gives_it_is_found(self, source: FeedSource):
        store_batch(source, [fixture_message(0)])
        moment = datetime.now(UTC)
        was = shown_now(moment)
        assert {found.again for found in rendered_again(was, moment).values()} == {Again.SAME}
        name = f"row:{FIXTURE}"
        was.topics[name].digest = "00" * 16
        assert rendered_again(was, moment)[name].again is Again.DIFFERENT


def shown_now(moment: datetime) -> Shown:
    """What a fixture's page and its row have been sent now."""
    updates = read_fragments({parse_topic(name): [""] for name in TOPICS}, moment)
    topics = {}
    for topic, update in updates.items():
        payload = update.payloads[""]
        assert isinstance(payload, Fragment)
        digest = hashlib.sha256(payload.html.encode()).hexdigest()[:32]
        topics[str(topic)] = ShownTopic(str(topic), update.version, digest, moment)
    return Shown("web", 1, "page", moment, 0, topics)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return new_desk(monkeypatch)


def printed(*words: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("shown", *words, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "market_id", "is_found"),
    [
        ("row:7?zone=UTC", None, True),
        ("row:7", 1, True),
        ("market:7:1?odds=us", 1, True),
        ("market:7:11", 1, False),
        ("market:7:1", None, True),
        ("state:7", 1, True),
        ("scoreboard:7", 1, False),
        ("scoreboard:7", None, True),
        ("row:77", None, False),
        ("board?pins=7", None, False),
        ("selection:0", None, False),
    ],
)
def test_a_topic_is_of_a_fixture_or_of_a_market_s_prices(name: str, market_id: int | None, is_found: bool):
    assert is_of(name, 7, market_id) is is_found


@pytest.mark.django_db
class TestCommand:
    @pytest.fixture
    def ann(self, desk: Desk) -> User:
        ann = make_trader("ann")
        desk.watch(page := desk.page(("user", ann.pk)), {ROW.topic(7): "1"})
        desk.clock.go(3)
        desk.push(page, fragment(7, "2"))
        desk.end(10)
        return ann

    def test_it_prints_what_was_shown(self, ann: User):
        out = StringIO()
        call_command("shown", "ann", "--at", "2026-11-26T20:14:05Z", stdout=out)
        ((row,),) = [[topic["version"] for topic in shown["topics"]] for shown in json.loads(out.getvalue())]
        assert row == "2"

    def test_it_says_whether_the_journal_gives_the_same(self, ann: User):
        out = StringIO()
        call_command("shown", "ann", "--at", "2026-11-26T20:14:05Z", "--again", stdout=out)
        assert json.loads(out.getvalue())[0]["topics"][0]["again"] == "other version"  # the journal has no fixture 7

    def test_it_prints_to_whom_a_fixture_was_shown_at_which_version(self, ann: User, desk: Desk):
        second = json.loads(printed("--fixture", "7", "--at", "2026-11-26T20:14:05Z"))
        first = json.loads(printed("--fixture", "7", "--at", "2026-11-26T20:14:01Z"))
        for audience, version in ((first, "1"), (second, "2")):
            (shown,) = audience["versions"]
            assert (audience["viewers"], audience["unknown"], shown["version"]) == (1, 0, version)
            assert [reader["name"] for reader in shown["readers"]] == ["ann"]
        assert json.loads(printed("--fixture", "8", "--at", "2026-11-26T20:14:05Z"))["sockets"] == 0

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (["--fixture", "7", "--at", "2020-01-01T00:00:00"], "no page or program was open, or it is not kept"),
            (["--fixture", "-1", "--at", "2026-11-26T20:14:05"], "'-1' is not a number that LSports gives"),
            (["--fixture", str(2**63), "--at", "2026-11-26T20:14:05"], "is not a number that LSports gives"),
            (["--fixture", "7", "--market", "0", "--at", "2026-11-26T20:14:05"], "'0' is not a number"),
            (["--fixture", "7", "--token", "--at", "2026-11-26T20:14:05"], "are of a NAME"),
            (["--fixture", "7", "--again", "--at", "2026-11-26T20:14:05"], "are of a NAME"),
        ],
    )
    def test_what_nobody_can_mean_or_know_is_no_empty_answer(self, ann: User, words: list[str], says: str):
        with pytest.raises(CommandError, match=says):
            printed(*words)

    def test_who_was_forgotten_is_counted_and_has_no_name(self, ann: User):
        forget(("user", ann.pk))
        audience = json.loads(printed("--fixture", "7", "--at", "2026-11-26T20:14:05Z"))
        assert (audience["sockets"], audience["viewers"], audience["unknown"]) == (1, 1, 1)
        assert [reader["name"] for reader in audience["versions"][0]["readers"]] == [""]

    def test_it_forgets_whose_they_were(self, ann: User):
        call_command("shown", "ann", "--forget", stdout=StringIO())
        with pytest.raises(CommandError, match="Nothing is kept of what ann was shown"):
            call_command("shown", "ann", "--at", "2026-11-26T20:14:05Z", stdout=StringIO())
        with pytest.raises(CommandError, match="Nothing is kept of ann"):
            call_command("shown", "ann", "--forget", stdout=StringIO())

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (["ann", "--at", "2026-11-26T20:10:00Z"], "Nothing is kept of what ann was shown at that moment"),
            (["bob", "--at", "2026-11-26T20:14:05Z"], "Nobody signs in as bob"),
            (["bob", "--token", "--at", "2026-11-26T20:14:05Z"], "There is no token bob"),
            (["ann", "--at", "yesterday"], "--at: "),
            (["ann", "--at", "2999-01-01T00:00:00Z"], "nobody knows yet"),
            (["ann"], "Either --at TIME or --forget"),
            (["--at", "2026-11-26T20:14:05Z"], "Either NAME, or --fixture N"),
            (["ann", "--fixture", "7", "--at", "2026-11-26T20:14:05Z"], "Either NAME, or --fixture N"),
            (["ann", "--market", "1", "--at", "2026-11-26T20:14:05Z"], "Either NAME, or --fixture N"),
            (["--fixture", "7", "--forget"], "Either --at TIME or --forget"),
            (["ann", "--at", "2026-11-26T20:14:05Z", "--forget"], "Either --at TIME or --forget"),
        ],
    )
    def test_what_cannot_be_answered_is_said_so(self, ann: User, words: list[str], sentence: str):
        with pytest.raises(CommandError, match=sentence):
            call_command("shown", *words, stdout=StringIO())
