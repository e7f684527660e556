"""The till as cashiers use it, in a real browser: with the network and without, and as it breaks."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect
from tests.browser.conftest import ASIDE
from tests.browser.counter import Office, TillPage
from tests.browser.house import House

RECORDS = "**/v1/till/records"


@pytest.fixture(scope="module")
def office(house: House) -> Office:
    return Office(house)


@pytest.fixture(scope="module")
def till(browser: Browser, house: House, office: Office) -> Iterator[TillPage]:
    """One device, paired by a code."""
    made = ASIDE.submit(lambda: TillPage(browser, house).paired(office.code())).result()
    yield made
    ASIDE.submit(made.closed).result()
    assert office.wrong() == {}


def test_points_are_given_with_a_preview_and_taken_back(
    browser: Browser, till: TillPage, office: Office
) -> None:
    ada, phone = office.joined("Ada")
    page = till.page
    till.shows("identify")
    for digit in "0" + phone.removeprefix("+49"):
        page.locator(f"[data-key='{digit}']").click()
    page.get_by_role("button", name="Find", exact=True).click()
    till.at("member")
    expect(page.get_by_role("heading", name="Ada")).to_be_visible()
    page.get_by_role("button", name="Give points").click()
    for key in ("5", "00"):
        page.locator(f"[data-money='{key}']").click()
    expect(page.locator(".preview .sum")).to_contain_text("+")
    page.get_by_role("button", name="Give points").dblclick()
    till.at("earned")
    expect(page.locator("[data-slot=balance]")).to_contain_text("Balance")
    assert office.sold(ada) == [500], "touched twice, given once"
    given = office.has(ada)
    assert given > 0
    page.get_by_role("button", name="Undo").click()
    till.at("identify")
    assert office.has(ada) == 0


def test_a_scanner_finds_from_anywhere_and_types_no_amount(
    browser: Browser, till: TillPage, office: Office
) -> None:
    _, phone = office.joined("Bo")
    _, other = office.joined("Cem")
    till.meets(phone)
    till.shows("earn")
    till.page.keyboard.type(other)
    till.page.keyboard.press("Enter")
    till.at("member")
    expect(till.page.get_by_role("heading", name="Cem")).to_be_visible()
    till.shows("earn")
    assert till.page.locator("#amount").input_value() == "0"
