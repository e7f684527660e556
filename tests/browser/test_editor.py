"""A draft edited in a real browser: by mouse from form to plan, and by keyboard alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.house import THEMES, WIDTHS, House, barriers, looking, overflows
from tests.browser.test_console import TURN, reach, signs_in, too_pale
from tests.surfaces.console.browser import somebody
from tests.surfaces.counter import Counter

from regulars.flows.terms.keep_drafts import KeepDraft, keep_draft
from regulars.records.program.templates import load_template

pytestmark = pytest.mark.in_turns(2, 0)
DRAFTS = "/console/program/drafts"


@pytest.fixture(scope="module")
def owner(house: House) -> dict[str, Any]:
    """Somebody who may write and publish, and two drafts."""

    def fill(counter: Counter) -> dict[str, Any]:
        one = somebody(counter)
        for name in ("by-mouse", "by-keys"):
            wish = KeepDraft(name, load_template("coffee-shop"), 0, one.principal)
            counter.shop.do(lambda tx, _, wish=wish: keep_draft(tx, wish))
        return {"email": one.email}

    found: dict[str, Any] = house.do(fill)
    return found


def looked_at(page: Page, path: str) -> list[str]:
    """What keeps anybody out of a page at any width and in any light."""
    seen = barriers(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        seen += [f"{overflows(page)} too wide at {width}"] if overflows(page) else []
    for theme in THEMES:
        page.evaluate(TURN, theme)
        seen += [f"{theme}: {one}" for one in too_pale(page)]
    return [f"{path}: {one}" for one in seen]


def test_a_rule_is_edited_compared_tried_and_planned(
    browser: Browser, house: House, owner: dict[str, Any]
) -> None:
    with looking(browser, reduced_motion="reduce") as page:
        signs_in(page, house, owner["email"])
        page.goto(f"{house.address}{DRAFTS}/by-mouse")
        page.locator("[id='rewards.free-coffee'] a").click()
        expect(page.locator("h1")).to_have_text("A free coffee, for 100 Points")
        page.locator("[id='price.points']").fill("80")
        page.get_by_role("button", name="Keep", exact=True).click()
        expect(page.locator(".notice.good")).to_have_text("Kept.")
        page.get_by_text("Add: How members earn").click()
        page.get_by_role("link", name="More points on some days").click()
        expect(page.get_by_label("Monday")).to_be_checked()
        page.get_by_label("Monday").uncheck()
        page.get_by_role("button", name="Keep", exact=True).click()
        expect(page.locator("[id='when.0.in-wrong']")).to_have_text("Something is needed here")
        page.get_by_label("Sunday").check()
        page.locator("[id='when.more']").select_option("hour")
        page.get_by_role("button", name="Add: Only when").click()
        page.locator("[id='when.1.from']").fill("8")
        page.locator("[id='when.1.until']").fill("9")
        seen = looked_at(page, "the form")
        page.get_by_role("button", name="Keep", exact=True).click()
        changes = page.locator("#changes ~ table")
        expect(changes).to_contain_text("A free coffee, for 100 Points")
        expect(changes).to_contain_text("A free coffee, for 80 Points")
        expect(changes).to_contain_text("Points × 2 on Sunday and from 8:00 until 9:00")
        page.get_by_role("button", name="Show the file, too").click()
        expect(page.locator("#source")).to_have_value(re.compile(re.escape("in: [sun]")))
        seen += looked_at(page, "the draft")
        page.get_by_role("link", name="Try a purchase").click()
        page.locator("#amount").fill("7.80")
        page.get_by_role("button", name="Try it").click()
        expect(page.locator(".halves")).to_contain_text("€7.80 of it count")
        page.go_back()
        page.get_by_role("link", name="Draft “by-mouse”").click()
        page.locator("#on").fill("2037-05-01")
        page.locator("#at").fill("06:00")
        page.get_by_role("button", name="Publish this revision").click()
        planned = page.get_by_role("region", name="Planned")
        expect(planned).to_contain_text("1 May 2037, 06:00")
        seen += looked_at(page, "the plan")
        planned.get_by_label("Why it is taken back").fill("Too early")
        planned.get_by_role("button", name="Take it back").click()
        expect(page.get_by_text("taken back")).to_be_visible()
        assert seen == []


def test_a_tier_is_added_and_taken_out_by_keyboard_alone(
    browser: Browser, house: House, owner: dict[str, Any]
) -> None:
    with looking(browser, reduced_motion="reduce") as page:
        signs_in(page, house, owner["email"])
        page.goto(f"{house.address}{DRAFTS}/by-keys")
        reach(page, "section[aria-labelledby=of-tiers] summary", 120)
        page.keyboard.press("Enter")
        reach(page, "a[href$='add=tier']")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("A tier")
        reach(page, "#name")
        page.keyboard.type("Gold")
        reach(page, "[id='at']")
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("many")
        page.keyboard.press("Enter")
        expect(page.locator("#at-wrong")).to_be_visible()
        assert page.evaluate("document.activeElement.id") == "wrong"
        reach(page, "[id='at']")
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("200")
        page.keyboard.press("Enter")
        expect(page.locator("[id='tiers.steps.tier']")).to_contain_text("Gold: €200.00")
        page.wait_for_load_state()
        reach(page, "button[value=back]")
        page.keyboard.press("Enter")
        expect(page.locator(".notice.good")).to_contain_text("Taken back")
        expect(page.locator("[id='tiers.steps.tier']")).to_have_count(0)
