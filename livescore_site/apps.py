"""The admin under our own site class."""

from django.contrib.admin.apps import AdminConfig


class DeskAdminConfig(AdminConfig):
    default_site = "livescore_site.admin_site.DeskAdminSite"
