"""Somebody pays in another currency, and has a reward there; the till says who looks after them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.house import THEMES, WIDTHS, House, barriers, opened, overflows
from tests.browser.till.counter import Office, TillPage

pytestmark = pytest.mark.in_turns(2, 1)
QUAY = """
regulars: 1
program: quay
name: Quay Shop
currency: EUR
zone: Europe/Berlin
currencies:
  USD: [{counts: "0.50"}]
  JPY: [{counts: "0.50", per: 100}]
wallets: {points: {name: Points, one: Point}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - id: mug
    name: A mug
    price: {points: 10}
    worth: "2.00"
    in_currency: {USD: {worth: "3.00", money: "2.00"}}
  - {id: pin, name: A pin, price: {points: 5}, worth: "1.00"}
benefits:
  - {id: host, name: A host, associate: {}}
"""
PROMISED = """
select terms ->> 'currency', (terms ->> 'value_minor')::int, (terms ->> 'money_minor')::int
  from redemption where program_id = $1 and member_id = $2::uuid order by redemption_id
"""


@pytest.fixture(scope="module")
def house(database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A shop at the quay, served."""
    home: Path = tmp_path_factory.mktemp("quay")
    with opened(database, home, source=QUAY) as shop:
        yield shop


def types(till: TillPage, digits: str) -> None:
    for digit in digits:
        till.page.locator(f"[data-money='{digit}']").first.click()


def promised(house: House, member: str) -> Any:
    who = member.removeprefix("mem_")
    return house.do(lambda counter: counter.shop.rows(PROMISED, who))


def test_bought_and_had_in_dollars(till: TillPage, office: Office, house: House) -> None:
    ada, phone = office.joined("Ada")
    till.meets(phone)
    page = till.page
    page.get_by_role("button", name="Give points").click()
    till.at("earn")
    choice = page.get_by_label("Paid in")
    choice.select_option("USD")
    types(till, "4000")
    expect(page.locator("[data-slot=amount]")).to_contain_text("40.00")
    expect(page.locator("[data-slot=amount]")).to_contain_text("$")
    expect(page.locator("[data-slot=preview]")).to_contain_text("20 Points")
    page.get_by_role("button", name="Give points").click()
    till.at("earned")
    assert office.has(ada) == 20

    till.meets(phone)
    page.get_by_role("button", name="Redeem").click()
    till.at("redeem")
    page.get_by_role("button", name="A mug").click()
    till.at("sure")
    page.get_by_label("Paid in").select_option("USD")
    expect(page.locator("[data-slot=worth]")).to_contain_text("$3.00")
    expect(page.locator("[data-slot=worth]")).to_contain_text("$2.00 to be paid besides")
    page.get_by_role("button", name="Hand it over").dblclick()
    till.at("earned")
    assert promised(house, ada) == [("USD", 300, 200)]
    assert office.has(ada) == 10

    # Of what is worth nothing there nothing is asked, and the next one pays at home.
    till.meets(phone)
    page.get_by_role("button", name="Redeem").click()
    page.get_by_role("button", name="A pin").click()
    till.at("sure")
    expect(page.get_by_label("Paid in")).to_be_hidden()
    page.get_by_role("button", name="Hand it over").click()
    till.at("earned")
    assert promised(house, ada)[1][0] in (None, "")


def test_what_was_paid_in_dollars_comes_back_in_dollars(till: TillPage, office: Office) -> None:
    """It said €40.00 came back of a purchase of $40.00, which counts €20.00."""
    dora, phone = office.joined("Dora")
    till.meets(phone)
    page = till.page
    page.get_by_role("button", name="Give points").click()
    till.at("earn")
    page.get_by_label("Paid in").select_option("USD")
    types(till, "4000")
    page.get_by_role("button", name="Give points").click()
    till.at("earned")
    till.handed_in()
    till.meets(phone)
    page.get_by_role("button", name="Return a purchase").click()
    till.at("sales")
    page.get_by_role("button", name="$40.00").click()
    till.at("back")
    expect(page.locator("#main [data-slot=sale]")).to_contain_text("$40.00")
    amount = page.locator("[data-slot=amount]")
    expect(amount).to_have_text("$40.00")
    types(till, "1000")
    expect(amount).to_have_text("$10.00")
    expect(page.locator(".preview")).to_contain_text("−5 Points")
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("main[data-screen=back]")).to_have_count(0)  # it is recorded by then
    till.handed_in()
    assert office.has(dora) == 15


def test_cut_off_it_is_kept_and_counts_when_handed_in(till: TillPage, office: Office) -> None:
    ben, phone = office.joined("Ben")
    till.meets(phone)
    page = till.page
    page.context.set_offline(True)
    page.get_by_role("button", name="Give points").click()
    page.get_by_label("Paid in").select_option("JPY")
    types(till, "4000")
    expect(page.locator("[data-slot=amount]")).to_contain_text("¥4,000")
    expect(page.locator("[data-slot=preview]")).not_to_contain_text("20")
    page.get_by_role("button", name="Give points").click()
    till.at("earned")
    page.context.set_offline(False)
    till.handed_in()
    assert office.has(ben) == 20


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_choice_fits_every_screen(
    till: TillPage, office: Office, width: int, theme: str
) -> None:
    _, phone = office.joined("Cem")
    page = till.page
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    till.meets(phone)
    page.get_by_role("button", name="Give points").click()
    expect(page.get_by_label("Paid in")).to_be_visible()
    assert barriers(page) == []
    assert overflows(page) == 0
