"""A device of the edition before: what it recorded is handed in, and its own page goes on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.house import House
from tests.browser.till.counter import Office, TillPage
from tests.browser.till.test_drills import AT, SELLS

pytestmark = pytest.mark.in_turns(2, 1)
# As the edition before made it, by hand: what this device has is put into such a database.
MAKES = """async (version) => {
  const answered = (asked) => new Promise((good, no) => {
    asked.onsuccess = () => good(asked.result);
    asked.onerror = () => no(asked.error);
  });
  const names = ['device', 'records', 'members', 'sales', 'notes'];
  const had = await answered(indexedDB.open('regulars-till'));
  const kept = {};
  for (const name of names) {
    const store = had.transaction([name]).objectStore(name);
    kept[name] = await Promise.all([answered(store.getAllKeys()), answered(store.getAll())]);
  }
  had.close();
  await answered(indexedDB.deleteDatabase('regulars-till'));
  const asked = indexedDB.open('regulars-till', version);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore('device');
    asked.result.createObjectStore('records', { keyPath: 'sequence' });
    asked.result.createObjectStore('members');
    asked.result.createObjectStore('sales', { keyPath: 'key' });
    asked.result.createObjectStore('notes', { keyPath: 'id' });
  };
  const made = await answered(asked);
  const tx = made.transaction(names, 'readwrite');
  for (const name of names) {
    const store = tx.objectStore(name);
    const [keys, values] = kept[name];
    for (const [at, one] of values.entries()) {
      if (store.keyPath) store.put(one);
      else store.put(one, keys[at]);
    }
  }
  const note = { id: 'rec_old', kind: 'join', says: 'no', at: 1, content: { phone: '030777' } };
  tx.objectStore('notes').put(note);
  await new Promise((good) => { tx.oncomplete = good; });
  made.close();
}"""
# As the page of the edition before begins: it asks for its own number, and knows no other.
BEFORE = """async () => {
  const asked = indexedDB.open('regulars-till', 1);
  return new Promise((told) => {
    asked.onsuccess = () => {
      const count = asked.result.transaction(['records']).objectStore('records').count();
      count.onsuccess = () => { asked.result.close(); told(count.result); };
    };
    asked.onerror = () => told(asked.error.name);
  });
}"""
NOTES = f"async () => {{ {AT} return JSON.stringify(await (await at('keep.js')).all('notes')); }}"


def waiting(browser: Browser, house: House, office: Office, version: int) -> tuple[TillPage, str]:
    """A till cut off with a sale that nobody heard of, its database of this version."""
    ada, phone = office.joined("Ada")
    till = TillPage(browser, house).paired(office.code())
    till.meets(phone)
    till.context.route("**/v1/till/**", lambda route: route.abort())
    till.page.evaluate(SELLS, [ada, [500]])
    # Of the same origin, and nothing of the till is open in it.
    till.page.goto(f"{house.address}/healthz")
    till.page.evaluate(MAKES, version)
    return till, ada


def test_a_queue_of_the_edition_before_is_handed_in_and_its_page_is_not_locked_out(
    browser: Browser, house: House, office: Office
) -> None:
    till, ada = waiting(browser, house, office, 1)
    page = till.page
    page.goto(f"{house.address}/till/")
    till.at("identify")
    assert till.waits() == 1
    # Whom its notes are about is gone, network or no network.
    page.wait_for_function(f"async () => !(await ({NOTES})()).includes('030777')")
    kept: Any = json.loads(page.evaluate(NOTES))
    assert [one["id"] for one in kept] == ["rec_old"]
    # The former page, kept beside this one, opens it and finds the sale.
    assert page.evaluate(BEFORE) == 1
    till.context.unroute("**/v1/till/**")
    till.handed_in()
    assert office.sold(ada) == [500]
    assert page.evaluate(BEFORE) == 0
    till.closed()


def test_a_database_of_a_later_edition_is_taken_as_it_stands(
    browser: Browser, house: House, office: Office
) -> None:
    till, ada = waiting(browser, house, office, 7)
    till.page.goto(f"{house.address}/till/")
    till.at("identify")
    expect(till.page.locator("#bar")).to_be_visible()
    till.context.unroute("**/v1/till/**")
    till.handed_in()
    assert office.sold(ada) == [500]
    till.closed()
