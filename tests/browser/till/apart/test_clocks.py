"""The till's day and its lock go by the store's clock, whatever the device thinks."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser
from tests.browser.house import House
from tests.browser.till.counter import Office, TillPage
from tests.browser.till.test_drills import AT

pytestmark = pytest.mark.in_turns(2, 1)
MIDNIGHT = f"""async (asked) => {{ {AT}
  const {{ midnight }} = await at('say.js');
  return asked.map(([at, zone]) => new Date(midnight(Date.parse(at), zone)).toISOString());
}}"""
CASES = {
    ("2026-06-30T23:30:00Z", "America/Los_Angeles"): "2026-06-30T07:00:00.000Z",
    ("2026-07-01T08:30:00Z", "America/Los_Angeles"): "2026-07-01T07:00:00.000Z",
    ("2026-06-30T23:30:00Z", "Europe/Berlin"): "2026-06-30T22:00:00.000Z",
    # The days on which clocks are turned, on and back, before it and after it.
    ("2026-03-29T12:00:00Z", "Europe/Berlin"): "2026-03-28T23:00:00.000Z",
    ("2026-10-25T12:00:00Z", "Europe/Berlin"): "2026-10-24T22:00:00.000Z",
    ("2026-10-25T00:10:00Z", "Europe/Berlin"): "2026-10-24T22:00:00.000Z",
    ("2026-11-01T20:00:00Z", "America/New_York"): "2026-11-01T04:00:00.000Z",
    ("2026-06-30T12:00:00.250Z", "Asia/Kathmandu"): "2026-06-29T18:15:00.000Z",
}
LOCKED = f"""async (ahead) => {{ {AT}
  const [keep, lock] = [await at('keep.js'), await at('lock.js')];
  const had = await keep.read('device', 'cashier');
  await keep.write('device', {{ ...had, at: had.at + ahead }}, 'cashier');
  const is = await lock.isLocked();
  await keep.write('device', had, 'cashier');
  return is;
}}"""
SOLD = f"""async (clock) => {{ {AT}
  const [keep, serve, device] = [await at('keep.js'), await at('serve.js'), await at('device.js')];
  if (clock !== null) await keep.write('device', clock, 'clock');
  return [(await serve.today()).length, (await device.now()) - Date.now()];
}}"""


def test_the_stores_day_begins_when_its_clock_says_so(
    browser: Browser, house: House, office: Office
) -> None:
    till = TillPage(browser, house, timezone_id="Pacific/Auckland").paired(office.code())
    said = till.page.evaluate(MIDNIGHT, [list(one) for one in CASES])
    assert said == list(CASES.values())
    # What was sold before the store's midnight is of yesterday, and of another year of no day.
    fills = f"""async (ats) => {{ {AT}
      const [keep, say] = [await at('keep.js'), await at('say.js')];
      const from = say.midnight(Date.now(), say.wall.zone);
      for (const [place, at] of ats.entries())
        await keep.write('sales', {{ key: `k-${{place}}`, at: from + at, minor: 1, sequence: 1 }});
    }}"""
    till.page.evaluate(fills, [-1_000, 0, 366 * 86_400_000])
    assert till.page.evaluate(SOLD, None)[0] == 1
    till.closed()


def test_a_sale_of_a_wrong_clock_is_dated_by_the_right_one(
    browser: Browser, house: House, office: Office
) -> None:
    ada, phone = office.joined("Ada")
    till = TillPage(browser, house).paired(office.code())
    till.meets(phone)
    year = 366 * 86_400_000
    # This device's clock is a year ahead, as it measured on what it last heard.
    till.page.evaluate(f"() => {{ const was = Date.now; Date.now = () => was() + {year}; }}")
    till.page.evaluate(SOLD, {"offset_ms": -year, "heard_at": "2020-01-01T00:00:00Z"})
    till.sells(phone, "500")
    kept: Any = till.page.evaluate(f"""async () => {{ {AT}
      const [one] = await (await at('keep.js')).all('sales');
      return one.at - (Date.now() - {year});
    }}""")
    assert abs(kept) < 60_000
    till.handed_in()
    assert office.sold(ada) == [500]
    till.closed()


def test_a_touch_that_is_still_to_come_keeps_no_till_open(
    browser: Browser, house: House, office: Office
) -> None:
    office.cashier("clock-store", "4711")
    till = TillPage(browser, house)
    till.page.get_by_label("Code").fill(office.code("clock-store"))
    till.page.get_by_role("button", name="Pair").click()
    till.at("locked")
    till.page.locator("#pin").fill("٤٧١١")  # as a keyboard in Cairo types it
    till.page.keyboard.press("Enter")
    till.at("identify")
    minute = 60_000
    locked = [till.page.evaluate(LOCKED, by) for by in (0, minute // 2, 365 * 1440 * minute)]
    assert locked == [False, False, True]
    assert till.page.evaluate(LOCKED, -60 * minute) is True
    till.closed()


SLEEPS = """() => {
  const [still, was] = [performance.now(), Date.now];
  performance.now = () => still;
  Date.now = () => was() + 9 * 3_600_000;
}"""
WHO = f"async () => {{ {AT} return (await (await at('lock.js')).cashier()).id; }}"


def test_a_till_that_slept_is_locked_before_a_touch_opens_it(
    browser: Browser, house: House, office: Office
) -> None:
    office.cashier("sleep-store", "4711")
    till = TillPage(browser, house)
    till.page.get_by_label("Code").fill(office.code("sleep-store"))
    till.page.get_by_role("button", name="Pair").click()
    till.at("locked")
    till.page.locator("#pin").fill("4711")
    till.page.keyboard.press("Enter")
    till.at("identify")
    assert till.page.evaluate(WHO)
    till.context.set_offline(True)
    # The device sleeps for nine hours: its clock goes on, that of the page stands still.
    till.page.evaluate(SLEEPS)
    till.page.locator("main h1").dispatch_event("pointerdown")
    till.at("locked")
    till.page.wait_for_function(f"async () => !(await ({WHO})())")
    till.page.locator("main h1").dispatch_event("pointerdown")
    till.page.wait_for_timeout(1_500)
    assert till.page.evaluate(WHO) == ""
    till.page.reload()
    till.at("locked")
    till.closed()
