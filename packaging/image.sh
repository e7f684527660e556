#!/bin/sh
# Everything that is done in a bare Debian to make the container of it; the Containerfile runs
# this and nothing else, and so does the test in a chroot.
#
#   packaging/image.sh [SOURCE]
#
# SOURCE is the folder of the source (by default the one this script lies in); it is gone
# afterwards. What install.sh may be told is told the same way.
set -eu

source=${1:-$(cd "$(dirname "$0")/.." && pwd)}
packages="python3 python3-venv ca-certificates gzip tini"

# shellcheck disable=SC2086  # several words
if ! dpkg-query -W $packages >/dev/null 2>&1; then
  apt-get update
  apt-get install --yes --no-install-recommends $packages
  rm -rf /var/lib/apt/lists/*
fi
"$source/packaging/install.sh" "$source"
rm -rf "$source" /root/.cache
