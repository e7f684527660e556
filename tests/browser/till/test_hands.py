"""Each flow of the till by keyboard alone, and by touch alone."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, Locator, TimeoutError, expect
from tests.browser.conftest import ASIDE
from tests.browser.house import House
from tests.browser.till.counter import Office, TillPage

pytestmark = pytest.mark.in_turns(2)
"""By day each flow with one of the two hands, tomorrow with the other."""
PIN = "271828"
STORE = "by-hand"


class Hands(ABC):
    """Somebody at the till who has only one way to reach things."""

    def __init__(self, till: TillPage) -> None:
        self.till, self.page = till, till.page

    def press(self, name: str) -> None:
        """A button, by what it says."""
        self.act(self.page.locator("main, header").get_by_role("button", name=name, exact=True))

    @abstractmethod
    def act(self, place: Locator) -> None: ...

    @abstractmethod
    def types(self, field: str, text: str) -> None: ...

    @abstractmethod
    def amount(self, digits: str) -> None: ...

    @abstractmethod
    def number(self, digits: str) -> None:
        """Who it is, and find them."""


class Keyboard(Hands):
    """Tab, arrows, letters, Enter and space; the pointer is never touched."""

    def reach(self, place: Locator) -> None:
        expect(place.first).to_be_visible()
        wanted = place.first.element_handle()
        for _ in range(60):
            if self.page.evaluate("(one) => document.activeElement === one", wanted):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"nobody gets to {place} by keyboard")

    def act(self, place: Locator) -> None:
        self.reach(place)
        box = place.first.get_attribute("type") in ("checkbox", "radio")
        self.page.keyboard.press("Space" if box else "Enter")

    def types(self, field: str, text: str) -> None:
        self.reach(self.page.locator(field))
        self.page.keyboard.type(text, delay=65)  # slower than a scanner

    def amount(self, digits: str) -> None:
        self.page.keyboard.type(digits, delay=65)

    def number(self, digits: str) -> None:
        self.types("#typed", digits)
        self.page.keyboard.press("Enter")


class Touch(Hands):
    """A finger; letters come from the keyboard on the screen once a field is touched."""

    def act(self, place: Locator) -> None:
        place.first.tap()

    def types(self, field: str, text: str) -> None:
        self.page.locator(field).tap()
        assert self.page.evaluate("(one) => document.activeElement.matches(one)", field)
        self.page.keyboard.insert_text(text)

    def amount(self, digits: str) -> None:
        for digit in digits:
            self.page.locator(f"[data-money='{digit}']").tap()

    def number(self, digits: str) -> None:
        for digit in digits:
            self.page.locator(f"[data-key='{digit}']").tap()
        self.press("Find")


@pytest.fixture(scope="module")
def office(house: House) -> Office:
    """The shop, with a store where cashiers have a PIN."""
    one = Office(house)
    one.cashier(STORE, PIN)
    return one


def _made(browser: Browser, house: House, office: Office, kind: type[Hands], **how: bool) -> Hands:
    till = TillPage(browser, house, **how)
    till.page.get_by_label("Code").fill(office.code(STORE))
    till.page.get_by_role("button", name="Pair").click()
    return kind(till)


@pytest.fixture(scope="module", params=["keyboard", "touch"])
def hands(
    request: pytest.FixtureRequest, browser: Browser, house: House, office: Office
) -> Iterator[Hands]:
    """A till that its cashier took over, and may use in one way only."""
    kind = Keyboard if request.param == "keyboard" else Touch
    how = {"has_touch": kind is Touch}
    one = ASIDE.submit(partial(_made, browser, house, office, kind, **how)).result()
    ASIDE.submit(partial(unlocks, one)).result()
    yield one
    ASIDE.submit(one.till.closed).result()
    assert office.wrong() == {}


def unlocks(hands: Hands) -> None:
    hands.till.at("locked")
    if isinstance(hands, Touch):
        for digit in PIN:
            hands.page.locator(f"[data-key='{digit}']").tap()
    else:
        hands.types("#pin", PIN)
    hands.press("Take over")
    hands.till.at("identify")


def meets(hands: Hands, office: Office, name: str = "Ada") -> str:
    """Somebody is looked up."""
    member, phone = office.joined(name)
    hands.number("0" + phone.removeprefix("+49"))
    hands.till.at("member")
    expect(hands.page.get_by_role("heading", name=name)).to_be_visible()
    return member


def sells(hands: Hands, digits: str) -> None:
    hands.press("Give points")
    hands.till.at("earn")
    hands.amount(digits)
    hands.press("Give points")
    hands.till.at("earned")


def home(hands: Hands) -> None:
    hands.press("Next guest")
    hands.till.at("identify")


def test_points_are_given_and_undone(browser: Browser, hands: Hands, office: Office) -> None:
    ada = meets(hands, office)
    sells(hands, "725")
    assert office.sold(ada) == [725]
    hands.press("Undo")
    hands.till.at("identify")
    assert office.has(ada) == 0


def test_a_reward_is_handed_over(browser: Browser, hands: Hands, office: Office) -> None:
    ada = meets(hands, office)
    sells(hands, "50000")
    before = office.has(ada)
    home(hands)
    (phone,) = [one["value"] for one in office.http.get(f"/v1/members/{ada}").json()["identifiers"]
                if one["kind"] == "phone"]  # fmt: skip
    hands.number("0" + phone.removeprefix("+49"))
    hands.till.at("member")
    hands.press("Redeem")
    hands.till.at("redeem")
    hands.act(hands.page.locator(".tile:not(:disabled)"))
    hands.till.at("sure")
    hands.press("Hand it over")
    hands.till.at("earned")
    assert office.has(ada) < before
    home(hands)


def test_a_purchase_comes_back_by_its_receipt(
    browser: Browser, hands: Hands, office: Office
) -> None:
    receipt = f"R-{type(hands).__name__}"
    ada = meets(hands, office)
    hands.press("Give points")
    hands.till.at("earn")
    hands.amount("900")
    hands.act(hands.page.locator("summary"))
    hands.types("#receipt", receipt)
    hands.press("Give points")
    hands.till.at("earned")
    assert office.has(ada) > 0
    home(hands)
    hands.press("Return a purchase")
    hands.till.at("give-back")
    hands.types("#back-receipt", receipt)
    hands.press("Find")
    hands.till.at("back")
    hands.press("Take it back")
    hands.till.at("identify")
    assert office.has(ada) == 0


def test_a_newcomer_joins(browser: Browser, hands: Hands, office: Office) -> None:
    phone = "0305550001" if isinstance(hands, Touch) else "0305550002"
    hands.number(phone)
    hands.till.at("unknown")
    hands.press("Join with it")
    hands.till.at("join")
    hands.types("#join-name", "Dana")
    hands.act(hands.page.get_by_role("checkbox"))
    hands.press("Join")
    hands.till.at("member")
    expect(hands.page.get_by_role("heading", name="Dana")).to_be_visible()
    hands.press("Done")
    hands.till.at("identify")


def test_the_shift_is_looked_at_and_the_till_is_locked(
    browser: Browser, hands: Hands, office: Office
) -> None:
    hands.act(hands.page.locator("#bar [data-go=shift]"))
    hands.till.at("shift")
    hands.press("Hand in now")
    expect(hands.page.locator("main [data-slot=queue]")).to_have_text("0")
    hands.press("Lock the till")
    unlocks(hands)


LOCKS_TWICE = """() => {
  const main = document.getElementById("main"), lock = main.querySelector("[data-lock]");
  window.drawn = 0;
  const pins = (all) => [...all].flatMap((one) => [...one.addedNodes])
    .filter((one) => one.querySelector?.("#pin"));
  new MutationObserver((all) => { window.drawn += pins(all).length; })
    .observe(main, { childList: true });
  lock.click();
  lock.click();
}"""


def test_a_lock_by_two_causes_leaves_alone_whoever_types_their_pin(
    browser: Browser, hands: Hands, office: Office
) -> None:
    hands.act(hands.page.locator("#bar [data-go=shift]"))
    hands.till.at("shift")
    hands.page.evaluate(LOCKS_TWICE)
    unlocks(hands)
    assert hands.page.evaluate("window.drawn") == 1


def test_what_cannot_be_reached_is_noticed(browser: Browser, hands: Hands, office: Office) -> None:
    hidden = "document.querySelector('[data-go=names]').classList.add('unseen')"
    hands.page.evaluate(f"{hidden}; document.querySelector('[data-go=names]').tabIndex = -1")
    hands.page.set_default_timeout(500)
    with pytest.raises((AssertionError, TimeoutError)):
        hands.press("Find by name")
    hands.page.set_default_timeout(8_000)
