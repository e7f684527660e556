"""Every screen of the till, one after the other, as cashiers come to see them."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import expect
from tests.browser.till.counter import TillPage

KEEPS = """async ([name, value]) => (await import(
  document.querySelector('script[type=module]').src.replace('app.js', 'keep.js')
)).write('device', value, name)"""
SAYS = """() => {
  const soon = document.getElementById('soon');
  soon.hidden = false;
  soon.querySelector('p').textContent = 'The till locks in 20 seconds.';
  const said = Object.assign(document.createElement('div'), { className: 'toast' });
  said.textContent = 'Taken back';
  document.getElementById('toasts').append(said);
}"""
NOTE = """async () => (await import(
  document.querySelector('script[type=module]').src.replace('app.js', 'keep.js')
)).write('notes', { id: 'rec_1', kind: 'void', says: 'It is not there', at: 1, content: {} })"""
MIA = {"items": [{"id": "staff_1", "name": "Mia"}, {"id": "staff_2", "name": "Bo"}],
       "lock_minutes": 10, "good_hours": 72}  # fmt: skip


def screens(till: TillPage, phone: str) -> Iterator[str]:
    """Stops at each screen, and says which it is; the last ones without network."""
    page = till.page
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    till.shows("identify")
    page.evaluate(SAYS)
    yield "identify, something is said"
    for name in ("names", "scan", "join", "give-back"):
        till.shows(name)
        yield name
    till.shows("identify")
    page.locator("#typed").fill("030 11 22 33 44")
    page.keyboard.press("Enter")
    till.at("unknown")
    yield "unknown"
    till.meets(phone)
    till.shows("earn")
    for key in "50000":
        page.locator(f"[data-money='{key}']").click()
    expect(page.locator("[data-slot=preview] p").first).to_be_visible()
    yield "earn"
    page.locator("form[data-act=earn] button[type=submit], form[data-act=earn] .primary").click()
    till.at("earned")
    yield "earned"
    till.meets(phone)
    yield "member"
    till.shows("redeem")
    yield "redeem"
    page.locator(".tile:not(:disabled)").first.click()
    till.at("sure")
    yield "sure"
    page.evaluate(NOTE)
    till.shows("shift")
    yield "shift, with something that could not be booked"
    till.context.set_offline(True)
    try:
        yield from _without_network(till)
    finally:
        till.context.set_offline(False)
    page.evaluate(KEEPS, ["state", "paired"])
    page.reload()
    till.at("identify")


def _without_network(till: TillPage) -> Iterator[str]:
    till.page.evaluate(KEEPS, ["cashiers", MIA])
    till.page.reload()
    till.at("locked")
    expect(till.page.locator("#offline")).to_be_visible()
    yield "locked, without network"
    till.page.evaluate(KEEPS, ["cashiers", {"items": []}])
    till.page.evaluate(KEEPS, ["state", "suspended"])
    till.page.reload()
    till.at("ended")
    yield "ended"
