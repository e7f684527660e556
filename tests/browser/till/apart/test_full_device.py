"""A device after years at a counter: as quick as on its first day, and it says when it is full."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.house import House
from tests.browser.till.counter import Office, TillPage
from tests.browser.till.test_drills import AT, SYNC

pytestmark = pytest.mark.in_turns(2, 0)
DAY_MS = 86_400_000
MANY = 20_000
FILLS = f"""async (ages) => {{ {AT}
  const {{ answered, within }} = await at('keep.js');
  const now = Date.now();
  await within(['sales'], 'readwrite', async (sales) => {{
    for (const [place, age] of ages.entries()) {{
      const key = `old-${{String(place).padStart(6, '0')}}`;
      sales.put({{ key, at: now - age, minor: 500, member: `mem_${{place % 700}}`, sequence: -1 }});
    }}
    await answered(sales.count());
  }});
}}"""
COUNTS = """() => {
  window.taken = 0;
  for (const kind of [IDBObjectStore, IDBIndex]) {
    const was = kind.prototype.getAll;
    kind.prototype.getAll = function (...how) {
      const asked = was.apply(this, how);
      asked.addEventListener('success', () => { window.taken += asked.result.length; });
      return asked;
    };
  }
}"""
SALES = f"async () => {{ {AT} return (await at('keep.js')).count('sales'); }}"
TODAY = f"async () => {{ {AT} return (await (await at('serve.js')).today()).length; }}"
FULL = """(names) => {
  for (const name of names) IDBObjectStore.prototype[name] = () => {
    throw new DOMException('no room', 'QuotaExceededError');
  };
}"""


@pytest.fixture
def full(browser: Browser, house: House, office: Office) -> TillPage:
    from tests.browser.conftest import ASIDE

    def made() -> TillPage:
        till = TillPage(browser, house).paired(office.code())
        # It heard of everything once, so that nothing of this is away by the next time.
        assert till.page.evaluate(SYNC) == "told"
        till.page.evaluate(FILLS, [DAY_MS * (3 + n // 250) for n in range(MANY)])
        return till

    return ASIDE.submit(made).result()  # type: ignore[no-any-return]


def test_what_was_sold_in_other_years_is_not_read_and_is_gone_after_two_days(
    browser: Browser, full: TillPage
) -> None:
    page = full.page
    page.evaluate(FILLS, [DAY_MS * 3] * 10 + [1_000] * 2)
    assert page.evaluate(TODAY) == 2
    # Gone with the network or without.
    full.context.set_offline(True)
    page.evaluate(f"async () => {{ {AT} await (await at('sync.js')).refresh().catch(() => 0); }}")
    full.context.set_offline(False)
    assert page.evaluate(SALES) == 2
    page.evaluate(COUNTS)
    assert page.evaluate(TODAY) == 2
    page.wait_for_timeout(6_000)  # the bar counts anew by itself
    assert page.evaluate("window.taken") < 200
    assert page.evaluate(SYNC) == "told"
    full.closed()


def test_a_sale_that_was_not_handed_in_is_kept_however_old_it_is(
    browser: Browser, full: TillPage, office: Office
) -> None:
    ada, phone = office.joined("Ada")
    page = full.page
    full.meets(phone)
    full.context.route("**/v1/till/records", lambda route: route.abort())
    full.sells(phone, "500")
    page.evaluate(f"""async () => {{ {AT}
      const {{ all, write }} = await at('keep.js');
      const mine = (await all('sales')).find((one) => one.sequence > 0);
      await write('sales', {{ ...mine, at: mine.at - 5 * {DAY_MS} }});
    }}""")
    page.evaluate(f"async () => {{ {AT} await (await at('sync.js')).refresh(); }}")
    assert page.evaluate(SALES) == 1
    full.context.unroute("**/v1/till/records")
    assert page.evaluate(SYNC) == "told"
    assert page.evaluate(SALES) == 0
    assert office.sold(ada) == [500]
    full.closed()


def test_a_full_device_says_so_and_what_was_booked_stays_booked(
    browser: Browser, house: House, office: Office
) -> None:
    ada, phone = office.joined("Ada")
    till = TillPage(browser, house).paired(office.code())
    page = till.page
    till.meets(phone)
    page.locator("main [data-go=earn]").click()
    till.at("earn")
    for key in "500":
        page.locator(f"[data-money='{key}']").click()
    page.evaluate(FULL, ["add"])
    page.get_by_role("button", name="Give points").click()
    expect(page.get_by_role("status").filter(has_text="no room left")).to_be_visible()
    assert (till.waits(), office.sold(ada)) == (0, [])
    # The clock that comes with an answer is noted where there is room; the answer is an answer.
    page.evaluate(FULL, ["put"])
    said: Any = page.evaluate(f"""async () => {{ {AT}
      const {{ ask }} = await at('talk.js');
      return (await ask('GET', '/v1/till/cashiers')).items;
    }}""")
    assert said == []
    till.shows("shift")
    expect(page.locator("main [data-slot=may-go]")).to_be_visible()
    till.closed()
