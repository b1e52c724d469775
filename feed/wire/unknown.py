"""Numbers and Hyper's words in a message that `feed.codes` does not know: normal, shown as they are, worth counting."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from feed.codes import KNOWN, HyperKind, hyper_kind, hyper_status, period_is_known

from .messages import (
    Bet,
    Event,
    Fixture,
    HyperIncident,
    Incident,
    Label,
    Livescore,
    Market,
    Message,
    Participant,
    Period,
    Statistic,
)

BET_STATUSES, SETTLEMENTS = KNOWN["bet status"] | {None}, KNOWN["settlement"] | {None}
SUSPENSION_REASONS = KNOWN["suspension reason"] | {None}

#: Kinds of Hyper incidents whose status is the fixture's, not the incident's own.
TELL_STATUS = frozenset({HyperKind.STATUS_DESCRIPTION, HyperKind.FIXTURE_STATUS})
#: Enough of a word for an operator to recognise it.
MOST_CHARACTERS = 80
INDEX = re.compile(r"\[\d+\]")

#: Pairs of a kind of number ("status", "sport") and the number.
Numbers = Iterator[tuple[str, int | None]]


class UnknownCode(NamedTuple):
    """`sport_id` is 0 where the number means the same in every sport, `fixture_id` where it was seen.

    Hyper writes words: there `word` is what it wrote and `code` 0.
    """

    kind: str
    code: int
    sport_id: int
    fixture_id: int
    word: str = ""


def unknown_codes(message: Message) -> list[UnknownCode]:
    """The numbers and words without a name, each once for a fixture, in the order of the message.

    After them come the odd values of fields that decide nothing.
    """
    found = [unknown for event in message.events for unknown in _of_event(event)]
    if message.set_aside and message.events:
        found += _odd_values(message)
    return list(dict.fromkeys(found))


def _odd_values(message: Message) -> Iterator[UnknownCode]:
    """Place and value of each, such as `League.Gender "mixed"`; all count for the first fixture of the message."""
    for part in message.set_aside:
        if not part.decides:
            place = ".".join(INDEX.sub("", part.place).split(".")[-2:])
            yield UnknownCode("field", 0, 0, message.events[0].fixture_id, f"{place} {part.part}"[:MOST_CHARACTERS])


def _of_event(event: Event) -> Iterator[UnknownCode]:
    sport_id = event.fixture.sport.id if event.fixture and event.fixture.sport else 0
    for kind, code in _numbers(event):
        if code is not None and code not in KNOWN[kind]:
            yield UnknownCode(kind, code, 0, event.fixture_id)
    if event.livescore is not None and sport_id:
        for code in _periods(event.livescore):
            if code is not None and not period_is_known(sport_id, code):
                yield UnknownCode("period", code, sport_id, event.fixture_id)
    if event.incident is not None:
        for name, word in _words(event.incident):
            yield UnknownCode(name, 0, 0, event.fixture_id, word[:MOST_CHARACTERS])


def _words(incident: HyperIncident) -> Iterator[tuple[str, str]]:
    kind = hyper_kind(incident.kind)
    if kind is None:
        yield "incident kind", incident.kind
    if incident.status and kind not in TELL_STATUS and hyper_status(incident.status) is None:
        yield "incident status", incident.status


def _numbers(event: Event) -> Numbers:
    if event.fixture is not None:
        yield from _of_fixture(event.fixture)
    if event.livescore is not None:
        yield from _of_livescore(event.livescore)
    for market in event.markets or ():
        yield from _of_market(market)
    if event.outright_score is not None:
        yield "outright score status", event.outright_score.status
    for competition in event.competitions or ():
        yield "competition type", competition.type


def _of_fixture(fixture: Fixture) -> Numbers:
    yield "status", fixture.status
    if fixture.sport is not None:
        yield "sport", fixture.sport.id
    if fixture.league is not None:
        yield "gender", fixture.league.gender
        yield "age category", fixture.league.age_category
        yield "participant type", fixture.league.type
    if fixture.subscription is not None:
        yield "subscription type", fixture.subscription.type
        yield "subscription status", fixture.subscription.status
    if fixture.venue is not None:
        yield "court surface", as_number(fixture.venue.court_surface_type)
        yield "venue environment", as_number(fixture.venue.environment)
        yield "venue assignment", as_number(fixture.venue.assignment)
    for participant in fixture.participants or ():
        yield from _of_participant(participant)


def _of_participant(participant: Participant) -> Numbers:
    yield "gender", participant.gender
    yield "age category", participant.age_category
    yield "participant type", participant.type
    for player in participant.fixture_players or ():
        yield "player state", player.state.id if isinstance(player.state, Label) else as_number(player.state)
        yield "player type", player.player.type if player.player is not None else None


def as_number(state: int | str | None) -> int | None:
    """A number that may be written as a text; None where it is none."""
    return int(state) if isinstance(state, int) or (state and state.isdecimal()) else None


def _of_livescore(livescore: Livescore) -> Numbers:
    if (scoreboard := livescore.scoreboard) is not None:
        yield "status", scoreboard.status
        yield "description", scoreboard.description
        yield "clock", scoreboard.clock.status if scoreboard.clock else None
    for parent in (*(livescore.periods or ()), *(livescore.statistics or ())):
        yield from _of_incidents(parent)
    if livescore.current_incident is not None:
        yield "statistic", livescore.current_incident.id
        yield "confirmation", livescore.current_incident.confirmation
    for trigger in livescore.danger_triggers or ():
        yield "danger", trigger.type
        yield "danger status", trigger.status


def _of_incidents(parent: Period | Statistic) -> Numbers:
    if isinstance(parent, Statistic):
        yield "statistic", parent.type
    incidents: Iterable[Incident] = parent.incidents or ()
    for incident in incidents:
        yield "statistic", incident.incident_type
    for sub_period in (parent.sub_periods or ()) if isinstance(parent, Period) else ():
        yield from _of_incidents(sub_period)


def _of_market(market: Market) -> Numbers:
    if market.name is None:
        yield "market", market.id
    yield "bet status", market.status
    for parent in (market, *(market.provider_markets or ())):
        for bet in parent.bets or ():
            if _is_strange(bet):
                yield "bet status", bet.status
                yield "settlement", bet.settlement
                yield "suspension reason", bet.suspension_reason


def _is_strange(bet: Bet) -> bool:
    """A quick check before the numbers are yielded: there are many bets, and hardly any is strange."""
    return (
        bet.status not in BET_STATUSES
        or bet.settlement not in SETTLEMENTS
        or bet.suspension_reason not in SUSPENSION_REASONS
    )


def _periods(livescore: Livescore) -> Iterator[int | None]:
    if livescore.scoreboard is not None:
        yield livescore.scoreboard.current_period
    for period in livescore.periods or ():
        yield from _types(period)


def _types(period: Period) -> Iterator[int]:
    yield period.type
    for part in period.sub_periods or ():
        yield from _types(part)
