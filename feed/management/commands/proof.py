"""`manage.py proof`: bundles for strangers, a check of all that is kept, and the key."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from feed.management.arguments import moment, number_of
from feed.management.database import must_be_migrated
from feed.proof.bundle import BundleScope, NoProof, make_bundle
from feed.proof.notes import BadKey, Signer, new_key, read_signer, read_witness
from feed.proof.signing import proof_folder
from feed.proof.walk import Walk

#: Of more faults the number is enough.
MOST_FAULTS = 50


class Command(BaseCommand):
    help = (
        "Prove what was received (docs/proof.md): `bundle` makes a zip that a stranger can check with Python alone, "
        "`check` compares everything that is kept with what was signed, `key` prints the public key to check it with. "
        "Exit code 1 where something is not true or not there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", help="what to do")
        bundle = actions.add_parser("bundle", help="make a zip of what was received about a fixture")
        bundle.add_argument("--fixture", type=number_of, required=True, metavar="N", help="the fixture's id")
        bundle.add_argument("--from", dest="begin", type=moment, required=True, metavar="T", help="ISO time, UTC")
        bundle.add_argument("--to", dest="end", type=moment, required=True, metavar="T", help="ISO time, UTC")
        bundle.add_argument("--out", type=Path, required=True, metavar="FILE", help="the zip to write")
        bundle.add_argument(
            "--recordings", type=Path, metavar="DIR", help="where messages' bytes were recorded (RECORDINGS)"
        )
        bundle.add_argument(
            "--without-others", action="store_true", help="smaller, but does not prove that nothing was left out"
        )
        check = actions.add_parser("check", help="compare everything that is kept with what was signed")
        check.add_argument("--recordings", type=Path, metavar="DIR", help="recordings to compare too (RECORDINGS)")
        key = actions.add_parser("key", help="print the public key, for those who check bundles")
        key.add_argument("--of-witness", action="store_true", help="print the key that cosigns others' logs")
        key.add_argument("--new", metavar="NAME", help="print a new private key for PROOF_KEY, for a log of that name")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["action"] == "key":
                self.stdout.write(key_wanted(options))
                return
            must_be_migrated()
            self.bundle(options) if options["action"] == "bundle" else self.check_all(options)
        except (BadKey, NoProof) as error:
            raise CommandError(str(error)) from None

    def bundle(self, options: dict[str, Any]) -> None:
        if options["begin"] >= options["end"]:
            raise CommandError("--to must be after --from.")
        scope = BundleScope(
            fixture=options["fixture"],
            begin=options["begin"],
            end=options["end"],
            is_complete=not options["without_others"],
            recordings=recordings_of(options),
        )
        content, sentences = make_bundle(proof_folder(), own_signer(), scope)
        try:
            options["out"].write_bytes(content)
        except OSError as error:
            raise CommandError(f"{options['out']}: {error.strerror}") from None
        self.stdout.write("\n".join([*sentences, f"{options['out']}: {len(content):,} bytes."]))

    def check_all(self, options: dict[str, Any]) -> None:
        walk = Walk(proof_folder(), own_signer(), recordings_of(options))
        walk.run()
        for note in walk.notes:
            self.stdout.write(note)
        for fault in walk.faults[:MOST_FAULTS]:
            self.stdout.write(f"FALSE: {fault}")
        if walk.faults:
            raise CommandError(f"{len(walk.faults):,} things are not as they were signed.")
        self.stdout.write("TRUE: all that is kept is what was signed.")


def recordings_of(options: dict[str, Any]) -> Path:
    """The folder that is named, which has to be there, or the settings'."""
    named: Path | None = options["recordings"]
    if named is not None and not named.is_dir():
        raise CommandError(f"--recordings: {named} is no folder.")
    return named or Path(settings.RECORDINGS)


def key_wanted(options: dict[str, Any]) -> str:
    """Raises `BadKey`."""
    if options["of_witness"]:
        if not settings.PROOF_WITNESSED:
            raise CommandError("This desk witnesses no logs: PROOF_WITNESSED is not set.")
        return read_witness(settings.PROOF_WITNESS_KEY).public_key
    return new_key(options["new"]) if options["new"] else own_signer().public_key


def own_signer() -> Signer:
    """Raises `BadKey`."""
    return read_signer(settings.PROOF_KEY)
