"""Wallet buttons and appointments of the card, in a real browser, in both themes and every
language: nothing keeps anybody out, and a hand gets where it wants to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.card.test_card import Held, come_in
from tests.browser.house import THEMES, barriers, looking, opened, overflows
from tests.browser.till.test_day_at_the_till import SALON, ZONE
from tests.surfaces.card.signers import certified
from tests.surfaces.counter import Counter

from regulars.surfaces.ui.words import LANGUAGES

pytestmark = pytest.mark.in_turns(2, 0)
# A benefit that waits for a birthday, which is forty days away.
SALON_WAITS = SALON.replace(
    "benefits:\n",
    "benefits:\n  - {id: candles, name: A cake with candles, birthday: {days_before: 3, "
    "days_after: 3}, allowance: {times: 1, per: year}}\n",
)
PAGES = ("/card", "/card/wallet", "/card/me/benefits", "{appointment}")


@pytest.fixture(scope="module")
def held(database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    """A salon with both wallets set up, served; the pages are asked for by a member with a time."""
    home: Path = tmp_path_factory.mktemp("salon")
    own, google = certified("Pass of the salon"), certified("Google's account")
    (home / "certificates.pem").write_bytes(own.pem)
    (home / "secrets").mkdir(mode=0o700)
    for name, one in (("apple_pass_key", own), ("google_wallet_key", google)):
        (home / "secrets" / name).write_bytes(one.key_pem)
        (home / "secrets" / name).chmod(0o600)
    with pytest.MonkeyPatch.context() as patched:
        for name, said in (
            ("REGULARS_APPLE_PASS_TYPE", "pass.org.example.salon"),
            ("REGULARS_APPLE_TEAM", "TEAM123456"),
            ("REGULARS_APPLE_CERTIFICATES", str(home / "certificates.pem")),
            ("REGULARS_GOOGLE_ISSUER", "3388000000012345"),
            ("REGULARS_GOOGLE_ACCOUNT", "salon@example.org"),
        ):
            patched.setenv(name, said)
        with opened(database, home, source=SALON_WAITS) as house:
            ada = UUID(house.do(booked)[4:])
            (kept,) = home.rglob("signing_key")
            yield Held(house, ada, kept.read_text("utf-8").strip().encode())


def booked(counter: Counter) -> str:
    """Somebody with a cut today and one later, and a birthday to wait for."""
    counter.shop.now = datetime.now(UTC)
    counter.ask("PUT", "/v1/stores/main-street", {"name": "Main Street"})
    who = counter.joined("A-1")
    born = (counter.shop.now + timedelta(days=40)).date().replace(year=1992).isoformat()
    said = counter.ask("PATCH", f"/v1/members/{who}", {"attributes": {"birthday": born}})
    assert said.status_code == 200, said.text
    today = counter.shop.now.astimezone(ZoneInfo(ZONE)).date().isoformat()
    slots = counter.get(f"/v1/benefits/cut/slots?store=main-street&on={today}").json()["items"]
    for place, guests in ((1, [{"name": "Nil"}]), (3, [])):
        done = counter.post("/v1/benefit-uses", {
            "member": {"id": who}, "benefit": "cut", "store": "main-street",
            "from_at": slots[place]["from_at"], "guests": guests,
        })  # fmt: skip
        assert done.status_code == 201, done.text
    return who


def pages(page: Page, held: Held) -> Iterator[str]:
    """Each page, and which it is."""
    page.goto(f"{held.house.address}/card")
    own = page.get_by_role("link", name="Move or cancel").get_attribute("href")
    for path in PAGES:
        yield path.replace("{appointment}", own or "/nothing")


@pytest.mark.parametrize("theme", THEMES)
def test_nothing_keeps_anybody_out_whatever_they_read(
    browser: Browser, held: Held, theme: str
) -> None:
    found: dict[tuple[str, str], list[object]] = {}
    with looking(browser, color_scheme=theme, service_workers="block") as page:
        come_in(page, held)
        all_pages = list(pages(page, held))
        for language in LANGUAGES:
            for path in all_pages:
                page.goto(f"{held.house.address}{path}?lang={language}")
                page.set_viewport_size({"width": 320, "height": 800})
                wide: list[object] = [over] if (over := overflows(page)) else []
                found[language, path] = wide + barriers(page)
    assert {place: seen for place, seen in found.items() if seen} == {}


@pytest.mark.parametrize(
    ("language", "says"), [("de", "um deinen Geburtstag"), ("ar", "حول يوم ميلادك")]
)
def test_what_waits_for_a_birthday_says_its_days_on_a_phone(
    browser: Browser, held: Held, language: str, says: str
) -> None:
    """So that the pages above are looked at with it, and not without."""
    with looking(browser, service_workers="block") as page:
        come_in(page, held)
        page.goto(f"{held.house.address}/card/me/benefits?lang={language}")
        waits = page.locator("li.ends", has_text="A cake with candles").locator(".soft.small")
        expect(waits).to_contain_text(says)
        # A sentence of the page goes the way of the page, however the benefit is called.
        sentence = page.locator("li.ends", has_text="A cake with candles").locator(".grow > span")
        way = sentence.first.evaluate("(one) => getComputedStyle(one).direction")
        assert way == ("rtl" if language == "ar" else "ltr")


def test_both_wallets_have_a_button_with_a_name(browser: Browser, held: Held) -> None:
    with looking(browser, service_workers="block") as page:
        come_in(page, held)
        page.goto(f"{held.house.address}/card/wallet")
        for name, begins in (("Apple Wallet", "/card/wallet/"), ("Google Wallet", "/card/wallet/")):
            button = page.get_by_role("link", name=f"Add to {name}")
            expect(button).to_be_visible()
            assert (button.get_attribute("href") or "").startswith(begins)
            box = button.bounding_box()
            assert box is not None
            assert box["height"] >= 48


def test_a_time_is_moved_and_then_cancelled_by_thumb(browser: Browser, held: Held) -> None:
    how = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
    with looking(browser, service_workers="block", **how) as page:
        come_in(page, held)
        expect(page.get_by_role("heading", name="Your next appointment")).to_be_visible()
        with page.expect_download() as loading:
            page.get_by_role("link", name="Add to the calendar").tap()
        assert loading.value.suggested_filename == "appointment.ics"
        page.get_by_role("link", name="Move or cancel").tap()
        before = page.locator(".booked time").inner_text()
        page.locator("input[name=time]").nth(2).check()
        page.get_by_role("button", name="Move it").tap()
        expect(page.locator(".booked time")).not_to_have_text(before)
        expect(page.locator(".notice")).to_contain_text("Moved")
        page.get_by_role("button", name="Cancel appointment").tap()
        expect(page.get_by_text("Cancelled.")).to_be_visible()
        page.goto(f"{held.house.address}/card")
        expect(page.locator(".booked")).to_have_count(1)
