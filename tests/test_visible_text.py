"""Characters that show nothing and turn or hide what stands beside them: no page and no socket is sent one."""

import pytest
from django.test import Client

from feed.live.parts.board.board import BOARD
from feed.live.parts.fragments import render
from feed.pages.visible import UNSEEN, visible
from livescore_site.visible_text import CONTROLS, TURNING
from tests.rows import make_fixture, make_scoreboard, make_source, make_trader

HOSTILE = "North\u202e\u2066field\x1b[2J\x07"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/fixtures/7/", "/fixtures/7/history/", "/?q=%E2%80%AEx%1B"])
def test_no_page_shows_a_name_that_turns_its_line(client: Client, path: str):
    client.force_login(make_trader())
    make_source()
    make_scoreboard(make_fixture(home=HOSTILE))
    page = client.get(path).content.decode()
    assert not UNSEEN.search(page)
    assert "Northfield[2J" in page or "q=" in path


def test_a_fragment_that_a_socket_is_sent_has_none_either():
    failed = BOARD.topic(query=f"q={HOSTILE}")
    html = render("_failed.html", {"topic": failed})
    assert "Northfield" in html
    assert not UNSEEN.search(html)


def test_pages_and_fragments_leave_out_the_same_characters():
    every = "".join(map(chr, range(0x3000)))
    shown = TURNING.sub(b"", every.encode().translate(None, CONTROLS)).decode()
    assert shown == visible(every)


def test_languages_that_are_written_from_right_to_left_stay_as_they_are():
    name = "\u200f\u05de\u05db\u05d1\u05d9\u200e – \u0627\u0644\u0639\u064a\u0646\t\n"
    assert visible(name) == name
