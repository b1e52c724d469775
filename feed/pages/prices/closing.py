"""Why a price is closed, in words for the reader: every reason has its sentence here, and nowhere else."""

from django.utils.translation import gettext, gettext_noop

from feed import codes
from feed.models import Bet, Fixture
from feed.pages.labels import settlement_label, status_label, suspension_label
from feed.vouching.market import MarketVouching
from feed.vouching.predicate import fixture_reason
from feed.vouching.reasons import Reason

WORDS = {
    Reason.BET_SUSPENDED: gettext_noop("Suspended"),
    Reason.BET_SETTLED: gettext_noop("Settled"),
    Reason.NO_PRICE: gettext_noop("No price"),
    Reason.PROVIDER_SUSPENDED: gettext_noop("Suspended: this bookmaker's market is closed"),
    Reason.MARKET_SUSPENDED: gettext_noop("Suspended: the whole market is closed"),
    Reason.NOT_RUNNING: gettext_noop("Closed: whom it is on does not take part"),
    Reason.FIXTURE_OVER: gettext_noop("Closed: the fixture is over"),
    Reason.FIXTURE_PAUSED: gettext_noop("Suspended: the fixture is not being played"),
    Reason.SOURCE_DOWN: gettext_noop("Not confirmed: the feed of this price is down"),
    Reason.SOURCE_LATE: gettext_noop("Not confirmed: the feed of this price is late"),
    Reason.SOURCE_OFF: gettext_noop("Not confirmed: the feed of this price is switched off"),
    Reason.SOURCE_RECOVERING: gettext_noop("Not confirmed: the feed of this price is catching up"),
    Reason.UNCONFIRMED: gettext_noop("Not confirmed since the feed was interrupted"),
    Reason.GAP: gettext_noop("Not confirmed: messages of this market are missing"),
    Reason.UNREADABLE: gettext_noop("Closed: the newest message about it could not be read"),
}

#: Of a bet of which only the side that is not in charge of the fixture's prices speaks.
NOT_IN_CHARGE = gettext_noop("Not confirmed: another feed is in charge of this fixture's prices and does not name it")


def reason_text(reason: Reason, vouching: MarketVouching, bet: Bet) -> str:
    """The sentence of a reason, with what LSports says behind it where it does."""
    if reason is Reason.BET_SETTLED and bet.settlement is not None:
        return settlement_label(bet.settlement)
    if reason is Reason.BET_SUSPENDED and bet.suspension_reason is not None:
        return suspension_text(bet.suspension_reason)
    if reason in (Reason.FIXTURE_OVER, Reason.FIXTURE_PAUSED):
        return status_text(reason, vouching.fixture.status)
    if reason is Reason.UNCONFIRMED and not vouching.is_in_charge(bet.source_id):
        return gettext(NOT_IN_CHARGE)
    return gettext(WORDS[reason])


def fixture_text(fixture: Fixture) -> str:
    """Why no price of the fixture is open; "" where its markets and bets decide."""
    if reason := fixture_reason(fixture.status):
        return status_text(reason, fixture.status)
    return gettext(WORDS[Reason.UNREADABLE]) if fixture.unreadable else ""


def status_text(reason: Reason, status: int | None) -> str:
    return f"{gettext(WORDS[reason])} ({status_label(status).lower()})"


def suspension_text(code: int) -> str:
    """LSports' reason for a suspension; "Suspended by the bookmakers" says already that it is one."""
    label = suspension_label(code)
    if codes.suspension_label(code).startswith("Suspended"):
        return label
    return gettext("Suspended: %(reason)s") % {"reason": label}
