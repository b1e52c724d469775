"""The snapshot API: the state at this moment, filtered; `Body` is a list of events (docs/protocol.md, Snapshot API)."""

from collections.abc import Iterator
from random import Random
from typing import Any

from .coverage import Coverage
from .dialects.fixture_bodies import fixture_event
from .dialects.match_bodies import Json, has_status, livescore, market
from .dialects.outright_bodies import competition, market_event, outright_event, score_event
from .field_contest import FieldContest, Race
from .match import Match
from .offer import Offer
from .outgoing import BEFORE_PLAY
from .supplier import Supplier

#: The calls, each with the message type in its answer's header.
MATCH_CALLS = {"getevents": 36, "getfixtures": 1, "getscores": 2, "getfixturemarkets": 3}
RACE_CALLS = {
    "getoutrightevents": 36,
    "getoutrightfixture": 37,
    "getoutrightscores": 39,
    "getoutrightfixturemarkets": 41,
}
LEAGUE_CALLS = {"getoutrightleagueevents": 36, "getoutrightleagues": 38, "getoutrightleaguemarkets": 40}
#: Their answers wrap each competition in `Competition`, as messages do; other calls answer with it as it is.
WRAPPED = ("getoutrightleagueevents", "getoutrightleaguemarkets")
FILTERS = ("sports", "locations", "leagues", "tournaments", "fixtures", "markets", "fromdate", "todate", "timestamp")


class Snapshot:
    """Answers one request. `wanted` holds its filters, by name in lower case; an empty one lets everything through."""

    def __init__(self, supplier: Supplier, side: str, call: str, wanted: dict[str, Any]) -> None:
        self.supplier = supplier
        self.in_play = side == "inplay"
        self.call = call
        self.wanted = wanted

    def body(self) -> list[Json]:
        with self.supplier.lock:
            events = (self.event(coverage) for coverage in self.supplier.coverages.values() if self.wants(coverage))
            return [event for event in events if event is not None]

    def wants(self, coverage: Coverage) -> bool:
        card, contest = coverage.contest.card, coverage.contest
        kind = MATCH_CALLS if isinstance(contest, Match) else RACE_CALLS if isinstance(contest, Race) else LEAGUE_CALLS
        in_time = not isinstance(contest, Match) or self.in_play is (contest.status not in BEFORE_PLAY)
        return (
            coverage.is_announced
            and in_time
            and self.call in kind
            and self.among("sports", card.sport.id)
            and self.among("locations", card.league.location.id)
            and self.among("leagues", card.league.id)
            and any(self.among("tournaments", place.id) for place in (card.league, card.season) if place)
            and self.among("fixtures", card.fixture_id)
            and moment(self.wanted.get("fromdate"), 0) <= card.start <= moment(self.wanted.get("todate"), 1 << 62)
        )

    def among(self, name: str, number: int) -> bool:
        wanted = self.wanted.get(name)
        return not wanted or number in wanted

    @property
    def since(self) -> int:
        return moment(self.wanted.get("timestamp"), 0)

    def event(self, coverage: Coverage) -> Json | None:
        """The fixture's part of the answer; None if it has nothing that was asked for."""
        contest = coverage.contest
        if isinstance(contest, FieldContest):
            return self.outright(coverage, contest)
        assert isinstance(contest, Match)  # noqa: S101 - there are only these kinds
        event: Json = {"FixtureId": contest.card.fixture_id}
        whole = self.call == "getevents"
        if contest.card.changed < self.since and self.call == "getfixtures":
            return None
        if self.call != "getfixturemarkets":
            event = fixture_event(contest.card, contest.status, 1 if self.in_play else 2)
        if whole or self.call == "getscores":
            event["Livescore"] = livescore(contest) if contest.status not in BEFORE_PLAY else None
        if whole or self.call == "getfixturemarkets":
            event["Livescore"] = event.get("Livescore")
            event["Markets"] = self.markets(coverage.offer)
            return event if event["Markets"] or whole else None
        return event

    def outright(self, coverage: Coverage, contest: FieldContest) -> Json | None:
        if self.call.endswith("markets"):
            markets = self.markets(coverage.offer)
            event = market_event(contest, markets[0]) if markets else None
        elif self.call.endswith("scores"):
            event = score_event(contest) if contest.places else None
        else:
            event = outright_event(contest)
            if self.call.endswith("events"):
                event["Markets"] = self.markets(coverage.offer)
                if contest.places and isinstance(contest, Race):
                    event["OutrightScore"] = score_event(contest)["OutrightScore"]
        if event is None:
            return None
        path = competition(contest, event)
        return {"Competition": [path]} if self.call in WRAPPED else path

    def markets(self, offer: Offer) -> list[Json]:
        """All bets of the markets asked for, settled ones too; with a timestamp only those changed since."""
        return list(self._markets(offer))

    def _markets(self, offer: Offer) -> Iterator[Json]:
        for moves in offer.everything(settled=True):
            if not self.among("markets", moves.market.id):
                continue
            for book, bets in list(moves.bets.items()):
                moves.bets[book] = [bet for bet in bets if bet.quotes[book].at >= self.since]
                if not moves.bets[book]:
                    del moves.bets[book]
            if moves.bets:
                yield market(
                    moves,
                    self.supplier.books,
                    calculated=True,
                    providers=True,
                    has_status=has_status(offer.contest),
                )


def incomplete(events: list[Json], share: float, rng: Random) -> list[Json]:
    """Leaves out about this share of the events, and of the markets in those that remain."""
    remaining = [event for event in events if rng.random() >= share]
    for event in remaining:
        if event.get("Markets"):
            event["Markets"] = [market for market in event["Markets"] if rng.random() >= share]
    return remaining


def moment(wanted: object, otherwise: int) -> int:
    """A time in a request, in milliseconds. LSports documents no unit, so a small number is taken as seconds."""
    if not isinstance(wanted, int) or isinstance(wanted, bool):
        return otherwise
    return wanted if wanted > 10**11 else wanted * 1000
