"""What operations sees of the feed: its sources, its fixtures, the numbers nobody knows, the messages refused."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from feed.health import state_of
from feed.models import FeedSource, Fixture, RejectedMessage, UnknownCode
from feed.readable import readable_body
from feed.retry import retry
from feed.token_admin import SubscriberTokenAdmin

__all__ = ["SubscriberTokenAdmin"]

LOOKS = {"up": "good", "down": "bad", "off": ""}


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shown, never changed: the feed writes these rows."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(FeedSource)
class FeedSourceAdmin(ReadOnlyAdmin):
    """The feeds with their state at this moment."""

    list_display = ("name", "kind", "state_now", "why", "last_message_at", "last_heartbeat_at", "last_keep_alive_at")
    list_filter = ("kind",)
    search_fields = ("name",)
    fields = (
        "name",
        "kind",
        "state_now",
        "why",
        "state_since",
        "last_message_at",
        "last_sent_at",
        "last_heartbeat_at",
        "last_keep_alive_at",
        "has_heartbeat",
        "consumer_seen_at",
        "feed_interrupted",
        "live_fixtures",
    )
    actions = ("expect_nothing", "expect_again")

    def has_expect_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("feed.expect_feedsource")

    @admin.action(permissions=["expect"], description="Expect nothing more")
    def expect_nothing(self, request: HttpRequest, sources: QuerySet[FeedSource]) -> None:
        """For a feed that no package and no command consumes any more: it is off then, and no alarm."""
        name = request.user.get_username()
        off = {"off_since": timezone.now(), "off_reason": gettext("Switched off by %(name)s.") % {"name": name}}
        self.write(request, sources.filter(off_since=None), off)

    @admin.action(permissions=["expect"], description="Expect messages again")
    def expect_again(self, request: HttpRequest, sources: QuerySet[FeedSource]) -> None:
        self.write(request, sources.exclude(off_since=None), {"off_since": None, "off_reason": ""})

    def write(self, request: HttpRequest, sources: QuerySet[FeedSource], expected: dict[str, Any]) -> None:
        """Write it to each, with an entry in its history. A package says for itself what is expected of its queues."""
        changed = list(sources)
        for source in changed:
            what = "Nothing more is expected." if expected["off_since"] else "Messages are expected again."
            self.log_change(request, source, what)
        FeedSource.objects.filter(pk__in=[source.pk for source in changed]).update(off_is_wanted=True, **expected)
        names = ", ".join(map(str, changed)) or "nothing"
        self.message_user(request, f"Changed: {names}. The feed of a package follows the package, within 10 s.")

    @admin.display(description="state")
    def state_now(self, source: FeedSource) -> SafeString:
        state = state_of(source, timezone.now()).state
        return format_html('<span class="state {}">{}</span>', LOOKS.get(state, "doubt"), state)

    @admin.display(description="reason")
    def why(self, source: FeedSource) -> str:
        return state_of(source, timezone.now()).reason

    @admin.display(description="live by keep-alive")
    def live_fixtures(self, source: FeedSource) -> str:
        number = len(source.active_fixtures)
        return "1 fixture" if number == 1 else f"{number:,} fixtures"


@admin.register(Fixture)
class FixtureAdmin(ReadOnlyAdmin):
    """Fixtures as they are stored: for looking one up by its id."""

    list_display = ("id", "__str__", "sport", "league", "start_at", "status", "source", "received_at", "revision")
    list_filter = ("kind", "source")
    list_select_related = ("sport", "league", "source")
    search_fields = ("=id", "name", "participants__name")
    ordering = ("-received_at",)


@admin.register(UnknownCode)
class UnknownCodeAdmin(ReadOnlyAdmin):
    """Numbers and words in messages that the desk has no name for."""

    list_display = ("__str__", "sport_id", "history", "last_seen_at")
    list_filter = ("kind",)
    search_fields = ("=code", "word")

    @admin.display(description="seen", ordering="seen")
    def history(self, code: UnknownCode) -> str:
        times = "once" if code.seen == 1 else f"{code.seen:,} times"
        where = "" if code.last_fixture_id is None else f", last in fixture {code.last_fixture_id}"
        return f"seen {times} since {date_format(code.first_seen_at, 'D j M Y, H:i')}{where}"


class Understood(admin.SimpleListFilter):
    """Those still refused, or those understood since."""

    title = "state"
    parameter_name = "understood"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "still refused"), ("yes", "understood since")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[RejectedMessage]) -> QuerySet[RejectedMessage]:
        if self.value() is None:
            return queryset
        return queryset.filter(understood_at__isnull=self.value() == "no")


@admin.register(RejectedMessage)
class RejectedMessageAdmin(ReadOnlyAdmin):
    """Messages that were not understood, to be read and tried again."""

    change_form_template = "admin/feed/rejectedmessage/change_form.html"
    change_list_template = "admin/feed/rejectedmessage/change_list.html"
    list_display = ("received_at", "source", "kind", "reason", "size", "tries", "understood_at")
    list_filter = (Understood, "kind", "source", "received_at")
    list_select_related = ("source",)
    search_fields = ("reason",)
    fields = (
        "received_at",
        "source",
        "queue",
        "kind",
        "reason",
        "headers",
        "tries",
        "understood_at",
        "size",
        "content",
    )
    actions = ("retry_selected",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RejectedMessage]:
        return super().get_queryset(request).annotate(bytes=Length("body")).defer("body")

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("feed.retry_rejectedmessage")

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        own = [
            path("retry/", guard(require_POST(self.retry_all)), name="feed_rejectedmessage_retry_all"),
            path("<int:pk>/retry/", guard(require_POST(self.retry_one)), name="feed_rejectedmessage_retry"),
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        allowed = {"may_retry": self.has_retry_permission(request)}
        return super().changelist_view(request, {**(extra_context or {}), **allowed})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        allowed = {"may_retry": self.has_retry_permission(request)}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **allowed})

    @admin.action(permissions=["retry"], description="Try again")
    def retry_selected(self, request: HttpRequest, chosen: QuerySet[RejectedMessage]) -> None:
        self.tell(request, chosen)

    def retry_one(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.demand_retry(request)
        get_object_or_404(RejectedMessage, pk=pk)
        self.tell(request, RejectedMessage.objects.filter(pk=pk))
        return redirect("admin:feed_rejectedmessage_change", pk)

    def retry_all(self, request: HttpRequest) -> HttpResponse:
        self.demand_retry(request)
        self.tell(request, RejectedMessage.objects.all().defer("body"))
        return redirect("admin:feed_rejectedmessage_changelist")

    def demand_retry(self, request: HttpRequest) -> None:
        if not self.has_retry_permission(request):
            raise PermissionDenied

    def tell(self, request: HttpRequest, chosen: QuerySet[RejectedMessage]) -> None:
        """Try each again and say how many were understood."""
        result = retry(chosen)
        level = messages.SUCCESS if result.refused == 0 else messages.WARNING
        self.message_user(request, result.sentence, level)

    @admin.display(description="size", ordering="bytes")
    def size(self, message: Any) -> str:
        return f"{message.bytes:,} bytes"

    @admin.display(description="message")
    def content(self, message: RejectedMessage) -> SafeString:
        return format_html('<pre class="body">{}</pre>', readable_body(bytes(message.body)))
