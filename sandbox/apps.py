"""The simulated supplier as a Django app, for its commands."""

from django.apps import AppConfig


class SandboxConfig(AppConfig):
    name = "sandbox"
    verbose_name = "Simulated supplier"
