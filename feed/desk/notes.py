"""Notes on a fixture, which all traders read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from feed.models import FixtureNote

from .broken import posted
from .live_page import known_fixture

MOST_LETTERS = 500


@posted
def note(request: HttpRequest, fixture_id: int) -> HttpResponse:
    """Add a note; an empty one is none. Other pages of the fixture show it by their socket."""
    row = known_fixture(fixture_id)
    if text := request.POST.get("text", "").replace("\0", "").strip()[:MOST_LETTERS]:
        FixtureNote.objects.create(fixture=row, author_id=request.user.pk, text=text, written_at=timezone.now())
    return redirect(f"/fixtures/{fixture_id}/#notes-{fixture_id}")
