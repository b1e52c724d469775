"""The feed as a Django app."""

from django.apps import AppConfig

from .database import connections  # noqa: F401 - before the first of them is opened


class FeedConfig(AppConfig):
    name = "feed"
    verbose_name = "Feed"
