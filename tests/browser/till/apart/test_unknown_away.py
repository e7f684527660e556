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
    assert "5550077" not in page.evaluate(_STORES)
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


def test_of_whom_was_found_later_nothing_that_was_typed_stays_on_the_device(
    browser: Browser, house: House, office: Office
) -> None:
    till = TillPage(browser, house).paired(office.code())
    page = till.page
    assert page.evaluate(SYNC) == "told"
    ada, phone = office.joined("Ada")  # of whom it did not hear yet
    till.context.set_offline(True)
    types(till, f"0{phone.removeprefix('+49')}")
    till.at("unknown")
    page.get_by_role("button", name="Give points to it").click()
    gives(till, "300")
    assert phone[3:] in page.evaluate(_STORES), "while it waits it is in the record, signed"
    # Taken back: that it was theirs is noted nowhere, either.
    page.locator("main [data-undo]").click()
    till.at("identify")
    till.context.set_offline(False)
    till.handed_in()
    assert office.sold(ada) == [300]
    assert page.evaluate("async () => (await (" + _STORES + ")()).length") > 100
    assert phone[3:] not in page.evaluate(_STORES)
    till.closed()


def test_the_network_is_back_before_the_points_are_given(
    browser: Browser, house: House, office: Office
) -> None:
    till = TillPage(browser, house).paired(office.code())
    page = till.page
    assert page.evaluate(SYNC) == "told"
    (ada, phone), (bea, _) = office.joined("Ada"), office.joined("Bea")
    for shows in (f"0{phone.removeprefix('+49')}", office.card_code(bea)):
        till.context.set_offline(True)
        till.shows("identify")
        till.scans(shows)
        if shows.startswith("RG1:"):
            till.at("member")
            page.locator("main [data-go=earn]").click()
        else:
            till.at("unknown")
            page.get_by_role("button", name="Give points to it").click()
        till.at("earn")
        till.context.set_offline(False)
        page.wait_for_function("() => !document.body.classList.contains('is-offline')")
        gives(till, "50000")
        says = page.locator("main [data-slot=says]").inner_text()
        assert "Nothing" not in says
        assert "given" in says, says
    assert [office.sold(one) for one in (ada, bea)] == [[50000], [50000]]
    till.closed()


def test_what_it_brought_is_not_said_to_be_nothing_where_nobody_said_it(
    browser: Browser, house: House, office: Office
) -> None:
    _, phone = office.joined("Cleo")
    till = TillPage(browser, house).paired(office.code())
    till.context.route("**/v1/activities/preview", lambda route: route.abort())
    till.sells(phone, "50000")
    expect(till.page.locator("main [data-slot=says]")).to_contain_text("on their account")
    till.closed()


def test_what_no_record_can_hold_is_not_kept(
    browser: Browser, house: House, office: Office
) -> None:
    till = TillPage(browser, house).paired(office.code())
    page = till.page
    till.context.set_offline(True)
    for many, is_shown in ((201, False), (200, True)):
        till.shows("identify")
        till.scans("x" * many)
        till.at("unknown")
        give = page.get_by_role("button", name="Give points to it")
        expect(give).to_be_visible(visible=is_shown)
        expect(page.locator("main [data-slot=long]")).to_be_visible(visible=not is_shown)
    give.click()
    gives(till, "100")
    till.context.set_offline(False)
    till.handed_in()
    reasons = {one["reason"] for one in office.http.get("/v1/till-records").json()["items"]}
    assert "malformed" not in reasons
    till.closed()


def test_who_answered_decides_what_is_said_of_a_stranger(
    browser: Browser, house: House, office: Office
) -> None:
    till = TillPage(browser, house).paired(office.code())
    page = till.page
    # The look-up gets no answer, and another request does, right after it.
    told = """() => { const was = fetch; window.fetch = async (path, how) => {
      if (!String(path).startsWith('/v1/till/members')) return was(path, how);
      setTimeout(() => was('/healthz'), 0);
      throw new TypeError('gone');
    }; }"""
    page.evaluate(told)
    answers = f"""async () => {{ {AT}
      const [talk, find] = [await at('talk.js'), await at('find.js')];
      const shop = JSON.parse(document.getElementById('shop').textContent);
      const found = await find.search('030 5550099', shop.dialling);
      await talk.ask('GET', '/healthz');
      return [found, talk.isThere()];
    }}"""
    assert page.evaluate(answers) == [{"found": None, "away": True}, True]
    # And on the screen: whatever answered meanwhile.
    talks = f"""async () => {{ {AT}
      const talk = await at('talk.js');
      talk.onChange((there) => there || setTimeout(talk.answeredElsewhere, 0));
    }}"""
    page.evaluate(talks)
    types(till, "030 5550099")
    till.at("unknown")
    expect(page.locator("main h1")).to_have_text("Not known at this till")
    expect(page.get_by_role("button", name="Give points to it")).to_be_visible()
    till.closed()


_STORES = """async () => {
  const answered = (asked) =>
    new Promise((good) => { asked.onsuccess = () => good(asked.result); });
  const db = await answered(indexedDB.open('regulars-till'));
  const found = {};
  for (const name of db.objectStoreNames) {
    const store = db.transaction([name]).objectStore(name);
    found[name] = [await answered(store.getAllKeys()), await answered(store.getAll())];
  }
  db.close();
  return JSON.stringify(found);
}"""
_MEMBERS = "select count(*)::int from member where program_id = $1"
_NOTES = (
    f"""async () => {{ {AT} return JSON.stringify(await (await at('keep.js')).all('notes')); }}"""
)
