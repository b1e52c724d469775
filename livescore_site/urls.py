"""All addresses: the desk's pages and API, sign-in, and the admin."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("feed.urls")),
    path("admin/", admin.site.urls),
]
