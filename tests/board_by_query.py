"""A board by one query of the database, as the list in memory must be after whatever changed."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When

from feed.codes import IN_PLAY, UPCOMING
from feed.models import Bet, Fixture, Market, Participant
from feed.pages.board.lists import day_of
from feed.pages.board.query import SECTIONS, BoardQuery, section_of


def order_by_query(query: BoardQuery, now: datetime) -> list[tuple[int, int]]:
    """The fixtures in their order, each with its rank: -1 for a favourite, else that of its section."""
    rank = Case(
        When(pk__in=query.favourites, then=Value(-1)),
        When(status__in=IN_PLAY, then=0),
        When(status__in=UPCOMING, then=1),
        default=2,
        output_field=IntegerField(),
    )
    rows = of_tab(counted(query), query, now).annotate(rank=rank)
    if query.sport_id is not None:
        rows = rows.filter(sport_id=query.sport_id)
    names = (F(name).asc(nulls_last=True) for name in ("sport__name", "league__name", "league_id"))
    earliest = Case(When(rank__lt=2, then=F("start_at"))).asc(nulls_last=True)
    ordered = rows.order_by("rank", *names, earliest, F("start_at").desc(nulls_last=True), "id")
    return [(pk, rank) for pk, rank in ordered.values_list("pk", "rank")]


def numbers_by_query(query: BoardQuery, now: datetime) -> tuple[dict[str, int], Counter[int]]:
    """How many fixtures each tab and each sport has."""
    tabs = {
        word: of_tab(counted(query), query.but(show=word), now).filter(of_sport(query)).count()
        for word in ("in_play", "today", "upcoming", "finished", "all")
    }
    sports = of_tab(counted(query), query, now).exclude(sport=None).values_list("sport_id", flat=True)
    return tabs, Counter(sports)


def of_sport(query: BoardQuery) -> Q:
    return Q() if query.sport_id is None else Q(sport_id=query.sport_id)


def of_tab(rows: QuerySet[Fixture], query: BoardQuery, now: datetime) -> QuerySet[Fixture]:
    if query.show == "all":
        return rows
    if query.show == "today":
        midnight, next_midnight = day_of(query.zone, now)
        return rows.filter(Q(start_at__gte=midnight, start_at__lt=next_midnight) | Q(status__in=IN_PLAY))
    rank = [section.word for section in SECTIONS].index(query.show)
    statuses = [status for status in range(20) if section_of(status) == SECTIONS[rank].word]
    return rows.filter(status__in=statuses)


def counted(query: BoardQuery) -> QuerySet[Fixture]:
    """What the filters beyond the tab and the sport leave."""
    wanted = {name: getattr(query, name) for name in ("location_id", "league_id") if getattr(query, name) is not None}
    rows = Fixture.objects.matches().filter(**wanted)
    own: dict[str, Any] = {"fixture_id": OuterRef("pk")}
    if query.provider_id is not None:
        rows = rows.filter(Exists(Bet.objects.filter(provider_id=query.provider_id, **own)))
    if query.market_id is not None:
        rows = rows.filter(Exists(Market.objects.filter(market_id=query.market_id, **own)))
    for word in query.text.split():
        names = ("name", "sport__name", "location__name", "league__name")
        anywhere = Q(Exists(Participant.objects.filter(name__contains=word, **own)))
        for name in names:
            anywhere |= Q(**{f"{name}__contains": word})
        rows = rows.filter(anywhere)
    return rows
