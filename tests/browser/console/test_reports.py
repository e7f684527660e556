"""Reports about people: on a phone, in the dark, from right to left, without barriers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from tests.browser.house import SETTLES, House, barriers, looking, overflows
from tests.browser.test_console import TURN, signs_in
from tests.insight.metrics.books import lay
from tests.insight.metrics.pictured import people, valued
from tests.surfaces.console.browser import somebody
from tests.surfaces.counter import Counter
from tests.turns import NIGHTLY

pytestmark = pytest.mark.in_turns(2, 1)
REPORTS = (
    "preferences", "fairness", "referral", "memberships", "accounts", "liability", "values",
    "retention",
)  # fmt: skip
LOOKS = (("de", "light", 1280), ("ar", "dark", 320))
if NIGHTLY:
    LOOKS += (("en", "dark", 1280), ("tr", "light", 320))
WHOLE = """() => {
  const drawn = document.querySelector("chart-figure")?.chart?.getOption();
  return drawn?.yAxis?.[0].minInterval === 1;
}"""
"""An axis of accounts does not count halves of them."""
PICTURES = os.environ.get("REGULARS_PICTURES")
"""Where pictures of what was looked at go, if anywhere."""


@pytest.fixture(scope="module")
def owner(house: House) -> str:
    """Somebody who asked for everything, of a shop in which all of it happened."""

    def fill(counter: Counter) -> str:
        counter.shop.at("2026-06-01 12:00")
        lay(counter)
        people(counter)
        valued(counter)
        return somebody(counter).email

    found: str = house.do(fill)
    return found


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_reports_about_people_have_no_barriers(
    browser: Browser, house: House, owner: str, language: str, theme: str, width: int
) -> None:
    size = {"width": width, "height": 900}
    with looking(browser, reduced_motion="reduce", viewport=size) as page:
        signs_in(page, house, owner)
        page.goto(f"{house.address}/console/reports")
        page.context.set_extra_http_headers({"accept-language": language})
        found: dict[str, Any] = {}
        for name in REPORTS:
            asked = "from=2026-03-01&to=2026-04-30&compare=previous"
            page.goto(f"{house.address}/console/reports/{name}?{asked}")
            full = page.locator("form[action='/console/me/view'] input[name=full]")
            if full.count():
                page.locator("form[action='/console/me/view'] button").click()
                page.wait_for_load_state()
            page.evaluate(TURN, theme)
            page.evaluate(SETTLES)
            assert page.locator("section table").count() > 1, name
            if name == "accounts":
                page.wait_for_function(WHOLE)
            found[name] = (barriers(page), overflows(page))
            if PICTURES:
                to = Path(PICTURES) / f"{name}-{language}-{theme}-{width}.png"
                page.screenshot(path=to, full_page=True)
        assert found == {name: ([], 0) for name in REPORTS}


def test_what_else_can_be_done_opens_inside_a_phone(
    browser: Browser, house: House, owner: str
) -> None:
    """In German the key stands at the beginning of a line, and its list opened beside the glass."""
    with looking(browser, reduced_motion="reduce", viewport={"width": 360, "height": 800}) as page:
        signs_in(page, house, owner)
        page.context.set_extra_http_headers({"accept-language": "de"})
        page.goto(f"{house.address}/console/members")
        page.locator("main table a[href*='/members/mem_']").first.click()
        page.locator("details.more > summary").click()
        box = page.locator("details.more > .sheet").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
