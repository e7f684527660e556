"""The settings on a phone: a list of their parts stands first, and leads to each and back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.house import House, barriers, looking, overflows
from tests.browser.test_console import reach, signs_in
from tests.surfaces.console.browser import somebody
from tests.surfaces.counter import Counter

pytestmark = pytest.mark.in_turns(2, 1)
PHONE = {"width": 360, "height": 740}
HEADINGS = "main section h2[id]"


@pytest.fixture(scope="module")
def owner(house: House) -> str:
    def hired(counter: Counter) -> str:
        return somebody(counter).email

    found: Any = house.do(hired)
    return str(found)


def test_each_part_of_the_settings_is_one_touch_away_and_so_is_the_list(
    browser: Browser, house: House, owner: str
) -> None:
    with looking(browser, reduced_motion="reduce", viewport=PHONE) as page:
        signs_in(page, house, owner)
        page.goto(f"{house.address}/console/settings")
        parts = page.locator(HEADINGS).all_inner_texts()
        jumps = page.get_by_role("navigation", name="On this page")
        assert jumps.get_by_role("link").all_inner_texts() == parts
        for number, says in enumerate(parts):
            jumps.get_by_role("link", name=says, exact=True).click()
            expect(page.locator(HEADINGS).nth(number)).to_be_in_viewport(ratio=1)
            section = page.locator("main section").nth(number)
            section.get_by_role("link", name="To the list of parts").click()
            expect(jumps).to_be_in_viewport(ratio=1)
        assert (barriers(page), overflows(page)) == ([], 0)


def test_a_jump_by_keyboard_goes_on_from_where_it_leads(
    browser: Browser, house: House, owner: str
) -> None:
    with looking(browser, reduced_motion="reduce", viewport=PHONE) as page:
        signs_in(page, house, owner)
        page.goto(f"{house.address}/console/settings")
        reach(page, "a[href='#data']")
        page.keyboard.press("Enter")
        expect(page.locator("#data")).to_be_in_viewport(ratio=1)
        page.keyboard.press("Tab")  # the way back
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "inactive_months"


def test_short_numbers_share_a_line_of_a_phone(browser: Browser, house: House, owner: str) -> None:
    with looking(browser, reduced_motion="reduce", viewport=PHONE) as page:
        signs_in(page, house, owner)
        page.goto(f"{house.address}/console/settings")
        fields = page.locator("fieldset.choices").first.locator(".field")
        one, other = (fields.nth(n).bounding_box() for n in (0, 1))
        assert one is not None
        assert other is not None
        assert one["y"] == other["y"]
