"""A shop is set up by keyboard alone, in few steps; nothing keeps anybody out on the way."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.house import THEMES, WIDTHS, barriers, looking, overflows
from tests.browser.test_console import TURN, too_pale
from tests.surfaces.console.browser import PASSWORD
from tests.surfaces.port import serving

from regulars.runtime.installation.secret_files import open_secrets
from regulars.runtime.installation.settings import read_settings
from regulars.runtime.working.senders import keyed_of
from regulars.surfaces.console.begin.link import begin_link

MOST_KEYS = 140
"""From the link to the first points, what is typed into fields counted as one key each."""
MOST_SECONDS = 180
"""So long somebody takes who presses five keys a second, reads four words a second (of a step what
is worth reading before one goes on, sixty words) and thinks two seconds about each step."""


class Hands:
    """Somebody who has a keyboard only, and counts how often they press it."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys, self.typed, self.words, self.steps = page, 0, 0, 0, 0

    @property
    def seconds(self) -> int:
        """How long all of it takes a person, the machine's own time left out."""
        return (self.keys + self.typed) // 5 + self.words // 4 + self.steps * 2

    def reads(self) -> None:
        """What stands on the step one has come to."""
        self.words += min(60, len(self.page.locator("main").inner_text().split()))
        self.steps += 1

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def reach(self, selector: str) -> None:
        for _ in range(60):
            self.press("Tab")
            if self.page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
                return
        raise AssertionError(f"nobody gets to {selector} by keyboard")

    def type(self, selector: str, text: str) -> None:
        self.reach(selector)
        self.page.keyboard.type(text)
        self.keys += 1
        self.typed += len(text)

    def on(self, head: str) -> None:
        """Send the form from the field one is in, and be at the next step."""
        self.press("Enter")
        expect(self.page.locator("h1")).to_have_text(head)
        self.page.wait_for_load_state()
        self.reads()


def looked_at(page: Page) -> list[str]:
    """What keeps people out of this page, in any theme and width; those inside the console are
    looked at with all its pages."""
    seen = barriers(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        seen += [f"{overflows(page)} too wide at {width}"] if overflows(page) else []
    for theme in THEMES:
        page.evaluate(TURN, theme)
        seen += [f"{theme}: {one}" for one in too_pale(page)]
    return seen


@pytest.mark.in_turns(2, 1)
def test_a_shop_is_set_up_by_keyboard_alone(
    browser: Browser, fresh_database: Any, tmp_path: Path
) -> None:
    told = {"REGULARS_HOME": str(tmp_path / "home")}
    settings = read_settings(os.environ | told)
    open_secrets(settings)
    link = begin_link(keyed_of(settings))
    found: dict[str, list[str]] = {}
    with (
        serving(fresh_database, tmp_path / "home", "/healthz") as address,
        looking(browser, reduced_motion="reduce", locale="en-GB") as page,
    ):
        hands = Hands(page)

        def look(name: str) -> None:
            found[name] = looked_at(page)
            page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")

        page.goto(address + link)
        look("program")
        hands.reads()
        hands.reach("input[name=template]")
        hands.on("What is your shop called, and where is it?")
        look("shop")
        hands.type("#name", "Maple Café")
        hands.on("How generous do you want to be?")
        look("points")
        slides(page, hands)
        hands.reach("#usual")
        hands.on("Who are you?")
        look("owner")
        hands.type("#name", "Olga")
        hands.type("#email", "olga@example.org")
        hands.type("#password", PASSWORD)
        hands.on("Your colour, your logo")
        hands.reach("input[name=accent]")
        hands.press("ArrowRight")
        hands.reach("main button.primary")
        hands.on("Your first store")
        hands.reach("#name")
        hands.on("A code for your counter")
        hands.reach("button[name=up]")
        hands.on("Your first member")
        hands.type("#given_name", "Ada")
        hands.type("#address", "020 7946 0018")
        hands.type("#amount", "12.50")
        hands.on("Your shop is open")
        expect(page.locator(".first")).to_contain_text(re.compile(r"\+25\s+Points"))
        look("done")
        assert hands.keys <= MOST_KEYS, hands.keys
        assert hands.seconds <= MOST_SECONDS, hands.seconds
    assert {name: seen for name, seen in found.items() if seen} == {}


def slides(page: Page, hands: Hands) -> None:
    """The slider says what it gives and what that costs, also to whoever hears it."""
    before = page.locator("#cost .value").text_content()
    hands.reach("#rate")
    hands.press("ArrowRight")
    expect(page.locator("#rate-said")).to_have_text("1 Point for each £0.50")
    assert page.locator("#rate").get_attribute("aria-valuetext") == "1 Point for each £0.50"
    expect(page.locator("#cost .value")).not_to_have_text(str(before))
