"""Error pages for developers and operators that show no password, in DEBUG mode either."""

import re
from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class SecretsHidden(SafeExceptionReporterFilter):
    """Blots out what was typed into a field whose name says that it is a secret, wherever it turned up since.

    Django's own filter does nothing in DEBUG mode, and elsewhere only what each function is marked for. Addresses of
    services are hidden whole as well as what Django hides by its name, since they may hold a password.
    """

    hidden_settings = re.compile(
        "API|AUTH|TOKEN|KEY|SECRET|PASS|SIGNATURE|HTTP_COOKIE|_URL$|ADDRESS|CHANNEL_LAYERS", re.IGNORECASE
    )

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        posted = super().get_post_parameters(request)
        return {name: self.cleansed_substitute if self.is_secret(name) else value for name, value in posted.items()}

    def get_traceback_frame_variables(self, request: HttpRequest, tb_frame: FrameType) -> ItemsView[str, Any]:
        posted = request.POST.items() if request is not None else ()
        typed = [str(text) for name, text in posted if self.is_secret(name) and text]
        shown = dict(super().get_traceback_frame_variables(request, tb_frame))
        hidden = {name: self.cleansed_substitute for name, value in shown.items() if typed and mentions(value, typed)}
        return (shown | hidden).items()

    def is_secret(self, name: str) -> bool:
        return bool(self.hidden_settings.search(name))


def mentions(value: Any, secrets: list[str]) -> bool:
    """Whether one of them would be seen where the value is shown; one that cannot be shown may hold it."""
    try:
        shown = repr(value)
    except Exception:
        return True
    return any(secret in shown or repr(secret)[1:-1] in shown for secret in secrets)
