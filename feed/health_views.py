"""The health page for people, and the metrics for Prometheus."""

import hmac

from django.conf import settings
from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST

from .live.fragments import Screen
from .live.sessions import VIEW
from .metrics import metrics_text
from .pages.health_page import health_page
from .views import FEED, live_page

USE_OPERATIONS = "packages_admin.use_operations"


@permission_required(VIEW, raise_exception=True)
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """How long a change takes from LSports to the screens, and which part is slow."""
    screen = Screen([FEED], timezone.now())
    context = {"page": "health", "health": health_page(screen.vouching, screen.now)}
    return live_page(request, "health.html", screen, context)


@login_not_required
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """For operators who are signed in, and for whoever has METRICS_TOKEN; for nobody else."""
    if not (may_operate(request) or has_token(request)):
        return HttpResponse("Send METRICS_TOKEN as a bearer token, or sign in as an operator.\n", status=403)
    return HttpResponse(metrics_text(), content_type=CONTENT_TYPE_LATEST)


def may_operate(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.has_perm(USE_OPERATIONS)


def has_token(request: HttpRequest) -> bool:
    """Whether the request has the token that the settings name; without one in the settings nobody has."""
    word, _, secret = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.METRICS_TOKEN
    return bool(wanted) and word.lower() == "bearer" and hmac.compare_digest(secret.strip().encode(), wanted.encode())
