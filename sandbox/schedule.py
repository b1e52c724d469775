"""Which fixtures there are: sport by sport, at every stage from finished to tomorrow, and a new one for each that ends."""

from random import Random

from .bookmakers import Bookmaker
from .card import Card, League, Side
from .course import course
from .coverage import Coverage
from .names import person
from .offer import Offer
from .sport import Sport
from .sports import SPORTS

FIRST_FIXTURE_ID = 26_400_000
FIRST_SIDE_ID = 53_100_000
MINUTE = 60_000
#: Starts of a sport's first fixtures, in shares of a match before now; None: minutes after now, below.
STAGES = (0.35, None, 0.7, None, 1.02, 0.1, None, 0.55)
SOON_MINUTES = (2.0, 25.0, 190.0, 1500.0, 8.0, 700.0)


class Schedule:
    """`start` is when the supplier starts, in milliseconds since 1970; matches are played `speed` times as fast."""

    def __init__(self, seed: int, start: int, speed: float, bookmakers: tuple[Bookmaker, ...]) -> None:
        self.seed = seed
        self.start = start
        self.speed = speed
        self.bookmakers = bookmakers
        self.made = 0

    def first(self, slot: int) -> Coverage:
        """The fixture that a slot begins with: under way, over, or to come."""
        sport = SPORTS[slot % len(SPORTS)]
        turn = slot // len(SPORTS)
        stage = STAGES[turn % len(STAGES)]
        if stage is None:
            after = SOON_MINUTES[(turn + slot) % len(SOON_MINUTES)] * MINUTE
            return self.coverage(slot, sport, self.start + int(after / self.speed))
        return self.coverage(slot, sport, self.start - int(stage * sport.minutes * MINUTE / self.speed))

    def next(self, slot: int, now: int) -> Coverage:
        """The fixture that follows one that is over."""
        rng = Random(f"{self.seed}/{slot}/{now}")
        return self.coverage(slot, SPORTS[slot % len(SPORTS)], now + int(rng.uniform(4, 60) * MINUTE / self.speed))

    def coverage(self, slot: int, sport: Sport, start: int) -> Coverage:
        self.made += 1
        rng = Random(f"{self.seed}/{self.made}")
        league = rng.choice(sport.leagues)
        card = self.card(sport, league, start, rng)
        match = sport.match(card=card, rng=rng, skill=sport.skill(rng, league))
        count = rng.randint(min(3, len(self.bookmakers)), len(self.bookmakers))
        offer = Offer(match, sport.markets, rng.sample(self.bookmakers, count), rng, self.speed)
        begun = min(start, self.start) if start < self.start else self.start
        wait = (start - begun) / 1000 * self.speed
        return Coverage(slot=slot, match=match, offer=offer, course=course(match, wait))

    def card(self, sport: Sport, league: League, start: int, rng: Random) -> Card:
        number = self.made
        ids = (FIRST_SIDE_ID + 2 * number, FIRST_SIDE_ID + 2 * number + 1)
        home, away = (self.side(sport, side_id, rng) for side_id in ids)
        extra = {"WithInPlay": "true", "WithLivescore": "true"}
        if league.periods:
            extra["NumberOfPeriods"] = str(league.periods)
        return Card(
            fixture_id=FIRST_FIXTURE_ID + number,
            sport=sport.named,
            league=league,
            start=start - start % 1000,
            sides=(home, away),
            changed=min(start, self.start),
            extra=extra,
        )

    def side(self, sport: Sport, side_id: int, rng: Random) -> Side:
        players = tuple((side_id * 10 % 9_000_000 + number, person(rng)) for number in range(sport.squad))
        return Side(id=side_id, name=sport.side_name(rng), players=players)
