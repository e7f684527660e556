"""Where a Chromium is: told, installed, fetched from Debian, or fetched by playwright."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
"""Programs by their name, and where macOS has them, which are on nobody's path."""
WHERE = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""
"""Each system has it in a folder of another name; the one who fetched it knows."""
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
    asked = subprocess.run(
        [sys.executable, "-c", WHERE], capture_output=True, text=True, check=False
    )
    said = asked.stdout.strip()
    return said if Path(said).is_file() else None
