"""The first page of the console with many members: calm at first, and everything when asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.house import THEMES, WIDTHS, House, barriers, looking, overflows
from tests.insight.metrics.many import many
from tests.surfaces.console.browser import PASSWORD, somebody
from tests.surfaces.counter import Counter

from regulars.base.ids import first_id
from regulars.base.tx import Tx

pytestmark = pytest.mark.in_turns(2, 1)
TURN = "theme => { document.documentElement.dataset.theme = theme }"
_TIERS = """
insert into tier_day select $1::int, $2::date, '', tier, members, 0, 0
  from (values ('', 900), ('regular', 400), ('friend', 150)) t (tier, members)
"""
_HANDED = """
insert into redemption (program_id, member_id, redemption_id, reward, version, terms, state, store,
                        channel, actor, opened_at, lapses_at)
select $1::int, member_id, ('00000000' || right(gen_random_uuid()::text, 28))::uuid,
       'free-coffee', 1, '{}', 'captured', '', 'api', '', now(), now()
  from member where program_id = $1::int order by number limit 300
"""


@pytest.fixture(scope="module")
def owner(house: House) -> str:
    def fill(counter: Counter) -> str:
        today = counter.shop.now.date()
        many(counter, 1500, today)

        async def besides(tx: Tx, _: Any) -> None:
            await tx.fetch(_TIERS, tx.program_id, today - timedelta(1))
            first = first_id(counter.shop.now - timedelta(3) - tx.ahead).hex
            sql = _HANDED.replace("'00000000'", f"'{first[:8]}'")
            await tx.fetch(sql, tx.program_id)

        counter.shop.do(besides)
        return somebody(counter).email

    return str(house.do(fill))


def comes_in(page: Page, house: House, email: str) -> None:
    page.goto(house.address + "/console/sign-in")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.click("form button[type=submit]")
    expect(page.locator("h1")).to_have_text("How it goes")


def fits(page: Page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert overflows(page) == 0, width
        for theme in THEMES:
            page.evaluate(TURN, theme)
            assert barriers(page) == [], (width, theme)


def test_the_first_page_is_calm_and_then_says_everything(
    browser: Browser, house: House, owner: str
) -> None:
    with looking(browser, reduced_motion="reduce") as page:
        comes_in(page, house, owner)
        expect(page.locator(".figure .value").first).to_have_text("1,500")
        expect(page.locator("main select")).to_have_count(0)
        expect(page.locator("chart-figure")).to_have_count(0)
        expect(page.get_by_role("heading", name="Win them back")).to_be_visible()
        fits(page)
        page.get_by_role("button", name="Show everything").click()
        expect(page.locator("chart-figure canvas")).to_have_count(3)
        expect(page.get_by_role("heading", name="Top rewards")).to_be_visible()
        fits(page)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.select_option("#compare", "previous")
        page.get_by_role("button", name="Show", exact=True).click()
        expect(page.locator(".figure .beside", has_text="before:").first).to_be_visible()
        page.locator("a[href*='metric=joined&']").first.click()
        expect(page.locator("tbody tr")).to_have_count(50)
        page.go_back()
        page.get_by_role("button", name="Show less").click()
        expect(page.locator("main select")).to_have_count(0)


def test_a_page_begins_at_its_top_and_signing_out_is_in_sight(
    browser: Browser, house: House, owner: str
) -> None:
    """However far down a place stands among all the others: they turn beside the page."""
    with looking(browser, reduced_motion="reduce") as page:
        page.set_viewport_size({"width": 1280, "height": 900})
        comes_in(page, house, owner)
        for place in ("cases", "references", "partners"):
            page.goto(f"{house.address}/console/{place}")
            expect(page.locator("aside > .full [aria-current]")).to_be_in_viewport(ratio=1)
            expect(page.locator("h1")).to_be_in_viewport(ratio=1)
            signs_out = page.locator("aside > .full").get_by_role("button", name="Sign out")
            expect(signs_out).to_be_in_viewport(ratio=1)
            assert page.evaluate("scrollY") == 0, place
