"""What a person is told about their own account: a new password, another phone. On a page, and by e-mail where set."""

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import Notice

Kind = Notice.Kind
SHOWN = 20

logger = logging.getLogger(__name__)


def give(user: Any, kind: Notice.Kind) -> None:
    """Keep it for the person's next sign-in, and send it to their address. A failing mail server stops nothing else."""
    notice = Notice.objects.create(user=user, kind=kind, at=timezone.now())
    if not (settings.EMAIL_HOST and user.email):
        return
    words = gettext("If that was not you, tell an administrator at once.")
    try:
        text = f"{notice.text} {notice.at:%Y-%m-%d %H:%M} UTC. {words}\n"
        send_mail(gettext("Your account at Livescore Desk"), text, None, [user.email])
    except (OSError, SMTPException) as error:
        logger.warning("The notice to %s was not sent: %s", user, error)


def of(user_id: int) -> QuerySet[Notice]:
    """The newest ones first."""
    return Notice.objects.filter(user_id=user_id)[:SHOWN]


def are_unread(user_id: int) -> bool:
    return Notice.objects.filter(user_id=user_id, read_at=None).exists()


def note_read(user_id: int) -> None:
    Notice.objects.filter(user_id=user_id, read_at=None).update(read_at=timezone.now())


class PasswordNotice:
    """Among the password validators, which Django tells of every new password, wherever it was set. It refuses none."""

    def validate(self, password: str, user: Any = None) -> None:
        """Any will do."""

    def password_changed(self, password: str, user: Any = None) -> None:
        if user is not None and user.last_login is not None:
            give(user, Kind.PASSWORD)

    def get_help_text(self) -> str:
        return gettext("You are notified whenever your password changes.")
