"""The history of prices: the chart's page, its data, the same as a table and as CSV, and the small picture in a
tooltip."""

import csv
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from feed.live.parts.fixture.scoreboard import SCOREBOARD
from feed.live.parts.fragments import TopicHtml
from feed.live.parts.markets.market import MARKET
from feed.models import Bet, Incident, Market
from feed.pages.display import number
from feed.pages.fixture.sides import title_of
from feed.pages.labels import bet_status_label, market_title
from feed.pages.prices.history import Outcome, Path, as_columns, outcomes_of, read_marks, read_paths, spark
from feed.pages.prices.odds import exact_text, odds_text
from feed.pages.spreadsheet import cell

from .live_page import FEED, known_fixture, live_page, must_be_known, safe
from .own import desk_of, display_of

POINTS = 600
MOST_POINTS = 5000
MOST_TABLE_ROWS = 500


@require_safe
def history(request: HttpRequest, fixture_id: int) -> HttpResponse:
    """The page: a chart of one outcome at all bookmakers, the market's grid as it is now, the changes as a table."""
    desk = desk_of(request.user)
    row = known_fixture(fixture_id)
    markets = list(Market.objects.filter(fixture=row).order_by("market_id"))
    outcomes = outcomes_of_market(fixture_id, chosen_market(request, markets))
    outcome = chosen_outcome(request, markets, outcomes)
    topics = [SCOREBOARD.topic(fixture_id)]
    if outcome is not None:
        topics.append(MARKET.topic(fixture_id, outcome.market_id, display_of(desk).words))
    html = TopicHtml([FEED, *topics], timezone.now())
    paths = read_paths(fixture_id, outcome) if outcome else []
    context = {
        "page": "history",
        "fixture": row,
        "title": title_of(row, html.reading.participants.get(fixture_id, [])),
        "markets": markets,
        "outcomes": outcomes,
        "outcome": outcome,
        "market_title": market_title,
        "market_name": next(
            (market.name for market in markets if outcome and market.market_id == outcome.market_id), ""
        ),
        "lines": table(paths, desk.odds),
        "fragments": [safe(html, topic) for topic in topics],
        "paths": paths,
    }
    return live_page(request, "history.html", html, context, desk)


def chosen_market(request: HttpRequest, markets: list[Market]) -> int | None:
    """The market that the address names, else the fixture's first."""
    market_id = number(request.GET.get("market", ""))
    known = [market.market_id for market in markets]
    return market_id if market_id in known else next(iter(known), None)


def outcomes_of_market(fixture_id: int, market_id: int | None) -> list[Outcome]:
    if market_id is None:
        return []
    bets = Bet.objects.filter(fixture_id=fixture_id, market_id=market_id).only("market_id", "name", "line")
    return outcomes_of(bets)


def chosen_outcome(request: HttpRequest, markets: list[Market], outcomes: list[Outcome]) -> Outcome | None:
    """The outcome that the address names ("2" or "Over 2.5", as `outcome` and `line`, or both in `of`); else the first.

    A market with a main line begins with that.
    """
    name, line = request.GET.get("outcome", ""), request.GET.get("line", "")
    if of := request.GET.get("of", ""):
        name, _, line = of.partition("|")
    named = [outcome for outcome in outcomes if (outcome.name, outcome.line) == (name, line)]
    main = {market.market_id: market.main_line for market in markets}
    at_main = [
        outcome for outcome in outcomes if main.get(outcome.market_id) and outcome.line == main[outcome.market_id]
    ]
    return next(iter([*named, *at_main, *outcomes]), None)


def table(paths: list[Path], odds: str) -> list[dict[str, Any]]:
    """The newest changes of all bookmakers, newest first."""
    changes = [(point, path.provider) for path in paths for point in path.points]
    changes.sort(key=lambda change: change[0].at, reverse=True)
    return [
        {
            "at": point.at,
            "provider": provider,
            "price": odds_text(point.price, odds) if point.price is not None else "",
            "status": bet_status_label(point.status),
        }
        for point, provider in changes[:MOST_TABLE_ROWS]
    ]


@require_safe
def history_data(request: HttpRequest, fixture_id: int) -> HttpResponse:
    """The chart's data: {"times", "series": [{"id", "name", "prices"}], "marks": [{"at", "kind", "label"}]}."""
    must_be_known(fixture_id)
    outcome = outcome_of(request)
    points = min(number(request.GET.get("points", "")) or POINTS, MOST_POINTS)
    incidents = Incident.objects.filter(fixture_id=fixture_id)
    marks = [
        {"at": mark.at.timestamp(), "kind": mark.kind, "label": mark.label}
        for mark in read_marks(fixture_id, incidents)
    ]
    return JsonResponse({**as_columns(read_paths(fixture_id, outcome), points), "marks": marks})


def outcome_of(request: HttpRequest) -> Outcome:
    """The outcome that an address names in full."""
    return Outcome(
        number(request.GET.get("market", "")) or 0,
        request.GET.get("outcome", "").replace("\0", ""),
        request.GET.get("line", "").replace("\0", ""),
    )


@require_safe
def history_csv(request: HttpRequest, fixture_id: int) -> HttpResponse:
    """Every change of the outcome's prices: time in UTC, bookmaker, decimal price, status."""
    must_be_known(fixture_id)
    outcome = outcome_of(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="prices-{fixture_id}-{outcome.market_id}.csv"'
    sheet = csv.writer(response)
    sheet.writerow(["at", "bookmaker_id", "bookmaker", "market_id", "outcome", "line", "price", "status"])
    for path in read_paths(fixture_id, outcome):
        for point in path.points:
            sheet.writerow(
                [
                    point.at.isoformat(),
                    path.provider_id,
                    cell(path.provider),
                    outcome.market_id,
                    cell(outcome.name),
                    cell(outcome.line),
                    exact_text(point.price) or "",
                    bet_status_label(point.status),
                ]
            )
    return response


@require_safe
def spark_picture(request: HttpRequest, fixture_id: int) -> HttpResponse:
    """The newest prices of one bookmaker as a small picture."""
    must_be_known(fixture_id)
    provider_id = number(request.GET.get("provider", ""))
    paths = read_paths(fixture_id, outcome_of(request), provider_id)
    line = spark(paths[0].points) if paths else ""
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 16" preserveAspectRatio="none">'
        f'<path d="{line}" fill="none" stroke="#4ea8ff" stroke-width="1.5" vector-effect="non-scaling-stroke"/></svg>'
    )
    return HttpResponse(picture, content_type="image/svg+xml", headers={"Cache-Control": "private, max-age=5"})


@require_safe
def bet_history(request: HttpRequest, fixture_id: int, provider_id: int, bet_id: int) -> HttpResponse:
    """Redirect to the history of the outcome whose price stands in a cell of a page."""
    bet = known_bet(fixture_id, provider_id, bet_id)
    words = {"market": bet.market_id, "outcome": bet.name, "line": bet.line, "provider": bet.provider_id}
    return redirect(f"/fixtures/{fixture_id}/history/?{urlencode(words)}")


def known_bet(fixture_id: int, provider_id: int, bet_id: int) -> Bet:
    """The bet, or raise the page that says that LSports never sent it."""
    numbers = {"fixture_id": fixture_id, "provider_id": provider_id, "bet_id": bet_id}
    bet = Bet.objects.filter(**numbers).first() if max(numbers.values()) < 2**63 else None
    if bet is None:
        raise Http404(gettext("LSports has not sent this price."))
    return bet
