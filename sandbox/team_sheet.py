"""The team sheet: how a side has fared, in what it plays, and who is in it. A side has one, wherever it appears."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from .card import Named, Side

FORMATIONS = ("4-4-2", "4-3-3", "4-2-3-1", "3-5-2", "5-3-2")
#: As red, green and blue in hexadecimal.
COLOURS = ("ffffff", "c8102e", "003da5", "ffcd00", "00843d", "000000", "f36c21", "6cace4", "582c83")
BRIGHT_COLOURS = ("d6ff00", "ff5fa2", "8a8d8f")
GOALIE, DEFENDER, MIDFIELDER, FORWARD = (
    Named(1, "Goalkeeper"),
    Named(2, "Defender"),
    Named(3, "Midfielder"),
    Named(4, "Forward"),
)
STARTERS = 11
#: How often a player has been chosen for a nation's team.
CHOSEN = 0.15


@dataclass(frozen=True, slots=True)
class Shirt:
    """Its colours."""

    primary: str
    number: str
    outline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody on the sheet: a player, or the coach, who wears no number."""

    id: int
    name: str
    number: int | None
    position: Named | None
    starts: bool
    captain: bool
    born: date
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamSheet:
    form: str
    formation: str | None
    shirt: Shirt | None
    goalie_shirt: Shirt | None
    members: tuple[Member, ...]


def team_sheet(side: Side, *, has_lines: bool) -> TeamSheet:
    """`has_lines`: the sport lines its players up as football does."""
    rng = Random(f"sheet {side.id}")
    form = "".join(rng.choices("WDL" if has_lines else "WL", k=5))
    formation = rng.choice(FORMATIONS) if has_lines and side.players else None
    colour, of_number = rng.sample(COLOURS, 2)
    bright = rng.choice(BRIGHT_COLOURS)
    has_goalie = has_lines and bool(side.players)
    return TeamSheet(
        form=form,
        formation=formation,
        shirt=Shirt(colour, of_number, colour) if side.players else None,
        goalie_shirt=Shirt(bright, "000000", bright) if has_goalie else None,
        members=members(side, formation, rng),
    )


def members(side: Side, formation: str | None, rng: Random) -> tuple[Member, ...]:
    """The squad in the order of its numbers, then the coach."""
    if not side.players:
        return ()
    places = positions(formation)
    captain = rng.randrange(min(STARTERS, len(side.players)))
    squad = [
        member(player, rng, number=place + 1, position=places.get(place), captain=place == captain)
        for place, player in enumerate(side.players)
    ]
    coach = member((side.id % 900_000 * 20 + 19, "Coach"), rng, number=None, position=None, captain=False)
    return (*squad, coach)


def member(
    player: tuple[int, str], rng: Random, *, number: int | None, position: Named | None, captain: bool
) -> Member:
    return Member(
        id=player[0],
        name=player[1],
        number=number,
        position=position,
        starts=number is not None and number <= STARTERS,
        captain=captain,
        born=date(1988, 1, 1) + timedelta(days=rng.randrange(6500)),
        chosen=number is not None and rng.random() < CHOSEN,
    )


def positions(formation: str | None) -> dict[int, Named]:
    """Where the starters of a formation play: 4-2-3-1 has four defenders, five in the middle and one in front."""
    if formation is None:
        return {}
    lines = [int(line) for line in formation.split("-")]
    roles = [GOALIE] + [DEFENDER] * lines[0] + [MIDFIELDER] * sum(lines[1:-1]) + [FORWARD] * lines[-1]
    return dict(enumerate(roles))
