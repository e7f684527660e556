"""The console as people use it: by keyboard alone, on a phone, in the dark, from right to left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.browser.house import NIGHTLY, THEMES, WIDTHS, House, barriers, looking, overflows
from tests.surfaces.console.browser import PASSWORD, somebody
from tests.surfaces.counter import Counter, coffee

from regulars.flows.terms.keep_drafts import KeepDraft, keep_draft
from regulars.records.program.templates import load_template
from regulars.surfaces.console.first.home import Glance
from regulars.surfaces.console.routes import pages

TURN = """async (theme) => {
  document.documentElement.dataset.theme = theme;
  await Promise.allSettled(document.getAnimations().map((one) => one.finished));
}"""
"""Another theme, once every colour has arrived."""


@pytest.fixture(scope="module")
def lived_in(house: House) -> dict[str, Any]:
    """A member who bought something, a store, somebody to sign in as."""

    def fill(counter: Counter) -> dict[str, Any]:
        member = counter.joined("4711")
        bought = counter.post("/v1/activities", coffee("4711", 3), idempotency_key="one")
        assert bought.status_code == 201, bought.text
        entries = counter.get(f"/v1/members/{member}/entries").json()["items"]
        owner = somebody(counter)
        wish = KeepDraft("autumn", load_template("coffee-shop"), 0, owner.principal)
        counter.shop.do(lambda tx, _: keep_draft(tx, wish))
        return {"member_id": member, "entry_id": entries[0]["id"], "number": "1",
                "name": "autumn", "staff_id": owner.staff_id.hex, "email": owner.email}  # fmt: skip

    found: dict[str, Any] = house.do(fill)
    return found


def signs_in(page: Page, house: House, email: str) -> None:
    """By keyboard alone: from the top of the page, with nothing but Tab, letters and Enter."""
    page.goto(house.address + "/console/sign-in")
    reach(page, "#email")
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("How it goes")


def reach(page: Page, selector: str, most: int = 60) -> None:
    """Go on with Tab until this has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
    raise AssertionError(f"nobody gets to {selector} by keyboard")


def addresses(places: dict[str, Any]) -> Iterator[str]:
    for one in pages(Glance()):
        path = one.path
        for name, value in places.items():
            path = path.replace(f"{{{name}:str}}", value)
        if not path.endswith("/figures") and "/entries/" not in path:  # parts of pages
            yield path


def too_pale(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
    return [node["target"][0] for one in found for node in one["nodes"]]


def test_points_are_given_by_keyboard_alone(
    browser: Browser, house: House, lived_in: dict[str, Any]
) -> None:
    with looking(browser, reduced_motion="reduce") as page:
        signs_in(page, house, lived_in["email"])
        reach(page, "#q")
        page.keyboard.type("4711")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Ada")
        reach(page, "a[href$='/adjust']")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Give or take points")
        reach(page, "#amount")
        page.keyboard.type("ten")
        reach(page, "#reason")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        reach(page, "main button[type=submit]")
        page.keyboard.press("Enter")
        expect(page.locator("#amount-wrong")).to_be_visible()
        assert page.evaluate("document.activeElement.id") == "wrong"
        reach(page, "#amount")
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("10")
        reach(page, "main button[type=submit]")
        page.keyboard.press("Enter")
        expect(page.locator(".before-after")).to_contain_text("+10")
        page.wait_for_load_state()
        reach(page, "main button[type=submit]")
        page.keyboard.press("Enter")
        expect(page.locator(".timeline")).to_contain_text("Adjusted by hand")


def test_nothing_keeps_anybody_out_of_any_page(
    browser: Browser, house: House, lived_in: dict[str, Any]
) -> None:
    with looking(browser, reduced_motion="reduce") as page:
        signs_in(page, house, lived_in["email"])
        found: dict[str, Any] = {}
        for path in addresses(lived_in):
            page.set_viewport_size({"width": 320, "height": 900})
            page.goto(house.address + path, wait_until="networkidle")
            seen = barriers(page)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                seen += [f"{overflows(page)} too wide at {width}"] if overflows(page) else []
            for theme in THEMES:
                page.evaluate(TURN, theme)
                seen += [f"{theme}: {one}" for one in too_pale(page)]
                for width in WIDTHS if NIGHTLY else ():
                    page.set_viewport_size({"width": width, "height": 900})
                    seen += [f"{theme} at {width}: {one}" for one in barriers(page)]
            found[path] = seen
        assert {path: seen for path, seen in found.items() if seen} == {}


@pytest.mark.parametrize("language", ["de", "ar"])
def test_there_is_room_for_every_language(
    browser: Browser, house: House, lived_in: dict[str, Any], language: str
) -> None:
    with looking(browser, reduced_motion="reduce") as page:
        signs_in(page, house, lived_in["email"])
        found = {}
        for path in addresses(lived_in):
            page.goto(f"{house.address}{path}?lang={language}")
            assert page.locator("html").get_attribute("lang") == language
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                found[path, width] = overflows(page)
        assert {place: wide for place, wide in found.items() if wide} == {}
