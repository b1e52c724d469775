"""What traders do together on a fixture: notes that all read; taking it, handing it over, giving it back."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext

from feed.desk.broken import page, posted
from feed.desk.live_page import FEED, known_fixture, live_page
from feed.desk.traders import sees_fixtures
from feed.live.parts.fragments import TopicHtml
from feed.models import Fixture, FixtureClaim, FixtureNote
from feed.store.leaves import note_act

MOST_CHARACTERS = 500
#: Of one trader on one fixture; for one more the oldest of theirs goes.
MOST_NOTES = 50


class Refused(Exception):
    """What was asked for cannot be done; in words for the trader."""


class Held(Exception):
    """Another trader has the fixture."""

    def __init__(self, claim: FixtureClaim) -> None:
        super().__init__()
        self.claim = claim


@posted
def note(request: HttpRequest, fixture_id: int) -> HttpResponse:
    """Add a note, an empty one is none; or `take_back` the newest of one's own. Other pages of the fixture follow by
    their socket."""
    row = known_fixture(fixture_id)
    if "take_back" in request.POST:
        own = FixtureNote.objects.filter(fixture=row, author_id=request.user.pk)
        with transaction.atomic():
            newest = own.order_by("-pk").first()
            if newest is not None:
                newest.delete()
                note_act("note.taken_back", name_of(request), fixture_id, text=newest.text)
    elif text := given(request, "text"):
        with transaction.atomic():
            write_note(row, request.user.pk, text)
            note_act("note.written", name_of(request), fixture_id, text=text)
    return redirect(f"/fixtures/{fixture_id}/#notes-{fixture_id}")


@posted
def claim(request: HttpRequest, fixture_id: int) -> HttpResponse:
    """`take` the fixture, `hand_over` `to` a trader with a `text`, or `give_back`.

    Whoever takes what another has is asked first; `holder` then says from whom it is taken.
    """
    row = known_fixture(fixture_id)
    try:
        with transaction.atomic():
            Fixture.objects.select_for_update().get(pk=fixture_id)
            change_claim(request, row)
    except Held as held:
        response = live_page(
            request,
            "claim.html",
            TopicHtml([FEED], timezone.now()),
            {"page": "fixture", "claim": held.claim, "fixture": row},
        )
        response.status_code = 409
        return response
    except Refused as refused:
        return page("400.html", 400, message=str(refused))
    return redirect(f"/fixtures/{fixture_id}/#people-{fixture_id}")


def change_claim(request: HttpRequest, fixture: Fixture) -> None:
    """Do what the form asks for. Raises Held or Refused."""
    before = FixtureClaim.objects.select_related("user").filter(fixture=fixture).first()
    is_mine = before is not None and before.user_id == request.user.pk
    if "take" in request.POST:
        if before is not None and not is_mine and request.POST.get("holder") != str(before.user_id):
            raise Held(before)
        if not is_mine:
            put_claim(fixture, request.user.pk)
            note_act("fixture.taken", name_of(request), fixture.pk)
    elif not is_mine:
        raise Refused(gettext("You have not taken this fixture, or somebody else has taken it from you."))
    elif "hand_over" in request.POST:
        hand_over(request, fixture)
    else:
        FixtureClaim.objects.filter(fixture=fixture).delete()
        note_act("fixture.given_back", name_of(request), fixture.pk)


def hand_over(request: HttpRequest, fixture: Fixture) -> None:
    """Hand the fixture over to another trader, with a note for all. Raises Refused where there is no such trader."""
    text, receiver = given(request, "text"), receiver_of(request)
    put_claim(fixture, receiver.pk, text)
    words = handed_over_words(receiver, text)
    write_note(fixture, request.user.pk, words)
    note_act("fixture.handed_over", name_of(request), fixture.pk, note=words)


def receiver_of(request: HttpRequest) -> Any:
    """The trader whom the form names. Raises Refused where there is no such trader."""
    name = given(request, "to")
    receiver = get_user_model().objects.filter(username=name, is_active=True).first()
    if receiver is None or not sees_fixtures(receiver):
        raise Refused(gettext("There is no trader called %(name)s.") % {"name": name})
    return receiver


def handed_over_words(receiver: Any, text: str) -> str:
    """What all read of it among the fixture's notes."""
    values = {"name": receiver.get_username(), "text": text}
    return (gettext("Handed over to %(name)s. %(text)s") % values).strip()


def put_claim(fixture: Fixture, user_id: int | None, text: str = "") -> None:
    values = {"user_id": user_id, "note": text, "taken_at": timezone.now()}
    FixtureClaim.objects.update_or_create(fixture=fixture, defaults=values)


def write_note(fixture: Fixture, author_id: int | None, text: str) -> None:
    FixtureNote.objects.create(
        fixture=fixture, author_id=author_id, text=text[:MOST_CHARACTERS], written_at=timezone.now()
    )
    own = FixtureNote.objects.filter(fixture=fixture, author_id=author_id)
    own.exclude(pk__in=list(own.order_by("-pk").values_list("pk", flat=True)[:MOST_NOTES])).delete()


def name_of(request: HttpRequest) -> str:
    return request.user.get_username()


def given(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\0", "").strip()[:MOST_CHARACTERS]
