"""The project as a Django app: its commands, what it does at its start; and the admin under our own site class."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import pre_migrate

from feed.database.timing import count_statements
from livescore_site.databases import take_time


class SiteConfig(AppConfig):
    """Commands that need more than one app."""

    name = "livescore_site"

    def ready(self) -> None:
        pre_migrate.connect(take_time, dispatch_uid="take_time")
        connection_created.connect(count_statements, dispatch_uid="count_statements")


class DeskAdminConfig(AdminConfig):
    """Operations' admin."""

    default = False
    default_site = "livescore_site.admin_site.DeskAdminSite"
