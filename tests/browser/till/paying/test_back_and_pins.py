"""Proof and PIN when points pay: back loses nothing, and a reload is no way round."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.conftest import ASIDE
from tests.browser.house import House, barriers, opened, overflows
from tests.browser.till.counter import STORE, Office, TillPage
from tests.browser.till.paying.test_paying_with_points import (
    MILL,
    PAYS,
    at_paying,
    types,
    with_points,
)
from tests.flows.members.staff.people import HOUSE, hires, settles

from regulars.flows.access.commands import ChangeSetting, SetPin
from regulars.records.access.staff.passwords import kept_form
from regulars.records.access.staff.types import Staff

pytestmark = pytest.mark.in_turns(2, 0)
QUOTES = "**/v1/till/payment-quotes"
LOOKS = ((1280, "light", "en"), (768, "dark", "de"), (360, "dark", "ar"), (360, "light", "tr"))
PIN = "161803"


@pytest.fixture(scope="module")
def house(database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home: Path = tmp_path_factory.mktemp("mill-pins")
    with opened(database, home, source=MILL.replace("program: mill", "program: mill-pins")) as shop:
        yield shop


@pytest.fixture(scope="module")
def boss(house: House, office: Office) -> Staff:
    """A manager with a PIN; above 49 points a cashier asks them."""

    def hired(counter: Any) -> Staff:
        one = hires(counter.shop, "manager", stores=(STORE,))
        settles(counter.shop, SetPin(one.staff_id, kept_form(PIN, bytes(16)), HOUSE))
        return one

    return house.do(hired)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def staffed(browser: Browser, house: House, office: Office, boss: Staff) -> Iterator[TillPage]:
    """A till that is taken over by a PIN."""

    def opens() -> TillPage:
        made = TillPage(browser, house)
        made.page.get_by_label("Code").fill(office.code())
        made.page.get_by_role("button", name="Pair").click()
        return made

    made = ASIDE.submit(opens).result()
    yield made
    ASIDE.submit(made.closed).result()


def limit(house: House, points: int) -> None:
    house.do(lambda counter: settles(counter.shop, ChangeSetting("redeem_limit", points, HOUSE)))


def receipts(office: Office, member: str) -> list[str]:
    rows = office.house.do(
        lambda counter: counter.shop.rows(
            "select external_id from activity where program_id = $1 and member_id = $2::uuid"
            " and channel = 'till' order by recorded_at",
            member.removeprefix("mem_"),
        )
    )
    return [row[0] for row in rows]


def at_proof(till: TillPage, phone: str, receipt: str) -> Any:
    till.meets(phone)
    page = till.page
    page.locator("#main [data-go=earn]").first.click()
    till.at("earn")
    types(till, "6000")
    page.locator("summary").click()
    page.locator("#receipt").fill(receipt)
    page.locator("[data-tap=pay]").click()
    till.at("pay")
    types(till, "2500")
    expect(page.locator("[data-slot=left]")).to_contain_text("35")
    page.locator("[data-slot=take]").click()
    till.at("proof")
    return page


def test_back_from_the_proof_returns_to_the_payment_as_it_was(
    till: TillPage, office: Office
) -> None:
    ada, phone = with_points(office, "Ada")
    page = at_proof(till, phone, "R-back-1")
    page.get_by_role("button", name="Back").click()
    till.at("pay")
    expect(page.locator("[data-slot=amount]")).to_contain_text("25.00")
    expect(page.locator("[data-slot=left]")).to_contain_text("35.00")
    page.get_by_role("button", name="Back").click()
    till.at("earn")
    expect(page.locator("[data-slot=amount]")).to_contain_text("60.00")
    expect(page.locator("#receipt")).to_have_value("R-back-1")
    page.locator("[data-tap=pay]").click()
    till.at("pay")
    expect(page.locator("[data-slot=amount]")).to_contain_text("25.00")
    page.get_by_role("button", name="Take the points").click()
    till.at("proof")
    till.scans(office.card_code(ada))
    till.at("earned")
    till.handed_in()
    assert office.has(ada) == 1_000 - 250 + 35
    assert receipts(office, ada) == ["R-back-1"]


def test_the_card_of_somebody_else_is_no_proof_and_nothing_is_lost(
    till: TillPage, office: Office
) -> None:
    ben, phone = with_points(office, "Ben")
    other, _ = with_points(office, "Olga")
    page = at_proof(till, phone, "R-other-1")
    till.scans(office.card_code(other))
    expect(page.get_by_role("alert").filter(has_text="somebody else")).to_be_visible()
    till.at("proof")
    assert (office.has(ben), office.has(other)) == (1_000, 1_000)
    page.get_by_role("button", name="Scan their card").click()
    till.at("scan")
    page.get_by_role("button", name="Back").click()
    till.at("proof")
    page.get_by_role("button", name="Scan their card").click()
    till.at("scan")
    till.scans(office.card_code(ben))  # as the camera tells it
    till.at("earned")
    till.handed_in()
    assert (office.has(ben), office.has(other)) == (1_000 - 250 + 35, 1_000)


def test_back_from_the_proof_of_another_guest_is_not_the_payment_before(
    till: TillPage, office: Office
) -> None:
    _, phone = with_points(office, "Cem")
    _, second = with_points(office, "Dora")
    at_proof(till, phone, "R-first-1")
    page = at_paying(till, second, "1000")
    expect(page.locator("[data-slot=amount]")).to_contain_text("5.00")
    page.get_by_role("button", name="Back").click()
    expect(page.locator("#receipt")).to_have_value("")


def test_the_answer_is_lost_and_asked_again_it_is_one_payment(
    till: TillPage, office: Office
) -> None:
    eva, phone = with_points(office, "Eva", 15_000)
    page = at_paying(till, phone, "2000")
    take = page.get_by_role("button", name="Take the points")
    expect(page.locator("[data-slot=left]")).to_contain_text("10.00")
    expect(take).to_be_enabled()
    page.route(PAYS, lambda route: (route.fetch(), route.abort()), times=1)
    take.click()
    expect(page.get_by_role("alert").filter(has_text="Without network")).to_be_visible()
    assert office.has(eva) == 50  # reserved, and nobody heard it
    page.context.set_offline(True)
    page.context.set_offline(False)
    expect(take).to_be_enabled()
    expect(page.locator("[data-slot=left]")).to_contain_text("10.00")
    take.click()
    till.at("earned")
    till.handed_in()
    assert office.has(eva) == 150 - 100 + 10


def test_what_changed_since_it_was_shown_is_shown_and_not_taken(
    till: TillPage, office: Office
) -> None:
    finn, phone = with_points(office, "Finn")
    page = till.page

    def dearer(route: Any) -> None:
        told = route.fetch().json()
        route.fulfill(status=200, content_type="application/json",
                      body=json.dumps({**told, "points": told["points"] - 10}))  # fmt: skip

    page.route(QUOTES, dearer, times=1)
    at_paying(till, phone, "2000")
    expect(page.locator("[data-slot=points]")).to_contain_text("90 Points")
    page.get_by_role("button", name="Take the points").click()
    expect(page.get_by_role("alert").filter(has_text="other points")).to_be_visible()
    expect(page.locator("[data-slot=points]")).to_contain_text("100 Points")
    assert office.has(finn) == 1_000
    page.get_by_role("button", name="Take the points").click()
    till.at("earned")
    till.handed_in()
    assert office.has(finn) == 1_000 - 100 + 10


def test_what_comes_back_says_how_much_of_it_is_points(till: TillPage, office: Office) -> None:
    gil, phone = with_points(office, "Gil")
    page = at_paying(till, phone, "2000")
    page.get_by_role("button", name="Take the points").click()
    till.at("earned")
    till.handed_in()
    assert office.has(gil) == 1_000 - 100 + 10
    till.meets(phone)
    page.get_by_role("button", name="Return a purchase").click()
    till.at("sales")
    page.get_by_role("button", name="€20.00").click()
    till.at("back")
    types(till, "500")
    preview = page.locator(".preview")
    expect(preview).to_contain_text("25 Points come back")
    expect(preview).to_contain_text("€2.50 of it comes back as points, the rest in money.")
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("main[data-screen=back]")).to_have_count(0)  # it is recorded by then
    till.handed_in()
    assert office.has(gil) == 1_000 - 100 + 10 + 25 - 3


@pytest.mark.in_turns(5)
@pytest.mark.parametrize(("width", "theme", "language"), LOOKS)
def test_its_screens_read_well(
    till: TillPage, office: Office, tmp_path: Path, width: int, theme: Any, language: str
) -> None:
    _, phone = with_points(office, "Hala")
    page = till.page
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=theme)
    till.speaks(language)
    folder = os.environ.get("PICTURES", str(tmp_path))
    at_proof(till, phone, f"R-looks-{width}-{language}")
    assert (barriers(page), overflows(page)) == ([], 0)
    page.screenshot(path=f"{folder}/proof-{width}-{theme}-{language}.png")
    page.locator("[data-tap=scan-proof]").click()
    till.at("scan")
    assert (barriers(page), overflows(page)) == ([], 0)
    page.screenshot(path=f"{folder}/scan-{width}-{theme}-{language}.png")
    page.locator("[data-slot=proving]").click()
    till.at("proof")
    page.locator("[data-tap=to-offer]").click()
    till.at("pay")
    expect(page.locator("[data-slot=take]")).to_be_enabled()
    assert (barriers(page), overflows(page)) == ([], 0)
    page.screenshot(path=f"{folder}/pay-{width}-{theme}-{language}.png")
    page.set_viewport_size({"width": 1024, "height": 768})
    page.emulate_media(color_scheme="light")
    till.speaks("en")


def test_a_manager_is_asked_and_back_returns_to_the_payment(
    house: House, staffed: TillPage, office: Office, boss: Staff
) -> None:
    limit(house, 49)
    till, page = staffed, staffed.page
    till.at("locked")
    page.locator("#pin").fill(PIN)
    page.keyboard.press("Enter")
    till.at("identify")
    ida, phone = with_points(office, "Ida")
    at_paying(till, phone, "2000")
    types(till, "600")
    expect(page.locator("[data-slot=left]")).to_contain_text("14.00")
    page.get_by_role("button", name="Take the points").click()
    till.at("approve")
    assert office.has(ida) == 1_000
    page.get_by_role("button", name="Back").click()
    till.at("pay")
    expect(page.locator("[data-slot=amount]")).to_contain_text("6.00")
    page.get_by_role("button", name="Take the points").click()
    till.at("approve")
    page.locator("#approve-pin").fill(PIN)
    page.keyboard.press("Enter")
    till.at("earned")
    till.handed_in()
    assert office.has(ida) == 1_000 - 60 + 14


def test_card_and_manager_are_asked_once_each(
    house: House, staffed: TillPage, office: Office, boss: Staff
) -> None:
    limit(house, 49)
    till, page = staffed, staffed.page
    jan, phone = with_points(office, "Jan")
    at_proof(till, phone, "R-both-1")
    till.scans(office.card_code(jan))
    till.at("approve")
    page.locator("#approve-pin").fill(PIN)
    page.keyboard.press("Enter")
    till.at("earned")
    till.handed_in()
    assert office.has(jan) == 1_000 - 250 + 35


def test_wrong_pins_are_counted_and_a_reload_is_no_way_round(
    house: House, staffed: TillPage, office: Office, boss: Staff
) -> None:
    limit(house, 49)
    till, page = staffed, staffed.page
    kim, phone = with_points(office, "Kim")
    at_paying(till, phone, "2000")
    page.get_by_role("button", name="Take the points").click()
    till.at("approve")
    for _ in range(3):
        page.locator("#approve-pin").fill("000000")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert").filter(has_text="does not fit")).to_be_visible()
        page.get_by_role("button", name="Back").click()
        till.at("pay")
        page.get_by_role("button", name="Take the points").click()
        till.at("approve")
    page.reload()
    till.at("identify")
    till.shows("shift")
    page.get_by_role("button", name="Lock the till").click()
    till.at("locked")
    for _ in range(3):  # the same PIN at the same till: it is one count
        page.locator("#pin").fill("000000")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert").filter(has_text="does not fit")).to_be_visible()
        page.reload()
        till.at("locked")
    for way in ("", "reload", "another window"):
        if way == "reload":
            page.reload()
        window = till.opened() if way == "another window" else page
        till.at("locked", window)
        window.locator("#pin").fill(PIN)
        window.keyboard.press("Enter")
        expect(window.get_by_role("alert").filter(has_text="Too many tries")).to_be_visible()
        for screen in ("identify", "pay", "approve", "shift", "member"):
            window.evaluate(
                "(to) => { const b = document.createElement('button'); b.dataset.go = to;"
                " document.querySelector('#main').append(b); b.click(); }",
                screen,
            )
            till.at("locked", window)
    assert office.has(kim) == 1_000
