"""The card of a race or a season: who takes part, with whom, at what price, and where they came in."""

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from feed.codes import FixtureStatus
from feed.models import Bet, Participant

from .look import Look
from .main_markets import first_of
from .prices import PriceCell, mark_best, price_cell
from .provider import provider_name
from .reading import Reading
from .vouching import Vouching

#: The markets of who wins: the first that the fixture has is the card's.
RACE_MARKETS = (274, 160)
#: What LSports says of a runner, in the order of the card; what else it says follows by name.
KNOWN_FACTS = {
    "Jockey": gettext_noop("Jockey"),
    "TrainerName": gettext_noop("Trainer"),
    "JockeyWeight": gettext_noop("Weight"),
    "Color": gettext_noop("Colour"),
    "Gender": gettext_noop("Sex"),
    "Age": gettext_noop("Age"),
    "Sire": gettext_noop("Sire"),
    "Dam": gettext_noop("Dam"),
    "DamSire": gettext_noop("Dam's sire"),
    "Form": gettext_noop("Form"),
}
#: Addresses of pictures elsewhere, which the page's policy does not let it load; and what has a column of its own.
NOT_SHOWN = frozenset({"SilkUrl", "Result", "ProgramNumber"})


@dataclass(frozen=True, slots=True)
class Runner:
    """One who takes part. `cells` has one entry for each bookmaker of the card."""

    participant_id: int
    number: str
    name: str
    facts: tuple[tuple[str, str], ...]
    result: str
    runs: bool
    cells: tuple[PriceCell | None, ...]


@dataclass(frozen=True, slots=True)
class RaceCard:
    """The runners in the order of their results, else of their numbers; non-runners last."""

    fixture_id: int
    market_id: int | None
    market: str
    columns: tuple[tuple[int, str], ...]
    runners: tuple[Runner, ...]
    is_over: bool


def race_card(reading: Reading, fixture_id: int, vouching: Vouching, look: Look) -> RaceCard:
    """The card of an outright as read."""
    fixture = reading.fixtures[fixture_id]
    market = first_of(RACE_MARKETS, reading.markets.get(fixture_id, {}))
    bets = reading.bets.get((fixture_id, market.market_id), []) if market else []
    columns = look.columns({bet.provider_id for bet in bets})
    runners = [_runner(row, bets, columns, reading, vouching, look) for row in reading.participants.get(fixture_id, [])]
    return RaceCard(
        fixture_id=fixture_id,
        market_id=market.market_id if market else None,
        market=market.name if market else "",
        columns=tuple((pk, provider_name(pk, reading.providers.get(pk))) for pk in columns),
        runners=tuple(sorted(runners, key=_place)),
        is_over=fixture.status == FixtureStatus.FINISHED,
    )


def _runner(
    row: Participant, bets: list[Bet], columns: list[int], reading: Reading, vouching: Vouching, look: Look
) -> Runner:
    own = [bet for bet in bets if is_of(bet, row)]
    cells = mark_best(
        price_cell(bet, reading.providers.get(bet.provider_id, ""), vouching.up, look.odds) for bet in own
    )
    by_provider = {cell.provider_id: cell for cell in cells}
    return Runner(
        participant_id=row.participant_id,
        number=str(row.position) if row.position is not None else "",
        name=row.name,
        facts=facts(row.extra_data),
        result=row.result or str(row.extra_data.get("Result", "")),
        runs=row.is_active,
        cells=tuple(by_provider.get(pk) for pk in columns),
    )


def is_of(bet: Bet, row: Participant) -> bool:
    """Whether the bet is on this participant: by its id, else by its name."""
    return bet.participant_id == row.participant_id if bet.participant_id is not None else bet.name == row.name


def facts(extra: dict[str, object]) -> tuple[tuple[str, str], ...]:
    """What LSports says of a runner, in words."""
    named = [(gettext(label), str(extra[key])) for key, label in KNOWN_FACTS.items() if extra.get(key)]
    others = sorted(key for key in extra if key not in KNOWN_FACTS and key not in NOT_SHOWN and extra[key])
    return tuple(named + [(key, str(extra[key])) for key in others])


def _place(runner: Runner) -> tuple[bool, float, float, str]:
    place = float(runner.result) if runner.result.isdecimal() else 999.0
    number = float(runner.number) if runner.number.isdecimal() else 999.0
    return (not runner.runs, place, number, runner.name)
