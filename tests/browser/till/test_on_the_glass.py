"""A finger on the guest's glass, a tab that is doubled, and a device that is given back."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import ASIDE
from tests.browser.house import House
from tests.browser.till.counter import STORE, Office, TillPage
from tests.browser.till.test_drills import RESERVES
from tests.browser.till.test_till_purchases import second, shows

pytestmark = pytest.mark.in_turns(2, 1)


@pytest.fixture(scope="module")
def till(browser: Browser, house: House, office: Office) -> Iterator[TillPage]:
    """One device with a screen to touch, paired by a code."""
    code = office.code()
    made = ASIDE.submit(lambda: TillPage(browser, house, has_touch=True).paired(code)).result()
    yield made
    ASIDE.submit(made.closed).result()
    assert office.wrong() == {}


def doubled(till: TillPage) -> Page:
    """The tab of the till once more, with all it keeps for itself."""
    with till.context.expect_page() as opened:
        till.page.evaluate("window.open(location.href)")
    page = opened.value
    page.on("pageerror", lambda error: till.slips.append(str(error)))
    till.at("identify", page)
    return page


SAYS = """(text) => {
  const box = document.createElement("div");
  Object.assign(box, { className: "toast", textContent: text });
  document.getElementById("toasts").replaceChildren(box);
}"""


def _edges(page: Page, what: str) -> tuple[float, float]:
    """Where the last of these begins and ends, from the top of the window down."""
    box = page.locator(what).last.bounding_box()
    assert box is not None, what
    return box["y"], box["y"] + box["height"]


@pytest.mark.parametrize("language", ["de", "ar"])
def test_on_a_phone_what_it_brings_is_above_the_button_and_nothing_said_covers_it(
    browser: Browser, till: TillPage, office: Office, language: str
) -> None:
    """First of this file: at its end the device is given back."""
    _, phone = office.joined("Pia")
    page, size = till.page, till.page.viewport_size
    till.speaks(language)
    button = "main [data-act=earn] .primary"
    placed = {}
    for width in (360, 1024):
        page.set_viewport_size({"width": width, "height": 740})
        till.meets(phone)
        page.click("main [data-go=earn]")
        till.at("earn")
        page.evaluate(SAYS, "A sentence as long as those that are said at a counter. " * 2)
        for key in "780":
            page.click(f"[data-money='{key}']")
        # The sign stands at its number, also where the name is read from right to left. Before all
        # of the amount is there, it says what that brings.
        brings = "\u2068\u2066+7\u2069 نقاط\u2069" if language == "ar" else "+7 Punkte"
        expect(page.locator("main [data-slot=preview] .sum").first).to_contain_text(brings)
        page.locator(button).scroll_into_view_if_needed()
        placed[width] = [_edges(page, one) for one in ("[data-slot=preview]", button, ".toast")]
    shown, gives, said = placed[360]
    assert shown[1] <= gives[0], "what it brings ends where the button begins"
    assert 0 <= gives[0] < gives[1] <= 740, "and a thumb reaches it"
    assert said[1] <= gives[0], "what is said stands above both"
    # The control: on a tablet there is room beside, and what is said stands below.
    shown, gives, said = placed[1024]
    assert shown[0] < gives[0]
    assert shown[1] > said[0] or said[0] > 600
    page.set_viewport_size(size or {"width": 1024, "height": 768})
    till.speaks("en")


def test_a_finger_on_the_glass_is_heard_by_the_page_it_belongs_to(
    browser: Browser, till: TillPage, office: Office
) -> None:
    ada, phone = office.joined("Ada")
    till.sells(phone, "50000")
    guest = second(till)
    other = doubled(till)
    name = till.page.evaluate("sessionStorage.getItem('guest')")
    other.wait_for_function("(had) => sessionStorage.getItem('guest') !== had", arg=name)
    guest.get_by_role("button", name="Type my number").tap()
    shows(guest, "pad")
    for digit in f"0{phone.removeprefix('+49')}":
        guest.locator(f"[data-key='{digit}']").tap()
    guest.get_by_role("button", name="That is me").tap()
    till.at("member")
    shows(guest, "card")
    till.at("identify", other)  # the tab that was doubled hears nothing of it
    guest.locator(".tile").first.tap()
    till.at("sure")
    before = office.has(ada)
    till.page.get_by_role("button", name="Hand it over").tap()
    till.at("earned")
    assert office.has(ada) < before
    other.close()
    guest.close()


def test_times_are_the_stores_wherever_a_device_thinks_it_is(
    browser: Browser, house: House, office: Office
) -> None:
    far = TillPage(browser, house, timezone_id="Pacific/Auckland").paired(office.code())
    _, phone = office.joined("Ada")
    far.sells(phone, "500")
    far.handed_in()
    far.meets(phone)
    far.shows("sales")
    said = far.page.locator(".bought .soft").first
    said.wait_for()
    now = datetime.now(ZoneInfo("Europe/Berlin"))
    clocks = [f"{now - timedelta(minutes=ago):%-I:%M}" for ago in range(3)]
    text = said.inner_text()
    assert any(f" {clock}" in text for clock in clocks), (text, clocks)
    # No receipt was typed, so none is shown: what the device made up is nobody's to read.
    assert re.search("[0-9a-f]{8}-", text) is None, text
    far.closed()


def test_a_page_of_trouble_is_worth_less_than_the_till(
    browser: Browser, till: TillPage, office: Office
) -> None:
    page = till.page
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.goto(f"{till.address}/till/no-such-page")
    till.at("identify")
    page.goto(f"{till.address}/till/")
    till.at("identify")


def test_a_device_that_is_given_back_keeps_nobody_and_reserves_nothing(
    browser: Browser, till: TillPage, office: Office
) -> None:
    ada, phone = office.joined("Ada")
    till.sells(phone, "50000")
    page, before = till.page, office.has(ada)
    rewards = [one["id"] for one in office.http.get("/v1/rewards").json()["items"]]
    store = {"offline_rewards": rewards, "offline_most": 5}
    office.http.put(f"/v1/stores/{STORE}", json=store).raise_for_status()
    assert page.evaluate(RESERVES, ada) == 1
    assert office.has(ada) < before
    till.shows("shift")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Unpair this device").tap()
    till.at("pair")
    assert office.has(ada) == before, "what was reserved is theirs again"
    assert page.evaluate(
        "async () => { const place = document.querySelector('script[type=module]').src"
        ".replace('app.js', 'keep.js'); const { all, read } = await import(place);"
        " return [(await all('members')).length, await read('device', 'identity') ?? null]; }"
    ) == [0, None]
