"""The admin for operations staff: who may enter, and how."""

from collections.abc import Callable
from datetime import datetime
from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator

from accounts.code_age import is_within
from feed.models import FeedSource, RejectedMessage
from feed.vouching.source_health import Health, state_of
from packages_admin.models import Package

from . import second_factor

ENTER = "packages_admin.use_operations"


def standing(now: datetime) -> list[tuple[Package, list[tuple[FeedSource, Health]]]]:
    """Every package with the health of each of its feeds."""
    return [
        (package, [(link.source, state_of(link.source, now)) for link in package.links.all()])
        for package in Package.objects.prefetch_related("links")
    ]


class DeskAdminSite(AdminSite):
    """Django's admin for whoever has the permission `use_operations`, with a second factor where that is demanded.

    Everybody signs in at one place, the desk's; a user who may not enter is refused, and not asked to sign in again.
    """

    site_header = "Livescore Desk operations"
    site_title = "Livescore Desk operations"
    index_title = "Operations"

    #: The groups of the index, in this order, as operators call them; others follow.
    groups = {
        "packages_admin": "Packages",
        "feed": "Feed",
        "alarms": "Alarms",
        "webhooks": "Webhooks",
        "auth": "People",
        "otp_totp": "Phones",
        "otp_static": "Recovery codes",
    }

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Django's list of what may be seen, in our order and words."""
        places = {label: place for place, label in enumerate(self.groups)}
        listed = super().get_app_list(request, app_label)
        for app in listed:
            app["name"] = self.groups.get(app["app_label"], app["name"])
        return sorted(listed, key=lambda app: places.get(app["app_label"], len(places)))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The index, with how the packages and their feeds stand."""
        now = timezone.now()
        context: dict[str, Any] = {"now": now}
        if request.user.has_perm("packages_admin.view_package"):
            context["standing"] = standing(now)
        if request.user.has_perm("feed.view_rejectedmessage"):
            context["refused"] = RejectedMessage.objects.filter(understood_at=None).count()
        return super().index(request, context | (extra_context or {}))

    def has_permission(self, request: HttpRequest) -> bool:
        return self.may_enter(request) and (self.is_verified(request) or not settings.OPERATOR_TOTP_REQUIRED)

    def may_enter(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.has_perm(ENTER)

    def is_verified(self, request: HttpRequest) -> bool:
        return is_within(request, settings.SECOND_FACTOR_HOURS * 3600)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Refuse outright who may not enter; send to the second factor who has not shown it yet."""
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.user.is_authenticated and not self.may_enter(request):
                raise PermissionDenied
            if request.user.is_authenticated and not self.has_permission(request):
                return redirect_to_login(request.get_full_path(), reverse(second_factor.next_step(request)))
            return guarded(request, *args, **kwargs)

        return update_wrapper(inner, guarded)

    def half_way(self, view: Callable[..., Any]) -> Callable[..., Any]:
        """A page for who may enter but has perhaps not shown the second factor: the pages that take it."""

        def inner(request: HttpRequest) -> Any:
            if not self.may_enter(request):
                raise PermissionDenied
            return view(request, self.each_context(request))

        return update_wrapper(inner, view)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        own: list[URLResolver | URLPattern] = [
            path("code/", self.half_way(second_factor.code), name="code"),
            path("enrol/", self.half_way(second_factor.enrol), name="enrol"),
        ]
        return own + super().get_urls()

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: object = None
    ) -> HttpResponse:
        """Django's own page of the admin is not used: the desk's counts the old password."""
        return redirect("change_password")

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        """Django's own sign-in page of the admin is not used: the desk's is."""
        return redirect_to_login(request.GET.get("next", reverse("admin:index")), reverse("sign_in"))
