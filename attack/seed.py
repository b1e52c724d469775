"""What the attacked desk holds before the attack: people of every role, programs' tokens, secrets, a row of each kind.

Runs inside the desk, by `manage.py shell --command`, and prints it, with the desk's addresses, as a line of JSON.
"""

import base64
import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from accounts.code_age import CODE_AT
from accounts.phones import Phone, digest_of
from alarms.models import Alarm, Destination
from feed.models import (
    AlertRule,
    Break,
    FeedSource,
    LiveDifference,
    Recovery,
    RejectedMessage,
    SubscriberToken,
    UnknownCode,
)
from packages_admin.models import Package, PackageCall
from packages_admin.secrets import Sealed
from webhooks.models import Webhook

#: Each kind of person, with the groups that they are in.
ROLES = {
    "guest": (),
    "trader": ("trader",),
    "operator": ("trader", "operator"),
    "codeless": ("trader", "operator"),
    "administrator": ("trader", "administrator"),
    "root": (),
}
#: Who has shown the second factor.
VERIFIED = ("operator", "administrator", "root")
#: Sessions of each person: an attack that ends one must not end one that another attack uses.
SESSIONS = 3
FIXTURE, LEAGUE, MARKET, PROVIDER, SPORT = 7, 8363, 1, 8, 6046


def main(package_url: str, password: str, secrets: dict[str, str]) -> None:
    """`package_url` is where the attack answers as the package API; `secrets` are those of `Target.secrets`."""
    people = {role: person(role, password) for role in ROLES}
    ids = rows(package_url, secrets)
    ids["user"] = User.objects.get(username="attack-guest").pk
    tokens = {
        "all": token("all of it"),
        "scores": token("scores alone", contents="scores"),
        "elsewhere": token("another league", leagues=[99]),
        "revoked": token("revoked", revoked_at=timezone.now()),
    }
    print("SEED " + json.dumps({"people": people, "tokens": tokens, "ids": ids, "addresses": list(addresses(ids))}))


def person(role: str, password: str) -> dict[str, Any]:
    """A user with their sessions and, where they have a phone, its key and a recovery code."""
    user = User.objects.create_user(f"attack-{role}", password=password, is_superuser=role == "root")
    user.groups.set(Group.objects.filter(name__in=ROLES[role]))
    made: dict[str, Any] = {"name": user.username}
    phone = None
    if role in VERIFIED or role == "codeless":
        phone = Phone.make(user)
        phone.confirmed = True
        phone.save()
        code = StaticToken.random_token()
        StaticToken.objects.create(device=StaticDevice.objects.create(user=user), token=digest_of(code, user.pk))
        made |= {"phone_key": base64.b32encode(phone.bin_key).decode(), "recovery_code": code}
    return made | {"sessions": [session(user, phone if role in VERIFIED else None) for _ in range(SESSIONS)]}


def session(user: User, phone: Phone | None) -> str:
    """The key of a session by which the user is signed in, with the second factor if `phone` is given."""
    client = Client()
    client.force_login(user)
    if phone is not None:
        content = client.session
        content[DEVICE_ID_SESSION_KEY], content[CODE_AT] = phone.persistent_id, time.time()
        content.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def token(name: str, **fields: Any) -> str:
    made = SubscriberToken(name=name, made_at=timezone.now(), most_requests_per_minute=100_000, **fields)
    secret = made.new_secret()
    made.save()
    return secret


def rows(package_url: str, secrets: dict[str, str]) -> dict[str, int]:
    """A row of each kind that has an address, by the kind's name."""
    now = timezone.now()
    bases = {"api_base": package_url, "snapshot_base": package_url, "connect_seconds": 1, "answer_seconds": 2}
    package = Package(name="North", product="hyper", package_id=123, user_name="ops", amqp_host="127.0.0.1", **bases)
    package.set_password(secrets["package password"], now)
    package.save()
    package.name_sources()
    call = PackageCall(package_name="North", action="status", actor_name="olga", origin="admin", asked_at=now)
    call.url, call.kind, call.ok = "https://a/b", "success", True
    call.save()
    source = FeedSource.objects.order_by("pk").first() or FeedSource.objects.create(name="in-play", kind="queue")
    rejected = RejectedMessage.objects.create(source=source, received_at=now, reason="no", body=b"{", digest="d")
    trader = User.objects.get(username="attack-trader")
    rule = AlertRule.objects.create(user=trader, name="mine", kind="incident", made_at=now)
    spare = SubscriberToken(name="to be changed", made_at=now)
    spare.new_secret()
    spare.save()
    return {
        "destination": Destination.objects.create(
            name="ops", kind="webhook", **sealed_parts("destination", package_url, secrets)
        ).pk,
        "webhook": Webhook.objects.create(name="odds screen", **sealed_parts("webhook", package_url, secrets)).pk,
        "alarm": Alarm.objects.create(kind="disk", about="here", text="It is full.", began_at=now).pk,
        "package": package.pk,
        "packagecall": call.pk,
        "feedsource": source.pk,
        "rejectedmessage": rejected.pk,
        "alert_rule": rule.pk,
        "subscribertoken": spare.pk,
        "fixture": FIXTURE,
        "market": MARKET,
        "group": Group.objects.get(name="trader").pk,
        "totpdevice": Phone.objects.get(user__username="attack-codeless").pk,
        "staticdevice": StaticDevice.objects.get(user__username="attack-codeless").pk,
        "unknowncode": UnknownCode.objects.create(kind="status", code=77, first_seen_at=now, last_seen_at=now).pk,
        "recovery": Recovery.objects.create(source=source, epoch=1, began_at=now, ended_at=now, reason="no").pk,
        "livedifference": LiveDifference.objects.create(source=source, fixture_id=8, kind="unknown", since=now).pk,
        "break": Break.objects.create(source=source, epoch=1, noticed_at=now, reason="no").pk,
    }


def sealed_parts(place: str, url: str, secrets: dict[str, str]) -> dict[str, Any]:
    """The address and secret of an alarm destination or a webhook."""
    address, secret = f"{url}/{secrets[f'{place} path']}", secrets[f"{place} secret"]
    return {"address": Sealed.of(address), "secret": Sealed.of(secret), "shown": "127.0.0.1/…"}


def addresses(ids: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Every address of the desk as (name, path), with the ids of rows that exist."""
    for route, name in patterns(get_resolver().url_patterns, ""):
        yield name or route, "/" + filled(route, name, ids)


def patterns(found: Any, before: str) -> Iterator[tuple[str, str]]:
    for pattern in found:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern.name or ""
        else:
            yield from patterns(pattern.url_patterns, route)


def filled(route: str, name: str, ids: dict[str, int]) -> str:
    """The route with real ids: a row of the model that the route names, else of the parameter's own kind."""
    parts = route.split("/")
    model = parts[2] if route.startswith("admin/") and len(parts) > 2 else name
    own = str(ids.get(model, ids["fixture"]))
    words = {
        "<int:fixture_id>": str(ids["fixture"]),
        "<int:market_id>": str(ids["market"]),
        "<int:number>": "0",
        "<int:league_id>": str(LEAGUE),
        "<int:sport_id>": str(SPORT),
        "<int:provider_id>": str(PROVIDER),
        "<int:bet_id>": str(ids["fixture"] * 1000 + ids["market"]),
        "<path:content_type_id>": "1",
        "<path:object_id>": own,
        "<int:pk>": own,
        "<id>": own,
        "<slug:version>": "1",
        "<tile:place>": "0/000",
        "<slug:turn>": "goal",
        "<moment:moment>": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}",
        "<moment:other>": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}",
        "<str:moment>": "yesterday",
        "<path:rest>": "health/",
        "(?P<url>.*)$": "nowhere/",
    }
    for parameter, word in words.items():
        route = route.replace(parameter, word)
    # One pattern has the lists of all apps, in an order that may change: any app will do.
    return re.sub(r"\^\(\?P<app_label>.*", "feed/", route)
