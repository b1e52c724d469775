"""Operators see what somebody had on the screen, as it stood; nobody else does, and who looked is written down."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, NamedTuple

import msgspec
import pytest
from django.contrib.auth.models import User

from feed.live import running
from feed.live.hub.viewings import Viewings
from feed.live.parts.fragments import read_fragments
from feed.live.parts.registry import parse_topic
from feed.live.payload import Fragment
from feed.models import Act, FeedSource
from feed.operations.shown import page as shown_page
from feed.operations.shown.form import moment_value
from feed.past.database import CACHE
from feed.store import store_batch
from feed.viewings.viewers import forget, hash_of
from tests.received import FIXTURE, a_source, at, fixture_message
from tests.rows import make_trader
from tests.test_proof_page import client_of
from tests.viewed import Desk, new_desk

TOPICS = (f"scoreboard:{FIXTURE}", f"crumbs:{FIXTURE}", f"markets:{FIXTURE}?open=pinned,main")


class Viewed(NamedTuple):
    """A trader, and a moment at which they had a fixture's page open."""

    trader: User
    moment: datetime

    @property
    def form(self) -> dict[str, str]:
        """As a browser sends it."""
        return {"who": f"user:{self.trader.pk}", "at": moment_value(self.moment)}


@pytest.fixture
def viewed(either_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Viewed]:
    """One page that had been pushed all but its title, which had come with the page."""
    CACHE.clear()
    trader, desk = make_trader("ann"), new_desk(monkeypatch)
    FeedSource.objects.all().delete()
    source = a_source()
    FeedSource.objects.update(state=FeedSource.State.UP, state_since=at(-60), has_heartbeat=False)
    source.refresh_from_db()
    store_batch(source, [fixture_message(0)])
    moment = desk.clock.at = datetime.now(UTC)
    desk.viewings = Viewings(is_on=True)
    own = fragments(moment)
    page = desk.page(("user", trader.pk))
    came = parse_topic(TOPICS[1])
    desk.watch(page, {came: own.pop(TOPICS[1]).version})
    desk.push(page, *own.values())
    end(desk)
    yield Viewed(trader, moment + timedelta(milliseconds=1))
    CACHE.clear()


def fragments(moment: datetime) -> dict[str, Fragment]:
    updates = read_fragments({parse_topic(name): [""] for name in TOPICS}, moment)
    found = {str(topic): update.payloads[""] for topic, update in updates.items()}
    return {name: payload for name, payload in found.items() if isinstance(payload, Fragment)}


def end(desk: Desk) -> None:
    """The span with what was shown is written."""
    for _ in range(2):
        desk.clock.at += timedelta(seconds=10)
        if (done := desk.viewings.turn()) is not None:
            running.write(done)


def looked_up(form: dict[str, Any], status: int = 200) -> str:
    answer = client_of("operator").post("/shown/", form)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.usefixtures("viewed")
@pytest.mark.parametrize("role", ["trader", "nobody"])
def test_nobody_else_sees_it(role: str, viewed: Viewed):
    client = client_of(role)
    assert client.get("/shown/").status_code == 403
    assert client.post("/shown/", viewed.form).status_code == 403
    assert not Act.objects.filter(kind="shown.read").exists()


def test_the_page_is_there_again_with_what_is_equal_and_what_has_no_hash(viewed: Viewed):
    html = looked_up(viewed.form)
    assert "1 socket of ann was open then." in html
    assert '<b class="">2 equal</b>' in html
    assert '<b class="">1 same version</b>' in html
    assert "not equal</b>" not in html
    assert all(name in html for name in TOPICS)


def test_it_is_in_a_frame_that_does_nothing_with_the_banner_of_the_past(viewed: Viewed):
    html = looked_up(viewed.form)
    frame = html[html.index("<iframe") : html.index("</iframe>")]
    assert " sandbox " in frame.partition("srcdoc")[0]
    assert "As it was. Not live: none of these prices can be taken." in frame
    assert f"data-topic=&#34;scoreboard:{FIXTURE}" in frame
    assert "script" not in frame
    assert "data-socket" not in frame


def test_it_leads_to_the_same_page_of_the_past(viewed: Viewed):
    html = looked_up(viewed.form)
    start = html.index('href="/at/') + len('href="')
    address = html[start : html.index('"', start)]
    assert address.endswith(f"/fixtures/{FIXTURE}/")
    assert client_of("trader").get(address).status_code == 200


def test_what_was_sent_otherwise_is_not_equal(viewed: Viewed, monkeypatch: pytest.MonkeyPatch):
    real = shown_page.shown_to

    def changed(who: bytes, moment: datetime) -> list[Any]:
        found = real(who, moment)
        found[0].topics[TOPICS[0]].digest = "00" * 16
        return found

    monkeypatch.setattr(shown_page, "shown_to", changed)
    assert '<b class="wrong">1 not equal</b>' in looked_up(viewed.form)


def test_as_json_it_has_all_topics_and_whether_they_are_equal(viewed: Viewed):
    answer = json.loads(looked_up(viewed.form | {"json": ""}))
    (socket,) = answer["sockets"]
    assert answer["who"] == "ann"
    assert {topic["topic"]: topic["again"] for topic in socket["topics"]} == {
        TOPICS[0]: "same",
        TOPICS[1]: "same version",
        TOPICS[2]: "same",
    }


def test_who_looked_whose_screens_up_is_an_act_without_their_name(viewed: Viewed, caplog: pytest.LogCaptureFixture):
    who = hash_of(("user", viewed.trader.pk))
    assert who is not None
    with caplog.at_level("INFO", "security"):
        looked_up(viewed.form)
    act = Act.objects.get(kind="shown.read")
    assert act.who == "operator"
    assert who.hex() in act.text
    assert "ann" not in act.text
    assert 'event="shown.read" user="operator"' in caplog.text


def test_only_those_are_in_the_list_of_whom_something_can_be_found(viewed: Viewed):
    client = client_of("operator")
    assert ">ann</option>" in client.get("/shown/").content.decode()
    forget(("user", viewed.trader.pk))
    assert ">ann</option>" not in client.get("/shown/").content.decode()
    assert client.post("/shown/", viewed.form).status_code == 400


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"at": "2999-01-01T00:00:00"}, "That moment is still to come."),
        ({"at": "then"}, "Enter a valid date/time."),
        ({"who": "user:0"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_answered_is_said(viewed: Viewed, fields: dict[str, str], words: str):
    assert words in looked_up(viewed.form | fields, status=400)


def test_where_nothing_was_open_it_says_so(viewed: Viewed):
    early = moment_value(viewed.moment - timedelta(minutes=5))
    assert "Nothing is there of what ann was shown at that moment." in looked_up(viewed.form | {"at": early})


def test_a_moment_may_be_written_with_its_offset(viewed: Viewed):
    there = viewed.moment.astimezone(timezone(timedelta(hours=2))).isoformat()
    answer = json.loads(looked_up(viewed.form | {"at": there, "json": ""}))
    assert datetime.fromisoformat(answer["at"]) == viewed.moment
    assert len(answer["sockets"]) == 1


def test_sockets_that_are_too_many_are_counted(viewed: Viewed, monkeypatch: pytest.MonkeyPatch):
    (one,) = shown_page.shown_to(hash_of(("user", viewed.trader.pk)) or b"", viewed.moment)
    many = [msgspec.structs.replace(one, number=number) for number in range(42)]
    monkeypatch.setattr(shown_page, "shown_to", lambda who, moment: many)
    client = client_of("operator")
    words = client.post("/shown/", viewed.form).content.decode()
    assert "42 sockets of ann were open then." in words
    assert "The last 2 of them are not on this page." in words
    answer = client.post("/shown/", viewed.form | {"json": ""}).json()
    assert (len(answer["sockets"]), answer["left_out"]) == (40, 2)


def test_one_is_looked_up_at_a_time(viewed: Viewed):
    with shown_page.TURN:
        assert "come back in a minute" in looked_up(viewed.form, status=400)
    assert not shown_page.TURN.locked()


def test_of_several_sockets_the_one_that_is_chosen_is_rendered(viewed: Viewed, monkeypatch: pytest.MonkeyPatch):
    real, client = shown_page.shown_to, client_of("operator")
    (one,) = real(hash_of(("user", viewed.trader.pk)) or b"", viewed.moment)
    monkeypatch.setattr(shown_page, "shown_to", lambda who, moment: [one, msgspec.structs.replace(one, number=99)])
    assert "<iframe" not in client.post("/shown/", viewed.form).content.decode()
    chosen = {"socket": shown_page.socket_name(one)}
    assert "<iframe" in client.post("/shown/", viewed.form | chosen).content.decode()
    gone = client.post("/shown/", viewed.form | {"socket": "web/98"})
    assert "Nothing is there" in gone.content.decode()


def test_the_health_page_leads_operators_there(viewed: Viewed):
    assert 'href="/shown/"' in client_of("operator").get("/health/").content.decode()
    assert 'href="/shown/"' not in client_of("trader").get("/health/").content.decode()


class TestToWhom:
    """The page of a fixture: which versions, and with whom."""

    def form(self, viewed: Viewed, **fields: str) -> dict[str, str]:
        return {"fixture": str(FIXTURE), "market": "", "at": moment_value(viewed.moment), **fields}

    def found(self, form: dict[str, str], status: int = 200) -> str:
        answer = client_of("operator").post("/shown/fixture/", form)
        assert answer.status_code == status
        return answer.content.decode()

    def test_it_names_who_had_which_version(self, viewed: Viewed):
        html = self.found(self.form(viewed))
        assert "It was on 1 socket then," in html
        assert "of 1 person or token," in html
        assert "0 of whom nobody can name any more." in html
        assert all(name in html for name in TOPICS)
        assert html.count("ann <span") == len(TOPICS)

    def test_who_was_forgotten_is_counted_without_a_name(self, viewed: Viewed):
        forget(("user", viewed.trader.pk))
        html = self.found(self.form(viewed))
        assert "1 of whom nobody can name any more." in html
        assert "somebody who was forgotten" in html
        assert "ann <span" not in html

    def test_of_a_market_only_what_has_its_prices_counts(self, viewed: Viewed):
        assert "It was on 0 sockets then," in self.found(self.form(viewed, market="1"))

    def test_as_json_it_is_whole(self, viewed: Viewed):
        answer = json.loads(self.found(self.form(viewed, json="")))
        assert (answer["fixture"], answer["sockets"], answer["viewers"]) == (FIXTURE, 1, 1)
        assert {version["topic"] for version in answer["versions"]} == set(TOPICS)

    def test_the_look_up_is_an_act_of_the_fixture(self, viewed: Viewed):
        self.found(self.form(viewed))
        act = Act.objects.get(kind="shown.read")
        assert (act.who, act.fixture_id) == ("operator", FIXTURE)

    @pytest.mark.parametrize("role", ["trader", "nobody"])
    def test_it_is_for_operators_alone(self, viewed: Viewed, role: str):
        client = client_of(role)
        assert client.get("/shown/fixture/").status_code == 403
        assert client.post("/shown/fixture/", self.form(viewed)).status_code == 403
        assert not Act.objects.filter(kind="shown.read").exists()

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"fixture": "0"}, "greater than or equal to 1"),
            ({"market": "x"}, "Enter a whole number."),
            ({"at": "2999-01-01T00:00:00"}, "That moment is still to come."),
        ],
    )
    def test_what_cannot_be_answered_is_said(self, viewed: Viewed, fields: dict[str, str], words: str):
        assert words in self.found(self.form(viewed, **fields), status=400)

    def test_where_nothing_is_kept_it_does_not_say_that_nobody_had_it(self, viewed: Viewed):
        html = self.found(self.form(viewed, at="2020-01-01T00:00:00"))
        assert "no page and no program was open, or it is not kept" in html
        assert "It was on 0 sockets" not in html

    def test_one_is_looked_up_at_a_time(self, viewed: Viewed):
        with shown_page.TURN:
            assert "come back in a minute" in self.found(self.form(viewed), status=400)
