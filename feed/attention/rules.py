"""What is to be looked at in a fixture. Pure: a scene, the bookmakers' rhythms and a time in, concerns out.

A concern is yielded as soon as it begins; the list shows it once it is due. So the rules need run only when something
of the fixture has changed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from statistics import median

from django.utils.translation import gettext, ngettext

from feed.codes import TOTALS, WINNERS, sport_traits
from feed.codes.sports import ClockWay
from feed.pages.labels import market_label
from feed.pages.prices.movers import OUTCOMES, Offer, suspended_because

from .concerns import Concern, Kind
from .rhythm import Rhythms
from .scene import Scene, is_suspended

#: How long each may be so without anything being wrong: bookmakers follow a goal one after another.
SCORE_HOLD = timedelta(seconds=15)
BOOKS_HOLD = timedelta(seconds=30)
CLOSED_HOLD = timedelta(seconds=90)
SUSPENDED_HOLD = timedelta(seconds=180)
#: The time before its start from which a fixture should have prices.
START_SPAN = timedelta(minutes=5)
#: A bookmaker whose chance is this far from the others' median, in parts of one, contradicts them, if they are enough.
OFF_CHANCE, LEAST_OTHERS = 0.12, 3
#: The share of the other bookmakers that are open where one that is closed stands alone.
OPEN_SHARE = 2 / 3
#: A bookmaker is silent while at least this many others speak.
OTHERS_SPEAK = 2

Rule = Callable[[Scene, Rhythms, datetime], Iterator[Concern]]


def concerns_of(scene: Scene, rhythms: Rhythms, now: datetime) -> list[Concern]:
    """All that the rules find, due or not."""
    return [concern for rule in RULES for concern in rule(scene, rhythms, now)]


def decided_totals(scene: Scene, rhythms: Rhythms, now: datetime) -> Iterator[Concern]:
    """A total that the score has passed and that can still be bet on."""
    if not scene.is_in_play or scene.points is None or sport_traits(scene.sport_id).counts_sets:
        return
    total = sum(scene.points)
    for market_id in TOTALS:
        passed = [offer for offer in scene.open if offer.market_id == market_id and is_passed(offer, total)]
        for provider_id in {offer.provider_id for offer in passed}:
            offer = min((offer for offer in passed if offer.provider_id == provider_id), key=lambda own: own.bet_id)
            text = gettext("%(bookmaker)s still has %(outcome)s open at %(price)s, and the score is %(score)s")
            yield concern(scene, Kind.SCORE, offer, now, SCORE_HOLD, text % words_of(scene, offer), weight=2)


def is_passed(offer: Offer, total: int) -> bool:
    """Whether the total is over the line, so that the bet is decided."""
    try:
        return total > float(offer.base_line or offer.line)
    except ValueError:
        return False


def leader_as_outsider(scene: Scene, rhythms: Rhythms, now: datetime) -> Iterator[Concern]:
    """A side that leads clearly in the second half, priced longer than the other."""
    sport = sport_traits(scene.sport_id)
    is_late = sport.clock is ClockWay.UP and (scene.seconds or 0) >= 30 * sport.minutes
    if (
        not scene.is_in_play
        or scene.points is None
        or not is_late
        or not sport.sure_lead
        or abs(scene.points[0] - scene.points[1]) < sport.sure_lead
    ):
        return
    leader, other = ("1", "2") if scene.points[0] > scene.points[1] else ("2", "1")
    for market_id in WINNERS:
        for offers in scene.markets.get(market_id, {}).values():
            own = {offer.name: offer for offer in offers if offer.is_open}
            if leader in own and other in own and (own[leader].price or 0) > (own[other].price or 0):
                offer = own[leader]
                text = gettext(
                    "%(bookmaker)s has %(outcome)s at %(price)s, the longer side, and the score is %(score)s"
                )
                yield concern(scene, Kind.SCORE, offer, now, SCORE_HOLD, text % words_of(scene, offer), weight=1)


def book_against_books(scene: Scene, rhythms: Rhythms, now: datetime) -> Iterator[Concern]:
    """An open price far from what all say of the same outcome; of a bookmaker's market the one farthest off."""
    same: dict[tuple[int, str, str], list[tuple[float, Offer]]] = {}
    for chance, offer in fair_chances(scene.open):
        same.setdefault((offer.market_id, offer.name, offer.line), []).append((chance, offer))
    worst: dict[tuple[int, int], tuple[float, Offer, float, float, int]] = {}
    for chances in same.values():
        if len(chances) <= LEAST_OTHERS:
            continue
        middle = median(chance for chance, _ in chances)
        for chance, offer in chances:
            off, place = abs(chance - middle), (offer.market_id, offer.provider_id)
            if off >= OFF_CHANCE and off > worst.get(place, (0.0,))[0]:
                worst[place] = off, offer, chance, middle, len(chances)
    for off, offer, chance, middle, number in worst.values():
        text = gettext(
            "%(bookmaker)s has %(outcome)s at %(price)s, a chance of %(chance).0f %% without its margin; "
            "the median of %(number)s bookmakers is %(median).0f %%"
        )
        more = {"chance": 100 * chance, "number": number, "median": 100 * middle}
        yield concern(scene, Kind.BOOKS, offer, now, BOOKS_HOLD, text % (words_of(scene, offer) | more), weight=off)


def fair_chances(offers: Iterable[Offer]) -> Iterator[tuple[float, Offer]]:
    """The chance that each offer gives its outcome, in parts of one, where the bookmaker has the whole line open."""
    lines: dict[tuple[int, int, str], list[tuple[float, Offer]]] = {}
    for offer in offers:
        line = offer.market_id, offer.provider_id, offer.base_line or offer.line
        lines.setdefault(line, []).append((1 / float(offer.price or 1), offer))
    for (market_id, _, _), own in lines.items():
        if len(own) == OUTCOMES[market_id]:
            whole = sum(chance for chance, _ in own)
            yield from ((chance / whole, offer) for chance, offer in own)


def closed_alone(scene: Scene, rhythms: Rhythms, now: datetime) -> Iterator[Concern]:
    """A bookmaker that has suspended all of a market that nearly all others keep open."""
    if not scene.is_in_play:
        return
    for market_id, books in scene.markets.items():
        closed = {pk: offers for pk, offers in books.items() if all(map(is_suspended, offers))}
        opened = [pk for pk, offers in books.items() if any(offer.is_open for offer in offers)]
        for provider_id, offers in closed.items():
            if len(opened) < max(LEAST_OTHERS, OPEN_SHARE * (len(books) - 1)):
                continue
            newest = max(offers, key=lambda offer: offer.received_at)
            text = gettext("%(bookmaker)s is suspended, %(open)s of %(others)s others are open")
            values = words_of(scene, newest) | {"open": len(opened), "others": len(books) - 1}
            found = concern(scene, Kind.CLOSED, newest, newest.received_at, CLOSED_HOLD, text % values)
            yield found._replace(provider_id=provider_id, market_id=market_id)


def holes(scene: Scene, rhythms: Rhythms, now: datetime) -> Iterator[Concern]:
    """Markets of which messages are missing."""
    if scene.holes:
        since = min(scene.holes.values())
        number = len(scene.holes)
        text = ngettext(
            "Messages of %(number)s market are missing: %(markets)s",
            "Messages of %(number)s markets are missing: %(markets)s",
            number,
        ) % {"number": number, "markets": market_names(sorted(scene.holes))}
        yield Concern(Kind.HOLE, scene.fixture_id, 0, 0, since, since, scene.title, text, number)


def silent_books(scene: Scene, rhythms: Rhythms, now: datetime) -> Iterator[Concern]:
    """A bookmaker whose open prices stand for longer than is its way, while others move theirs."""
    if not scene.is_in_play:
        return
    offering = {offer.provider_id: offer.provider for offer in scene.open}
    for provider_id, name in offering.items():
        at, seconds = max(scene.spoken_at[provider_id], scene.began_at or now), rhythms.limit(provider_id)
        if seconds is None:
            continue
        limit = timedelta(seconds=seconds)
        others = [pk for pk, spoken in scene.spoken_at.items() if pk != provider_id and spoken >= at + limit / 2]
        if len(others) >= OTHERS_SPEAK:
            text = gettext(
                "%(bookmaker)s has said nothing for longer than its usual %(seconds).0f s; %(others)s others have"
            )
            values = {"bookmaker": name, "seconds": seconds, "others": len(others)}
            yield Concern(
                Kind.STALE, scene.fixture_id, 0, provider_id, at, at + limit, scene.title, text % values, 1 / seconds
            )


def long_suspended(scene: Scene, rhythms: Rhythms, now: datetime) -> Iterator[Concern]:
    """Main markets of which every bookmaker is suspended."""
    shut = shut_markets(scene)
    if not shut:
        return
    since, reason = min(shut.values())
    names = market_names(sorted(shut))
    text = gettext("%(markets)s: no bookmaker is open") if not reason else gettext("%(markets)s: %(reason)s")
    values = {"markets": names, "reason": reason}
    yield Concern(
        Kind.SUSPENDED, scene.fixture_id, 0, 0, since, since + SUSPENDED_HOLD, scene.title, text % values, len(shut)
    )


def shut_markets(scene: Scene) -> dict[int, tuple[datetime, str]]:
    """The main markets in which every bookmaker is suspended: since when, and why."""
    shut: dict[int, tuple[datetime, str]] = {}
    if not scene.is_in_play:
        return shut
    for market_id, books in scene.markets.items():
        offers = [offer for own in books.values() for offer in own]
        suspended = [offer for offer in offers if is_suspended(offer)]
        if suspended and not any(offer.is_open for offer in offers):
            newest = max(suspended, key=lambda offer: offer.received_at)
            stated = scene.closed.get(market_id, newest.received_at)
            since = max(newest.received_at, stated)
            shut[market_id] = min(since, scene.shut.get(market_id, since)), suspended_because(newest)
    return shut


def start_without_prices(scene: Scene, rhythms: Rhythms, now: datetime) -> Iterator[Concern]:
    """A fixture about to start of which no main market has an open price, though the feed is well."""
    is_doubted = not scene.feed_is_up or (scene.offers and not scene.vouched)
    if scene.is_in_play or scene.start_at is None or scene.open or is_doubted:
        return
    since = scene.start_at - START_SPAN
    number = len(scene.vouched)
    text = (
        ngettext("%(number)s price, and it is not open", "%(number)s prices, none of them open", number)
        if number
        else gettext("No main market has a price yet")
    )
    yield Concern(Kind.START, scene.fixture_id, 0, 0, since, since, scene.title, text % {"number": number})


RULES: Sequence[Rule] = (
    decided_totals,
    leader_as_outsider,
    book_against_books,
    closed_alone,
    holes,
    silent_books,
    long_suspended,
    start_without_prices,
)


def concern(
    scene: Scene, kind: Kind, offer: Offer, since: datetime, hold: timedelta, text: str, weight: float = 0.0
) -> Concern:
    """A concern about a bookmaker's market."""
    named = f"{market_label(offer.market_id)}: {text}"
    place = scene.fixture_id, offer.market_id, offer.provider_id
    return Concern(kind, *place, since, since + hold, scene.title, named, weight)


def words_of(scene: Scene, offer: Offer) -> dict[str, object]:
    home, away = scene.points or ("", "")
    return {
        "bookmaker": offer.provider,
        "outcome": f"{offer.name} {offer.line}".strip(),
        "price": f"{offer.price or 0:.2f}",
        "score": f"{home}:{away}",
    }


def market_names(market_ids: Sequence[int], most: int = 3) -> str:
    """ "1X2, Under/Over, Asian Handicap and 4 more"."""
    names = ", ".join(market_label(pk) for pk in market_ids[:most])
    left = len(market_ids) - most
    return gettext("%(names)s and %(number)s more") % {"names": names, "number": left} if left > 0 else names
