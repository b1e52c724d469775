"""The contests of many that are on offer: tracks and their races, leagues and their seasons."""

from random import Random

from feed.codes import SportId

from .card import Card, League, Named, Side, side_id
from .field_contest import Race, Season, WinnerOfMany
from .names import horse, person, team

HORSE_RACING = Named(SportId.HORSE_RACING, "Horse Racing")
RACE_WINNER = WinnerOfMany(160, "Race Winner")
OUTRIGHT_WINNER = WinnerOfMany(274, "Outright Winner")
TRACKS = (
    League(id=4711, name="Marrenstad Park", location=Named(2, "Great Britain")),
    League(id=4712, name="Tresmar Downs", location=Named(172, "Australia")),
)
TROPHIES = (
    League(id=71011, name="Coastal Premier Division", location=Named(243, "England")),
    League(id=71012, name="Liga Meridional", location=Named(142, "Spain")),
)
RACE_MINUTES, SEASON_ROUNDS = 4.0, (1, 12)


def make_race(card: Card, rng: Random) -> Race:
    return Race(card=card, rng=rng, strengths=tuple(rng.lognormvariate(0, 0.7) for _ in card.sides))


def make_season(card: Card, rng: Random, rounds: int) -> Season:
    """`rounds` are still to be played; the leader is not far ahead, so that there is something to bet on."""
    strengths = tuple(rng.uniform(1.2, 1.8) for _ in card.sides)
    points = {side.id: float(rng.randint(44, 50)) for side in card.sides}
    return Season(card=card, rng=rng, strengths=strengths, rounds_left=rounds, points=points)


def runners(rng: Random) -> tuple[Side, ...]:
    """Eight to twelve horses with what a race card says of each."""
    names = list(dict.fromkeys(horse(rng) for _ in range(rng.randint(10, 16))))[:12]
    return tuple(
        Side(id=side_id(f"horse {name}"), name=name, extra=form(number, rng)) for number, name in enumerate(names)
    )


def form(number: int, rng: Random) -> dict[str, str]:
    return {
        "ProgramNumber": str(number + 1),
        "TrainerName": f"{person(rng)} & {person(rng)}" if rng.random() < 0.2 else person(rng),
        "Jockey": person(rng),
        "JockeyWeight": str(rng.randint(52, 60)),
        "Age": str(rng.randint(2, 9)),
        "Form": " - ".join(str(rng.randint(1, 9)) for _ in range(6)),
        "Color": rng.choice(("Bay", "Chestnut", "Grey", "Brown")),
        "Blinkers": rng.choice(("True", "False")),
    }


def teams(league: League, rng: Random) -> tuple[Side, ...]:
    names = list(dict.fromkeys(team(rng, league) for _ in range(18)))[:14]
    return tuple(Side(id=side_id(f"{SportId.FOOTBALL:d} 1 {name}"), name=name) for name in names)
