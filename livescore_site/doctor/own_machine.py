"""Settings, files, disk and static files of this machine."""

import json
import shutil
from collections.abc import Iterator

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.checks import Tags, Warning, run_checks

from .findings import Finding, fault, ok, warning

GIGABYTE = 1024**3
#: Free space below which a disk is worth a warning, and below which the desk will soon stand still.
LITTLE_SPACE, NO_SPACE = 5 * GIGABYTE, GIGABYTE


def settings_and_keys() -> Iterator[Finding]:
    """Django's own checks and ours: keys, private files, the second factor."""
    messages = run_checks(tags=[Tags.security], include_deployment_checks=True) if settings.BEHIND_TLS else []
    messages += [message for message in run_checks() if message not in messages]
    for message in messages:
        make = warning if isinstance(message, Warning) else fault
        yield make(
            "settings", f"{message.msg} ({message.id})", message.hint or "See Django's documentation of the check."
        )
    if not messages:
        yield ok("settings", "Django's checks and the desk's own find nothing.")
    if settings.DEBUG:
        yield fault("settings", "DEBUG is on: errors show the inside of the desk.", "Unset DEBUG.")


def names_and_proxies() -> Iterator[Finding]:
    """Under which names the desk is served, and which proxies are believed on the client's address."""
    hosts = set(settings.ALLOWED_HOSTS)
    local = hosts & {"127.0.0.1", "localhost", "*"}
    if "*" in hosts:
        yield fault("names", "ALLOWED_HOSTS lets every name in.", "Name the desk's own names there.")
    elif not local:
        text = "127.0.0.1 is not among ALLOWED_HOSTS: what watches this machine gets 400."
        yield warning("names", text, "Add 127.0.0.1 to ALLOWED_HOSTS.")
    if not settings.BEHIND_TLS:
        if hosts - {"localhost", "127.0.0.1", "[::1]"}:
            text = "The desk is served to others without TLS: cookies and passwords go out readable."
            yield warning("proxy", text, "Put a proxy with TLS in front, and set BEHIND_TLS=True.")
        else:
            yield ok("proxy", "The desk is served to this machine alone.")
        return
    if not settings.TRUSTED_PROXIES:
        text = "No proxy is believed, so that all clients seem to be one address and share its limits."
        yield fault("proxy", text, "Set TRUSTED_PROXIES to the proxy's address.")
    else:
        networks = ", ".join(str(network) for network in settings.TRUSTED_PROXIES)
        yield ok("proxy", f"Behind TLS; X-Forwarded-For and -Proto count from {networks}.")


def disk() -> Iterator[Finding]:
    """Space where the desk keeps its files."""
    folder = settings.VAR_DIR
    if not folder.is_dir():
        yield fault("disk", f"{folder} is not there.", "Make it, for the user of the desk alone, or set VAR_DIR.")
        return
    space = shutil.disk_usage(folder)
    text = f"{space.free / GIGABYTE:.1f} GB of {space.total / GIGABYTE:.0f} GB are free at {folder}."
    if space.free < NO_SPACE:
        yield fault("disk", text, "Make room: recordings first, then `manage.py tidy`.")
    elif space.free < LITTLE_SPACE:
        yield warning("disk", text, "Make room: recordings first, then `manage.py tidy`.")
    else:
        yield ok("disk", text)


def static_files() -> Iterator[Finding]:
    """Whether what pages load was collected, and from the files that are here now."""
    remedy = "Run: manage.py collectstatic --noinput"
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    if not manifest.is_file():
        yield fault("static files", f"They were not collected to {settings.STATIC_ROOT}: every page fails.", remedy)
        return
    collected = json.loads(manifest.read_text(encoding="utf-8"))["paths"]
    wanted = served_files()
    missing = [path for path in wanted if path not in collected]
    if not wanted:
        text = "The sources of static files are not here; what was collected cannot be compared."
        yield warning("static files", text, "Install the browser's packages: make node_modules/.installed")
    elif missing:
        yield fault("static files", f"{len(missing)} were not collected, among them {missing[0]}.", remedy)
    else:
        yield ok("static files", f"{len(collected)} are collected.")


def served_files() -> list[str]:
    """The addresses, below STATIC_URL, of the static files that are here."""
    found = [(path, getattr(storage, "prefix", "")) for finder in get_finders() for path, storage in finder.list([])]
    return [f"{prefix}/{path}" if prefix else path for path, prefix in found]
