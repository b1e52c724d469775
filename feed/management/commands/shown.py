"""shown: what a person's pages, or a token's programs, had been sent at a moment; or to whom a fixture was shown."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

import msgspec
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from feed.management.arguments import number_of
from feed.management.database import must_be_migrated
from feed.models import SubscriberToken
from feed.operations.shown.who import Audience, audience
from feed.operations.shown.written import written
from feed.past.moments import parse_moment
from feed.viewings.reading import shown_to
from feed.viewings.viewers import Viewer, forget, hash_of


class Command(BaseCommand):
    """Prints JSON. Exits with 1 where nothing is kept of them at that moment."""

    help = (
        "Prints what a trader's pages showed at a moment, as JSON: of each topic the version, when it was sent and "
        "painted, and the SHA-256 of its HTML; with --again whether the journal gives the same HTML. With --fixture "
        "to whom which versions of it were shown."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "who", metavar="NAME", nargs="?", help="whose pages: the name to sign in with; with --token a token's"
        )
        parser.add_argument("--token", action="store_true", help="NAME is a token's: what its programs were told")
        parser.add_argument("--at", metavar="TIME", help="in UTC: 2026-11-26T20:14:03.250Z")
        parser.add_argument("--again", action="store_true", help="render the pages again, and compare")
        parser.add_argument("--fixture", type=number_of, metavar="N", help="to whom anything of the fixture was shown")
        parser.add_argument("--market", type=number_of, metavar="N", help="of the fixture this market's prices alone")
        parser.add_argument("--forget", action="store_true", help="make it impossible to tell which pages were NAME's")

    def handle(self, *args: Any, **options: Any) -> None:
        must_be_migrated()
        if bool(options["who"]) == bool(options["fixture"]) or (options["market"] and not options["fixture"]):
            raise CommandError("Either NAME, or --fixture N and perhaps --market N.")
        if options["fixture"] and (options["token"] or options["again"]):
            raise CommandError("--token and --again are of a NAME; --fixture says to whom it was shown.")
        if options["forget"] == bool(options["at"]) or (options["forget"] and options["fixture"]):
            raise CommandError("Either --at TIME or --forget.")
        if options["fixture"]:
            self.write_json(shown_of_fixture(options))
            return
        viewer = viewer_named(options["who"], options["token"])
        if options["forget"]:
            if not forget(viewer):
                raise CommandError(f"Nothing is kept of {options['who']}.")
            self.stdout.write(f"Nobody can tell any more which pages were {options['who']}'s.")
            return
        moment = moment_given(options["at"])
        who = hash_of(viewer)
        found = shown_to(who, moment) if who is not None else []
        if not found:
            raise CommandError(f"Nothing is kept of what {options['who']} was shown at that moment.")
        self.write_json([written(shown, moment, options["again"]) for shown in found])

    def write_json(self, content: Any) -> None:
        self.stdout.write(msgspec.json.format(msgspec.json.encode(content)).decode())


def shown_of_fixture(options: dict[str, Any]) -> Audience:
    found = audience(options["fixture"], options["market"], moment_given(options["at"]))
    if not found.processes:
        raise CommandError("Nothing was written down for then: no page or program was open, or it is not kept.")
    return found


def viewer_named(name: str, is_token: bool) -> Viewer:
    if is_token:
        token = SubscriberToken.objects.filter(name=name).only("pk").first()
        if token is None:
            raise CommandError(f"There is no token {name}.")
        return "token", token.pk
    user = User.objects.filter(username=name).only("pk").first()
    if user is None:
        raise CommandError(f"Nobody signs in as {name}.")
    return "user", user.pk


def moment_given(text: str) -> datetime:
    try:
        moment = parse_moment(text)
    except ValueError as error:
        raise CommandError(f"--at: {error}.") from None
    if moment > timezone.now():
        raise CommandError("--at: nobody knows yet what will be then.")
    return moment
