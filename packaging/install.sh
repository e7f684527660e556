#!/bin/sh
# Installs Regulars on a Debian or Ubuntu system, or in a container: the same steps for both.
#
#   packaging/install.sh [SOURCE]
#
# SOURCE is the folder of the source (by default the one this script lies in). Doing it again
# upgrades. What may be set:
#   PREFIX=/opt/regulars        where the programs go
#   STATE=/var/lib/regulars     where books and secrets lie, owned by the user regulars
#   BACKUPS=/var/backups/regulars
#   PIP_ARGS=                   further words for pip, for example --no-index --find-links=/wheels
set -eu

source=${1:-$(dirname "$0")/..}
prefix=${PREFIX:-/opt/regulars}
state=${STATE:-/var/lib/regulars}
backups=${BACKUPS:-/var/backups/regulars}

say() { printf '%s\n' "$*"; }
refuse() { say "$1" >&2; say "$2" >&2; exit 1; }

[ "$(id -u)" = 0 ] || refuse "This needs root." "Run it with sudo, or follow docs/guides/operator/installing.md by hand."
[ -f "$source/requirements.lock" ] || refuse "$source is not the source of Regulars." "Name its folder: install.sh SOURCE"
command -v python3 >/dev/null || refuse "Python is missing." "apt install python3 python3-venv"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  refuse "This Python is older than 3.11." "Use Debian 12, Ubuntu 24.04 or newer."
python3 -c 'import ensurepip' 2>/dev/null || refuse "Python has no venv module." "apt install python3-venv"

say "1. The user regulars"
if ! id regulars >/dev/null 2>&1; then
  useradd --system --user-group --no-create-home --home-dir /nonexistent \
    --shell /usr/sbin/nologin regulars
fi

say "2. The programs in $prefix"
[ -x "$prefix/bin/python" ] || python3 -m venv "$prefix"
# shellcheck disable=SC2086  # PIP_ARGS are several words
"$prefix/bin/python" -m pip install --quiet --disable-pip-version-check ${PIP_ARGS:-} \
  --require-hashes -r "$source/requirements.lock"
# A copy, so that nothing is written where the source lies.
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
cp -R "$source/src" "$source/pyproject.toml" "$source/README.md" "$source/LICENSE" \
  "$source/requirements.in" "$build/"
# shellcheck disable=SC2086
"$prefix/bin/python" -m pip install --quiet --disable-pip-version-check ${PIP_ARGS:-} \
  --no-deps --force-reinstall "$build"

say "3. The folders $state and $backups"
install -d -m 0750 -o regulars -g regulars "$state" "$backups"

say "4. The settings in /etc/regulars.env"
if [ ! -e /etc/regulars.env ]; then
  cat >/etc/regulars.env <<SETTINGS
# Settings of Regulars: docs/reference/settings.md. After a change: systemctl restart regulars
REGULARS_HOME=$state
REGULARS_BACKUPS=$backups
REGULARS_LOG=json
#PORT=8000
SETTINGS
  chmod 0644 /etc/regulars.env
fi

say "5. The unit"
if [ -d /etc/systemd/system ]; then
  for unit in regulars.service regulars-backup.service regulars-backup.timer; do
    sed "s|/opt/regulars|$prefix|g; s|/var/lib/regulars|$state|g; s|/var/backups/regulars|$backups|g" \
      "$source/packaging/$unit" >"/etc/systemd/system/$unit"
    chmod 0644 "/etc/systemd/system/$unit"
  done
  if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
  say "   Start it: systemctl enable --now regulars regulars-backup.timer"
fi
say "Installed $("$prefix/bin/python" -c 'import regulars; print(regulars.__version__)')."
