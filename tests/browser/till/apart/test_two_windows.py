"""Two windows of one till: what one of them hears of members, the other one knows, too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.house import House
from tests.browser.till.counter import Office, TillPage
from tests.browser.till.test_drills import AT, SYNC

pytestmark = pytest.mark.in_turns(2, 1)
KNOWS = f"""async (id) => {{ {AT}
  const one = await (await at('sync.js')).kept(id);
  return one ? [one.given_name, Object.values(one.balances)[0]] : null;
}}"""
FINDS = f"""async (phone) => {{ {AT}
  const {{ find }} = await at('find.js');
  const shop = JSON.parse(document.getElementById('shop').textContent);
  return (await find(phone, shop.dialling))?.member.given_name ?? null;
}}"""


def knows(page: Page, member: str, what: object) -> None:
    page.wait_for_function(
        f"async ([id, what]) => JSON.stringify(await ({KNOWS})(id)) === JSON.stringify(what)",
        arg=[member, what],
        timeout=8_000,
    )


def test_the_second_window_forgets_the_erased_and_sees_what_others_have_now(
    browser: Browser, house: House, office: Office
) -> None:
    (ada, phone), (ben, _) = office.joined("Ada"), office.joined("Ben")
    till = TillPage(browser, house).paired(office.code())
    other = till.opened()
    till.at("identify", other)
    assert till.page.evaluate(SYNC) == "told"
    for page in (till.page, other):
        knows(page, ada, ["Ada", 0])
        knows(page, ben, ["Ben", 0])
    office.http.delete(f"/v1/members/{ada}").raise_for_status()
    told = {"kind": "purchase", "source": "pos-2", "external_id": "W-1", "member": {"id": ben},
            "amount": {"minor": 900, "currency": "EUR"}}  # fmt: skip
    office.http.post("/v1/activities", json=told).raise_for_status()
    assert office.has(ben) > 0
    assert till.page.evaluate(SYNC) == "told"
    for page in (till.page, other):
        knows(page, ada, None)
        knows(page, ben, ["Ben", office.has(ben)])
    till.context.set_offline(True)
    # Neither by name nor by telephone, in either window.
    assert [page.evaluate(FINDS, phone) for page in (till.page, other)] == [None, None]
    till.context.set_offline(False)
    other.close()
    till.closed()
