"""Topic names: written and read in one place."""

import pytest

from feed.live.topics import Kind, Topic, parse_topic


@pytest.mark.parametrize(
    "topic",
    [
        Topic(Kind.FEED),
        Topic(Kind.ROW, 7),
        Topic(Kind.MARKET, 7, 1),
        Topic(Kind.BOARD, query="show=in_play&sport=6046"),
        Topic(Kind.BOARD),
        Topic(Kind.SCOREBOARD, 2**63 - 1),
    ],
)
def test_a_topic_reads_back_as_it_was_written(topic: Topic):
    assert parse_topic(str(topic)) == topic


@pytest.mark.parametrize(
    "name", ["", "row", "row:", "row:x", "row:7:1", "market:7", "feed:7", "rows:7", "row:99999999999999999999", "row:0"]
)
def test_a_name_that_no_page_has_is_refused(name: str):
    with pytest.raises(ValueError, match=r"topic|Kind"):
        parse_topic(name)


def test_an_element_is_named_by_kind_fixture_and_market():
    assert Topic(Kind.MARKET, 7, 1).element_id == "market-7-1"
    assert Topic(Kind.BOARD, query="show=in_play").element_id == "board"
