"""Pictures of the main screens for the README, from a demo of its own: `make screens`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from tests.browser.chromium import find_chromium
from tests.surfaces.port import free_port, ready

OUT = Path(__file__).resolve().parents[2] / "docs" / "screens"
MINUTES = 5
"""So long a busy machine may need to seed a year; a quiet one needs a quarter of one."""
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 860}}
TABLET: dict[str, Any] = {"viewport": {"width": 1024, "height": 680}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 780}, "device_scale_factor": 2}


@contextmanager
def demo() -> Iterator[dict[str, Any]]:
    """A demo that runs while the pictures are taken, in a home of its own."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o755)
        told = {"REGULARS_HOME": str(home / "home"), "REGULARS_SYSTEM_DIR": str(home / "system")}
        port = free_port()
        command = [sys.executable, "-m", "regulars", "demo", "--port", str(port)]
        running = subprocess.Popen(command, env=os.environ | told)
        try:
            opened = any(ready(f"http://127.0.0.1:{port}") for _ in range(MINUTES))
            assert opened, "the demo was never ready"
            yield json.loads((home / "home" / "demo.json").read_text())
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(60)


def console(page: Page, told: dict[str, Any]) -> None:
    owner = told["logins"][0]
    page.goto(told["console_url"])
    page.fill("#email", owner["email"])
    page.fill("#password", owner["password"])
    page.click("form button[type=submit]")
    page.wait_for_selector(".figure .value")
    page.wait_for_timeout(400)
    page.screenshot(path=OUT / "console.png")
    page.goto(told["base_url"] + "/console/members?q=%2B493023125002")
    page.screenshot(path=OUT / "member.png")


def till(page: Page, told: dict[str, Any]) -> None:
    page.goto(told["till_url"])
    page.fill("#code", told["till_code"])
    page.click("form[data-act=pair] button[type=submit]")
    page.wait_for_selector("form[data-act=unlock]")
    for digit in told["till_pin"]:
        page.click(f'[data-key="{digit}"]')
    page.click("form[data-act=unlock] button[type=submit]")
    page.wait_for_selector("#typed")
    page.wait_for_timeout(800)
    page.screenshot(path=OUT / "till.png")


def card(page: Page, told: dict[str, Any]) -> None:
    page.goto(told["portal_url"])
    page.click("main form button")
    page.wait_for_selector("main")
    page.wait_for_timeout(400)
    page.screenshot(path=OUT / "card.png")


def shop(page: Page, told: dict[str, Any]) -> None:
    page.goto(told["shop_url"])
    page.locator(".launcher").click()
    page.fill("#f-address", "+493023125002")
    page.locator("dialog form button").click()
    page.wait_for_selector("#f-code")
    page.wait_for_selector("#sms:has-text('Corner Coffee')")
    page.fill("#f-code", page.locator("#sms").inner_text().split()[-1])
    page.locator("dialog form button").click()
    page.wait_for_selector("dialog .balance")
    page.wait_for_timeout(600)
    page.screenshot(path=OUT / "shop.png")


def main() -> None:
    """Take every picture anew."""
    OUT.mkdir(exist_ok=True)
    program = find_chromium()
    assert program, "there is no Chromium; set CHROMIUM"
    with demo() as told, sync_playwright() as playwright:
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        for take, how in ((console, DESK), (till, TABLET), (card, PHONE), (shop, DESK)):
            take(browser.new_context(locale="en", **how).new_page(), told)
        browser.close()


if __name__ == "__main__":
    main()
