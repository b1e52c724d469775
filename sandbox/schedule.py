"""Which fixtures there are: sport by sport, at every stage from finished to tomorrow; one that ends is replaced.

A slot stands for one fixture at a time. The first dozen slots are one match of each sport, a race and a season; then
they come round again, each at another stage.
"""

from datetime import UTC, datetime
from random import Random

from .bookmakers import Bookmaker
from .card import Card, League, Named, Side, side_id
from .course import Fate, course, draw_fate, season_course
from .coverage import Coverage
from .names import PLACES, person
from .offer import Offer
from .outrights import (
    HORSE_RACING,
    OUTRIGHT_WINNER,
    RACE_MINUTES,
    RACE_WINNER,
    SEASON_ROUNDS,
    TRACKS,
    TROPHIES,
    make_race,
    make_season,
    runners,
    teams,
)
from .sport import Sport
from .sports import FOOTBALL, SPORTS

MINUTE = 60_000
#: Where a slot's first fixture stands, by the slot's turn: the share of it that is played, or None: still to come.
STAGES = (0.35, None, 0.7, None, 1.02, 0.1, None, 0.55)
UNDER_WAY = (0.35, 0.6, 0.2)
#: When those start that are still to come, in minutes.
SOON_MINUTES = (2.0, 25.0, 190.0, 1500.0, 8.0, 700.0)
NEXT_MINUTES = (4.0, 60.0)
#: How much later those are where it is said how many are in play: none of them joins soon.
LATER_MINUTES = 60.0
RACE, SEASON = len(SPORTS), len(SPORTS) + 1
KINDS = len(SPORTS) + 2
#: The month in which a season of football begins.
NEW_SEASON = 7
GROUNDS = ("Stadium", "Arena", "Court")
STAGES_OF_CUP = (Named(21, "Quarter-finals"), Named(22, "Semi-finals"), Named(23, "Final"))
WHOLE_SEASON = Named(20, "Regular season")


class Schedule:
    """`start` is when the supplier starts, in milliseconds since 1970; contests go `speed` times as fast as real.

    With `in_play` so many are under way at the start, seasons aside, and the others are an hour away and more.
    """

    def __init__(
        self, seed: int, start: int, speed: float, bookmakers: tuple[Bookmaker, ...], in_play: int | None = None
    ) -> None:
        self.seed = seed
        self.start = start
        self.speed = speed
        self.bookmakers = bookmakers
        self.in_play = in_play
        self.first_id = first_fixture_id(start)
        self.made = 0

    def first(self, slot: int) -> Coverage:
        """The fixture that a slot begins with: under way, over, or to come."""
        turn = slot // KINDS
        stage = self.stage(slot, turn)
        if stage is None:
            minutes = SOON_MINUTES[(turn + slot) % len(SOON_MINUTES)] + (0.0 if self.in_play is None else LATER_MINUTES)
            return self.make(slot, self.start + int(minutes * MINUTE / self.speed), self.start)
        begun = self.start - int(stage * self.minutes(slot) * MINUTE / self.speed)
        return self.make(slot, begun, self.start, fate=Fate.NORMAL)

    def stage(self, slot: int, turn: int) -> float | None:
        """The share that is played of the fixture that a slot begins with; None: it is still to come."""
        if self.in_play is not None:
            seasons = turn + (slot % KINDS > SEASON)
            return UNDER_WAY[slot % len(UNDER_WAY)] if slot - seasons < self.in_play else None
        return STAGES[(turn + slot) % len(STAGES)] if turn else UNDER_WAY[slot % len(UNDER_WAY)]

    def next(self, slot: int, now: int) -> Coverage:
        """The fixture that follows one that is over."""
        rng = Random(f"{self.seed}/{slot}/{now}")
        return self.make(slot, now + int(rng.uniform(*NEXT_MINUTES) * MINUTE / self.speed), now)

    def minutes(self, slot: int) -> float:
        kind = slot % KINDS
        return SPORTS[kind].minutes if kind < len(SPORTS) else RACE_MINUTES

    def make(self, slot: int, start: int, now: int, fate: Fate | None = None) -> Coverage:
        """A fixture that starts at `start`; where that is past, its course has to be gone through up to `now`."""
        self.made += 1
        rng = Random(f"{self.seed}/{self.made}")
        fate = draw_fate(rng) if fate is None else fate
        wait = max(0, start - now) / 1000 * self.speed
        kind = slot % KINDS
        if kind == SEASON:
            return self.season(slot, now, rng)
        if kind == RACE:
            return self.race(slot, start, wait, fate, rng)
        return self.match(slot, SPORTS[kind], start, wait, fate, rng)

    def match(self, slot: int, sport: Sport, start: int, wait: float, fate: Fate, rng: Random) -> Coverage:
        league = rng.choice(sport.leagues)
        card = self.card(sport.named, league, start, self.sides(sport, league, rng))
        if league.periods:
            card.extra["NumberOfPeriods"] = str(league.periods)
        if sport is FOOTBALL and league.minutes is None:
            card.venue = Named(5000 + self.made % 4000, f"{rng.choice(PLACES)} Park")
            card.round = Named(30 + self.made % 30, str(1 + self.made % 30))
            card.stage = stage_of(league, self.made)
            card.season = season_of(league, start)
        elif league.surface is not None or league.state is not None:
            card.venue = Named(9000 + self.made % 1000, f"{PLACES[self.made % len(PLACES)]} {GROUNDS[self.made % 3]}")
        match = sport.match(card=card, rng=rng, skill=sport.skill(rng, league))
        offer = Offer(match, sport.markets, self.some_bookmakers(rng), rng, self.speed)
        minutes = sport.minutes * (league.minutes or 90) / 90 if sport is FOOTBALL else sport.minutes
        steps = course(match, wait, minutes, fate)
        return Coverage(slot=slot, contest=match, offer=offer, course=steps, halts=sport.halts)

    def sides(self, sport: Sport, league: League, rng: Random) -> tuple[Side, ...]:
        """Two different sides. A side always has the same players."""
        names: list[str] = []
        while len(names) < 2:
            name = sport.side_name(rng, league)
            if name not in names:
                names.append(name)
        return tuple(make_side(sport, league, name) for name in names)

    def race(self, slot: int, start: int, wait: float, fate: Fate, rng: Random) -> Coverage:
        track = rng.choice(TRACKS)
        card = self.card(HORSE_RACING, track, start, runners(rng))
        card.extra = {"RaceTitle": f"Race {1 + self.made % 9}", "Category": rng.choice(("Handicap", "Maiden", "Open"))}
        race = make_race(card, rng)
        offer = Offer(race, (RACE_WINNER,), self.some_bookmakers(rng), rng, self.speed)
        return Coverage(slot=slot, contest=race, offer=offer, course=course(race, wait, RACE_MINUTES, fate))

    def season(self, slot: int, now: int, rng: Random) -> Coverage:
        """Those of the first slot are near their last round, so that the end can be seen."""
        league = rng.choice(TROPHIES)
        card = self.card(FOOTBALL.named, league, now, teams(league, rng))
        card.extra = {"WithLivescore": "false", "WithInPlay": "false"}
        year = season_year(now)
        card.season = Named(2000 + self.made, f"{year}/{year + 1}")
        rounds = 1 if slot < KINDS else rng.randint(*SEASON_ROUNDS)
        card.ends = now + int(rounds * 30 * MINUTE / self.speed)
        contest = make_season(card, rng, rounds)
        offer = Offer(contest, (OUTRIGHT_WINNER,), self.some_bookmakers(rng), rng, self.speed)
        return Coverage(slot=slot, contest=contest, offer=offer, course=season_course(contest))

    def card(self, sport: Named, league: League, start: int, sides: tuple[Side, ...]) -> Card:
        return Card(
            fixture_id=self.first_id + self.made,
            sport=sport,
            league=league,
            start=start - start % 1000,
            sides=sides,
            changed=min(start, self.start),
            extra={"WithInPlay": "true", "WithLivescore": "true"},
        )

    def some_bookmakers(self, rng: Random) -> list[Bookmaker]:
        most = len(self.bookmakers)
        return rng.sample(self.bookmakers, rng.randint(min(3, most), most))


def make_side(sport: Sport, league: League, name: str) -> Side:
    own = side_id(f"{sport.id} {league.gender} {name}")
    rng = Random(own)
    squad = tuple((own % 900_000 * 20 + number, person(rng)) for number in range(sport.squad))
    return Side(id=own, name=name, players=squad)


def stage_of(league: League, number: int) -> Named:
    """Cups have their rounds, of leagues all is one."""
    return STAGES_OF_CUP[number % len(STAGES_OF_CUP)] if league.periods else WHOLE_SEASON


def season_of(league: League, start: int) -> Named:
    year = season_year(start)
    return Named(league.id * 10 + year % 10, f"{year}/{year + 1}")


def first_fixture_id(start: int) -> int:
    """Eight digits, as LSports' ids now have; another for each minute, so that two runs do not share fixtures."""
    return 10_000_000 + start // MINUTE % 1_700_000 * 50


def season_year(now: int) -> int:
    """The year in which the season of this moment (milliseconds since 1970) began, in July."""
    moment = datetime.fromtimestamp(now / 1000, UTC)
    return moment.year if moment.month >= NEW_SEASON else moment.year - 1
