"""A trader's own set-up: read with every page, changed one field at a time."""

from collections.abc import Callable, Collection
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from feed.database.prepared import Prepared
from feed.models import Desk
from feed.pages.board.picks import MOST_PICKS, USUAL, Pick, pick_of
from feed.pages.board.query import MOST_FAVOURITES, MOST_SPORTS
from feed.pages.display import Display

MOST_VIEWS = 30
MOST_FOLDED = 300


def desks(user_ids: Collection[int]) -> QuerySet[Desk]:
    unseen = Count("user__alert_rules__alerts", filter=Q(user__alert_rules__alerts__seen_at=None))
    return Desk.objects.filter(user_id__in=user_ids).annotate(not_seen=unseen)


DESKS = Prepared(desks)


def desk_of(user: Any) -> Desk:
    """The user's set-up with `unseen`, the number of alerts not seen yet; the default set-up where there is none. One
    query."""
    stored = DESKS([user.pk])
    desk = stored[0] if stored else Desk(user=user)
    desk.unseen = getattr(desk, "not_seen", 0)
    return desk


@transaction.atomic
def change_desk(user: Any, change: Callable[[Desk], None]) -> Desk:
    """Change the set-up under a lock, so that two pages of one trader do not undo each other."""
    Desk.objects.get_or_create(user=user)
    desk = Desk.objects.select_for_update().get(user=user)
    change(desk)
    desk.save()
    return desk


def display_of(desk: Desk) -> Display:
    """How this trader wants prices written and bookmakers ordered."""
    books = desk.bookmakers
    return Display(desk.odds, tuple(books.get("first", ())), tuple(books.get("hidden", ())), books.get("staying"))


def picks_of(desk: Desk) -> tuple[Pick, ...]:
    """The markets that this trader picked for sports' places of prices."""
    stored = desk.sports.get("markets", {}).items()
    return tuple(pick for sport, markets in stored if (pick := pick_of(int(sport), tuple(markets))))


def pick_markets(user: Any, sport_id: int, markets: tuple[int, ...]) -> Desk:
    """From now on these markets stand in the sport's places of prices; the usual ones where none is picked."""

    def change(desk: Desk) -> None:
        rest = {sport: picks for sport, picks in desk.sports.get("markets", {}).items() if sport != str(sport_id)}
        picked = {} if markets == USUAL else {str(sport_id): list(markets)}
        desk.sports = {**desk.sports, "markets": {**dict(list(rest.items())[-MOST_PICKS + 1 :]), **picked}}

    return change_desk(user, change)


def toggle_favourite(user: Any, fixture_id: int) -> Desk:
    """Pin a fixture to the top of the board, or take it off; one too many takes off the oldest."""

    def change(desk: Desk) -> None:
        rest = [pk for pk in desk.favourites if pk != fixture_id]
        is_pinned = len(rest) != len(desk.favourites)
        desk.favourites = rest if is_pinned else [*rest, fixture_id][-MOST_FAVOURITES:]

    return change_desk(user, change)


def toggle_market(user: Any, market_id: int) -> Desk:
    """Pin a market to the top of every fixture page, or take it off."""

    def change(desk: Desk) -> None:
        rest = [pk for pk in desk.pinned_markets if pk != market_id]
        is_pinned = len(rest) != len(desk.pinned_markets)
        desk.pinned_markets = rest if is_pinned else [*rest, market_id][-MOST_VIEWS:]

    return change_desk(user, change)


def toggle_league(user: Any, league_id: int) -> Desk:
    """Fold a league, or unfold it."""

    def change(desk: Desk) -> None:
        rest = [pk for pk in desk.folded_leagues if pk != league_id]
        is_folded = len(rest) != len(desk.folded_leagues)
        desk.folded_leagues = rest if is_folded else [*rest, league_id][-MOST_FOLDED:]

    return change_desk(user, change)


def toggle_sport(user: Any, sport_id: int) -> Desk:
    """Fold all leagues of a sport, or unfold them."""

    def change(desk: Desk) -> None:
        folded = desk.sports.get("folded", [])
        rest = [pk for pk in folded if pk != sport_id]
        is_folded = len(rest) != len(folded)
        desk.sports = {**desk.sports, "folded": rest if is_folded else [*rest, sport_id][-MOST_SPORTS:]}

    return change_desk(user, change)


def save_view(user: Any, name: str, words: str) -> bool:
    """Keep a board's address under a name, in its place where there is one of the name; False where there are as many
    as there may be."""
    saved = {"name": name, "words": words}

    def change(desk: Desk) -> None:
        names = [view["name"] for view in desk.views]
        if name in names:
            desk.views = [saved if view["name"] == name else view for view in desk.views]
        elif len(names) < MOST_VIEWS:
            desk.views = [*desk.views, saved]

    return saved in change_desk(user, change).views


def forget_view(user: Any, name: str) -> Desk:
    def change(desk: Desk) -> None:
        desk.views = [view for view in desk.views if view["name"] != name]

    return change_desk(user, change)
