"""What is answered late concerns who stood there then, never whoever stands there now; and points
that come later are said with their day."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from tests.browser.house import House, opened
from tests.browser.till.counter import Office, TillPage

pytestmark = pytest.mark.in_turns(2, 0)
# Whatever reads this of the device waits until it is let go; everything else goes on. Without a
# name it is whoever reads all of it.
HOLDS = """([store, name]) => {
  const way = name === null ? "getAll" : "get";
  const get = IDBObjectStore.prototype[way];
  let go;
  const held = new Promise((on) => { go = on; });
  window.letGo = async () => {
    IDBObjectStore.prototype[way] = get;
    go();
    await new Promise((on) => setTimeout(on, 300));
  };
  IDBObjectStore.prototype[way] = function (key) {
    const real = get.call(this, key);
    if (this.name !== store || (name !== null && key !== name)) return real;
    const late = {};
    real.onsuccess = () => void held.then(() => {
      late.result = real.result;
      late.onsuccess?.();
    });
    return late;
  };
  window.goesOn = () => { IDBObjectStore.prototype[way] = get; };
}"""
HEARS = """() => {
  window.shown = [];
  window.ears = new BroadcastChannel("regulars-guest");
  window.ears.onmessage = ({ data }) => data.screen === "card" && window.shown.push(data);
}"""


GUARD = "  if (mine !== asks) return;\n"
# What the bar says of what waits is written down from now on; and it is asked to be painted anew.
SEES = """() => {
  window.bars = [];
  const box = document.getElementById("offline");
  new MutationObserver(() => window.bars.push(box.hidden)).observe(box, { attributes: true });
  new BroadcastChannel("regulars-till-record").postMessage(0);
}"""


def holds(page: Page, store: str, name: str | None) -> None:
    """From now on who reads this waits."""
    page.evaluate(HOLDS, [store, name])


def let_go(page: Page) -> None:
    """Who waited goes on, and is done."""
    page.evaluate("window.letGo()")


def test_what_somebody_can_have_is_looked_up_for_who_left(
    browser: Browser, till: TillPage, office: Office
) -> None:
    _, phone = office.joined("Ada")
    till.shows("identify")
    holds(till.page, "device", "spent")
    till.meets(phone)
    till.shows("identify")
    let_go(till.page)
    assert till.slips == []


def test_what_one_guest_can_have_is_never_offered_to_the_next(
    browser: Browser, till: TillPage, office: Office
) -> None:
    _, rich = office.joined("Ada")
    _, poor = office.joined("Bo")
    till.sells(rich, "50000")
    till.shows("identify")
    page = till.page
    page.evaluate(HEARS)
    holds(page, "device", "spent")
    till.meets(rich)
    page.evaluate("window.goesOn()")
    till.meets(poor)
    expect(page.locator("[data-slot=now] li")).to_have_count(1)
    let_go(page)
    told = page.evaluate("window.shown.filter((one) => one.name === 'Bo' && one.offers.length)")
    assert told == [], "Bo is offered what Ada can have"
    assert till.slips == []


@pytest.mark.parametrize("screen", ["identify", "shift"])
def test_who_goes_on_while_a_slip_is_made_is_told_no_fault(
    browser: Browser, till: TillPage, office: Office, screen: str
) -> None:
    _, phone = office.joined("Ada")
    till.meets(phone)
    till.shows("earn")
    page = till.page
    for key in ("5", "00"):
        page.locator(f"[data-money='{key}']").click()
    holds(page, "device", "store")
    page.get_by_role("button", name="Give points").click()
    page.wait_for_timeout(1500)
    page.evaluate("window.goesOn()")
    till.shows(screen)
    let_go(page)
    expect(page.locator(".toast", has_text="Cannot")).to_have_count(0)
    assert till.slips == []


def test_a_slip_in_arabic_tears_no_date_apart(
    browser: Browser, till: TillPage, office: Office
) -> None:
    _, phone = office.joined("Ada")
    page = till.page
    till.speaks("ar")
    till.meets(phone)
    till.shows("earn")
    page.locator("[data-money='5']").click()
    page.locator("form[data-act=earn] .primary").click()
    till.at("earned")
    slip = page.locator("[data-slot=slip]").inner_text()
    # A name of another direction would take the number after it into its own run (UAX #9, N1).
    parts = re.split(r" · |\n", slip)
    assert len(parts) == 3, slip
    assert [(one[0], one[-1]) for one in parts] == [("\u2068", "\u2069")] * 3, slip
    till.speaks("en")


LATER = """
regulars: 1
program: later
name: Later Shop
currency: EUR
zone: Europe/Berlin
wallets: {points: {name: Points, one: Point, pending: {until: duration, after: 14 days}}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: mug, name: A mug, price: {points: 10}, worth: "2.00"}
  - {id: lamp, name: A lamp, price: {points: 30}, worth: "6.00"}
"""


def test_a_refused_reward_says_what_is_missing_and_by_when_it_may_be_there(
    browser: Browser, make_database: Callable[..., Any], tmp_path: Path
) -> None:
    with opened(make_database(), tmp_path, source=LATER) as house:
        office = Office(house)
        _, phone = office.joined("Ada")
        till = TillPage(browser, house, locale="en-GB").paired(office.code())
        till.sells(phone, "1200")
        until = (datetime.now(UTC) + timedelta(days=14)).astimezone(ZoneInfo("Europe/Berlin"))
        till.meets(phone)
        till.shows("redeem")
        mug, lamp = (till.page.locator(".tile", has_text=name) for name in ("mug", "lamp"))
        expect(mug).to_contain_text("10 Points missing until")
        expect(mug).to_contain_text(f"{until:%Y}: more are on their way")
        assert str(until.day) in mug.inner_text()
        expect(lamp.locator(".soft")).to_have_text("30 Points missing")
        till.closed()


@pytest.mark.parametrize("guarded", [True, False])
def test_of_two_who_paint_the_bar_the_older_writes_nothing(
    browser: Browser, house: House, office: Office, guarded: bool
) -> None:
    """The older one read that a sale waits, and comes to its end after it was handed in. Without
    the line that keeps it from writing, it says so for everybody to see: that is the control."""
    _, phone = office.joined("Ida")
    till = TillPage(browser, house, service_workers="block")

    def without(route: Route) -> None:
        answer = route.fetch()
        assert GUARD in answer.text()
        route.fulfill(response=answer, body=answer.text().replace(GUARD, ""))

    if not guarded:
        till.context.route("**/app.js", without)
        till.page.reload()
    till.paired(office.code())
    till.meets(phone)
    till.context.set_offline(True)
    till.page.get_by_role("button", name="Give points").click()
    till.at("earn")
    till.page.locator("[data-money='5']").click()
    till.page.get_by_role("button", name="Give points").click()
    till.at("earned")
    expect(till.page.locator("#offline")).to_be_visible()
    holds(till.page, "records", None)
    till.page.evaluate(SEES)
    till.page.wait_for_timeout(200)  # it read that one waits, and stands still
    till.page.evaluate("window.goesOn()")
    till.context.set_offline(False)
    expect(till.page.locator("#offline")).to_be_hidden(timeout=20_000)
    till.page.evaluate("window.bars.length = 0")
    let_go(till.page)
    assert (False in till.page.evaluate("window.bars")) == (not guarded)
    till.closed()
