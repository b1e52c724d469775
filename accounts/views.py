"""The page on which users see their own sessions and end them."""

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import notices, security_log, sessions


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_sessions(request: HttpRequest) -> HttpResponse:
    """The user's sessions. A POST ends the one that `pk` names, or with `others` all but this one."""
    rows = sessions.of(cast(User, request.user).pk)
    others = rows.exclude(session_key=request.session.session_key or "")
    if request.method != "POST":
        news = list(notices.of(cast(User, request.user).pk))
        notices.note_read(cast(User, request.user).pk)
        key, has_others = request.session.session_key, others.exists()
        shown = {"sessions": rows, "key": key, "has_others": has_others, "notices": news}
        return render(request, "registration/sessions.html", shown)
    pk = request.POST.get("pk", "")
    # A number of 19 digits may be too large for the column. No session has the id 0.
    chosen = others if "others" in request.POST else others.filter(pk=int(pk) if pk.isdecimal() and len(pk) < 19 else 0)
    security_log.record("session.ended", request, whose=request.user, number=sessions.end(chosen))
    return redirect("own_sessions")
