"""Events that say less than LSports would send: perhaps in words that the quick way does not know."""

from .messages import Event


def says_too_little(event: Event) -> bool:
    """Whether an event or a market has nothing that the desk reads: the patient way sees what is there instead."""
    if event.markets is None:
        has_part = event.livescore is not None or event.fixture is not None or event.outright_score is not None
        return not has_part and event.fixture_name is None
    for market in event.markets:
        if not market.bets and not market.provider_markets and market.status is None and market.main_line is None:
            return True
    return False
