"""Signing in and out, for every user of the desk; guessing is stopped by django-axes."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import Group, User
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeDoneView, PasswordChangeView
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

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

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(demo_roles=DEMO_ROLES.items() if is_demo(self.request) else (), **kwargs)


sign_in = SignIn.as_view()
sign_out = LogoutView.as_view()
change_password = PasswordChangeView.as_view(
    template_name="registration/password.html", success_url=reverse_lazy("password_changed")
)
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
