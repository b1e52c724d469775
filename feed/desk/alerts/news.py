"""What is new of a trader's alerts, for a message on every page."""

from collections import defaultdict
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from feed.desk.broken import posted
from feed.models import Alert
from feed.pages.display import number
from feed.pages.prices.movers import titles

#: More than come between two polls, five seconds apart; the rest comes with the next poll.
MOST_NEW = 500


@posted
def alerts_seen(request: HttpRequest) -> HttpResponse:
    """The trader's own alerts have been on screen, up to the one named `newest`."""
    newest = number(request.POST.get("newest", "")) or 0
    own_alerts(request).filter(seen_at=None, pk__lte=newest).update(seen_at=timezone.now())
    return HttpResponse(status=204)


@require_safe
def new_alerts(request: HttpRequest) -> HttpResponse:
    """The alerts after `?after=`, one group for each fixture; without it only the number of the newest."""
    own = own_alerts(request)
    after = number(request.GET.get("after", ""))
    fresh = list(own.filter(pk__gt=after).select_related("rule").order_by("pk")[:MOST_NEW]) if after is not None else []
    newest = own.order_by("-pk").values_list("pk", flat=True).first() or 0
    last = fresh[-1].pk if len(fresh) == MOST_NEW else newest
    return JsonResponse({"alerts": by_fixture(fresh), "newest": str(last), "unseen": own.filter(seen_at=None).count()})


def own_alerts(request: HttpRequest) -> QuerySet[Alert]:
    return Alert.objects.filter(rule__user=request.user.pk)


def by_fixture(alerts: list[Alert]) -> list[dict[str, Any]]:
    """One message for each fixture: its newest alert, and how many there are with it."""
    groups: dict[int, list[Alert]] = defaultdict(list)
    for alert in alerts:
        groups[alert.fixture_id].append(alert)
    names = titles(groups) if groups else {}
    return [message(names.get(pk, ""), group) for pk, group in groups.items()]


def message(title: str, alerts: list[Alert]) -> dict[str, Any]:
    newest = alerts[-1]
    return {
        "id": str(newest.pk),
        "fixture": str(newest.fixture_id),
        "rule": newest.rule.name,
        "text": f"{title}: {newest.text}" if title else newest.text,
        "number": len(alerts),
        "sound": any(alert.rule.has_sound for alert in alerts),
    }
