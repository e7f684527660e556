"""A web shop of another origin, with the strictest policy a page can have, and one line of ours."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.house import House, barriers, looking, opened, overflows
from tests.makers import Made
from tests.surfaces.counter import Counter
from tests.surfaces.shop.page import shop_key

from regulars.base.keyed import key_from
from regulars.flows.terms.publish_program import publish_program
from regulars.records.access.members.spelling import code_of
from regulars.records.program.templates import load_template
from regulars.runtime.working.senders import USE

pytestmark = pytest.mark.in_turns(2, 0)
PHONE = "+49301234777"
BENEFITS = """
benefits:
  - {id: member-prices, name: Member prices, channels: [web]}
"""
PAGE = """<!doctype html><html lang="{lang}"{dir}><head><meta charset="utf-8"><title>Shop</title>
<meta name="color-scheme" content="light dark"><meta name="viewport" content="width=device-width">
<script src="{house}/shop/regulars.js" data-key="{key}" defer></script></head><body><main>
<h1>A shop</h1><p id="price" data-regulars-price="8.00" data-regulars-benefit="member-prices"
 data-regulars-sku="beans">€9.50</p><p id="earn" data-regulars-earn="9.50"></p>
<p id="early" data-regulars-may="member-prices" hidden>First in line</p>
<p id="guest" data-regulars-unless="member-prices">Sign in first</p>
<label>Code <input id="code" data-regulars-code></label></main></body></html>"""


class Street(NamedTuple):
    """A shop on another origin than the house it belongs to."""

    house: House
    key: str
    origin: str
    secret: bytes

    def digits(self) -> str:
        """The code that was sent last."""

        def last(counter: Counter) -> UUID:
            ((found,),) = counter.shop.rows(
                "select code_id from sign_in_code where program_id = $1 and member_id is not null"
                " order by recorded_at desc limit 1"
            )
            return UUID(str(found))

        return code_of(key_from(self.secret, USE), self.house.do(last))


def page_of(house: str, keys: dict[str, str]) -> type[BaseHTTPRequestHandler]:
    """Serves the page of the shop; nothing is allowed there but what the script needs."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            lang, _, key = self.path.lstrip("/").partition("-")
            if lang not in ("en", "de", "ar"):
                self.send_response(204)
                self.end_headers()
                return
            direction = ' dir="rtl"' if lang == "ar" else ""
            body = PAGE.format(lang=lang, dir=direction, house=house, key=keys[key or "here"])
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            policy = f"default-src 'none'; script-src {house}; connect-src {house}; base-uri 'none'"
            self.send_header("content-security-policy", policy)
            self.send_header("cross-origin-opener-policy", "same-origin")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            pass

    return Pages


@pytest.fixture(scope="module")
def street(database: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    home: Path = tmp_path_factory.mktemp("home")
    keys: dict[str, str] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REGULARS_SMS_DRIVER", "http")
        patch.setenv("REGULARS_SMS_URL", "http://127.0.0.1:9/")
        patch.setenv("REGULARS_SMS_FROM", "Corner")
        (home / "secrets").mkdir(mode=0o700)
        (home / "secrets" / "sms_token").write_text("token")
        with opened(database, home) as house:
            web = ThreadingHTTPServer(("127.0.0.1", 0), page_of(house.address, keys))
            threading.Thread(target=web.serve_forever, daemon=True).start()
            origin = f"http://127.0.0.1:{web.server_port}"
            keys["here"] = house.do(lambda counter: set_up(counter, origin))
            keys["away"] = house.do(lambda counter: shop_key(counter, "https://other.example"))
            (kept,) = home.rglob("signing_key")
            yield Street(house, keys["here"], origin, kept.read_text().strip().encode())
            web.shutdown()
            web.server_close()


def set_up(counter: Counter, origin: str) -> str:
    """Member prices, a member with points, and a key for pages from there."""
    shop = counter.shop
    shop.now = datetime.now(UTC)
    source = load_template("coffee-shop") + BENEFITS
    shop.do(lambda tx, _: publish_program(tx, source, effective_from=shop.now, by="test"))
    names = [{"kind": "phone", "value": PHONE}]
    counter.post("/v1/members", {"identifiers": names, "given_name": "Ada"})
    sale = {
        "kind": "purchase",
        "member": {"phone": PHONE},
        "amount": {"minor": 25_000, "currency": "EUR"},
    }
    assert counter.post("/v1/activities", sale).status_code == 201
    return shop_key(counter, origin)


def sign_in(page: Page, street: Street) -> None:
    page.get_by_role("textbox", name="Telephone").fill(PHONE)
    page.get_by_role("button", name="Send me the digits").click()
    digits = page.get_by_role("textbox", name="The six digits")
    expect(digits).to_be_focused()
    digits.fill("000000" if street.digits() != "000000" else "111111")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("These are not the digits we sent.").first).to_be_visible()
    digits.fill(street.digits())
    digits.press("Enter")
    expect(page.get_by_text("You are signed in.")).to_be_visible()


def test_a_member_signs_in_pays_less_redeems_and_signs_out(
    browser: Browser, street: Street
) -> None:
    with browser_page(browser) as (page, slips):
        page.goto(f"{street.origin}/en")
        expect(page.locator("#earn")).to_have_text("Members collect 9 Points")
        expect(page.locator("#early")).to_be_hidden()
        assert page.locator("#price").inner_text() == "€9.50"
        place = page.locator(".launcher").evaluate("(one) => getComputedStyle(one).position")
        assert place == "fixed", "its style needs no permission of the page"
        page.get_by_role("button", name="My points").click()
        expect(page.get_by_role("dialog", name="Corner Coffee")).to_be_visible()
        assert barriers(page) == []
        sign_in(page, street)
        expect(page.locator("#price")).to_have_text("€9.50 €8.00 Member price")
        expect(page.locator("#early")).to_be_visible()
        expect(page.locator("#guest")).to_be_hidden()
        page.get_by_role("button", name="Redeem: A free coffee").press("Enter")
        code = page.get_by_role("textbox", name="Code for the checkout")
        expect(code).to_be_focused()
        expect(page.locator("#code")).to_have_value(code.input_value())
        assert barriers(page) == []
        said = page.evaluate("Regulars.member().then((one) => [one.name, one.purses[0].amount])")
        assert said == ["Ada", "150"]
        assert page.evaluate("Regulars.may('member-prices').then((one) => one.may)") is True
        token = page.evaluate("Regulars.token()")
        key = street.house.counter.key
        told = street.house.do(
            lambda counter: counter.post("/v1/shop-visits", {"token": token}, key=key).json()
        )
        assert told["origin"] == street.origin
        page.reload()
        expect(page.locator("#early")).to_be_visible()
        page.get_by_role("button", name="150 Points").click()
        page.set_viewport_size({"width": 320, "height": 700})
        assert page.locator("dialog").evaluate("(one) => one.scrollWidth - one.clientWidth") <= 0
        stand = [page.locator(f"dialog .standing {one}") for one in ("h3", ".balance", ".soft")]
        tops = [one.first.bounding_box()["y"] for one in stand]  # type: ignore[index]
        assert tops == sorted(set(tops)), "name, balance and worth stand one under the other"
        page.get_by_role("button", name="Give it back").click()
        expect(page.get_by_text("Given back. Your points are yours again.")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_text("You are signed out.")).to_be_visible()
        expect(page.locator("#price")).to_have_text("€9.50")
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="My points")).to_be_focused()
        assert page.evaluate("localStorage.length") == 0
        assert page.context.cookies() == []
        # Wrong digits and nothing else: a browser tells of every answer of the 4xx kind.
        assert [one for one in slips if "status of 409" not in one] == []


def test_the_panel_has_room_and_keeps_nobody_out(browser: Browser, street: Street) -> None:
    with looking(browser, color_scheme="dark") as page:
        for language, width in (("de", 320), ("ar", 320), ("ar", 1280)):
            page.set_viewport_size({"width": width, "height": 700})
            page.goto(f"{street.origin}/{language}")
            page.locator(".launcher").click()
            page.locator("dialog .link").first.click()
            expect(page.locator("#f-given_name")).to_be_visible()
            assert width > 320 or barriers(page) == []
            assert overflows(page) == 0
            wide = "(one) => one.scrollWidth - one.clientWidth"
            assert page.locator("dialog").evaluate(wide) <= 0


def test_a_page_from_elsewhere_shows_nothing_and_stays_whole(
    browser: Browser, street: Street
) -> None:
    with browser_page(browser) as (page, slips):
        page.goto(f"{street.origin}/en-away")
        page.wait_for_function("Regulars.ready.then(() => false, () => true)")
        assert page.locator("regulars-panel").count() == 0
        assert page.locator("#price").inner_text() == "€9.50"
        assert any("CORS" in one for one in slips)


class browser_page:  # noqa: N801 - used as `looking` is
    """A page whose complaints are looked at by the test."""

    def __init__(self, browser: Browser) -> None:
        self.context = browser.new_context(locale="en-GB")

    def __enter__(self) -> tuple[Page, list[str]]:
        page, slips = self.context.new_page(), list[str]()
        page.on("pageerror", lambda error: slips.append(str(error)))
        page.on("console", lambda said: slips.append(said.text) if said.type == "error" else None)
        return page, slips

    def __exit__(self, *_: Any) -> None:
        self.context.close()
