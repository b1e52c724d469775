"""Packages as a Django app."""

from django.apps import AppConfig


class PackagesAdminConfig(AppConfig):
    name = "packages_admin"
    verbose_name = "Packages"
