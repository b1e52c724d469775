"""The health page for people, and the metrics for Prometheus."""

import hmac
from datetime import datetime

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required, permission_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from feed.database.moment import one_moment
from feed.database.schema import newer_contracts
from feed.desk.live_page import FEED, live_page
from feed.desk.past.ways import must_be_over
from feed.live.parts.fragments import TopicHtml
from feed.live.running import running_hubs
from feed.live.sessions import VIEW
from feed.pages.feed_line import feed_line, for_everybody
from feed.past.feeds import feeds_opened

from .health_page import health_page
from .last_hour import hour_before
from .metrics import metrics_text


@permission_required(VIEW, raise_exception=True)
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """How long a change takes from LSports to the screens, and which part is slow. Operators read whole reasons."""
    html = TopicHtml([FEED], timezone.now())
    is_operator = may_operate(request)
    vouching = html.vouching if is_operator else for_everybody(html.vouching)
    context = {"page": "health", "health": health_page(vouching, html.now), "version": settings.VERSION}
    context["may_operate"] = is_operator
    return live_page(request, "health.html", html, context)


@permission_required(VIEW, raise_exception=True)
@require_safe
def health_at(request: HttpRequest, moment: datetime) -> HttpResponse:
    """How the feeds stood and the hour before; the rest of the page is not kept, and it says so."""
    must_be_over(moment)
    with one_moment(), feeds_opened(moment):
        html = TopicHtml([FEED], moment)
        vouching = html.vouching if may_operate(request) else for_everybody(html.vouching)
        context = {"page": "health", "feed": feed_line(vouching), "tiles": hour_before(moment)}
        return live_page(request, "health_at.html", html, context)


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Metrics, only for operators who are signed in and for whoever has METRICS_TOKEN."""
    if not (may_operate(request) or has_token(request)):
        return HttpResponse("Send METRICS_TOKEN as a bearer token, or sign in as an operator.\n", status=403)
    return HttpResponse(metrics_text(), content_type=CONTENT_TYPE_LATEST)


def may_operate(request: HttpRequest) -> bool:
    """Whether the operations pages are open to the user: with the second factor where that is demanded."""
    return admin.site.has_permission(request)


def has_token(request: HttpRequest) -> bool:
    """Whether the request has the token that the settings name; without one in the settings nobody has."""
    word, _, secret = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.METRICS_TOKEN
    return bool(wanted) and word.lower() == "bearer" and hmac.compare_digest(secret.strip().encode(), wanted.encode())


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """For load balancers: 200 where the process and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """For whoever routes readers here: 200 where the database answers, is not a newer version's, and what pages and
    programs watch is read.

    Where that is not read, the database is not asked: it would answer as late.
    """
    stale = [hub.stale_since for hub in running_hubs() if hub.stale_since is not None]
    is_ending = any(hub.is_ending for hub in running_hubs())
    if stale or is_ending:
        since = f"{min(stale):%H:%M:%S} UTC" if stale else ""
        status = "ending" if is_ending else f"what is watched has not been read since {since}"
        return JsonResponse({"status": status}, status=503, headers={"Retry-After": "5"})
    if newer := newer_contracts():
        status = f"the database is for a newer version of the desk ({newer[0]})"
        return JsonResponse({"status": status}, status=503, headers={"Retry-After": "5"})
    return JsonResponse({"status": "ready"})
