"""A till without network: it says so everywhere, and giving the device back loses no sale."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Dialog, Page, Route, expect
from tests.browser.house import House
from tests.browser.till.counter import Office, TillPage
from tests.browser.till.test_drills import RECORDS, SELLS

pytestmark = pytest.mark.in_turns(2, 1)
COLOUR = "(one) => getComputedStyle(one).color"
WARNS = """() => { const one = document.createElement('i'); one.style.color = 'var(--warn)';
  document.body.append(one); const is = getComputedStyle(one).color; one.remove(); return is; }"""


def bar(page: Page, slot: str) -> str:
    return page.locator(f"#bar [data-slot={slot}]").inner_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_network_is_said_in_amber_beside_its_ring(
    browser: Browser, till: TillPage, theme: str
) -> None:
    page = till.page
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    says = page.locator("#bar [data-slot=net]")
    expect(says).to_have_text("Online")
    assert says.evaluate(COLOUR) != page.evaluate(WARNS)
    till.context.set_offline(True)
    try:
        expect(says).to_have_text("No network")
        ring = page.locator("#bar .dot")
        warns = page.evaluate(WARNS)
        assert says.evaluate(COLOUR) == warns
        expect(ring).to_have_css("border-top-color", warns)
    finally:
        till.context.set_offline(False)
    expect(says).to_have_text("Online")


def test_a_balance_is_a_number_above_its_name(
    browser: Browser, till: TillPage, office: Office
) -> None:
    """In Arabic two points stood there as a word without a number, and the word again below."""
    ada, phone = office.joined("Ada")
    bought = {"kind": "purchase", "member": {"id": ada}, "source": "web", "external_id": phone,
              "amount": {"minor": 200, "currency": "EUR"}}  # fmt: skip
    office.http.post("/v1/activities", json=bought).raise_for_status()
    till.speaks("ar")
    till.meets(phone)
    shown = till.page.locator("main [data-slot=balances] dd")
    expect(shown).to_have_text([re.compile(r"^\W*2\W*$"), re.compile(r"^\W*0\W*$")])
    till.speaks("en")


def test_each_page_of_a_till_shows_what_waits_in_any_of_them(
    browser: Browser, till: TillPage, office: Office
) -> None:
    ada, phone = office.joined("Ada")
    till.meets(phone)
    other = till.opened()
    till.at("identify", other)
    till.shows("shift")
    page = till.page
    till.context.set_offline(True)
    try:
        expect(page.locator("main [data-slot=net]")).to_have_text("No network")
        expect(other.locator("#offline")).to_contain_text("Give points as always")
        other.evaluate(SELLS, [ada, [500, 700]])
        for one in (page, other):
            expect(one.locator("#offline")).to_contain_text("2 recorded here", timeout=15_000)
        expect(page.locator("main [data-slot=queue]")).to_have_text("2")
    finally:
        till.context.set_offline(False)
    for one in (page, other):
        expect(one.locator("#bar [data-slot=net]")).to_have_text("Online")
        expect(one.locator("#offline")).to_be_hidden()
    expect(page.locator("main [data-slot=net]")).to_have_text("Online")
    expect(page.locator("main [data-slot=queue]")).to_have_text("0")
    assert bar(page, "today") == bar(other, "today")
    other.close()
    assert office.sold(ada) == [500, 700]


def test_what_a_colleague_sold_meanwhile_keeps_the_device_paired(
    browser: Browser, house: House, office: Office
) -> None:
    ada, _ = office.joined("Ada")
    till = TillPage(browser, house).paired(office.code())
    other = till.opened()
    till.at("identify", other)
    till.context.route(RECORDS, lambda route: route.abort())

    def asked(dialog: Dialog) -> None:
        other.evaluate(SELLS, [ada, [300]])
        dialog.accept()

    till.page.once("dialog", asked)
    gives_back(till)
    expect(till.page.locator(".toast").last).to_contain_text("1 records")
    till.context.unroute(RECORDS)
    till.handed_in()
    assert office.sold(ada) == [300]
    till.closed()


def test_nothing_is_kept_by_a_device_that_is_being_given_back(
    browser: Browser, house: House, office: Office
) -> None:
    ada, _ = office.joined("Ada")
    till = TillPage(browser, house).paired(office.code())
    other = till.opened()
    till.at("identify", other)
    till.context.route(RECORDS, lambda route: route.abort())
    said: list[str] = []

    def says(what: str) -> None:
        said.append(what)

    till.context.expose_function("said", says)

    def meanwhile(route: Route) -> None:
        other.evaluate(f"void ({SELLS})([{ada!r}, [300]]).then(() => said('kept'), () => 0)")
        other.wait_for_timeout(500)
        route.continue_()

    till.page.route("**/v1/till/allowances/release", meanwhile, times=1)
    till.page.once("dialog", lambda dialog: dialog.accept())
    gives_back(till)
    for page in (till.page, other):
        till.at("pair", page)
    assert said == []
    till.closed()


def gives_back(till: TillPage) -> None:
    till.shows("shift")
    till.page.get_by_role("button", name="Unpair this device").click()
