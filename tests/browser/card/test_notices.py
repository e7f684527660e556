"""Notices on devices in a real browser: leave is asked for by a hand, what comes is shown once, and
a touch of it opens a page of our own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page
from tests.browser.card.test_card import Held, bought, come_in
from tests.browser.house import barriers, looking, opened, overflows
from tests.runtime.working.senders.push_service import Browser as Subscribed

from regulars.base.keyed import key_from
from regulars.records.access.members.spelling import code_of
from regulars.records.members.types import MemberRef
from regulars.runtime.working.senders import USE
from regulars.surfaces.signing_in import SigningIn

pytestmark = pytest.mark.in_turns(2, 1)
MESSAGES = "/card/me/messages"
# Push services are far away: what a browser would be given of one is made here.
GIVES_LEAVE = """
window.asked = 0;
Notification.requestPermission = async () => { window.asked += 1; return window.answer; };
PushManager.prototype.subscribe = async () => ({ toJSON: () => (%s) });
"""
SHOWN = """async () => {
  const there = await navigator.serviceWorker.ready;
  const found = await there.getNotifications();
  return found.map((one) => [one.title, one.body, one.tag, one.data.opens]);
}"""


@pytest.fixture(scope="module")
def held(database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    home: Path = tmp_path_factory.mktemp("home")
    with opened(database, home) as house:
        ada = UUID(house.do(bought)[4:])
        (kept,) = home.rglob("signing_key")
        yield Held(house, ada, kept.read_text("utf-8").strip().encode())


def subscription() -> str:
    fields = Subscribed("https://push.example.org").subscription()
    endpoint = fields.pop("endpoint")
    return msgspec.json.encode({"endpoint": endpoint, "keys": fields}).decode()


def test_leave_is_asked_for_by_a_hand_and_the_device_is_kept(browser: Browser, held: Held) -> None:
    with looking(browser) as page:
        page.add_init_script(GIVES_LEAVE % subscription())
        come_in(page, held)
        page.goto(held.house.address + MESSAGES)
        button = page.get_by_role("button", name="Tell me on this device")
        button.wait_for()
        assert page.evaluate("window.asked") == 0
        page.evaluate("window.answer = 'denied'")
        button.click()
        page.get_by_text("Your browser does not allow it").wait_for()
        assert page.get_by_role("button", name="Remove").count() == 0
        page.evaluate("window.answer = 'granted'")
        button.click()
        page.get_by_role("button", name="Remove").wait_for()
        assert page.get_by_label("As a notice on my devices").first.is_checked()
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert (overflows(page), barriers(page)) == (0, [])
        page.get_by_role("button", name="Remove").click()
        page.wait_for_url("**done=yes*")
        assert page.get_by_role("button", name="Remove").count() == 0


def test_a_notice_is_shown_once_and_opens_a_page_of_ours(browser: Browser, held: Held) -> None:
    with looking(browser) as page:
        page.context.grant_permissions(["notifications"], origin=held.house.address)
        come_in(page, held)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        told = {
            "mark": "m1", "title": "Spring", "says": "Hi Ada", "opens": "/card/rewards",
            "language": "en",
        }  # fmt: skip
        for _ in range(2):
            comes(page, held, msgspec.json.encode(told).decode())
        page.wait_for_function(f"({SHOWN})().then((found) => found.length > 0)")
        assert page.evaluate(SHOWN) == [["Spring", "Hi Ada", "m1", "/card/rewards"]]
        comes(page, held, "no message of ours")
        page.wait_for_function(f"({SHOWN})().then((found) => found.length > 1)")


def comes(page: Page, held: Held, data: str) -> None:
    """A message of a push service comes to the card's worker."""
    devtools = page.context.new_cdp_session(page)
    found: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(one["registrationId"] for one in told["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    page.wait_for_timeout(100)
    assert found
    devtools.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": held.house.address, "registrationId": found[-1], "data": data},
    )
    devtools.detach()


def test_a_consent_that_waits_says_where_we_asked_and_takes_the_digits(
    browser: Browser, held: Held
) -> None:
    keyed = key_from(held.key, USE)

    def asks(counter: Any) -> str:
        phone = {"link": [{"kind": "phone", "value": "+49 171 2345678"}]}
        counter.post(f"/v1/members/mem_{held.ada.hex}/identifiers", phone)
        counter.shop.now = datetime.now(UTC)
        given = replace(counter.given, keyed=keyed, channels=frozenset({"sms"}))
        door, me = SigningIn(given), MemberRef(id=held.ada)
        asked = counter.shop.run(door.want(counter.shop.program_id, me, ("sms",), "the card"))
        return code_of(keyed, asked.code_id)

    with looking(browser, viewport={"width": 320, "height": 900}) as page:
        come_in(page, held)
        digits = held.house.do(asks)
        page.goto(f"{held.house.address}{MESSAGES}?lang=en")
        page.get_by_text("We asked you at ··78").wait_for()
        assert (overflows(page), barriers(page)) == (0, [])
        page.get_by_label("Digits").fill(digits)
        page.get_by_role("button", name="Yes, write to me").click()
        page.get_by_text("Kept.").wait_for()
        assert page.get_by_label("By text message").first.is_checked()
