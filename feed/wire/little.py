"""Messages that say less than LSports would send: perhaps in words that the quick way does not know."""

import re
from typing import Any

from .messages import Event, Fixture, Livescore, Market, Message, Scoreboard

#: Letters as `a` and `A`, and an object's begin as a comma: then a name that does not begin as LSports' do is one of
#: a few patterns.
LETTERS = bytes.maketrans(b"{abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", b"," + b"a" * 26 + b"A" * 26)
#: The end of `Status` and `MarketStatus` in small letters.
STATUS = b'status"'
#: What is whole each time, and says nothing.
NO_FIXTURE, NO_LIVESCORE, NO_SCOREBOARD = Fixture(), Livescore(), Scoreboard()
#: Names by which others say that something is closed (`fields.meaning`), as far as the structs have none of them.
OTHER_STATUS = re.compile(
    rb'(?<!"S)(?<!"MarketS)tatus\w*\s*"|tatus(?:\w+\s*|\s+)"|"\s+(?:Market)?Status|"[Ii]s[A-Z]\w+"|(?:uspended|losed)"\s*:|State"\s*:\s*["\w]'
)
NULL_STATUS = re.compile(rb'Status"\s*:\s*null')
OTHER_CASE = re.compile(rb',\s*"(?:a|AA)')


def says_too_little(event: Event) -> bool:
    """Whether an event or a market has nothing that the desk reads: the patient way sees what is there instead."""
    if event.livescore is not None or event.fixture is not None:
        board = event.livescore and event.livescore.scoreboard
        if event.livescore == NO_LIVESCORE or event.fixture == NO_FIXTURE or board == NO_SCOREBOARD:
            return True
    if event.markets is None:
        has_part = event.livescore is not None or event.fixture is not None or event.outright_score is not None
        return not has_part and event.fixture_name is None
    for market in event.markets:
        if not market.bets and not market.provider_markets and market.status is None and market.main_line is None:
            return True
    return False


def says_more(message: Message, body: bytes, is_described: bool) -> bool:
    """Whether something that closes prices is absent, though it may stand in the JSON under a name in another case.

    The message says something of each bet (`assemble.message`), and if its envelope `is_described`, nothing else stands
    in its markets. If not, it is mostly a market's status that is absent, and to count the statuses settles it, in a
    third of the time that a look at all names takes.
    """
    if not message.events:
        return has_other_case(body)
    statuses, is_absent = 0, False
    for event in message.events:
        if event.markets is None or event.livescore is not None or event.fixture is not None:
            return has_other_case(body) or (lacks_status(event) and OTHER_STATUS.search(body) is not None)
        if is_described:
            continue
        for market in event.markets:
            if (market.bets is None and market.provider_markets is None) or lacks_bets(market):
                return has_other_case(body) or OTHER_STATUS.search(body) is not None
            statuses += len(market.bets or ()) + (market.status is not None)
            is_absent = is_absent or market.status is None
            for provider in market.provider_markets or ():
                statuses += len(provider.bets or ()) + (provider.market_status is not None)
                is_absent = is_absent or provider.market_status is None
    if is_described:
        return False
    if body.count(b"tatus") != statuses and OTHER_STATUS.search(body):
        return True
    return is_absent and body.lower().count(STATUS) != statuses and has_other_case(body)


def leaves_status_unread(message: Message, body: bytes) -> bool:
    """Whether a status stands in the JSON that nobody has read: a name stands twice in one object, or where no struct
    has it.

    To look at every object would cost more than decoding. Where what closes prices is lost, too many statuses are left.
    """
    if not message.events:
        return False
    bets, statuses = 0, 0
    for event in message.events:
        if event.livescore is not None or event.fixture is not None or event.outright_score is not None:
            statuses += statuses_of(event)
        for market in event.markets or ():
            bets += len(market.bets or ())
            statuses += market.status is not None
            for provider in market.provider_markets or ():
                bets += len(provider.bets or ())
                statuses += provider.market_status is not None
    unread = body.count(b'Status"') - statuses - bets
    return unread > 0 and unread > len(NULL_STATUS.findall(body))


def statuses_of(event: Event) -> int:
    """How many statuses an event states beside its markets'."""
    fixture, livescore = event.fixture, event.livescore
    stating: list[Any] = [event.outright_score, fixture, fixture and fixture.subscription]
    if livescore is not None:
        board = livescore.scoreboard
        stating += [board, board and board.clock, *(livescore.danger_triggers or ())]
    return sum(part is not None and part.status is not None for part in stating)


def lacks_status(event: Event) -> bool:
    """Whether a description or a scoreboard of it states no status."""
    board = event.livescore.scoreboard if event.livescore is not None else None
    return (event.fixture is not None and event.fixture.status is None) or (board is not None and not board.status)


def lacks_bets(market: Market) -> bool:
    """Whether a bookmaker's part of it has none."""
    return any(provider.bets is None for provider in market.provider_markets or ())


def has_other_case(body: bytes) -> bool:
    """Whether a field's name in this JSON does not begin as LSports' names do: a capital, then a small letter."""
    return OTHER_CASE.search(body.translate(LETTERS)) is not None
