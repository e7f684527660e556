"""A program that asks who joins is joined at its till, with the network and without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.house import House, barriers, opened, overflows
from tests.browser.till.counter import Office, TillPage

from regulars.records.program.templates import load_template

pytestmark = pytest.mark.in_turns(2, 0)
ASKS = """
join:
  by: staff
  minimum_age: 14
  guardian_for_minors: true
  countries: [DE, AT]
  needs: [club]
"""
_TOLD = "select birthday::text, country, actor from admission where program_id = $1 order by 1"


@pytest.fixture(scope="module")
def house(database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A coffee shop that asks everything a program can ask."""
    home: Path = tmp_path_factory.mktemp("home")
    with opened(database, home, source=load_template("coffee-shop") + ASKS) as shop:
        yield shop


def fills(till: TillPage, phone: str, born: str, guardian: str = "") -> None:
    page = till.page
    till.shows("join")
    told = {"phone": phone, "birthday": born, "guardian": guardian, "need-club": "chess"}
    for name, value in told.items():
        page.locator(f"main input[name={name}]").fill(value)
    page.locator("main select[name=country]").select_option("AT")
    page.locator("main input[name=agrees]").check()
    page.get_by_role("button", name="Join").click()


def says(till: TillPage, what: str) -> None:
    expect(till.page.get_by_role("alert").filter(has_text=what)).to_be_visible()


def test_whoever_joins_tells_what_the_program_asks(
    browser: Browser, house: House, office: Office
) -> None:
    till = TillPage(browser, house).paired(office.code())
    page = till.page
    till.shows("join")
    assert (barriers(page), overflows(page)) == ([], 0)
    fills(till, "030 7000001", "1990-05-17")
    till.at("member")
    fills(till, "030 7000002", "2020-05-17")
    says(till, "from 14 years on")
    till.context.set_offline(True)
    try:
        # Said at once, and nothing is recorded that could only be refused later.
        fills(till, "030 7000003", "2020-05-17")
        says(till, "from 14 years on")
        young = page.evaluate("() => `${new Date().getFullYear() - 16}-01-01`")
        fills(till, "030 7000004", young)
        says(till, "A member of age has to answer")
        assert till.waits() == 0
        fills(till, "030 7000005", young, guardian="030 7000001")
        till.at("member")
        assert till.waits() == 1
    finally:
        till.context.set_offline(False)
    till.handed_in()
    expect(page.locator("main [data-slot=notes-part]")).to_be_hidden()
    rows = house.do(lambda counter: counter.shop.rows(_TOLD))
    assert [(row[0], row[1]) for row in rows] == [("1990-05-17", "AT"), (young, "AT")]
    assert all(row[2] for row in rows), "somebody of the shop let them in"
    till.closed()


ASKS_OTHERWISE = """async (joins) => {
  const { shop } = await import(document.querySelector('script[type=module]').src);
  shop.joins = joins && { ...shop.joins, ...joins };
}"""


def test_whom_the_server_lets_in_a_page_of_days_ago_does_not_refuse(
    browser: Browser, house: House, office: Office
) -> None:
    till = TillPage(browser, house).paired(office.code())
    page = till.page
    page.evaluate(ASKS_OTHERWISE, {"minimum_age": 90})
    fills(till, "030 7000011", "1990-05-17")
    till.at("member")
    # Cut off it goes by what it knows.
    till.context.set_offline(True)
    fills(till, "030 7000012", "1990-05-17")
    says(till, "from 90 years on")
    page.evaluate(ASKS_OTHERWISE, {"by": "invitation", "minimum_age": 14})
    fills(till, "030 7000013", "1990-05-17")
    says(till, "invite")
    till.context.set_offline(False)
    till.closed()


def test_a_page_that_asks_too_little_comes_anew_and_asks_it(
    browser: Browser, house: House, office: Office
) -> None:
    till = TillPage(browser, house).paired(office.code())
    page = till.page
    page.evaluate(ASKS_OTHERWISE, None)
    page.evaluate("() => document.getElementById('join').content"
                  ".querySelectorAll('[required]:not([name=agrees])')"
                  ".forEach((one) => one.closest('.field').remove())")  # fmt: skip
    till.shows("join")
    page.locator("main input[name=phone]").fill("030 7000021")
    page.locator("main input[name=agrees]").check()
    page.get_by_role("button", name="Join").click()
    expect(page.locator("main [data-slot=no]")).to_be_visible()
    page.evaluate("() => { window.older = true; }")
    page.locator("main [data-go=identify]").click()
    page.wait_for_function("() => !window.older")
    till.at("identify")
    fills(till, "030 7000021", "1990-05-17")
    till.at("member")
    till.closed()
