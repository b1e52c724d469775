"""The texts of the pages' scripts in the desk's language: Django's catalogue for JavaScript, which browsers keep."""

import hashlib
from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.i18n import JavaScriptCatalog

YEAR = 365 * 24 * 3600


@login_not_required
@require_safe
@cache_control(max_age=YEAR, public=True, immutable=True)
def words(request: HttpRequest, version: str) -> HttpResponse:
    """`gettext`, `ngettext` and `interpolate` for the scripts that follow; the version only makes the address new."""
    return HttpResponse(catalogue(get_language()), content_type="text/javascript; charset=utf-8")


def words_address() -> str:
    """Where the script is now; its address changes with the catalogue."""
    version = hashlib.blake2s(catalogue(get_language()), digest_size=8).hexdigest()
    return reverse("words", args=[version])


@cache
def catalogue(language: str) -> bytes:
    """The script, made once in each process."""
    request = HttpRequest()
    request.method = "GET"
    response = JavaScriptCatalog.as_view()(request)
    assert isinstance(response, HttpResponse)  # noqa: S101 - for the type checker
    return response.content
