"""A refused body, made readable: indented where it can be, harmless and bounded in any case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.admin.readable import SHOWN_CHARACTERS, readable_body


def test_json_gets_a_line_for_each_thing_and_keeps_every_digit():
    assert readable_body(b'{"Id":30713932524605698,"Price":"1.850"}') == (
        '{\n  "Id": 30713932524605698,\n  "Price": "1.850"\n}'
    )


def test_xml_gets_a_line_for_each_element():
    assert readable_body(b'<Message><Header Type="2"/></Message>') == (
        '<?xml version="1.0" ?>\n<Message>\n  <Header Type="2"/>\n</Message>\n'
    )


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"Header": {"Ty', '{"Header": {"Ty'),
        (b"<Message><Header", "<Message><Header"),
        (b"", ""),
        (b"plain\xff\x00\x1b[31m", "plain\\xff\\x00\\x1b[31m"),
        ("a\u202eb".encode(), "a\\x202eb"),
        (b"[" * 100_000, None),
    ],
)
def test_what_cannot_be_indented_is_shown_as_it_is(body: bytes, shown: str | None):
    text = readable_body(body)
    assert shown is None or text == shown


def test_an_entity_is_not_expanded():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    assert readable_body(bomb) == bomb.decode()


def test_a_long_body_is_cut_and_says_so():
    text = readable_body(b"x" * 300_000)
    assert len(text) < SHOWN_CHARACTERS + 100
    assert text.endswith("… cut here; the whole message has 300,000 bytes")


@given(st.binary(max_size=2000))
def test_any_bytes_become_text_that_a_page_can_show(body: bytes):
    text = readable_body(body)
    assert "\x00" not in text
    text.encode()
