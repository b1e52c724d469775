"""Signing in and out, for every user of the desk; guessing is stopped by django-axes."""

from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group, User
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeDoneView, PasswordChangeView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

DEMO_ROLES = ("trader", "operator", "administrator")


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    """The one place to sign in at, for the pages and the admin."""

    template_name = "registration/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(demo_roles=DEMO_ROLES if is_demo(self.request) else (), **kwargs)


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
    user.groups.set(Group.objects.filter(name__in=DEMO_ROLES[: DEMO_ROLES.index(role) + 1]))
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect(settings.LOGIN_REDIRECT_URL)
