"""How a trader wants the desk: notation of prices, time zone, colours, density, sounds, columns."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from feed.live.parts.fragments import TopicHtml
from feed.models import Desk, Provider, Sport
from feed.pages.board.query import MOST_SPORTS
from feed.pages.display import MOST_NUMBERS, number
from feed.pages.zones import zone_names

from .broken import page, posted
from .live_page import FEED, live_page
from .own import change_desk, desk_of

COLUMNS = (
    ("totals", gettext_lazy("Totals")),
    ("handicap", gettext_lazy("Handicap")),
    ("last", gettext_lazy("Last incident")),
    ("age", gettext_lazy("Time since LSports' last update")),
)


class PreferencesForm(forms.ModelForm):
    """The fields of the page; bookmakers are ordered by a number each."""

    hidden_columns = forms.MultipleChoiceField(choices=COLUMNS, required=False)
    zone = forms.ChoiceField(choices=lambda: [("", ""), *((name, name) for name in zone_names())], required=False)

    order = forms.ChoiceField(choices=Desk.Order.choices, required=False)

    class Meta:
        model = Desk
        fields = (
            "odds",
            "zone",
            "theme",
            "colours",
            "motion",
            "density",
            "order",
            "spoken",
            "has_shortcuts",
            "has_sound",
            "has_notifications",
            "hidden_columns",
        )

    def clean_order(self) -> str:
        """The order as it is, where the form states none."""
        return str(self.cleaned_data["order"] or self.instance.order)


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Show and change them. What is not understood is said beside its field and nothing is saved."""
    desk = desk_of(request.user)
    form = PreferencesForm(request.POST or None, instance=desk)
    if request.method == "POST" and form.is_valid():
        chosen = {**form.cleaned_data, "bookmakers": chosen_bookmakers(request), "sports": chosen_sports(request, desk)}
        change_desk(request.user, lambda own: put(own, chosen))
        return redirect("/preferences/?saved")
    context = {
        "page": "preferences",
        "form": form,
        "desk": desk_of(request.user),
        "columns": COLUMNS,
        "bookmakers": bookmakers(desk),
        "sports": sports(desk),
        "saved": "saved" in request.GET,
    }
    html = TopicHtml([FEED], timezone.now())
    response = live_page(request, "preferences.html", html, context, desk)
    response.status_code = 422 if form.errors else 200
    return response


@posted
def next_notation(request: HttpRequest) -> HttpResponse:
    """The key `o`: prices in the next notation."""

    def change(own: Desk) -> None:
        notations = Desk.Odds.values
        own.odds = notations[(notations.index(own.odds) + 1) % len(notations)]

    return JsonResponse({"odds": change_desk(request.user, change).odds})


@posted
def density(request: HttpRequest) -> HttpResponse:
    """Rows of another height, from the command palette."""
    wanted = request.POST.get("density", "")
    if wanted not in Desk.Density.values:
        return page("400.html", 400, message=gettext("There is no such row height."))
    return JsonResponse({"density": change_desk(request.user, lambda own: put(own, {"density": wanted})).density})


def put(desk: Desk, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(desk, name, value)


def chosen_bookmakers(request: HttpRequest) -> dict[str, Any]:
    """From `place_<id>` (1 is the first column, empty is where it falls), `hide_<id>`, and `stay`, an id or empty."""
    known = list(Provider.objects.values_list("pk", flat=True))
    places = {pk: request.POST.get(f"place_{pk}", "").strip() for pk in known}
    placed = [pk for pk, place in places.items() if place.isascii() and place.isdecimal()]
    return {
        "first": sorted(placed, key=lambda pk: (int(places[pk][:6]), pk))[:MOST_NUMBERS],
        "hidden": [pk for pk in known if request.POST.get(f"hide_{pk}")][:MOST_NUMBERS],
        "staying": next((pk for pk in known if request.POST.get("stay") == str(pk)), None),
    }


def chosen_sports(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    """From `sports`, ids in their order, and `hide_sport`; all else of sports stays. An order that is no other than
    the usual is none, so that new sports come where they belong."""
    known = [sport["id"] for sport in sports(Desk())]
    order, hidden = (request.POST.getlist(name) for name in ("sports", "hide_sport"))
    first = list(dict.fromkeys(pk for word in order if (pk := number(word)) in known))
    return {
        **desk.sports,
        "first": [] if first == known else first[:MOST_SPORTS],
        "hidden": [pk for pk in known if str(pk) in hidden][:MOST_SPORTS],
    }


def sports(desk: Desk) -> list[dict[str, Any]]:
    """Every sport, those first that the trader put first, with whether it is hidden."""
    first, hidden = (desk.sports.get(name, []) for name in ("first", "hidden"))
    names = list(Sport.objects.order_by("name", "id").values_list("pk", "name"))
    names.sort(key=lambda row: first.index(row[0]) if row[0] in first else len(first))
    return [{"id": pk, "name": name, "is_hidden": pk in hidden} for pk, name in names]


def bookmakers(desk: Desk) -> list[dict[str, Any]]:
    """Every bookmaker with its place, whether it is hidden, and whether its column stays in view."""
    first, hidden, staying = (desk.bookmakers.get(name) or [] for name in ("first", "hidden", "staying"))
    return [
        {
            "id": pk,
            "name": name,
            "place": first.index(pk) + 1 if pk in first else "",
            "is_hidden": pk in hidden,
            "stays": pk == staying,
        }
        for pk, name in Provider.objects.order_by("name").values_list("pk", "name")
    ]
