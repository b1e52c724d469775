"""The admin for operations staff."""

from django.contrib.admin import AdminSite


class DeskAdminSite(AdminSite):
    """Django's admin with the desk's name."""

    site_header = "Livescore Desk operations"
    site_title = "Livescore Desk operations"
    index_title = "Operations"
