"""OddService XML, as docs/protocol.md has it (OddService and XML): what LSports sent before TRADE.

The header has `MsgId` instead of `MsgSeq` and its time in seconds; a market holds providers, a provider its bets, and
values are the text of `Score` and `Value`. Outrights travel as types 1, 3 and 35 with a `Competition` in the body, and
the places of a race stand in its runners' extra data.
"""

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from feed.codes import BetStatus, CompetitionType, MessageType
from sandbox.bet import Bet, Moves
from sandbox.bookmakers import Bookmaker
from sandbox.card import Card, Named, Side
from sandbox.contest import Contest, News
from sandbox.field_contest import FieldContest, Race
from sandbox.match import NO_CLOCK, Incident, Match, Period, Statistic
from sandbox.outgoing import BOTH, Feed, Outgoing

from .envelope import Post, iso
from .trade import IN_PLAY, PRE_MATCH, Odds, market_feeds


class OddService:
    """LSports' calculated prices did not exist then: there are only providers."""

    def __init__(self, post: Post, books: dict[int, Bookmaker], odds: Odds = Odds.PROVIDERS) -> None:
        self.post = post
        self.books = books

    def heartbeat(self) -> Iterator[Outgoing]:
        yield self.message(MessageType.HEARTBEAT, "", BOTH)

    def keep_alive(self, fixture_ids: list[int]) -> Iterator[Outgoing]:
        active = "".join(f"<ActiveEvent>{pk}</ActiveEvent>" for pk in fixture_ids)
        yield self.message(MessageType.KEEP_ALIVE, f"<KeepAlive>{active}</KeepAlive>", IN_PLAY)

    def fixture(self, contest: Contest) -> Iterator[Outgoing]:
        if isinstance(contest, FieldContest):
            body = competition(contest, outright(contest))
            yield self.message(MessageType.FIXTURE, body, PRE_MATCH if isinstance(contest, Race) else BOTH, contest)
        else:
            body = events(contest, fixture(contest))
            yield self.message(MessageType.FIXTURE, body, BOTH, contest)

    def livescore(self, contest: Contest, news: Iterable[News]) -> Iterator[Outgoing]:
        if isinstance(contest, Match):
            yield self.message(MessageType.LIVESCORE, events(contest, livescore(contest)), IN_PLAY, contest)
        elif isinstance(contest, Race) and contest.places:
            yield from self.fixture(contest)

    def market(self, contest: Contest, moves: Moves, feeds: tuple[Feed, ...] | None = None) -> Iterator[Outgoing]:
        yield from self.bets(MessageType.MARKET, contest, moves, feeds or market_feeds(contest))

    def settlement(self, contest: Contest, moves: Moves) -> Iterator[Outgoing]:
        yield from self.bets(MessageType.SETTLEMENT, contest, moves, PRE_MATCH if isinstance(contest, Race) else BOTH)

    def bets(self, kind: MessageType, contest: Contest, moves: Moves, feeds: tuple[Feed, ...]) -> Iterator[Outgoing]:
        providers = "".join(provider(self.books[book], bets) for book, bets in moves.bets.items() if book)
        if not providers:
            return
        name = quoteattr(moves.market.name)
        inner = f'<Markets><Market Id="{moves.market.id}" Name={name}>{providers}</Market></Markets>'
        body = competition(contest, inner) if isinstance(contest, FieldContest) else events(contest, inner)
        yield self.message(kind, body, feeds, contest, moves.market.id)

    def message(
        self,
        kind: MessageType,
        body: str,
        feeds: tuple[Feed, ...],
        contest: Contest | None = None,
        market_id: int | None = None,
    ) -> Outgoing:
        guid = self.post.guid()
        number = None if contest is None else self.post.next_number(kind, contest, market_id)
        counted = "" if number is None else f"<MsgId>{number}</MsgId>"
        header = (
            f"<Header><Type>{int(kind)}</Type>{counted}<MsgGuid>{guid}</MsgGuid>"
            f"<ServerTimestamp>{self.post.now // 1000}</ServerTimestamp></Header>"
        )
        whole = f"<Message>{header}{f'<Body>{body}</Body>' if body else ''}</Message>".encode()
        return self.post.outgoing(kind, whole, feeds, guid, contest=contest, number=number, market_id=market_id)


def events(contest: Contest, inner: str) -> str:
    return f'<Events><Event FixtureId="{contest.card.fixture_id}">{inner}</Event></Events>'


def competition(contest: FieldContest, inner: str) -> str:
    """The path to an outright: a track, or a league above a season."""
    league, season = contest.card.league, contest.card.season
    event = events(contest, inner)
    if isinstance(contest, Race) or season is None:
        return element("Competition", event, Id=league.id, Name=league.name, Type=int(CompetitionType.TRACK))
    below = element("Competition", event, Id=season.id, Name=season.name, Type=int(CompetitionType.SEASON))
    below = f"<Competitions>{below}</Competitions>"
    return element("Competition", below, Id=league.id, Name=league.name, Type=int(CompetitionType.LEAGUE))


def outright(contest: FieldContest) -> str:
    card = contest.card
    about = named("Sport", card.sport) + named("Location", card.league.location)
    if not isinstance(contest, Race):
        inner = f"{about}<Status>{int(contest.status)}</Status>"
        return element("OutrightLeague", inner, LastUpdate=iso(card.changed, 5860))
    runners = "".join(participant(position, side) for position, side in enumerate(card.sides, 1))
    inner = (
        f"{about}<StartDate>{iso(card.start)}</StartDate><Status>{int(contest.status)}</Status>"
        f"{data('FixtureExtraData', card.extra)}<Participants>{runners}</Participants>"
    )
    return element("OutrightFixture", inner, LastUpdate=iso(card.changed, 5360))


def fixture(contest: Contest) -> str:
    card: Card = contest.card
    sides = "".join(element("Participant", "", Id=side.id, Name=side.name, Position=position)
                    for position, side in enumerate(card.sides, 1))  # fmt: skip
    inner = (
        f"{named('Sport', card.sport)}{named('Location', card.league.location)}"
        f"{element('League', '', Id=card.league.id, Name=card.league.name)}<StartDate>{iso(card.start)}</StartDate>"
        f"<Status>{int(contest.status)}</Status>{data('FixtureExtraData', card.extra)}"
        f"<Participants>{sides}</Participants>"
    )
    return element("Fixture", inner, LastUpdate=iso(card.changed, 1181))


def participant(position: int, side: Side) -> str:
    extra = data("ExtraData", side.extra)
    return element("Participant", extra, Id=side.id, Name=side.name, Position=position, IsActive=int(side.active))


def livescore(match: Match) -> str:
    description = {"Description": int(match.shown_description)} if match.shown_description else {}
    scoreboard = element(
        "Scoreboard",
        scores("Score", match.score),
        Status=int(match.status),
        CurrentPeriod=int(match.current),
        **description,
        Time=int(match.clock) if match.clock != NO_CLOCK else -1,
    )
    periods = "".join(period(played) for played in match.periods.values())
    statistics = "".join(statistic(count) for count in match.statistics.values())
    return (
        f"<Livescore>{scoreboard}<Periods>{periods}</Periods><Statistics>{statistics}</Statistics>"
        f"{data('LivescoreExtraData', match.extra)}</Livescore>"
    )


def period(played: Period) -> str:
    inner = scores("Score", played.texts or played.values) + incidents(played.incidents)
    return element(
        "Period", inner, Type=int(played.type), IsFinished=truth(played.finished), IsConfirmed=truth(played.confirmed)
    )


def statistic(counted: Statistic) -> str:
    return element("Statistic", scores("Value", counted.values) + incidents(counted.incidents), Type=int(counted.type))


def incidents(happened: list[Incident]) -> str:
    return f"<Incidents>{''.join(incident(happening) for happening in happened)}</Incidents>" if happened else ""


def incident(happening: Incident) -> str:
    player = {"PlayerName": happening.player[1]} if happening.player is not None else {}
    return element(
        "Incident",
        scores("Score", happening.values),
        Period=int(happening.period),
        IncidentType=int(happening.type),
        Seconds=happening.seconds,
        ParticipantPosition=happening.position,
        **player,
    )


def provider(book: Bookmaker, bets: list[Bet]) -> str:
    latest = iso(max(offered.quotes[book.id].at for offered in bets), 4209)
    return element("Provider", "".join(bet(one, book) for one in bets), Id=book.id, Name=book.name, LastUpdate=latest)


def bet(offered: Bet, book: Bookmaker) -> str:
    quote = offered.quotes[book.id]
    details: dict[str, object] = {"Id": quote.id, "Name": offered.name}
    if offered.base is not None:
        details |= {"Line": offered.label, "BaseLine": offered.base}
    details |= {"Status": int(quote.status), "StartPrice": f"{quote.start:g}", "Price": f"{quote.price:g}"}
    if quote.status == BetStatus.SETTLED:
        details["Settlement"] = int(offered.settlement or 0)
    if offered.participant is not None:
        details["ParticipantId"] = offered.participant
    return element("Bet", "", **details, LastUpdate=iso(quote.at))


def scores(tag: str, values: Iterable[object]) -> str:
    return "".join(f'<{tag} Position="{position}">{value}</{tag}>' for position, value in enumerate(values, 1))


def data(tag: str, extra: dict[str, str]) -> str:
    inner = "".join(f"<Data Name={quoteattr(name)}>{escape(value)}</Data>" for name, value in extra.items())
    return f"<{tag}>{inner}</{tag}>" if inner else f"<{tag}/>"


def named(tag: str, thing: Named) -> str:
    return element(tag, "", Id=thing.id, Name=thing.name)


def truth(value: bool) -> str:
    return "true" if value else "false"


def element(tag: str, inner: str, **attributes: object) -> str:
    written = "".join(f" {name}={quoteattr(str(value))}" for name, value in attributes.items())
    return f"<{tag}{written}>{inner}</{tag}>" if inner else f"<{tag}{written}/>"
