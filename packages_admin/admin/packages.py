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
from django.views.decorators.http import require_GET

from feed.health import state_of
from packages_admin.actions import over_limit
from packages_admin.ages import ago
from packages_admin.expected import tell_of_deletion, tell_sources
from packages_admin.models import Package
from packages_admin.products import Action
from packages_admin.queues import queue_rooms
from packages_admin.received import since_last_snapshot
from packages_admin.secrets import SealBroken
from packages_admin.templatetags.package_words import look, package_look

from .buttons import PackageButtons
from .forms import PackageForm

EMPTY_MEANS = "Leave a field empty for what LSports documents; a saved package shows that in grey."


@admin.register(Package)
class PackageAdmin(PackageButtons):
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
        return super().get_queryset(request).prefetch_related("links")

    def get_fieldsets(self, request: HttpRequest, obj: Package | None = None) -> Any:
        """Who may only look is shown no password field."""
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
        tell_sources(Package.objects.get(pk=obj.pk))

    def delete_model(self, request: HttpRequest, obj: Package) -> None:
        source_ids = obj.source_ids()
        super().delete_model(request, obj)
        tell_of_deletion(source_ids, request.user.get_username())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Package]) -> None:
        source_ids = [source_id for package in queryset for source_id in package.source_ids()]
        super().delete_queryset(request, queryset)
        tell_of_deletion(source_ids, request.user.get_username())

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        own = [
            path(f"<int:pk>/{action}/", guard(self.button(action)), name=f"packages_admin_package_{action}")
            for action in Action
        ]
        own.append(path("<int:pk>/facts/", guard(require_GET(self.facts)), name="packages_admin_package_facts"))
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        package = self.get_object(request, object_id)
        facts = self.facts_of(package) | self.allowed(request) if package else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **facts})

    def facts(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The boxes above a package's form, anew."""
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
            "over_limit": over_limit(package, now) if package.auto_reactivate else "",
            "received": since_last_snapshot(package, now),
            "calls": package.calls.all()[:5],
            "calls_url": f"{reverse('admin:packages_admin_packagecall_changelist')}?package__id__exact={package.pk}",
        }

    @admin.display(description="state", ordering="state")
    def state_now(self, package: Package) -> SafeString:
        return format_html(
            '<span class="state {}">{}</span><br><span class="quiet">{}</span>',
            package_look(package),
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
                (look(health.state), health.reason, health.state, link.virtual_host if len(links) > 1 else "")
                for health, link in states
            ),
        )

    @admin.display(description="queue")
    def room_now(self, package: Package) -> SafeString:
        rooms = [each for each in queue_rooms(package, timezone.now()) if each.room and not each.is_stale]
        return format_html_join(
            SafeString("<br>"),
            '<span class="{}">{}</span><br><span class="quiet">{}{}</span>',
            (
                (
                    look(each.room.level),
                    each.room.filling,
                    f"{each.virtual_host}: " if len(package.hosts()) > 1 else "",
                    each.room.trend,
                )
                for each in rooms
                if each.room
            ),
        )

    @admin.display(description="last outcome", ordering="last_call__asked_at")
    def last_outcome(self, package: Package) -> SafeString | str:
        call = package.last_call
        if call is None:
            return "nothing asked yet"
        return format_html(
            '<span class="said"><b class="{}">{}</b> {}</span><br><span class="quiet">{} by {}</span>',
            "good-word" if call.ok else "bad-word",
            call.get_action_display(),
            call.sentence or "no answer recorded",
            ago(call.asked_at, timezone.now()),
            call.actor_name,
        )


def state_note(package: Package) -> str:
    """Since when the state is known, and when LSports was last asked."""
    now = timezone.now()
    if package.state_since is None or package.state_asked_at is None:
        return "LSports has not told it yet"
    return f"since {ago(package.state_since, now)}, asked {ago(package.state_asked_at, now)}"


def password_fault(package: Package) -> str:
    """Why the password cannot be used, empty when it can."""
    try:
        plain = package.reveal_password()
    except SealBroken:
        return "The password cannot be read: CREDENTIAL_KEYS lacks the key it was sealed with. Enter it anew."
    return "" if plain else "No password is set."
