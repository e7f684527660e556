"""Without the network somebody whom the till does not know collects by what they show."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.house import House, barriers, overflows
from tests.browser.till.counter import Office, TillPage
from tests.browser.till.test_drills import AT, SYNC

pytestmark = pytest.mark.in_turns(2, 0)
FORGETS = f"""async (ids) => {{ {AT}
  const {{ drop }} = await at('keep.js');
  for (const id of ids) await drop('members', id);
}}"""


def gives(till: TillPage, cents: str) -> None:
    till.at("earn")
    for key in cents:
        till.page.locator(f"[data-money='{key}']").click()
    till.page.get_by_role("button", name="Give points").click()
    till.at("earned")


def types(till: TillPage, text: str) -> None:
    till.shows("identify")
    till.page.locator("#typed").fill(text)
    till.page.keyboard.press("Enter")


def test_a_card_a_telephone_and_a_number_collect_and_no_ghost_is_made(
    browser: Browser, house: House, office: Office
) -> None:
    till = TillPage(browser, house).paired(office.code())
    page = till.page
    people = [office.joined(name) for name in ("Ada", "Bea", "Cy")]
    (ada, _), (bea, phone), (cy, _) = people
    number = office.http.get(f"/v1/members/{cy}").json()["number"]
    before = house.do(lambda counter: counter.shop.rows(_MEMBERS))
    code = office.card_code(ada)
    assert page.evaluate(SYNC) == "told"
    page.evaluate(FORGETS, [one for one, _ in people])
    till.context.set_offline(True)
    page.reload()
    till.at("identify")
    try:
        # What a card shows says whose it is: they stand here at once, and nothing is made up.
        till.scans(code)
        till.at("member")
        expect(page.locator("main [data-slot=as-of]")).to_have_text("Not known at this till")
        expect(page.locator("main [data-slot=balances] dd")).to_have_count(0)
        page.locator("main [data-go=earn]").click()
        expect(page.locator("main [data-slot=pay-link]")).to_be_hidden()
        gives(till, "500")
        assert "counted when the network is back" in page.locator("main").inner_text()
        for typed, cents in ((f"0{phone.removeprefix('+49')}", "700"), (number, "900")):
            types(till, typed)
            till.at("unknown")
            expect(page.locator("main h1")).to_have_text("Not known at this till")
            assert (barriers(page), overflows(page)) == ([], 0)
            page.get_by_role("button", name="Give points to it").click()
            gives(till, cents)
        # Neither becomes a newcomer's own.
        types(till, number)
        till.at("unknown")
        page.locator("main [data-go=join]").click()
        till.at("join")
        assert page.locator("main input[name=phone]").input_value() == ""
        page.locator("main input[name=card]").fill(code)
        page.locator("main input[name=agrees]").check()
        page.get_by_role("button", name="Join").click()
        expect(page.get_by_role("alert").filter(has_text="half a minute")).to_be_visible()
        assert till.waits() == 3
    finally:
        till.context.set_offline(False)
    till.handed_in()
    assert [office.sold(one) for one in (ada, bea, cy)] == [[500], [700], [900]]
    assert house.do(lambda counter: counter.shop.rows(_MEMBERS)) == before
    expect(page.locator("main [data-slot=notes-part]")).to_be_hidden()
    till.closed()


def test_whom_nobody_knows_waits_and_says_nothing_of_them_on_the_device(
    browser: Browser, house: House, office: Office
) -> None:
    till = TillPage(browser, house).paired(office.code())
    page = till.page
    till.context.set_offline(True)
    types(till, "030 5550077")
    till.at("unknown")
    page.get_by_role("button", name="Give points to it").click()
    gives(till, "300")
    till.context.set_offline(False)
    till.handed_in()
    expect(page.locator("main [data-slot=notes] li")).to_have_count(1)
    assert "5550077" not in page.evaluate(_NOTES)
    # Once the office settled it, the device lists it no more.
    (one,) = [
        one for one in office.http.get("/v1/till-records").json()["items"]
        if one["reason"] == "unknown_member"
    ]  # fmt: skip
    told = {"outcome": "dismiss", "reason": "nobody"}
    office.http.post(f"/v1/till-records/{one['id']}", json=told).raise_for_status()
    till.handed_in()
    expect(page.locator("main [data-slot=notes-part]")).to_be_hidden()
    assert page.evaluate(_NOTES) == "[]"
    till.closed()


_MEMBERS = "select count(*)::int from member where program_id = $1"
_NOTES = (
    f"""async () => {{ {AT} return JSON.stringify(await (await at('keep.js')).all('notes')); }}"""
)
