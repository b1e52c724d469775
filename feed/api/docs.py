"""How to follow the stream, for people; and the description that programs are made from. Open to everybody: no data."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

DOCS = settings.BASE_DIR / "docs"


@login_not_required
@require_safe
def stream(request: HttpRequest) -> HttpResponse:
    """The page for people, with an example to begin with."""
    example = (DOCS / "examples" / "stream_client.py").read_text(encoding="utf-8")
    return render(request, "docs_stream.html", {"example": example}, using="desk")


@login_not_required
@require_safe
def asyncapi(request: HttpRequest) -> HttpResponse:
    """docs/asyncapi.yaml."""
    return HttpResponse((DOCS / "asyncapi.yaml").read_bytes(), content_type="application/yaml")


@login_not_required
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """docs/openapi.yaml."""
    return HttpResponse((DOCS / "openapi.yaml").read_bytes(), content_type="application/yaml")
