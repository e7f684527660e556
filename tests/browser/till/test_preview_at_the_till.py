"""The earn screen says the same without network as with it, and where it is only an estimate."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.house import House

pytestmark = pytest.mark.in_turns(2, 0)
STORE = "main-street"
PHONE = "+4915112345678"
NO_POINTS = "Nothing earned by this"
KEEPING = """async () => {
      const place = [...document.scripts].find((one) => one.src.endsWith("/till/app.js")).src;
      const keep = await import(place.replace("app.js", "keep.js"));
"""
HEARING = (
    KEEPING
    + """
      const sync = await import(place.replace("app.js", "sync.js"));
      const [{ id }] = (await sync.named("")).concat({});
      const had = (await keep.all("members")).length;
      await sync.refresh();
      return [had, (await keep.all("members")).length, (await sync.kept(id)) ?? null];
    }"""
)


def test_what_is_shown_without_network_is_what_was_shown_with_it(
    browser: Browser, house: House
) -> None:
    context = browser.new_context()
    page = context.new_page()
    _pair(page, house)
    _shows(page, "+7 Points")
    context.set_offline(True)
    _shows(page, "+7 Points")
    # Five a day: how much of it is used the device counts by itself, from what it was told.
    _limited(page, 5)
    _shows(page, "+5 Points")
    _gives(page)
    _shows(page, NO_POINTS)
    _limited(page, 8)
    _shows(page, "+1 Point")
    # What was bought here since may have brought a tier: the device does not say that it did not.
    _limited(page, 99, "{ if: 'tier', at_least: 'peak' }")
    _shows(page, "The points are counted when the network is back.")
    _limited(page, 8)
    # Of somebody whose purchases were changed meanwhile it says no more than it knows.
    page.evaluate(
        KEEPING
        + """
      await keep.write("device", undefined, "seen");
    }"""
    )
    _shows(page, re.compile("about 7 Points.*An estimate without network", re.DOTALL))
    context.set_offline(False)
    asked = "select member_id from identifier where program_id = $1 and value = $2"
    ((member,),) = house.do(lambda counter: counter.shop.rows(asked, PHONE))
    key = {"authorization": f"Bearer {house.do(lambda counter: counter.key)}"}
    gone = httpx.delete(f"{house.address}/v1/members/mem_{member.hex}", headers=key)
    assert gone.status_code == 200, gone.text
    assert page.evaluate(HEARING) == [1, 0, None], "who was erased is not kept on the device"
    context.close()


def _pair(page: Page, house: House) -> None:
    """A device of a store, with somebody before it who is known by their phone."""
    key = house.do(lambda counter: counter.key)

    def ask(method: str, path: str, body: Any = None) -> Any:
        headers = {"authorization": f"Bearer {key}", "idempotency-key": f"at-the-till-{len(path)}"}
        answer = httpx.request(method, house.address + path, json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    ask("PUT", f"/v1/stores/{STORE}", {"name": "Main Street"})
    ask("POST", "/v1/members", {"identifiers": [{"kind": "phone", "value": PHONE}]})
    code = ask("POST", f"/v1/stores/{STORE}/codes")["code"]
    page.goto(house.address + "/till")
    page.fill("[name=code]", code)
    page.fill("[name=device]", "Counter 1")
    page.keyboard.press("Enter")
    page.wait_for_selector("main[data-screen=identify]")
    page.fill("#typed", PHONE)
    page.keyboard.press("Enter")
    page.wait_for_selector("main[data-screen=member]")


def _limited(page: Page, points: int, when: str = "undefined") -> None:
    """The rules the device was told, with so many points a day at most, and a condition."""
    page.evaluate(
        KEEPING
        + """
      const had = await keep.read("device", "program");
      const limits = [{ per: "day", points: POINTS, on_exceed: "clip", of: "member" }];
      for (const rule of had.program.rules) Object.assign(rule, { limits, when: WHEN });
      had.program.tiers ??= { steps: [] };
      had.program.tiers.steps = [{ id: "peak", at: "999" }];
      await keep.write("device", had, "program");
    }""".replace("POINTS", str(points)).replace("WHEN", when)
    )


def _gives(page: Page) -> None:
    """7.80 is booked, and the same member stands here again."""
    page.click("[data-go=earn]")
    expect(page.locator("[data-slot=amount]")).to_have_text("€7.80")
    page.click("main [data-act=earn] .primary")
    page.wait_for_selector("main[data-screen=earned]")
    page.click("main [data-go=identify]")
    page.fill("#typed", PHONE)
    page.keyboard.press("Enter")
    page.wait_for_selector("main[data-screen=member]")


def _shows(page: Page, says: str | re.Pattern[str]) -> None:
    """What 7.80 would bring, as the earn screen says it."""
    page.click("[data-go=earn]")
    amount = page.locator("[data-slot=amount]")
    if not amount.inner_text().endswith("7.80"):  # it stays as typed
        for key in "780":
            page.click(f"[data-money='{key}']")
    expect(amount).to_have_text("€7.80")
    expect(page.locator("[data-slot=preview]")).to_have_text(says)
    page.click("[data-go=member]")
    page.wait_for_selector("main[data-screen=member]")
