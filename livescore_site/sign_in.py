"""Signing in and out, for every user of the desk; how many passwords may be tried, `accounts.guesses` counts."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import Group, User
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeDoneView, PasswordChangeView
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from accounts import first_passwords, known_browsers, notices, security_log, sessions
from accounts.forms import LOCKED, OwnPasswordForm, SignInForm
from accounts.models import UserSession
from livescore_site.people import BACKEND

#: Each role with what it is called.
DEMO_ROLES = {
    "trader": gettext_lazy("trader"),
    "operator": gettext_lazy("operator"),
    "administrator": gettext_lazy("administrator"),
}


class SignInRequired(LoginRequiredMiddleware):
    """Sends a stranger to the sign-in page; a script, which would put that where its answer belongs, gets 401."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if is_for_page(request):
            return super().handle_no_permission(request, view_func)
        return HttpResponse(gettext("Sign in again."), status=401, content_type="text/plain; charset=utf-8")


def is_for_page(request: HttpRequest) -> bool:
    """Whether a browser asks for a whole page: it says that it takes HTML, and does not say that it is htmx."""
    return "HX-Request" not in request.headers and "text/html" in request.headers.get("Accept", "text/html")


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    """The one place to sign in at, for the pages and the admin."""

    template_name = "registration/sign_in.html"
    redirect_authenticated_user = True
    form_class = SignInForm

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        answer = super().form_valid(form)
        known_browsers.remember(answer, form.get_user().get_username())
        return answer

    def get_success_url(self) -> str:
        """Where the person wanted to go; first to what happened to their account, if there is something."""
        pk = cast(User, self.request.user).pk
        return reverse("own_sessions") if notices.are_unread(pk) else super().get_success_url()

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        if form.has_error(NON_FIELD_ERRORS, LOCKED):
            name = form.cleaned_data.get("username", "")
            return render(self.request, "registration/locked_out.html", {"username": name}, status=429)
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(demo_roles=DEMO_ROLES.items() if is_demo(self.request) else (), **kwargs)


class ChangePassword(PasswordChangeView):
    """One's own password, with the old one, which counts like one at signing in."""

    template_name = "registration/password.html"
    success_url = reverse_lazy("password_changed")
    form_class = OwnPasswordForm

    def get_form(self, form_class: Any = None) -> Any:
        form: Any = super().get_form(form_class)
        form.request = self.request
        return form

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        sessions.end(UserSession.objects.filter(user=form.user))
        sessions.begin(self.request, form.user.pk)
        first_passwords.note_own(self.request, form.user)
        security_log.record("password.changed", self.request)
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        answer = super().form_invalid(form)
        answer.status_code = 429 if form.has_error("old_password", LOCKED) else 200
        return answer


sign_in = SignIn.as_view()
sign_out = LogoutView.as_view()
change_password = ChangePassword.as_view()
password_changed = PasswordChangeDoneView.as_view(template_name="registration/password_changed.html")


def is_demo(request: HttpRequest) -> bool:
    """Whether signing in without a password is on: by the demo command, and for this machine only."""
    return settings.DEMO_SIGN_IN and ip_address(request.META["REMOTE_ADDR"]).is_loopback


@login_not_required
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as the demo's trader, operator or administrator, who have no password."""
    role = request.POST.get("role", "")
    if not is_demo(request) or role not in DEMO_ROLES:
        raise Http404
    user, is_new = User.objects.get_or_create(username=f"demo-{role}")
    if is_new:
        user.set_unusable_password()
        user.save()
    roles = list(DEMO_ROLES)
    user.groups.set(Group.objects.filter(name__in=roles[: roles.index(role) + 1]))
    login(request, user, backend=BACKEND)
    return redirect(settings.LOGIN_REDIRECT_URL)
