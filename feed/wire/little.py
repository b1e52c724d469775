"""Messages that say less than LSports would send: perhaps in words that the quick way does not know."""

import re

from .messages import Event, Market, Message

#: Letters as `a` and `A`, and an object's begin as a comma: then a name that does not begin as LSports' do is one of
#: a few patterns.
LETTERS = bytes.maketrans(b"{abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", b"," + b"a" * 26 + b"A" * 26)
OTHER_CASE = re.compile(rb',\s*"(?:a|AA)')


def says_too_little(event: Event) -> bool:
    """Whether an event or a market has nothing that the desk reads: the patient way sees what is there instead."""
    if event.markets is None:
        has_part = event.livescore is not None or event.fixture is not None or event.outright_score is not None
        return not has_part and event.fixture_name is None
    for market in event.markets:
        if not market.bets and not market.provider_markets and market.status is None and market.main_line is None:
            return True
    return False


def may_say_more(message: Message) -> bool:
    """Whether something that closes prices is absent, and may be there under a name in another case."""
    if not message.events:
        return True
    for event in message.events:
        if event.markets is None or event.livescore is not None or event.fixture is not None:
            return True
        if any(map(states_not_all, event.markets)):
            return True
    return False


def states_not_all(market: Market) -> bool:
    """Whether the market, or a bookmaker's, says nothing of its status or of its bets."""
    if market.status is None or (market.bets is None and market.provider_markets is None):
        return True
    return any(provider.market_status is None or provider.bets is None for provider in market.provider_markets or ())


def has_other_case(body: bytes) -> bool:
    """Whether a field's name in this JSON does not begin as LSports' names do: a capital, then a small letter."""
    return OTHER_CASE.search(body.translate(LETTERS)) is not None
