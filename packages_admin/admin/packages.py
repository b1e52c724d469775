"""Packages in the admin: the list with state and last outcome, the form, and what is known beside it."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from accounts.code_age import has_new_code, with_new_code
from feed.vouching.source_health import state_of
from packages_admin.actions import over_limit
from packages_admin.ages import ago
from packages_admin.deactivation import is_held_by_two, proposal
from packages_admin.models import Package
from packages_admin.products import Action
from packages_admin.queues import queue_rooms
from packages_admin.received import since_last_snapshot
from packages_admin.secrets import OtherAddress, SealBroken
from packages_admin.source_expectation import expect_nothing_more, write_expectations
from packages_admin.templatetags.package_words import package_colour, state_colour

from .at_lsports import ASK, AtLSports
from .buttons import PackageButtons
from .forms import PackageForm

EMPTY_MEANS = "Leave a field empty to use the value that LSports documents; a saved package shows it in grey."


@admin.register(Package)
class PackageAdmin(PackageButtons, AtLSports):
    """Packages with their switches."""

    form = PackageForm
    change_form_template = "admin/packages_admin/package/change_form.html"
    list_display = ("name", "product", "package_id", "state_now", "feed_now", "room_now", "last_outcome")
    list_select_related = ("last_call",)
    list_per_page = 50
    search_fields = ("name", "package_id", "user_name")
    actions = ("activate_selected", "deactivate_selected", "refresh_selected", "snapshot_selected")
    fieldsets = (
        (None, {"fields": ("name", "product", "package_id", "user_name", "new_password")}),
        ("When LSports switches it off", {"fields": ("auto_reactivate", "reactivations_per_hour")}),
        (
            "API",
            {
                "classes": ["collapse"],
                "description": EMPTY_MEANS,
                "fields": (
                    "api_base",
                    "snapshot_base",
                    *(f"{action}_path" for action in Action),
                    "call_paths",
                    "language",
                    "connect_seconds",
                    "answer_seconds",
                ),
            },
        ),
        (
            "Queues",
            {
                "classes": ["collapse"],
                "description": EMPTY_MEANS,
                "fields": ("amqp_host", "amqp_port", "amqp_tls", "virtual_hosts", "queue_name", "prefetch"),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Package]:
        return super().get_queryset(request).select_related("off_proposed_by").prefetch_related("links")

    def has_change_permission(self, request: HttpRequest, obj: Package | None = None) -> bool:
        """Read-only until the operator has entered a new code: a change could send the password elsewhere."""
        is_form = request.method == "POST"
        return super().has_change_permission(request, obj) and has_new_code(request, is_form=is_form)

    def has_delete_permission(self, request: HttpRequest, obj: Package | None = None) -> bool:
        """A package that two people have to deactivate cannot be deleted before that."""
        is_form = request.method == "POST"
        may = super().has_delete_permission(request, obj) and has_new_code(request, is_form=is_form)
        return may and not (obj is not None and is_held_by_two(obj))

    def wants_code(self, request: HttpRequest) -> bool:
        """Whether the user may change packages but has to enter a new code first."""
        return super().has_change_permission(request) and not self.has_change_permission(request)

    def get_fieldsets(self, request: HttpRequest, obj: Package | None = None) -> Any:
        """Read-only users see no password field."""
        may_write = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        first, *others = super().get_fieldsets(request, obj)
        if not may_write:
            shown = tuple(name for name in first[1]["fields"] if name != "new_password")
            first = (first[0], {**first[1], "fields": shown})
        return [first, *others]

    def save_model(self, request: HttpRequest, obj: Package, form: PackageForm, change: bool) -> None:
        """Write what the form changed and nothing else: a call may be writing the state at this moment."""
        obj.save(update_fields=form.columns_to_write() if change else None)
        obj.name_sources()
        write_expectations(Package.objects.get(pk=obj.pk))

    def delete_model(self, request: HttpRequest, obj: Package) -> None:
        source_ids = obj.source_ids()
        super().delete_model(request, obj)
        expect_nothing_more(source_ids, request.user.get_username())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Package]) -> None:
        source_ids = [source_id for package in queryset for source_id in package.source_ids()]
        super().delete_queryset(request, queryset)
        expect_nothing_more(source_ids, request.user.get_username())

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        own = [
            path(f"<int:pk>/{action}/", guard(self.button(action)), name=f"packages_admin_package_{action}")
            for action in Action
        ]
        own.append(path("<int:pk>/facts/", guard(require_safe(self.facts)), name="packages_admin_package_facts"))
        urls: list[URLPattern] = super().get_urls()
        for url in urls:
            if (url.name or "").endswith("_add"):
                url.callback = with_new_code(url.callback)
        return own + urls

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        package = self.get_object(request, object_id)
        facts = self.facts_of(package) | self.allowed(request) if package else {}
        facts["wants_code"] = self.wants_code(request)
        facts["may_ask"] = package is not None and not package.is_hyper and request.user.has_perm(ASK)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **facts})

    def facts(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The boxes above a package's form, for a page that refreshes them."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        package = get_object_or_404(self.get_queryset(request), pk=pk)
        return TemplateResponse(request, "admin/packages_admin/package/_facts.html", self.facts_of(package))

    def facts_of(self, package: Package) -> dict[str, Any]:
        """What is known of a package, for the boxes above its form."""
        now = timezone.now()
        return {
            "package": package,
            "now": now,
            "password_fault": password_fault(package),
            "feeds": [(link.source, state_of(link.source, now)) for link in package.link_sources()],
            "rooms": queue_rooms(package, now),
            "proposal": proposal(package, now),
            "activate_text": "Undo: activate again" if is_off_by_us(package) else "Activate",
            "over_limit": over_limit(package, now) if package.auto_reactivate else "",
            "received": since_last_snapshot(package, now),
            "calls": package.calls.all()[:5],
            "calls_url": f"{reverse('admin:packages_admin_packagecall_changelist')}?package__id__exact={package.pk}",
        }

    @admin.display(description="state", ordering="state")
    def state_now(self, package: Package) -> SafeString:
        return format_html(
            '<span class="state {}">{}</span><br><span class="quiet">{}</span>',
            package_colour(package),
            package.get_state_display(),
            state_note(package),
        )

    @admin.display(description="feed")
    def feed_now(self, package: Package) -> SafeString:
        now = timezone.now()
        links = package.link_sources()
        states = [(state_of(link.source, now), link) for link in links]
        return format_html_join(
            SafeString("<br>"),
            '<span class="state {}" title="{}">{}</span> <span class="quiet">{}</span>',
            (
                (state_colour(health.state), health.reason, health.state, link.virtual_host if len(links) > 1 else "")
                for health, link in states
            ),
        )

    @admin.display(description="queue")
    def room_now(self, package: Package) -> SafeString:
        rooms = [queue for queue in queue_rooms(package, timezone.now()) if queue.room and not queue.is_stale]
        return format_html_join(
            SafeString("<br>"),
            '<span class="{}">{}</span><br><span class="quiet">{}{}</span>',
            (
                (
                    state_colour(queue.room.level),
                    queue.room.filling,
                    f"{queue.virtual_host}: " if len(package.hosts()) > 1 else "",
                    queue.room.trend,
                )
                for queue in rooms
                if queue.room
            ),
        )

    @admin.display(description="last outcome", ordering="last_call__asked_at")
    def last_outcome(self, package: Package) -> SafeString | str:
        call = package.last_call
        if call is None:
            return "no calls yet"
        return format_html(
            '<span class="sentence"><b class="{}">{}</b> {}</span><br><span class="quiet">{} by {}</span>',
            "good-word" if call.ok else "bad-word",
            call.get_action_display(),
            call.sentence or "no answer recorded",
            ago(call.asked_at, timezone.now()),
            call.actor_name,
        )


def is_off_by_us(package: Package) -> bool:
    """Whether a person here deactivated it, which can be undone."""
    return package.state == Package.State.INACTIVE and not package.is_wanted


def state_note(package: Package) -> str:
    """How long the state has been known, and when LSports was last asked for it."""
    now = timezone.now()
    if package.state_since is None or package.state_asked_at is None:
        return "not known yet"
    return f"since {ago(package.state_since, now)}, checked {ago(package.state_asked_at, now)}"


def password_fault(package: Package) -> str:
    """Why the password cannot be used, empty when it can."""
    try:
        plain = package.reveal_password()
    except OtherAddress as error:
        return f"The password is not used: {error}. Enter it again."
    except SealBroken:
        return "The password cannot be read: CREDENTIAL_KEYS lacks the key it was sealed with. Enter it again."
    return "" if plain else "No password is set."
