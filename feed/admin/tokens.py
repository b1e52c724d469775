"""Tokens of programs in the admin: made, with the secret shown once; narrowed; revoked for good."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.new_code import NewCodeToChange
from feed.models import SubscriberToken

if TYPE_CHECKING:
    TokenModelForm = forms.ModelForm[SubscriberToken]
else:
    TokenModelForm = forms.ModelForm

MOST_ID = 2**63


class IdsField(forms.CharField):
    """LSports' ids, written with commas or spaces between them; none for all."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[int]:
        words = str(value or "").replace(",", " ").split()
        strange = [word for word in words if not is_id(word)]
        if strange:
            raise forms.ValidationError(f"{', '.join(strange)[:100]}: an id is a whole number, as LSports gives it.")
        return sorted({int(word) for word in words})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != data


def is_id(word: str) -> bool:
    """Whether a database can hold it; of more digits than Python reads nobody asks how much they are."""
    return word.isascii() and word.isdigit() and len(word) <= len(str(MOST_ID)) and int(word) < MOST_ID


class TokenForm(TokenModelForm):
    """What a token opens."""

    sports = IdsField(help_text="LSports' sport ids, as in 6046, 54094. None: all sports.")
    leagues = IdsField(help_text="LSports' league ids. None: all leagues. With both, a fixture must fit both.")

    class Meta:
        model = SubscriberToken
        fields = (
            "name",
            "contents",
            "sports",
            "leagues",
            "most_connections",
            "most_fixtures",
            "most_requests_per_minute",
            "expires_at",
        )


@admin.register(SubscriberToken)
class SubscriberTokenAdmin(NewCodeToChange):
    """Who follows the stream, and the means to stop them."""

    form = TokenForm
    change_form_template = "admin/feed/subscribertoken/change_form.html"
    list_display = ("name", "start", "contents", "state", "made_at", "made_by", "last_used_at")
    list_filter = ("contents",)
    list_select_related = ("made_by",)
    search_fields = ("name", "start")
    actions = ("revoke_selected",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A token is revoked, and stays to be seen."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_over = obj is not None and obj.revoked_at is not None
        return super().has_change_permission(request, obj) and not is_over

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("feed.revoke_subscribertoken")

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        revoke = path("<int:pk>/revoke/", guard(require_POST(self.revoke_one)), name="feed_subscribertoken_revoke")
        return [revoke, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        token = SubscriberToken.objects.filter(pk=object_id, revoked_at=None).first() if object_id.isdigit() else None
        may_revoke = {"may_revoke": token is not None and self.has_revoke_permission(request)}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **may_revoke})

    def save_model(self, request: HttpRequest, token: SubscriberToken, form: Any, change: bool) -> None:
        if not change:
            token.made_at, token.made_by = timezone.now(), cast(User, request.user)
            token.secret = token.new_secret()
        super().save_model(request, token, form, change)

    def response_add(
        self, request: HttpRequest, token: SubscriberToken, post_url_continue: str | None = None
    ) -> HttpResponse:
        """A page with the secret: it is in no message and no address, so it stays in nobody's history."""
        context = {**self.admin_site.each_context(request), "title": "Token made", "token": token}
        return TemplateResponse(
            request, "admin/feed/subscribertoken/made.html", context, headers={"Cache-Control": "no-store"}
        )

    @admin.action(permissions=["revoke"], description="Revoke")
    def revoke_selected(self, request: HttpRequest, tokens: QuerySet[SubscriberToken]) -> None:
        self.revoke(request, tokens)

    def revoke_one(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_revoke_permission(request):
            raise PermissionDenied
        get_object_or_404(SubscriberToken, pk=pk)
        self.revoke(request, SubscriberToken.objects.filter(pk=pk))
        return redirect("admin:feed_subscribertoken_change", pk)

    def revoke(self, request: HttpRequest, tokens: QuerySet[SubscriberToken]) -> None:
        """Open connections end within a minute."""
        number = tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
        what = "1 token was" if number == 1 else f"{number} tokens were"
        words = f"{what} revoked. What is connected with it is closed within a minute."
        self.message_user(request, words, messages.SUCCESS if number else messages.WARNING)

    @admin.display(description="state")
    def state(self, token: SubscriberToken) -> str:
        if token.revoked_at:
            return f"revoked {token.revoked_at:%Y-%m-%d %H:%M} UTC"
        if token.expires_at and token.expires_at <= timezone.now():
            return "expired"
        return "valid"
