"""A further ladder is put together on its form, by mouse, at any width and in any light."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.house import House, looking
from tests.browser.test_console import TURN, signs_in
from tests.browser.test_editor import DRAFTS, looked_at
from tests.surfaces.console.browser import somebody
from tests.surfaces.counter import Counter

from regulars.flows.terms.keep_drafts import KeepDraft, keep_draft
from regulars.records.program.templates import load_template

pytestmark = pytest.mark.in_turns(2, 0)
SHOTS = os.environ.get("REGULARS_TEST_SHOTS", "")


@pytest.fixture(scope="module")
def owner(house: House) -> dict[str, Any]:
    """Somebody who may write, and a draft."""

    def fill(counter: Counter) -> dict[str, Any]:
        one = somebody(counter)
        wish = KeepDraft("club", load_template("coffee-shop"), 0, one.principal)
        counter.shop.do(lambda tx, _: keep_draft(tx, wish))
        return {"email": one.email}

    found: dict[str, Any] = house.do(fill)
    return found


def shot(page: Page, name: str) -> None:
    """A picture for whoever asks for some; none in an ordinary run."""
    if SHOTS:
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


def test_a_club_by_visits_is_put_together_and_says_what_it_takes(
    browser: Browser, house: House, owner: dict[str, Any]
) -> None:
    with looking(browser, reduced_motion="reduce") as page:
        signs_in(page, house, owner["email"])
        page.goto(f"{house.address}{DRAFTS}/club")
        page.get_by_text("Add: Tiers").click()
        page.get_by_role("link", name="A further ladder beside the tiers").click()
        page.locator("[id='name']").fill("The club")
        page.locator("[id='steps.0.name']").fill("Friend")
        page.get_by_role("button", name="Add: The steps").click()
        page.locator("[id='steps.1.name']").fill("Guest")
        page.locator("[id='steps.1.at']").fill("many")
        page.get_by_role("button", name="Keep", exact=True).click()
        expect(page.locator("[id='steps.1.at-wrong']")).to_be_visible()
        seen = looked_at(page, "the form")
        shot(page, "form-dark")
        page.locator("[id='steps.1.at']").fill("3")
        page.get_by_role("button", name="Keep", exact=True).click()
        said = page.locator("[id='ladders.the-club']")
        expect(said).to_contain_text("Guest: 3 visits; Friend: 10 visits")
        page.evaluate(TURN, "light")
        shot(page, "draft-light")
        said.get_by_role("link").click()
        page.get_by_role("button", name="Take out: Guest").click()
        expect(page.locator("[id='steps.0.name']")).to_have_value("Friend")
        expect(page.locator("[id='steps.1.name']")).to_have_count(0)
        shot(page, "form-light")
        assert seen == []


def test_the_same_form_reads_from_right_to_left(
    browser: Browser, house: House, owner: dict[str, Any]
) -> None:
    with looking(browser, reduced_motion="reduce") as page:
        signs_in(page, house, owner["email"])
        page.goto(f"{house.address}{DRAFTS}/club/edit?add=ladder&lang=ar")
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        page.locator("[id='or_by.there']").check()
        assert looked_at(page, "the form in Arabic") == []
        shot(page, "form-ar")
