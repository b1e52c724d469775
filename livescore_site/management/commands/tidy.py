"""`manage.py tidy`: forget what is too old."""

from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from feed.database.connections import drop_connection
from feed.management.database import must_be_migrated
from feed.store.leaves import note_act
from livescore_site.forgetting.pieces import Held
from livescore_site.forgetting.rules import RULES, Rule


class Command(BaseCommand):
    help = (
        "Forgets what is too old, as the settings KEEP_..._DAYS say: history, fixtures that have long been over with "
        "all that is theirs, rejected messages, calls, alerts, ended sessions, recordings. In small pieces: no lock is "
        "waited for longer than half a second, and the feed goes on. Can be stopped and run again; once a day, by cron "
        "or by livescore-tidy.timer. Exit code 1 where something was left because somebody held it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = [rule.name for rule in RULES]
        parser.add_argument("--only", choices=names, action="append", help="only this; repeatable")

    def handle(self, *args: Any, **options: Any) -> None:
        must_be_migrated()
        self.failed: list[str] = []
        chosen = options["only"] or [rule.name for rule in RULES]
        held = [name for rule in RULES if rule.name in chosen for name in self.forget(rule)]
        if held:
            words = f"Somebody held {', '.join(held)}: left as it is. Nothing waits for it; run this again."
            raise CommandError(" ".join([*self.failed, words]))
        if self.failed:
            raise CommandError(" ".join(self.failed))

    def forget(self, rule: Rule) -> list[str]:
        """Forget by one rule; returns what was held."""
        days = rule.days()
        if days == 0:
            self.stdout.write(f"{rule.name}: kept for ever")
            return []
        gone, before = 0, datetime.now(UTC) - timedelta(days=days)
        try:
            for number in rule.forget(before):
                gone += number
            if gone:
                note_act("forgotten", "the desk", what=rule.name, before=before, rows=gone)
        except Held as error:
            return [str(error)]
        except Error as error:  # one that fails stops no other
            self.failed.append(f"The database refused to forget {rule.name}: {str(error).strip()}.")
            drop_connection()
        finally:
            self.stdout.write(f"{rule.name}: {gone:,} forgotten, from before {before:%Y-%m-%d %H:%M} UTC")
        return []
