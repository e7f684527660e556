"""The member's card in a real browser: nothing keeps anybody out, and the keyboard is enough."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page
from tests.browser.house import THEMES, WIDTHS, House, barriers, looking, opened, overflows
from tests.surfaces.counter import Counter, coffee

from regulars.base.keyed import key_from
from regulars.records.members.types import MemberRef
from regulars.runtime.working.senders import USE
from regulars.surfaces.signing_in import COOKIE_PLAIN, SigningIn

INSIDE = ("", "/code", "/kept", "/rewards", "/earn", "/history", "/wallet", "/me", "/me/profile",
          "/me/messages", "/me/offers", "/me/causes", "/me/data", "/me/delete")  # fmt: skip
OUTSIDE = ("/join", "/card/sign-in", "/card/in?link=x", "/card/confirm?link=x", "/card/gone")
PAGES = (*(f"/card{one}" for one in INSIDE), *OUTSIDE)


class Held(NamedTuple):
    """A shop that is served, and a way for Ada to come in."""

    house: House
    ada: UUID
    key: bytes

    def link(self) -> str:
        """A sign-in link, as staff show one."""
        keyed = key_from(self.key, USE)

        def hand(counter: Counter) -> str:
            counter.shop.now = datetime.now(UTC)
            door = SigningIn(replace(counter.given, keyed=keyed))
            asked = door.hand_link(counter.shop.program_id, MemberRef(id=self.ada))
            return str(counter.shop.run(asked).link)  # type: ignore[union-attr]

        return f"{self.house.address}/card/in?link={self.house.do(hand)}"


@pytest.fixture(scope="module")
def held(database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    home: Path = tmp_path_factory.mktemp("home")
    with opened(database, home) as house:
        ada = UUID(house.do(bought)[4:])
        (kept,) = home.rglob("signing_key")
        yield Held(house, ada, kept.read_text("utf-8").strip().encode())


def bought(counter: Counter) -> str:
    counter.shop.now = datetime.now(UTC) - timedelta(days=3)
    who = counter.joined("A-1")
    for cups in (4, 4):
        counter.post("/v1/activities", coffee("A-1", cups, minor=1500, store="main"))
    gives = {"give": "bonus", "wallet": "points", "points": 50}
    says = {"en": "50 points more with your next coffee", "de": "50 Punkte mehr"}
    for code, wakes in (("by-itself", False), ("once-activated", True)):
        kept = {"name": "More", "gives": gives, "says": says, "days": 14, "activating": wakes}
        assert counter.ask("PUT", f"/v1/offers/{code}", kept).is_success
        assert counter.post(f"/v1/offers/{code}/open", {"version": 1}).is_success
        assert counter.post(f"/v1/offers/{code}/members", {"member": {"card": "A-1"}}).is_success
    return who


def come_in(page: Page, held: Held) -> None:
    page.goto(held.link())
    page.get_by_role("button").click()
    page.wait_for_url("**/card")


def looked_at(page: Page, theme: str, width: int) -> list[object]:
    """What is wrong: a phone in the light and a desk in the dark, by night everything from both."""
    page.set_viewport_size({"width": width, "height": 900})
    wide: list[object] = [over] if (over := overflows(page)) else []
    by_day = (theme, width) in (("light", 320), ("dark", 1280))
    return wide + barriers(page) if by_day else wide


@pytest.mark.in_turns(2)
def test_nothing_keeps_anybody_out_of_the_card(browser: Browser, held: Held) -> None:
    found: dict[tuple[str, str, int], list[object]] = {}
    for theme in THEMES:
        with looking(browser, color_scheme=theme, service_workers="block") as page:
            come_in(page, held)
            for path in PAGES:
                page.goto(held.house.address + path)
                for width in WIDTHS:
                    found[theme, path, width] = looked_at(page, theme, width)
    assert {place: seen for place, seen in found.items() if seen} == {}


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("language", ["de", "ar", "en-XA"])
def test_the_card_has_room_for_every_language(browser: Browser, held: Held, language: str) -> None:
    with looking(browser, service_workers="block") as page:
        come_in(page, held)
        page.set_viewport_size({"width": 320, "height": 700})
        found = {}
        for path in PAGES:
            page.goto(f"{held.house.address}{path}{'&' if '?' in path else '?'}lang={language}")
            found[path] = overflows(page)
        assert {path: over for path, over in found.items() if over} == {}
        page.goto(f"{held.house.address}/card?lang={language}")
        assert barriers(page) == []


def test_one_signs_in_looks_why_and_signs_out_by_keyboard_alone(
    browser: Browser, held: Held
) -> None:
    with looking(browser, service_workers="block") as page:
        page.goto(held.link())
        to(page, "Open my card")
        page.keyboard.press("Enter")
        page.wait_for_url("**/card")
        to(page, "History")
        page.keyboard.press("Enter")
        page.wait_for_url("**/history")
        to(page, "Why")
        page.keyboard.press("Enter")
        page.get_by_text("1 point for each 1.00 you spend").first.wait_for()
        page.goto(f"{held.house.address}/card/me")
        to(page, "Sign out")
        page.keyboard.press("Enter")
        page.wait_for_url("**/sign-in")
        page.goto(f"{held.house.address}/card")
        assert page.url.endswith("/card/sign-in")


def test_the_square_is_renewed_and_the_number_stays_without_network(
    browser: Browser, held: Held
) -> None:
    with looking(browser) as page:
        come_in(page, held)
        number = re.sub(r"\D", "", page.locator(".face .foot p .number").inner_text())
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        kept = "caches.open('card-1').then((one) => one.match('/card/kept')).then(Boolean)"
        page.wait_for_function(kept)
        page.context.set_offline(True)
        page.goto(f"{held.house.address}/card/code")
        assert re.sub(r"\D", "", page.locator(".counter .number").inner_text()) == number
        assert page.locator(".qr svg").is_visible()
        page.context.set_offline(False)
        page.goto(f"{held.house.address}/card/code")
        before = page.locator("#square").inner_html()
        assert "data-again" in before
        assert COOKIE_PLAIN in {one["name"] for one in page.context.cookies()}


def to(page: Page, name: str, most: int = 40) -> None:
    """Go on with the tab key until what has the focus is called like this."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText").strip() == name:
            return
    raise AssertionError(f"{name} is not reached by {most} tabs")
