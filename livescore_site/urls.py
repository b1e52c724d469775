"""All addresses: the desk's pages and API, sign-in, and the admin."""

from django.contrib import admin
from django.urls import include, path

from .sign_in import change_password, demo_sign_in, password_changed, sign_in, sign_out
from .words import words

urlpatterns = [
    path("", include("feed.urls")),
    path("sign_in/", sign_in, name="sign_in"),
    path("sign_in/demo/", demo_sign_in, name="demo_sign_in"),
    path("sign_out/", sign_out, name="sign_out"),
    path("password/", change_password, name="change_password"),
    path("password/changed/", password_changed, name="password_changed"),
    path("admin/", admin.site.urls),
    path("words-<slug:version>.js", words, name="words"),
]

handler400 = "feed.desk.broken.not_understood"
handler403 = "feed.desk.broken.not_allowed"
handler404 = "feed.desk.broken.not_found"
handler500 = "feed.desk.broken.failed"
