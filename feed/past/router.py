"""Which database rows are read from: while a past is open in this thread, the feed's come from there alone."""

from typing import Any

from django.db.models import Model

from .database import ALIAS, OPENED, READ_THERE


class NothingIsWritten(RuntimeError):
    """Something was about to write the feed's rows while a past was open."""


class PastRouter:
    """For DATABASE_ROUTERS. What traders set up for themselves, and sessions, are the present's all the time."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return ALIAS if OPENED.past is not None and model in READ_THERE else None

    def db_for_write(self, model: type[Model], **hints: Any) -> str | None:
        if OPENED.past is not None and model in READ_THERE:
            raise NothingIsWritten(f"{model._meta.label} is of the past, which nobody changes.")
        return None
