"""The pages' and programs' addresses."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
