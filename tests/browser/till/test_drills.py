"""What only a browser can break: killed, reloaded or cut off in the middle of telling."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from itertools import product
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, Route, expect
from tests.browser.chromium import find_chromium
from tests.browser.house import NIGHTLY, House
from tests.browser.till.counter import STORE, Office, TillPage

KILLS = 12 if NIGHTLY else 2
RECORDS = "**/v1/till/records"
REDEEMS = "**/v1/till/redemptions"
AT = """const place = document.querySelector('script[type=module]').src;
  const at = (name) => import(place.replace('app.js', name));"""
SELLS = f"""async ([id, minors]) => {{ {AT}
  const {{ record }} = await at('device.js');
  for (const minor of minors) {{
    await record('activity', {{kind: 'purchase', member: {{id}}, channel: 'till',
      amount: {{minor, currency: 'EUR'}}}});
    window.kept = (window.kept ?? 0) + 1;
  }}
}}"""
SYNC = f"""async () => {{ {AT}
  const {{ handIn, refresh }} = await at('sync.js');
  try {{ await handIn(); await refresh(); }} catch (no) {{ return no.constructor.name; }}
  return 'told';
}}"""
MADE = f"""async () => {{ {AT}
  const {{ read, all }} = await at('keep.js');
  return [(await read('device', 'chain')).sequence, (await all('notes')).length];
}}"""
SPENT = f"""async () => {{ {AT}
  const {{ read }} = await at('keep.js');
  return read('device', 'spent');
}}"""
RESERVES = f"""async (id) => {{ {AT}
  const {{ refresh, reserved }} = await at('sync.js');
  await refresh();
  return (await reserved(id)).length;
}}"""
HANDS_OVER = f"""async (id) => {{ {AT}
  const {{ handOver, onlyReserved }} = await at('serve.js');
  const [offer] = await onlyReserved(id);
  return offer ? (await handOver({{ id }}, offer)) ?? 'handed over' : 'nothing';
}}"""


class Lasting(TillPage):
    """A till in a browser of its own, whose profile outlives it."""

    def __init__(self, browser: Browser, house: House, profile: Path, holds: bool = False) -> None:
        self.address, self.slips, self.profile = house.address, [], profile
        self.heard: list[int] = []
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        self.context = browser.browser_type.launch_persistent_context(
            profile, executable_path=find_chromium(), args=flags
        )
        if holds:
            self.context.route(RECORDS, self._holds)
        self.page = self.opened()

    def _holds(self, route: Route) -> None:
        """The server acts, and its answer never comes."""
        self.heard.append(route.fetch().status)

    def kept(self) -> int:
        """How many it said are kept."""
        return int(self.page.evaluate("window.kept ?? 0"))

    def has_told(self) -> bool:
        return self.waits() == 0

    def killed(self) -> None:
        """SIGKILL for the browser, and everything it keeps in memory."""
        for one in psutil.Process().children(recursive=True):
            with suppress(psutil.NoSuchProcess):  # one of them ended meanwhile, or is a zombie
                line = " ".join(one.cmdline())
                if f"--user-data-dir={self.profile}" in line and "--type=" not in line:
                    one.kill()
        (self.profile / "SingletonLock").unlink(missing_ok=True)
        assert not self.slips, self.slips


class CutLine:
    """Cuts one request: before it is heard, after the server acted, or amid its answer."""

    def __init__(self) -> None:
        self.expects(0, "")  # a page may ask for something by itself before anything is expected

    def expects(self, wanted: int, how: str) -> None:
        self.wanted, self.how, self.met, self.cut = wanted, how, 0, 0

    def __call__(self, route: Route) -> None:
        self.met += 1
        if self.met != self.wanted:
            route.continue_()
            return
        self.cut += 1
        answer = None if self.how == "before" else route.fetch()
        if answer is not None and self.how == "half":
            route.fulfill(response=answer, body=answer.text()[:40])
        else:
            route.abort()


def until(page: Page, seen: Callable[[], int], least: int = 1) -> int:
    """Wait for so many, and let the browser go on meanwhile."""
    for _ in range(400):
        if (found := seen()) >= least:
            return found
        page.wait_for_timeout(25)
    raise AssertionError("it never came")


@pytest.mark.in_turns(2)
def test_killed_while_it_records_and_while_it_tells_nothing_is_lost(
    browser: Browser, house: House, office: Office, tmp_path: Path
) -> None:
    ada, _ = office.joined("Ada")
    till = Lasting(browser, house, tmp_path).paired(office.code())
    till.page.wait_for_function("navigator.serviceWorker.controller !== null")
    kept = 0
    for number in range(KILLS):
        till.context.set_offline(True)
        # Not waited for: the blow falls while it is writing.
        minors = [1000 * number + n for n in range(1, 60)]
        till.page.evaluate(f"([id, m]) => void ({SELLS})([id, m])", [ada, minors])
        kept += until(till.page, till.kept, 3 + number)
        till.killed()
        till = Lasting(browser, house, tmp_path, holds=True)  # it starts to tell by itself
        until(till.page, till.heard.__len__)
        assert till.waits() > 0
        till.killed()
        till = Lasting(browser, house, tmp_path)
        until(till.page, till.has_told)
    made, notes = till.page.evaluate(MADE)
    sold = office.sold(ada)
    assert (len(sold), len(set(sold)), notes) == (made, made, 0)
    assert made >= kept
    till.closed()


def test_a_sync_that_is_cut_at_any_request_goes_on_where_it_was(
    browser: Browser, till: TillPage, office: Office
) -> None:
    ada, _ = office.joined("Ada")
    line, page = CutLine(), till.page
    page.route("**/v1/till/*", line)
    for _ in range(3):  # whatever the page began by itself is over
        page.evaluate(SELLS, [ada, [1]])
        line.expects(0, "")
        assert page.evaluate(SYNC) == "told"
    sold = [1, 1, 1]
    assert line.met == 3, "records, what to be cut off with, who may stand here"
    for wanted, how in product((1, 2, 3), ("before", "after", "half")):
        sold += (minors := [10 * len(sold), 10 * len(sold) + 1])
        page.evaluate(SELLS, [ada, minors])
        line.expects(wanted, how)
        assert page.evaluate(SYNC) == "Away", (wanted, how)
        assert (till.waits() > 0) == (wanted == 1), (wanted, how)
        assert line.cut == 1
    line.expects(0, "")
    assert page.evaluate(SYNC) == "told"
    page.unroute("**/v1/till/*")
    assert sorted(office.sold(ada)) == sorted(sold)


TELLS = 'const said = await ask("POST"'
FORGETS = "await within(['records'], 'readwrite', (one) => answered(one.clear()));"


def test_a_till_that_forgets_before_it_is_answered_is_caught(
    browser: Browser, house: House, office: Office
) -> None:
    ada, _ = office.joined("Ada")
    till = TillPage(browser, house, service_workers="block").paired(office.code())

    def plant(route: Route) -> None:
        healthy = route.fetch().text()
        assert healthy.count(TELLS) == 1
        route.fulfill(body=healthy.replace(TELLS, FORGETS + TELLS), content_type="text/javascript")

    till.page.route("**/till/sync.js", plant)
    till.page.reload()
    till.at("identify")
    till.page.route(RECORDS, lambda route: route.abort(), times=1)
    till.page.evaluate(SELLS, [ada, [100]])
    assert till.page.evaluate(SYNC) == "Away"
    assert till.page.evaluate(SYNC) == "told"
    assert (till.waits(), office.sold(ada)) == (0, [])
    till.closed()


def test_reloaded_in_mid_sync_beside_another_page_of_the_same_till(
    browser: Browser, till: TillPage, office: Office
) -> None:
    ada, _ = office.joined("Ada")
    page, heard = till.page, []
    page.route(RECORDS, lambda route: heard.append(route.fetch()), times=1)
    page.evaluate(SELLS, [ada, [100, 200]])
    page.evaluate(f"void ({SYNC})()")
    until(page, heard.__len__)
    other = till.opened()
    other.evaluate(SELLS, [ada, [300]])
    assert till.waits() == 3
    other.evaluate(f"void (window.told = ({SYNC})())")
    page.reload()
    till.at("identify")
    assert other.evaluate("window.told") == "told"
    other.close()
    until(page, lambda: till.waits() == 0)
    assert office.sold(ada) == [100, 200, 300]


def test_a_reward_whose_answer_was_lost_is_handed_over_once_after_a_reload(
    browser: Browser, till: TillPage, office: Office
) -> None:
    ada, phone = office.joined("Ada")
    till.sells(phone, "50000")
    before = office.has(ada)

    def tries() -> None:
        till.meets(phone)
        page.get_by_role("button", name="Redeem").click()
        page.locator(".tile:not(:disabled)").first.click()
        till.at("sure")
        page.get_by_role("button", name="Hand it over").click()

    page = till.page
    page.route(REDEEMS, lambda route: (route.fetch(), route.abort()), times=1)
    tries()
    expect(page.get_by_role("alert").filter(has_text="Without network")).to_be_visible()
    taken = before - office.has(ada)
    assert taken > 0
    page.reload()
    till.at("identify")
    tries()
    till.at("earned")
    assert before - office.has(ada) == taken


def test_what_was_reserved_is_handed_over_once_whatever_the_server_still_lists(
    browser: Browser, till: TillPage, office: Office
) -> None:
    ada, phone = office.joined("Ada")
    till.sells(phone, "50000")
    page, before = till.page, office.has(ada)
    rewards = [one["id"] for one in office.http.get("/v1/rewards").json()["items"]]
    store = {"offline_rewards": rewards, "offline_most": 5}
    office.http.put(f"/v1/stores/{STORE}", json=store).raise_for_status()
    assert page.evaluate(RESERVES, ada) == 1, "who was greeted here, and nobody asked for it"
    till.meets(phone)
    page.get_by_role("button", name="Redeem").click()
    expect(page.locator(".tile").first).to_contain_text("Reserved for them")
    page.route(RECORDS, lambda route: route.abort())
    assert page.evaluate(HANDS_OVER, ada) == "handed over"
    assert page.evaluate(RESERVES, ada) == 0, "the server has not heard, and lists it"
    page.reload()
    till.at("identify")
    assert page.evaluate(HANDS_OVER, ada) == "nothing"
    page.unroute(RECORDS)
    till.handed_in()
    assert office.has(ada) < before
    assert page.evaluate(MADE)[1] == 0
    office.http.put(f"/v1/stores/{STORE}", json={"offline_most": 0}).raise_for_status()


def test_what_was_won_stands_first_and_is_handed_over_once(
    browser: Browser, till: TillPage, office: Office
) -> None:
    ada, phone = office.joined("Ada")
    till.sells(phone, "50000")
    page = till.page
    (reward, *_) = [one["id"] for one in office.http.get("/v1/rewards").json()["items"]]
    wish = {"member": {"id": ada}, "reward": reward, "store": STORE}
    kept = office.http.post("/v1/redemptions", json=wish).json()["id"]
    won = {"redemption_id": kept, "reward": reward, "name": "A cake"}

    def stands(route: Route) -> None:
        told = route.fetch().json()
        route.fulfill(json=told | {"won": [won | {"lapses_at": "2099-01-01T00:00:00Z"}]})

    page.route("**/standing", stands)
    till.meets(phone)
    page.get_by_role("button", name="A cake").click()
    till.at("sure")
    expect(page.get_by_text("They won it: it costs nothing.")).to_be_visible()
    expect(page.locator("[data-slot=sums]")).to_be_hidden()
    page.route(RECORDS, lambda route: route.abort())
    page.get_by_role("button", name="Hand it over").click()
    till.at("earned")
    till.meets(phone)
    expect(page.locator("[data-slot=now] li").first).to_be_visible()
    expect(page.locator("[data-slot=won-part]")).to_be_hidden()
    # However long it is cut off, this till knows it was fetched.
    assert page.evaluate(SPENT)[kept] == 4_070_908_800_000
    page.unroute(RECORDS)
    till.handed_in()
