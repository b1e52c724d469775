"""The second factor at rest: phones' keys sealed with CREDENTIAL_KEYS, recovery codes as digests."""

import base64
import hashlib
import hmac
from binascii import unhexlify
from typing import Any

from django.conf import settings
from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from accounts.models import PhoneKey
from packages_admin.secrets import Sealed


class Phone(TOTPDevice):
    """django-otp's device, with its key sealed in `PhoneKey`; the key in django-otp's own column is never used."""

    class Meta:
        proxy = True
        app_label = "accounts"
        default_permissions = ()

    @classmethod
    @transaction.atomic
    def make(cls, user: Any) -> "Phone":
        """A phone with a new key, not yet confirmed."""
        phone = cls.objects.create(user=user, name="phone", confirmed=False)
        PhoneKey.objects.create(device_id=phone.pk, key=Sealed.of(random_hex(20)))
        return phone

    @property
    def bin_key(self) -> bytes:
        """The key. Raises `SealBroken` where none of CREDENTIAL_KEYS opens it."""
        return unhexlify(PhoneKey.objects.get(device_id=self.pk).key.reveal())


def digest_of(code: str, user_id: int) -> str:
    """What is stored of a recovery code: 96 bits, which just fit django-otp's column, useless without SECRET_KEY."""
    text = f"recovery code:{user_id}:{code}"
    mac = hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac[:12]).decode()
