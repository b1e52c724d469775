"""Phones' keys are sealed, and recovery codes become digests."""

from django.db import migrations
from django_otp.util import random_hex

from accounts.phones import digest_of
from packages_admin.secrets import Sealed


def seal(apps, schema_editor):
    keys = apps.get_model("accounts", "PhoneKey").objects
    for phone in list(phones(apps)):
        keys.create(device_id=phone.pk, key=Sealed.of(phone.key))
        phone.key = random_hex(20)
        phone.save(update_fields=["key"])
    for token in apps.get_model("otp_static", "StaticToken").objects.select_related("device"):
        token.token = digest_of(token.token, token.device.user_id)
        token.save(update_fields=["token"])


def phones(apps):
    sealed = apps.get_model("accounts", "PhoneKey").objects.values("device_id")
    return apps.get_model("otp_totp", "TOTPDevice").objects.exclude(pk__in=sealed)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_phones"), ("otp_static", "__latest__")]

    operations = [migrations.RunPython(seal)]
