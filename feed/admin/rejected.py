"""Messages that were refused: read, and tried again."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from feed.ingest.retry import retry
from feed.models import RejectedMessage

from .read_only import ReadOnlyAdmin
from .readable import readable_body


class Understood(admin.SimpleListFilter):
    """Filters by whether a rejected message has been understood since."""

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
        self.retry_and_report(request, chosen)

    def retry_one(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.demand_retry(request)
        get_object_or_404(RejectedMessage, pk=pk)
        self.retry_and_report(request, RejectedMessage.objects.filter(pk=pk))
        return redirect("admin:feed_rejectedmessage_change", pk)

    def retry_all(self, request: HttpRequest) -> HttpResponse:
        self.demand_retry(request)
        self.retry_and_report(request, RejectedMessage.objects.all().defer("body"))
        return redirect("admin:feed_rejectedmessage_changelist")

    def demand_retry(self, request: HttpRequest) -> None:
        if not self.has_retry_permission(request):
            raise PermissionDenied

    def retry_and_report(self, request: HttpRequest, chosen: QuerySet[RejectedMessage]) -> None:
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
