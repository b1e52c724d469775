"""LSports' numbers in the desk's language: what `feed.codes`, which is plain English, calls them, translated."""

from django.utils.translation import gettext, gettext_noop

from feed import codes

#: What stands before a number that has no name.
NOUNS = (
    gettext_noop("Age category"),
    gettext_noop("Competition type"),
    gettext_noop("Confirmation"),
    gettext_noop("Danger"),
    gettext_noop("Description"),
    gettext_noop("Incident"),
    gettext_noop("Market"),
    gettext_noop("Period"),
    gettext_noop("Reason"),
    gettext_noop("Settlement"),
    gettext_noop("Statistic"),
    gettext_noop("Status"),
)


def worded(label: str) -> str:
    """A label of `feed.codes` translated; of one that keeps its number ("Period 61") the noun."""
    noun, _, number = label.rpartition(" ")
    if noun in NOUNS and number.lstrip("-").isdecimal():
        return f"{gettext(noun)} {number}"
    return gettext(label) if label else ""


def bet_status_label(code: int | None) -> str:
    return worded(codes.bet_status_label(code))


def competition_type_label(code: int | None) -> str:
    return worded(codes.competition_type_label(code))


def confirmation_label(code: int | None) -> str:
    return worded(codes.confirmation_label(code))


def danger_label(code: int | None) -> str:
    return worded(codes.danger_label(code))


def description_label(code: int | None, sport_id: int | None = None) -> str:
    """More about the state of play; a break after a period names it as the sport does: "Break after 4th inning"."""
    period = codes.period_before_break(sport_id, code)
    if period is None:
        return worded(codes.description_label(code))
    return gettext("Break after %(period)s") % {"period": period_label(sport_id, period)}


def description_in_brief(code: int | None, sport_id: int | None = None) -> str:
    """The same for a row of a single line: "after In4"; "" for what passes by."""
    period = codes.period_before_break(sport_id, code)
    if period is None:
        return worded(codes.description_in_brief(code))
    return gettext("after %(period)s") % {"period": period_in_brief(sport_id, period)}


def incident_label(code: int | None) -> str:
    return worded(codes.incident_label(code))


def market_label(code: int | None) -> str:
    return worded(codes.market_label(code))


def market_title(market_id: int, name: str) -> str:
    """A market's name as a reader knows it: LSports calls the winner of a match without a draw "12"."""
    if name.isdecimal():
        return market_label(market_id)
    head, _, rest = name.partition(" ")
    return f"{market_label(codes.MONEYLINE)} {rest}" if head == "12" else name


def period_label(sport_id: int | None, code: int | None) -> str:
    return worded(codes.period_label(sport_id, code))


def period_in_brief(sport_id: int | None, code: int | None) -> str:
    return worded(codes.period_in_brief(sport_id, code))


def settlement_label(code: int | None) -> str:
    return worded(codes.settlement_label(code))


def statistic_label(code: int | None) -> str:
    return worded(codes.statistic_label(code))


def status_in_brief(code: int | None) -> str:
    return worded(codes.status_in_brief(code))


def status_label(code: int | None) -> str:
    return worded(codes.status_label(code))


def suspension_label(code: int | None) -> str:
    return worded(codes.suspension_label(code))
