"""A basket is paid with points at the till: how much at most, what it leaves, and undone again."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.house import THEMES, WIDTHS, House, barriers, opened, overflows
from tests.browser.till.counter import Office, TillPage

pytestmark = pytest.mark.in_turns(2, 1)
PAYS = "**/v1/till/payments"

MILL = """
regulars: 1
program: mill
name: Mill
currency: EUR
zone: Europe/Berlin
currencies:
  USD: [{counts: "0.50"}]
  JPY: [{counts: "0.50", per: 100}]
wallets: {points: {name: Points, one: Point}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
paying:
  {wallet: points, points: 10, per: "1.00", step: 10, at_most_percent: 50, in_currency: {USD: {}}}
spending_proof: {card_above: "20.00"}
household: {most_members: 3, draws: proportional}
"""


@pytest.fixture(scope="module")
def house(database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A mill whose points pay for half a basket, served."""
    home: Path = tmp_path_factory.mktemp("mill")
    with opened(database, home, source=MILL) as shop:
        yield shop


def with_points(office: Office, name: str, minor: int = 100_000) -> tuple[str, str]:
    member, phone = office.joined(name)
    said = {
        "kind": "purchase", "member": {"id": member}, "source": "web", "external_id": phone,
        "amount": {"minor": minor, "currency": "EUR"},
    }  # fmt: skip
    office.http.post("/v1/activities", json=said).raise_for_status()
    return member, phone


def types(till: TillPage, digits: str) -> None:
    for digit in digits:
        till.page.locator(f"[data-money='{digit}']").first.click()


def at_paying(till: TillPage, phone: str, digits: str) -> Any:
    till.meets(phone)
    till.page.get_by_role("button", name="Give points").click()
    till.at("earn")
    types(till, digits)
    till.page.get_by_role("button", name="Pay with points").click()
    till.at("pay")
    return till.page


def test_paid_in_part_and_undone(till: TillPage, office: Office) -> None:
    ada, phone = with_points(office, "Ada")
    page = at_paying(till, phone, "2100")
    expect(page.locator("[data-slot=amount]")).to_contain_text("10.00")
    expect(page.locator("[data-slot=points]")).to_contain_text("100 Points")
    expect(page.locator("[data-slot=left]")).to_contain_text("11.00")
    types(till, "3")
    types(till, "50")
    expect(page.locator("[data-slot=left]")).to_contain_text("18.00")
    expect(page.locator("#main [data-slot=says]")).to_contain_text("steps")
    page.get_by_role("button", name="Take the points").dblclick()
    till.at("earned")
    says = page.locator("#main [data-slot=says]")
    expect(says).to_contain_text("€3.00 paid with points")
    expect(page.locator("[data-slot=balance]")).to_contain_text("18.00")
    assert office.has(ada) == 1_000 - 30 + 18
    page.get_by_role("button", name="Undo").click()
    till.at("identify")
    till.handed_in()
    assert office.has(ada) == 1_000


def test_the_household_pays_and_each_has_theirs_again_when_it_is_undone(
    till: TillPage, office: Office
) -> None:
    ada, phone = with_points(office, "Ada", 10_000)
    page = at_paying(till, phone, "3000")
    together = page.get_by_role("button", name="With the household's points")
    expect(page.locator("[data-slot=points]")).to_contain_text("100 Points")
    together.click()
    expect(page.get_by_role("alert").filter(has_text="no household here")).to_be_visible()
    ben, _ = with_points(office, "Ben", 10_000)
    made = office.http.post("/v1/households", json={"head": {"id": ada}}).json()["id"]
    said = {"member": {"id": ben}}
    office.http.post(f"/v1/households/{made}/members", json=said).raise_for_status()
    together.click()
    together.click()
    expect(together).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-slot=points]")).to_contain_text("150 Points")
    expect(page.locator("[data-slot=left]")).to_contain_text("15.00")
    gives = page.get_by_role("list", name="Who gives how much").get_by_role("listitem")
    expect(gives).to_have_text([re.compile(r"Ada75 Points · €7\.50"),
                                re.compile(r"Ben75 Points · €7\.50")])  # fmt: skip
    page.get_by_role("button", name="Take the points").click()
    till.at("earned")
    assert (office.has(ada), office.has(ben)) == (25 + 15, 25)
    page.get_by_role("button", name="Undo").click()
    till.at("identify")
    till.handed_in()
    assert (office.has(ada), office.has(ben)) == (100, 100)


def test_more_than_a_share_is_said_and_nothing_taken(till: TillPage, office: Office) -> None:
    ben, phone = with_points(office, "Ben")
    page = at_paying(till, phone, "1000")
    types(till, "900")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("button", name="Take the points")).to_be_disabled()
    page.get_by_role("button", name="As much as can be").click()
    expect(page.get_by_role("button", name="Take the points")).to_be_enabled()
    assert office.has(ben) == 1_000


def test_cut_off_it_is_refused_in_words(till: TillPage, office: Office) -> None:
    cem, phone = with_points(office, "Cem")
    page = at_paying(till, phone, "1000")
    take = page.get_by_role("button", name="Take the points")
    expect(take).to_be_enabled()
    page.route(PAYS, lambda route: route.abort(), times=1)  # the server is gone, not the network
    take.click()
    gone = page.get_by_role("alert").filter(has_text="Without network")
    expect(gone).to_be_visible()
    till.handed_in()
    assert office.has(cem) == 1_000


def test_when_the_network_goes_nothing_can_be_pressed(till: TillPage, office: Office) -> None:
    _, phone = with_points(office, "Cleo")
    page = at_paying(till, phone, "1000")
    take = page.get_by_role("button", name="Take the points")
    expect(take).to_be_enabled()
    page.context.set_offline(True)
    expect(take).to_be_disabled()
    expect(page.get_by_role("alert").filter(has_text="Without network")).to_be_visible()
    page.context.set_offline(False)
    expect(take).to_be_enabled()
    page.get_by_role("button", name="Back").click()
    till.at("earn")
    link = page.get_by_role("button", name="Pay with points")
    types(till, "1000")
    expect(link).to_be_visible()
    page.context.set_offline(True)
    expect(link).to_be_hidden()
    page.context.set_offline(False)
    expect(link).to_be_visible()


def test_above_the_worth_that_takes_proof_the_card_is_asked_for(
    till: TillPage, office: Office
) -> None:
    dora, phone = with_points(office, "Dora")
    page = at_paying(till, phone, "6000")
    expect(page.get_by_role("button", name="Take the points")).to_be_enabled()
    page.get_by_role("button", name="Take the points").click()
    till.at("proof")
    assert office.has(dora) == 1_000
    till.shows("identify")
    till.scans(office.card_code(dora))
    till.at("member")
    page.get_by_role("button", name="Give points").click()
    till.at("earn")
    types(till, "6000")
    page.get_by_role("button", name="Pay with points").click()
    till.at("pay")
    page.get_by_role("button", name="Take the points").click()
    till.at("earned")
    till.handed_in()
    assert office.has(dora) == 1_000 - 300 + 30


def test_in_dollars_and_nowhere_else(till: TillPage, office: Office) -> None:
    eva, phone = with_points(office, "Eva")
    till.meets(phone)
    page = till.page
    page.get_by_role("button", name="Give points").click()
    types(till, "2000")
    page.get_by_label("Paid in").select_option("JPY")
    expect(page.get_by_role("button", name="Pay with points")).to_be_hidden()
    page.get_by_label("Paid in").select_option("USD")
    page.get_by_role("button", name="Pay with points").click()
    till.at("pay")
    expect(page.locator("[data-slot=points]")).to_contain_text("50 Points")
    page.get_by_role("button", name="Take the points").click()
    till.at("earned")
    till.handed_in()
    assert office.has(eva) == 1_000 - 50 + 5


@pytest.mark.in_turns(5)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_it_fits_every_screen(till: TillPage, office: Office, width: int, theme: str) -> None:
    _, phone = with_points(office, "Finn")
    page = till.page
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    at_paying(till, phone, "2000")
    expect(page.locator("[data-slot=points]")).to_contain_text("100 Points")
    assert barriers(page) == []
    assert overflows(page) == 0


def test_in_arabic_it_reads_from_the_right(till: TillPage, office: Office, tmp_path: Path) -> None:
    _, phone = with_points(office, "Hala")
    page = till.page
    at_paying(till, phone, "2000")
    expect(page.locator("[data-slot=points]")).to_contain_text("100 Points")
    till.speaks("ar")
    till.meets(phone)
    page.locator("#main [data-go=earn]").first.click()
    till.at("earn")
    types(till, "2000")
    page.locator("[data-tap=pay]").click()
    till.at("pay")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("[data-slot=left]")).not_to_be_empty()
    expect(page.locator("[data-slot=take]")).to_be_enabled()
    page.screenshot(path=os.environ.get("PICTURES", str(tmp_path)) + "/pay-ar.png")
    assert (barriers(page), overflows(page)) == ([], 0)
