"""Where a Chromium is: told, installed, fetched from Debian, or fetched by playwright."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NEEDED = "REGULARS_TESTS_NEED_CHROMIUM"
"""Set where a missing browser is a failure and no excuse, as in continuous integration."""


def find_chromium() -> str | None:
    """The program to start, or nothing; many at once fetch it once."""
    told = os.environ.get("CHROMIUM")
    if told:
        return told
    with (Path(tempfile.gettempdir()) / "regulars-chromium.lock").open("w") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        return _installed() or _from_debian() or _from_playwright()


def _installed() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def _from_debian() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]):
        if subprocess.run(command, env=quiet, capture_output=True, check=False).returncode:
            return None
    return _installed()


def _from_playwright() -> str | None:
    fetch = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(fetch, capture_output=True, check=False).returncode:
        return None
    kept = Path.home() / ".cache" / "ms-playwright"
    found = sorted(kept.glob("chromium-*/chrome-linux*/chrome"))
    return str(found[-1]) if found else None
