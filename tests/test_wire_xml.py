"""OddService XML (docs/protocol.md, OddService and XML): whole messages, and what else may be found in them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from feed.wire import DecodeError, decode, decode_piece
from feed.wire.messages import Bet, Dialect, Event, ExtraData, Fixture, Result

HEADER = (
    "<Header><Type>{}</Type><MsgId>1</MsgId><MsgGuid>16c9746d</MsgGuid>"
    "<ServerTimestamp>1489578474</ServerTimestamp></Header>"
)


def document(kind: int, body: str) -> bytes:
    return f"<Message>{HEADER.format(kind)}<Body>{body}</Body></Message>".encode()


def event(kind: int, parts: str) -> Event:
    """The event of a whole message with these parts."""
    return decode(document(kind, f'<Events><Event FixtureId="7">{parts}</Event></Events>')).events[0]


def test_a_whole_message_has_its_header_and_its_events() -> None:
    message = decode(document(3, '<Events><Event FixtureId="1"/><Event FixtureId="2"></Event></Events>'))

    assert message.dialect is Dialect.XML
    assert (message.header.type, message.header.seq, message.header.guid) == (3, 1, "16c9746d")
    assert message.header.sent_at == datetime(2017, 3, 15, 11, 47, 54, tzinfo=UTC)
    assert [event.fixture_id for event in message.events] == [1, 2]


def test_blanks_comments_and_a_declaration_do_no_harm() -> None:
    plain = document(2, '<Events><Event FixtureId="7"><Livescore/></Event></Events>')
    spaced = b'<?xml version="1.0" encoding="utf-8"?>\n<!-- x -->' + plain.replace(b"><", b">\r\n\t<")

    assert decode(spaced) == decode(plain)


def test_another_encoding_is_read_as_it_is_declared() -> None:
    latin = '<?xml version="1.0" encoding="iso-8859-1"?><Message><Header Type="1"/><Body><Events>'
    latin += '<Event FixtureId="7" FixtureName="Malmö"/></Events></Body></Message>'

    assert decode(latin.encode("iso-8859-1")).events[0].fixture_name == "Malmö"


def test_a_declaration_of_utf_16_over_utf_8_does_no_harm() -> None:
    plain = document(1, '<Events><Event FixtureId="7" FixtureName="Malmö"/></Events>')

    assert decode(b'<?xml version="1.0" encoding="utf-16"?>' + plain) == decode(plain)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0" encoding="utf-16"?>'])
def test_utf_16_is_read(encoding: str, declaration: str) -> None:
    plain = document(1, '<Events><Event FixtureId="7" FixtureName="Malmö"/></Events>')

    assert decode((declaration + plain.decode()).encode(encoding)) == decode(plain)


def test_half_a_character_of_utf_16_is_refused() -> None:
    with pytest.raises(DecodeError, match="the message is not UTF-16, though it begins so"):
        decode("<a/>".encode("utf-16")[:-1])


def test_text_is_unescaped_and_loses_the_blanks_around_it() -> None:
    data = '<Data Name="A"> 1 &lt; 2 &#65; </Data>'
    fixture = event(1, f"<Fixture><FixtureExtraData>{data}</FixtureExtraData></Fixture>").fixture

    assert fixture is not None
    assert fixture.fixture_extra_data == [ExtraData(name="A", value="1 < 2 A")]


def test_a_long_text_comes_whole() -> None:
    text = "é&amp;" * 10_000
    fixture = event(1, f'<Fixture><ExtraData><Data Name="A">{text}</Data></ExtraData></Fixture>').fixture

    assert fixture is not None
    assert fixture.extra_data == [ExtraData(name="A", value="é&" * 10_000)]


def test_an_empty_element_is_no_value_and_an_empty_wrapper_no_elements() -> None:
    found = event(1, "<Fixture><StartDate/><Status></Status><Participants/></Fixture><Markets></Markets>")

    assert found.fixture is not None
    assert (found.fixture.start_date, found.fixture.status, found.fixture.participants) == (None, None, [])
    assert found.markets == []


def test_a_score_without_text_has_no_value() -> None:
    livescore = event(2, '<Livescore><Scoreboard Status="2"><Score Position="1"/></Scoreboard></Livescore>').livescore

    assert livescore is not None
    assert livescore.scoreboard is not None
    assert livescore.scoreboard.results == [Result(position=1, value=None)]


def test_participant_extra_data_has_two_names() -> None:
    for name in ("ExtraData", "ParticipantExtraData"):
        runner = f'<Participant Id="1"><{name}><Data Name="Jockey">Medina</Data></{name}></Participant>'
        fixture = event(1, f"<OutrightFixture><Participants>{runner}</Participants></OutrightFixture>").fixture
        assert fixture is not None
        assert fixture.participants is not None
        assert fixture.participants[0].extra_data == [ExtraData(name="Jockey", value="Medina")]


def test_bets_may_lie_beside_providers_and_in_a_wrapper() -> None:
    bare = event(3, '<Markets><Market Id="1"><Bet Id="5" Price="2.5"/></Market></Markets>')
    wrapped = event(3, '<Markets><Market Id="1"><Bets><Bet Id="5" Price="2.5"/></Bets></Market></Markets>')

    assert bare.markets == wrapped.markets
    assert bare.markets is not None
    assert bare.markets[0].bets == [Bet(id=5, price=Decimal("2.5"))]


def test_what_is_empty_or_oddly_written_is_read_patiently() -> None:
    odd = '<Bet Id="5" StartPrice="" Status="1.0" LastUpdate="" Probability="NaN"/>'
    markets = event(3, f'<Markets><Market Id="1">{odd}</Market></Markets>').markets

    assert markets is not None
    assert markets[0].bets == [Bet(id=5, status=1)]


def test_a_time_may_be_in_milliseconds_since_1970() -> None:
    fixture = event(1, '<Fixture LastUpdate="1691049225443"/>').fixture

    assert fixture is not None
    assert fixture.last_update == datetime(2023, 8, 3, 7, 53, 45, 443000, tzinfo=UTC)


def test_unknown_elements_and_attributes_are_left_alone() -> None:
    stated = '<Fixture New="1" Status="2"><Newer><A B="1">x</A>y</Newer></Fixture>'
    assert event(1, stated).fixture == Fixture(status=2)


def test_several_competitions_beside_each_other_are_all_read() -> None:
    trees = "".join(f'<Competition Id="{n}"><Events><Event FixtureId="{n}"/></Events></Competition>' for n in (1, 2))

    assert [event.fixture_id for event in decode(document(37, trees)).events] == [1, 2]


def test_a_heartbeat_may_say_what_is_interrupted() -> None:
    heartbeat = decode(document(32, "<FeedInterrupted>1</FeedInterrupted>")).heartbeat

    assert heartbeat is not None
    assert heartbeat.feed_interrupted == [1]


@pytest.mark.parametrize(
    ("message", "kind", "part"),
    [
        (b"<Message/>", "shape", "no Header; it has nothing"),
        (b"<Foo><Bar/></Foo>", "shape", "no Header; it has Foo"),
        (b"<Message><Header><Type>99</Type></Header></Message>", "type", "type 99"),
        (b"<Message><Header></Message>", "syntax", "mismatched tag at line 1, column 19"),
        (b'<Data Name=\xe2\x80\x9dTurn\xe2\x80\x9d>1</Data>', "syntax", "not well-formed"),
        (document(1, '<Events><Event FixtureId="x"/></Events>'), "number", "Body.Events[0].FixtureId: a whole number"),
        (document(1, '<Events><Event FixtureName="x"/></Events>'), "shape", "Body.Events[0] has no FixtureId"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused_with_a_reason_that_helps(message: bytes, kind: str, part: str) -> None:
    with pytest.raises(DecodeError) as refused:
        decode(message)

    assert refused.value.kind == kind
    assert part in refused.value.reason


def test_a_piece_without_a_fixture_id_has_the_fixture_0() -> None:
    assert [event.fixture_id for event in decode_piece(b"<Livescore/>").events] == [0]


@pytest.mark.parametrize("written", ["<KeepAlive></KeepAlive>", "<KeepAlive/>", "<KeepAlive> </KeepAlive>"])
def test_an_empty_keep_alive_says_that_no_fixture_is_active(written: str) -> None:
    whole, piece = decode(document(31, written)), decode_piece(written.encode())

    for message in (whole, piece):
        assert message.keep_alive is not None
        assert message.keep_alive.active_events == []
