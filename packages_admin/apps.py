"""Packages as a Django app."""

from importlib import import_module

from django.apps import AppConfig


class PackagesAdminConfig(AppConfig):
    name = "packages_admin"
    verbose_name = "Packages"

    def ready(self) -> None:
        import_module("packages_admin.checks")
        import_module("packages_admin.customers.standing").offer()
