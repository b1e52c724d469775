"""All addresses: the desk's pages and API, sign-in, and the admin."""

from django.contrib import admin
from django.urls import include, path

from accounts.views import own_sessions

from .metrics import collect_all
from .own_second_factor import own_code, own_phone
from .sign_in import change_password, demo_sign_in, password_changed, sign_in, sign_out
from .tour import show_tour
from .words import words

collect_all()

urlpatterns = [
    path("", include("feed.urls")),
    path("sign_in/", sign_in, name="sign_in"),
    path("sign_in/demo/", demo_sign_in, name="demo_sign_in"),
    path("sign_out/", sign_out, name="sign_out"),
    path("password/", change_password, name="change_password"),
    path("password/changed/", password_changed, name="password_changed"),
    path("code/", own_code, name="own_code"),
    path("phone/", own_phone, name="own_phone"),
    path("sessions/", own_sessions, name="own_sessions"),
    path("admin/", admin.site.urls),
    path("tour/", show_tour, name="tour"),
    path("words-<slug:version>.js", words, name="words"),
]

handler400 = "feed.desk.broken.not_understood"
handler403 = "feed.desk.broken.not_allowed"
handler404 = "feed.desk.broken.not_found"
handler500 = "feed.desk.broken.failed"
