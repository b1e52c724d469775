"""`manage.py person add olga --role operator`: people and roles from the command line."""

import getpass
import secrets
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import first_passwords, security_log
from accounts.rights import HANDED_OUT
from feed.management.database import must_be_migrated


class Command(BaseCommand):
    help = (
        "Add a person with a role, give another role, or let them in no more. Whoever is added has a first password, "
        "shown once, which they change when they first sign in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["add", "role", "out"], help="what to do")
        parser.add_argument("name", help="the name by which the person signs in")
        parser.add_argument("--role", choices=HANDED_OUT, help="for add and role")
        parser.add_argument("--email", default="", help="where notices about the account go")

    def handle(self, *args: Any, **options: Any) -> None:
        must_be_migrated()
        action, name, role = options["action"], options["name"], options["role"]
        if action in ("add", "role") and not role:
            raise CommandError(f"Say which role: --role {', '.join(HANDED_OUT)}.")
        with transaction.atomic():
            if action == "add":
                self.add(name, role, options["email"])
            else:
                person = User.objects.filter(username=name).first()
                if person is None:
                    raise CommandError(f"There is nobody called {name}.")
                self.give_role(person, role) if action == "role" else self.let_out(person)
        security_log.record(f"people.{action}", whose=name, by=f"command, {getpass.getuser()}", role=role or "")

    def add(self, name: str, role: str, email: str) -> None:
        """Raises `CommandError` for a name that is taken or will not do."""
        password = secrets.token_urlsafe(15)
        person = User(username=name, email=email)
        try:
            person.set_password(password)
            person.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        person.save()
        person.groups.add(group(role))
        first_passwords.give(person)
        self.stdout.write(f"{name} is {role}. First password, to be changed at once: {password}")

    def give_role(self, person: User, role: str) -> None:
        """This role instead of the others of the desk; groups of one's own stay."""
        person.groups.remove(*Group.objects.filter(name__in=HANDED_OUT))
        person.groups.add(group(role))
        self.stdout.write(f"{person} is {role}.")

    def let_out(self, person: User) -> None:
        """Their sessions and sockets end within a minute. The account stays, for what it has signed."""
        person.is_active = False
        person.save(update_fields=["is_active"])
        self.stdout.write(f"{person} may not sign in any more.")


def group(role: str) -> Group:
    found = Group.objects.filter(name=role).first()
    if found is None:
        raise CommandError(f"The group {role} is not there any more.")
    return found
