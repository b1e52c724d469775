"""The second factor as the last step of everybody's sign-in, where `EVERYBODY_TOTP_REQUIRED` says so."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from . import second_factor

Page = Callable[[HttpRequest], HttpResponse]


def where_demanded(view: Page) -> Page:
    """The page, where everybody needs a code; elsewhere there is none."""

    def inner(request: HttpRequest) -> HttpResponse:
        if not settings.EVERYBODY_TOTP_REQUIRED:
            raise Http404
        return view(request)

    return inner


@where_demanded
def own_code(request: HttpRequest) -> HttpResponse:
    """Ask for a code, or lead to setting up a phone."""
    if not second_factor.has_device(request):
        return redirect_to_login(request.GET.get("next", reverse("board")), reverse("own_phone"))
    return second_factor.code(request, {}, second_factor.DESK)


@where_demanded
def own_phone(request: HttpRequest) -> HttpResponse:
    """Set up a phone."""
    return second_factor.enrol(request, {}, second_factor.DESK)
