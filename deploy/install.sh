#!/usr/bin/env bash
# Installs the desk, or a new version of it, on a machine with systemd. `make install` calls it; as root.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: make install [NAME=value ...]      or  [NAME=value ...] deploy/install.sh

Copies the desk to a new folder in PREFIX-versions with a venv, collects the static files, migrates the database, installs systemd's
units, which name that folder, and makes PREFIX lead to it. What runs goes on with its own version until it is restarted: nothing
that it may still read is changed. What is set already stays: the settings in CONFIG/desk.env are written once and never changed.

  PREFIX   the program (a link)               /opt/livescore-desk
  CONFIG   the folder of desk.env             /etc/livescore-desk
  STATE    what the desk keeps on disk        /var/lib/livescore-desk
  UNITS    systemd's units                    /etc/systemd/system
  OWNER    whom the services run as           livescore (made if there is no such user)
  PYTHON   a Python of 3.11 or newer          python3
  VENV     a venv that has all that requirements.txt names, instead of a new one

Before it: a database and a Redis as in docs/deployment.md. Exit code 0, or 1 with what is missing.
TEXT
}

fail() { echo "$*" >&2; exit 1; }
step() { echo "$* ..."; }
as_owner() { # a command of the desk, as the services run it: as their user, with their settings and no others
  (cd "$VERSION" && runuser -u "$OWNER" -- env -i PATH="$PATH" LANG=C.UTF-8 \
    sh -c 'set -a; . "$1"; VAR_DIR="$2"; shift 2; exec "$@"' sh "$CONFIG/desk.env" "$STATE" "$@")
}

lead_to_version() { # PREFIX leads to the new version from one moment to the next
  if [ -d "$PREFIX" ] && [ ! -L "$PREFIX" ]; then mv "$PREFIX" "$VERSIONS/0-before"; fi # until 0.1.0 it was the program itself
  ln -sfn "$VERSION" "$PREFIX.new" && mv -T "$PREFIX.new" "$PREFIX"
}
remove_old_versions() { # all but this one, the one before, and those in which a process runs
  local used old
  used=$(readlink /proc/[0-9]*/cwd 2>/dev/null || true)
  find "$VERSIONS" -mindepth 1 -maxdepth 1 -type d -name '[0-9]*' | sort | head -n -2 | while read -r old; do
    grep -qxF "$old" <<<"$used" || rm -rf "$old"
  done
  used=$(readlink -f "$VERSIONS"/*/venv)
  for old in "$VERSIONS"/venv-*; do
    [ ! -d "$old" ] || grep -qxF "$old" <<<"$used" || rm -rf "$old"
  done
}

[ "${1:-}" = "" ] || { usage; [ "$1" = "--help" ] || exit 1; exit 0; }
PREFIX=${PREFIX:-/opt/livescore-desk} CONFIG=${CONFIG:-/etc/livescore-desk} STATE=${STATE:-/var/lib/livescore-desk}
UNITS=${UNITS:-/etc/systemd/system} OWNER=${OWNER:-livescore} PYTHON=${PYTHON:-python3} VENV=${VENV:-}
SOURCE=$(cd "$(dirname "$0")/.." && pwd)
[ "$(id -u)" = 0 ] || fail "Installing needs root: sudo make install"
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "Livescore Desk needs Python 3.11 or newer: set PYTHON=..."
[ "$SOURCE" != "$(readlink -f "$PREFIX")" ] || fail "PREFIX is the folder that is installed from: name another."
umask 022

id -u "$OWNER" >/dev/null 2>&1 || useradd --system --home-dir "$STATE" --shell /usr/sbin/nologin "$OWNER"
GROUP=$(id -gn "$OWNER")

VERSIONS="$PREFIX-versions"
VERSION="$VERSIONS/$(date -u +%Y%m%d-%H%M%S-%N)"
step "Copying the program to $VERSION"
mkdir -p "$VERSION"
installed=
trap '[ -n "$installed" ] || rm -rf "$VERSION"' EXIT
(cd "$SOURCE" && tar --exclude=__pycache__ -cf - accounts alarms deploy docs feed livescore_site locale packages_admin sandbox static templates webhooks \
  manage.py requirements.txt requirements-tracing.txt package.json package-lock.json .npmrc README.md CHANGELOG.md LICENSE) | tar -xf - --no-same-owner -C "$VERSION"

if [ -n "$VENV" ]; then
  ln -s "$(cd "$VENV" && pwd)" "$VERSION/venv"
else # versions that need the same share a venv; one that is in use is never changed
  venv="$VERSIONS/venv-$( (cat "$VERSION/requirements.txt"; "$PYTHON" -VV) | sha256sum | cut -c1-16)"
  if [ ! -e "$venv/.complete" ]; then
    step "Installing what it needs"
    rm -rf "$venv" && "$PYTHON" -m venv "$venv"
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes -r "$VERSION/requirements.txt"
    touch "$venv/.complete"
  fi
  ln -s "$venv" "$VERSION/venv"
fi
if [ -d "$SOURCE/node_modules/htmx.org" ]; then
  cp -rL "$SOURCE/node_modules" "$VERSION/node_modules"
else
  fail "The browser's packages are missing: make install fetches them first (node_modules/.installed)."
fi
"$VERSION/venv/bin/python" -m compileall -q "$VERSION"/{accounts,alarms,feed,livescore_site,packages_admin,sandbox,webhooks}

install -d -m 0750 -g "$GROUP" "$CONFIG"
install -d -m 0700 -o "$OWNER" -g "$GROUP" "$STATE"
if [ ! -e "$CONFIG/desk.env" ]; then
  step "Writing the settings to $CONFIG/desk.env"
  install -m 0640 -g "$GROUP" /dev/null "$CONFIG/desk.env"
  "$VERSION/venv/bin/python" - "$VERSION/deploy/desk.env" >"$CONFIG/desk.env" <<'PYTHON_CODE'
import secrets
import sys

from cryptography.fernet import Fernet

new = {"SECRET_KEY=": secrets.token_urlsafe(50), "CREDENTIAL_KEYS=": Fernet.generate_key().decode()}
for line in open(sys.argv[1], encoding="utf-8"):
    print(line.rstrip("\n") + new.get(line.rstrip("\n"), ""))
PYTHON_CODE
  installed=yes
  lead_to_version
  echo "Enter the desk's name, its database and its Redis there, then run make install again." && exit 0
fi

step "Collecting the static files" # beside those of older versions, whose pages are still open
as_owner venv/bin/python manage.py collectstatic --noinput --verbosity 0
(cd "$VERSION" && venv/bin/python -m livescore_site.old_static_files "$STATE/static")
step "Migrating the database"
as_owner venv/bin/python manage.py migrate --verbosity 0

step "Installing the units in $UNITS"
installed=yes
mkdir -p "$UNITS/livescore-.service.d"
if [ -e "$UNITS/livescore-prune.timer" ]; then # until 0.1.0; livescore-tidy does its work
  if [ -d /run/systemd/system ]; then systemctl disable --now livescore-prune.timer; fi
  rm -f "$UNITS"/livescore-prune.*
fi
(cd "$VERSION/deploy/systemd" && find . -type f) | while read -r unit; do
  sed -e "s|/opt/livescore-desk|$VERSION|g" -e "s|/etc/livescore-desk|$CONFIG|g" -e "s|/var/lib/livescore-desk|$STATE|g" \
    -e "s|^User=.*|User=$OWNER|" -e "s|^Group=.*|Group=$GROUP|" "$VERSION/deploy/systemd/$unit" >"$UNITS/$unit"
done
if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
lead_to_version
remove_old_versions

cat <<TEXT
Installed. What is left, the first time:
  $PREFIX/deploy/manage createsuperuser      the first administrator
  systemctl enable --now livescore.target livescore-tidy.timer
  nginx or Caddy in front, from $PREFIX/deploy
After a new version: systemctl restart livescore-web@8001, then 8002, then the others (docs/deployment.md).
TEXT
