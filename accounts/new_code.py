"""Which pages of the admin ask for a new code before they change anything."""

from typing import Any

from django.contrib import admin

from accounts.code_age import with_new_code


class NewCodeToChange(admin.ModelAdmin):
    """All pages but the list and the history ask for a new code."""

    def get_urls(self) -> list[Any]:
        urls: list[Any] = super().get_urls()
        for url in urls:
            if not (url.name or "").endswith(("_changelist", "_history")):
                url.callback = with_new_code(url.callback)
        return urls

    def get_actions(self, request: Any) -> dict[str, Any]:
        """Leaves out Django's bulk delete, which checks the right to the model, not each row, and asks for no code."""
        actions: dict[str, Any] = super().get_actions(request)
        return {name: action for name, action in actions.items() if name != "delete_selected"}
