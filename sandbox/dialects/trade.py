"""TRADE JSON, `Header` and `Body` (docs/protocol.md, TRADE messages)."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

from feed.codes import MessageType
from sandbox.bet import Moves
from sandbox.bookmakers import CALCULATED, Bookmaker
from sandbox.contest import Contest, News
from sandbox.field_contest import FieldContest, Race, Season
from sandbox.match import Match
from sandbox.outgoing import BEFORE_PLAY, BOTH, Feed, Outgoing

from . import outright_bodies
from .envelope import Post, iso
from .fixture_bodies import fixture_event
from .match_bodies import Json, data, has_status, livescore_event, market

encode = msgspec.json.Encoder().encode
PRE_MATCH, IN_PLAY = (Feed.PRE_MATCH,), (Feed.IN_PLAY,)
IN_PLAY_SUBSCRIPTION, PRE_MATCH_SUBSCRIPTION = 1, 2
#: Keep-alives have extra data and a provider in one half of this time, and none in the other.
COUNTED_MS = 60_000


class Odds(StrEnum):
    """Which bets a package has ordered: LSports' calculated ones, the providers' own, or both."""

    CALCULATED = "calculated"
    PROVIDERS = "providers"
    BOTH = "both"


def market_feeds(contest: Contest) -> tuple[Feed, ...]:
    """Where its odds go: outright leagues to both packages, races to pre-match, matches to pre-match and then to
    in-play."""
    if isinstance(contest, Match):
        return PRE_MATCH if contest.status in BEFORE_PLAY else IN_PLAY
    return PRE_MATCH if isinstance(contest, Race) else BOTH


def in_tree(contest: FieldContest, event: Json) -> Json:
    return {"Competition": outright_bodies.competition(contest, event)}


class Trade:
    """`books` are the bookmakers by id."""

    def __init__(self, post: Post, books: dict[int, Bookmaker], odds: Odds) -> None:
        self.post = post
        self.books = books
        self.calculated = odds is not Odds.PROVIDERS
        self.providers = odds is not Odds.CALCULATED

    def heartbeat(self) -> Iterator[Outgoing]:
        yield self.bare(MessageType.HEARTBEAT, None, BOTH)

    def keep_alive(self, fixture_ids: list[int]) -> Iterator[Outgoing]:
        alive: Json = {"ActiveEvents": fixture_ids, "ExtraData": None}
        if self.post.now % COUNTED_MS < COUNTED_MS / 2:
            alive["ExtraData"] = data({"ActiveEventsCount": str(len(fixture_ids))})
            alive["ProviderId"] = CALCULATED.id
        yield self.bare(MessageType.KEEP_ALIVE, {"KeepAlive": alive}, IN_PLAY)

    def fixture(self, contest: Contest) -> Iterator[Outgoing]:
        if isinstance(contest, FieldContest):
            body = in_tree(contest, outright_bodies.outright_event(contest))
            kind = MessageType.OUTRIGHT_FIXTURE if isinstance(contest, Race) else MessageType.OUTRIGHT_LEAGUE_FIXTURE
            yield self.about(kind, contest, body, PRE_MATCH if isinstance(contest, Race) else BOTH)
            return
        yield self.about(MessageType.FIXTURE, contest, {"Events": [self.fixture_event(contest)]}, BOTH)

    def fixture_event(self, contest: Contest) -> Json:
        subscription = PRE_MATCH_SUBSCRIPTION if contest.status in BEFORE_PLAY else IN_PLAY_SUBSCRIPTION
        return fixture_event(contest.card, contest.status, subscription)

    def livescore(self, contest: Contest, news: Iterable[News]) -> Iterator[Outgoing]:
        if isinstance(contest, Match):
            yield self.about(MessageType.LIVESCORE, contest, {"Events": [livescore_event(contest)]}, IN_PLAY)
        elif isinstance(contest, Race) and contest.places:
            body = in_tree(contest, outright_bodies.score_event(contest))
            yield self.about(MessageType.OUTRIGHT_SCORE, contest, body, PRE_MATCH)

    def market(self, contest: Contest, moves: Moves, feeds: tuple[Feed, ...] | None = None) -> Iterator[Outgoing]:
        kinds = MessageType.MARKET, MessageType.OUTRIGHT_FIXTURE_MARKET, MessageType.OUTRIGHT_LEAGUE_MARKET
        yield from self.bets(contest, moves, kinds, feeds or market_feeds(contest))

    def settlement(self, contest: Contest, moves: Moves) -> Iterator[Outgoing]:
        kinds = MessageType.SETTLEMENT, MessageType.OUTRIGHT_SETTLEMENT, MessageType.OUTRIGHT_LEAGUE_SETTLEMENT
        yield from self.bets(contest, moves, kinds, PRE_MATCH if isinstance(contest, Race) else BOTH)

    def bets(
        self,
        contest: Contest,
        moves: Moves,
        kinds: tuple[MessageType, MessageType, MessageType],
        feeds: tuple[Feed, ...],
    ) -> Iterator[Outgoing]:
        """One market a message; of `kinds` the one for a match, a race or a season."""
        parts = {"calculated": self.calculated, "providers": self.providers, "has_status": has_status(contest)}
        body = market(moves, self.books, **parts)
        if not body.get("Bets") and not body.get("ProviderMarkets"):
            return
        for_match, for_race, for_season = kinds
        if isinstance(contest, FieldContest):
            kind = for_season if isinstance(contest, Season) else for_race
            whole = in_tree(contest, outright_bodies.market_event(contest, body))
        else:
            kind = for_match
            whole = {"Events": [{"FixtureId": contest.card.fixture_id, "Livescore": None, "Markets": [body]}]}
        yield self.about(kind, contest, whole, feeds, moves.market.id)

    def bare(self, kind: MessageType, body: Json | None, feeds: tuple[Feed, ...]) -> Outgoing:
        """A message of the feed itself: no sequence number, and its time in whole seconds (captured)."""
        guid = self.post.guid()
        message: Json = {"Header": {"Type": int(kind), "MsgGuid": guid, "ServerTimestamp": self.post.now // 1000}}
        if body is not None:
            message["Body"] = body
        return self.post.outgoing(kind, encode(message), feeds, guid)

    def about(
        self, kind: MessageType, contest: Contest, body: Json, feeds: tuple[Feed, ...], market_id: int | None = None
    ) -> Outgoing:
        guid, number = self.post.guid(), self.post.next_number(kind, contest, market_id)
        header = {
            "Type": int(kind),
            "MsgSeq": number,
            "MsgGuid": guid,
            "CreationDate": iso(self.post.now, 4488),
            "ServerTimestamp": self.post.now,
        }
        whole = encode({"Header": header, "Body": body})
        return self.post.outgoing(kind, whole, feeds, guid, contest=contest, number=number, market_id=market_id)
