"""A package's page of what stands at LSports: orders, manual suspensions, names. By POST only, each with a right."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.code_age import code_first, has_new_code
from packages_admin.actions import Asker
from packages_admin.customers import metadata, orders, suspending
from packages_admin.customers.cancelling import CANCELS, proposals
from packages_admin.customers.suspending import Target
from packages_admin.models import Package, PackageCall, SupplierName, Suspension
from packages_admin.outcome import Outcome
from packages_admin.products import Call

from .buttons import level_of

ASK, ORDER, SUSPEND = (f"packages_admin.{name}_package" for name in ("ask", "order", "suspend"))
MOST_SHOWN = 50
MOST_ID = 2**63 - 1
#: Each gap is read in one way only: of two ways each, thirty gaps before a wrong word would take hours.
FIXTURES = r"^\s*[0-9]{1,18}((\s*,\s*|\s+)[0-9]{1,18})*\s*$"
ORDERS = {
    Call.ORDER_FIXTURES: "Order fixtures",
    Call.CANCEL_FIXTURES: "Cancel fixtures",
    Call.ORDER_LEAGUES: "Order leagues",
    Call.CANCEL_LEAGUES: "Cancel leagues",
    Call.ORDER_COMPETITIONS: "Order competitions",
    Call.CANCEL_COMPETITIONS: "Cancel competitions",
}

Came = tuple[Outcome, list[str]]


class OrderForm(forms.Form):
    """What to order or cancel: fixtures by their ids, all else by sport and perhaps location and league."""

    call = forms.ChoiceField(label="What", choices=list(ORDERS.items()))
    fixtures = forms.RegexField(FIXTURES, required=False, label="Fixture ids")
    sport = forms.IntegerField(required=False, min_value=1, max_value=MOST_ID)
    location = forms.IntegerField(required=False, min_value=1, max_value=MOST_ID)
    league = forms.IntegerField(required=False, min_value=1, max_value=MOST_ID, label="League or competition")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        needed = "fixtures" if given.get("call") in orders.BY_FIXTURE else "sport"
        if not given.get(needed):
            self.add_error(needed, "It is needed for this.")
        return given


class SuspendForm(forms.Form):
    """What to suspend: at least one of them."""

    sport = forms.IntegerField(required=False, min_value=1, max_value=MOST_ID)
    location = forms.IntegerField(required=False, min_value=1, max_value=MOST_ID)
    competition = forms.IntegerField(required=False, min_value=1, max_value=MOST_ID, label="League or competition")
    fixture = forms.IntegerField(required=False, min_value=1, max_value=MOST_ID)
    market = forms.IntegerField(required=False, min_value=1, max_value=MOST_ID)
    line = forms.CharField(required=False, max_length=100)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not Target(**given).body():
            raise forms.ValidationError(suspending.NOTHING_NAMED)
        return given


class AtLSports(admin.ModelAdmin):
    """The page, for a TRADE package."""

    def get_urls(self) -> list[URLPattern]:
        view = require_http_methods(["GET", "HEAD", "POST"])(self.at_lsports)
        guarded = self.admin_site.admin_view(view)
        own = path("<int:pk>/at_lsports/", guarded, name="packages_admin_package_at_lsports")
        return [own, *super().get_urls()]

    def at_lsports(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(ASK):
            raise PermissionDenied
        package = get_object_or_404(self.get_queryset(request).exclude(product=Package.ProductName.HYPER), pk=pk)
        forms_shown: dict[str, Any] = {"order_form": OrderForm(), "suspend_form": SuspendForm()}
        lines: list[str] = []
        if request.method == "POST":
            answer = self.press(request, package, forms_shown)
            if isinstance(answer, HttpResponse):
                return answer
            lines = answer
        context = {
            **self.admin_site.each_context(request),
            "title": f"{package.name} at LSports",
            "opts": self.opts,
            "package": package,
            "lines": lines[:MOST_SHOWN],
            "left_out": max(0, len(lines) - MOST_SHOWN),
            "cancel_proposals": proposals(package, timezone.now()),
            "suspensions": package.suspensions.filter(resumed_at=None),
            "past_suspensions": package.suspensions.exclude(resumed_at=None)[:10],
            "names": [(call, SupplierName.objects.filter(kind=call).count()) for call in metadata.FORMS],
            "translated": SupplierName.objects.filter(language=package.language).count() if package.language else 0,
            "may_order": request.user.has_perm(ORDER),
            "may_suspend": request.user.has_perm(SUSPEND),
            **forms_shown,
        }
        return TemplateResponse(request, "admin/packages_admin/package/at_lsports.html", context)

    def press(self, request: HttpRequest, package: Package, forms_shown: dict[str, Any]) -> HttpResponse | list[str]:
        """Do what the button says. Returns what LSports answered, a line each, or another page."""
        button = request.POST.get("button", "")
        if button in ("suspend", "resume"):
            must_have(request, SUSPEND)
            return self.change_suspension(request, package, button, forms_shown)
        if button == "order":
            must_have(request, ORDER)
            form = forms_shown["order_form"] = OrderForm(request.POST)
            if not form.is_valid():
                return []
            if form.cleaned_data["call"] in CANCELS and not has_new_code(request, is_form=True):
                return code_first(request.path)
            outcome = order(package, asker_of(request), form.cleaned_data)
            return self.report(request, package, (outcome, []))
        if button in QUESTIONS:
            return self.report(request, package, QUESTIONS[button](package, asker_of(request)))
        if button in metadata.FORMS:
            outcome = metadata.fetch_metadata(package, Call(button), asker_of(request))
            return self.report(request, package, (outcome, []))
        raise PermissionDenied

    def change_suspension(
        self, request: HttpRequest, package: Package, button: str, forms_shown: dict[str, Any]
    ) -> HttpResponse | list[str]:
        """Suspending is asked about first; taking it back is its undo, and is done at once."""
        here = redirect("admin:packages_admin_package_at_lsports", package.pk)
        if button == "resume":
            which = request.POST.get("which", "")
            known = package.suspensions.filter(resumed_at=None)
            suspension = get_object_or_404(known, pk=int(which) if re.fullmatch(r"[0-9]{1,18}", which) else 0)
            self.report(request, package, (suspending.resume(suspension, asker_of(request)), []))
            return here
        form = forms_shown["suspend_form"] = SuspendForm(request.POST)
        if not form.is_valid():
            return []
        target = Target(**form.cleaned_data)
        if "confirmed" not in request.POST:
            context = {
                **self.admin_site.each_context(request),
                "title": "Suspend at LSports?",
                "opts": self.opts,
                "package": package,
                "what": str(Suspension(package=package, **target.fields)),
                "fields": request.POST.items(),
            }
            return TemplateResponse(request, "admin/packages_admin/package/suspend.html", context)
        self.report(request, package, (suspending.suspend(package, asker_of(request), target), []))
        return here

    def report(self, request: HttpRequest, package: Package, came: Came) -> list[str]:
        outcome, lines = came
        self.message_user(request, f"{package.name}: {outcome.sentence}", level_of(outcome))
        return lines


def must_have(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def asker_of(request: HttpRequest) -> Asker:
    user = cast(User, request.user)
    return Asker(origin=PackageCall.Origin.ADMIN, name=user.get_username(), user=user)


def order(package: Package, asker: Asker, given: dict[str, Any]) -> Outcome:
    call = Call(given["call"])
    if call in orders.BY_FIXTURE:
        ids = [int(word) for word in given["fixtures"].replace(",", " ").split()]
        return orders.order_fixtures(package, call, asker, ids)
    area = orders.Area(sport=given["sport"], location=given["location"], league=given["league"])
    return orders.order_areas(package, call, asker, [area])


def ask_quota(package: Package, asker: Asker) -> Came:
    return orders.ask_quota(package, asker)[0], []


def ask_ordered(package: Package, asker: Asker) -> Came:
    outcome, ids = orders.ask_ordered(package, asker, {})
    return outcome, [f"Fixture {pk}" for pk in ids]


def ask_schedule(package: Package, asker: Asker) -> Came:
    outcome, rows = orders.ask_schedule(package, asker, {})
    return outcome, [f"Fixture {row.get('fixtureid')}, starts {row.get('startdate')}" for row in rows]


def ask_ordered_details(package: Package, asker: Asker) -> Came:
    now = timezone.now()
    outcome, rows = orders.ask_ordered_details(package, asker, now, now + timedelta(days=orders.DAYS_AHEAD))
    return outcome, [f"Fixture {row.get('fixtureid')}, {row.get('fixturename')}" for row in rows]


def fetch_translations(package: Package, asker: Asker) -> Came:
    return metadata.fetch_translations(package, asker), []


def ask_suspensions(package: Package, asker: Asker) -> Came:
    outcome, rows = suspending.ask_suspensions(package, asker)
    return outcome, [", ".join(f"{key} {value}" for key, value in row.items() if value) for row in rows]


QUESTIONS: dict[str, Callable[[Package, Asker], Came]] = {
    "quota": ask_quota,
    "ordered": ask_ordered,
    "ordered_details": ask_ordered_details,
    "schedule": ask_schedule,
    "translations": fetch_translations,
    "suspensions": ask_suspensions,
}
