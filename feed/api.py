"""The REST API. Bet ids and prices are strings (a browser's numbers are not exact), times ISO 8601 in UTC."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from .pages.reading import Reading
from .state import fixture_state


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 401 in JSON, not with a page to sign in at."""

    @login_not_required
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return JsonResponse({"error": "Sign in first."}, status=401)
        return view(request, *args, **kwargs)

    return checked


@signed_in
@require_GET
def fixture(request: HttpRequest, fixture_id: int) -> HttpResponse:
    """The whole state of a fixture, as subscribers get it too."""
    reading = Reading([fixture_id] if fixture_id < 2**63 else [])
    if fixture_id not in reading.fixtures:
        return JsonResponse({"error": f"LSports has not told us of a fixture {fixture_id}."}, status=404)
    return JsonResponse(fixture_state(reading, fixture_id))
