"""The switches of packages: a button for one, an action for many; by POST only, each with its own permission."""

from collections.abc import Callable, Iterable
from typing import cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.code_age import code_first, has_new_code
from feed.live.presence import who_is_present
from packages_admin.actions import Asker, perform
from packages_admin.deactivation import deactivate, proposal
from packages_admin.impact import impact_of_deactivating
from packages_admin.models import Package, PackageCall
from packages_admin.outcome import Kind, Outcome
from packages_admin.products import Action
from packages_admin.side_by_side import side_by_side

PERMISSIONS = {
    Action.ACTIVATE: "packages_admin.activate_package",
    Action.DEACTIVATE: "packages_admin.deactivate_package",
    Action.STATUS: "packages_admin.refresh_package",
    Action.SNAPSHOT: "packages_admin.snapshot_package",
}
#: Outcomes after which the same call may succeed later.
TRY_LATER = (Kind.BUSY, Kind.TOO_SOON, Kind.PROPOSED)
#: For how many minutes a package may be deactivated, with the text of each choice.
MINUTES_OFF = {"15": "15 minutes", "30": "30 minutes", "60": "1 hour", "180": "3 hours", "720": "12 hours"}


class PackageButtons(admin.ModelAdmin):
    """The four calls, from the list and from a package's page."""

    def has_activate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSIONS[Action.ACTIVATE])

    def has_deactivate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSIONS[Action.DEACTIVATE])

    def has_refresh_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSIONS[Action.STATUS])

    def has_snapshot_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSIONS[Action.SNAPSHOT])

    def allowed(self, request: HttpRequest) -> dict[str, bool]:
        """Which buttons to show."""
        return {f"may_{action}": request.user.has_perm(permission) for action, permission in PERMISSIONS.items()}

    @admin.action(permissions=["activate"], description="Activate")
    def activate_selected(self, request: HttpRequest, packages: QuerySet[Package]) -> None:
        self.call_lsports(request, packages, Action.ACTIVATE)

    @admin.action(permissions=["refresh"], description="Refresh the status")
    def refresh_selected(self, request: HttpRequest, packages: QuerySet[Package]) -> None:
        self.call_lsports(request, packages, Action.STATUS)

    @admin.action(permissions=["snapshot"], description="Request a snapshot")
    def snapshot_selected(self, request: HttpRequest, packages: QuerySet[Package]) -> None:
        self.call_lsports(request, packages, Action.SNAPSHOT)

    @admin.action(permissions=["deactivate"], description="Deactivate …")
    def deactivate_selected(self, request: HttpRequest, packages: QuerySet[Package]) -> HttpResponse | None:
        if not may_deactivate_now(request):
            return code_first(request.get_full_path())
        if "confirmed" not in request.POST:
            return self.confirm(request, packages, is_bulk=True)
        self.call_lsports(request, packages, Action.DEACTIVATE)
        return None

    def button(self, action: Action) -> Callable[..., HttpResponse]:
        """The view behind a package's button."""

        def press(request: HttpRequest, pk: int) -> HttpResponse:
            if not request.user.has_perm(PERMISSIONS[action]):
                raise PermissionDenied
            package = get_object_or_404(self.get_queryset(request), pk=pk)
            if action is Action.DEACTIVATE and not may_deactivate_now(request):
                return code_first(reverse("admin:packages_admin_package_change", args=[pk]))
            if action is Action.DEACTIVATE and "confirmed" not in request.POST:
                return self.confirm(request, [package], is_bulk=False)
            self.call_lsports(request, [package], action)
            return redirect("admin:packages_admin_package_change", pk)

        return require_POST(press)

    def confirm(self, request: HttpRequest, packages: Iterable[Package], *, is_bulk: bool) -> HttpResponse:
        """Say what deactivating will stop, and ask for confirmation."""
        context = {
            **self.admin_site.each_context(request),
            "title": "Deactivate?",
            "opts": self.opts,
            "impacts": [(impact_of_deactivating(package), proposal(package, timezone.now())) for package in packages],
            "minutes_off": MINUTES_OFF.items(),
            "connected": who_is_present(),
            "is_bulk": is_bulk,
            "checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/packages_admin/package/deactivate.html", context)

    def call_lsports(self, request: HttpRequest, packages: Iterable[Package], action: Action) -> None:
        """Call LSports for all of them side by side, and report each outcome; of several, with how long it took."""
        user = cast(User, request.user)
        asker = Asker(origin=PackageCall.Origin.ADMIN, name=user.get_username(), user=user)
        minutes = minutes_off(request)

        def call(package: Package) -> Outcome:
            if action is Action.DEACTIVATE:
                return deactivate(package, asker, minutes)
            return perform(package, action, asker)

        chosen = list(packages)
        for package, (outcome, seconds) in zip(chosen, side_by_side(chosen, call), strict=True):
            name = package.name if len(chosen) == 1 else f"{package.name} ({seconds:.1f} s)"
            self.message_user(request, f"{name}: {outcome.sentence}", level_of(outcome))


def may_deactivate_now(request: HttpRequest) -> bool:
    """Whether the operator's code is new. Without one they are asked for it, and press again."""
    return has_new_code(request, is_form="confirmed" in request.POST)


def minutes_off(request: HttpRequest) -> int | None:
    """After how many minutes it comes back by itself, None for never; only numbers that the page offers."""
    chosen = request.POST.get("minutes_off", "")
    return int(chosen) if chosen in MINUTES_OFF else None


def level_of(outcome: Outcome) -> int:
    """The level, and so the colour, of the message about an outcome."""
    if outcome.ok:
        return messages.SUCCESS
    return messages.WARNING if outcome.kind in TRY_LATER else messages.ERROR
