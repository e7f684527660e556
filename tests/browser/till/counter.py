"""A device at the counter: a browser paired as a till, its hands, and the books it writes in."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.house import House
from tests.flows.members.staff.people import HOUSE, hires, settles

from regulars.base.keyed import key_from
from regulars.flows.access.commands import SetPin
from regulars.insight.verify.run import run_verify
from regulars.records.access.cards.spelling import Holder, code_at, step_of
from regulars.records.access.staff.passwords import SALT_BYTES, kept_form
from regulars.records.access.staff.types import Staff
from regulars.runtime.working.senders import USE

STORE = "main-street"
WAITS = (
    "async () => await (await import(document.querySelector('script[type=module]').src"
    ".replace('app.js', 'keep.js'))).count('records')"
)
_names = count(1)


class Office:
    """The shop behind the counter, asked over its API."""

    def __init__(self, house: House) -> None:
        self.house = house
        key = house.counter.key
        self.http = httpx.Client(
            base_url=house.address, headers={"authorization": f"Bearer {key}"}, timeout=30
        )
        self.http.put(f"/v1/stores/{STORE}", json={"name": "Main Street"}).raise_for_status()

    def code(self, store: str = STORE) -> str:
        """A code that pairs a device with a store."""
        return str(self.http.post(f"/v1/stores/{store}/codes").json()["code"])

    def cashier(self, store: str, pin: str) -> Staff:
        """Somebody who may take over the tills of a new store by this PIN."""
        self.http.put(f"/v1/stores/{store}", json={"name": store}).raise_for_status()

        def hired(counter: Any) -> Staff:
            one = hires(counter.shop, "cashier", stores=(store,))
            kept = kept_form(pin, os.urandom(SALT_BYTES))
            settles(counter.shop, SetPin(one.staff_id, kept, HOUSE))
            return one

        return self.house.do(hired)  # type: ignore[no-any-return]

    def card_code(self, member: str) -> str:
        """What the card of a member shows now."""
        secret = (self.house.home / "secrets" / "signing_key").read_text().strip()
        whose = Holder(self.house.counter.shop.program_id, UUID(hex=member.removeprefix("mem_")))
        return code_at(key_from(secret.encode(), USE), whose, step_of(datetime.now(UTC)))

    def joined(self, name: str = "") -> tuple[str, str]:
        """Somebody with a telephone: their id, and the telephone."""
        phone = f"+49301234{next(_names):04}"
        body = {"identifiers": [{"kind": "phone", "value": phone}], "given_name": name}
        answer = self.http.post("/v1/members", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"]), phone

    def has(self, member: str) -> int:
        """Their points."""
        stands = self.http.get(f"/v1/members/{member}/standing").json()
        return int(next(iter(stands["wallets"].values()))["available"])

    def sold(self, member: str) -> list[int]:
        """What they bought at the tills, in cents, in order; returns below nothing."""
        rows = self.house.do(
            lambda counter: counter.shop.rows(
                "select amount_minor from activity where program_id = $1 and member_id = $2::uuid"
                " and kind = 'purchase' order by occurred_at, activity_id",
                member.removeprefix("mem_"),
            )
        )
        return [row[0] for row in rows]

    def actors(self, member: str) -> list[str]:
        """Who booked what they bought, in order."""
        rows = self.house.do(
            lambda counter: counter.shop.rows(
                "select actor from activity where program_id = $1 and member_id = $2::uuid"
                " order by activity_id",
                member.removeprefix("mem_"),
            )
        )
        return [row[0] for row in rows]

    def wrong(self) -> dict[str, Any]:
        """What `regulars verify` finds wrong in the books."""

        async def verify() -> dict[str, Any]:
            import asyncpg

            owner = await asyncpg.connect(self.house.counter.shop.made.owner_dsn)
            try:
                report = await run_verify(owner)
            finally:
                await owner.close()
            return {one.check: one.examples for one in report.findings if one.violations}

        return self.house.do(lambda _: asyncio.run(verify()))  # type: ignore[no-any-return]


class TillPage:
    """A browser as a till; a script that fails in it is a fault, a line that is cut is none."""

    def __init__(self, browser: Browser, house: House, **how: Any) -> None:
        self.address = house.address
        size = {"width": 1024, "height": 768}
        self.context: BrowserContext = browser.new_context(**{"viewport": size} | how)
        self.slips: list[str] = []
        self.page = self.opened()

    def opened(self) -> Page:
        """One more page of this device."""
        page = self.context.new_page()
        page.set_default_timeout(8_000)
        page.on("pageerror", lambda error: self.slips.append(str(error)))
        page.goto(f"{self.address}/till/")
        return page

    def paired(self, code: str) -> TillPage:
        self.page.get_by_label("Code").fill(code)
        self.page.get_by_role("button", name="Pair").click()
        self.at("identify")
        return self

    def speaks(self, language: str) -> None:
        """Load the page in a language, and wait until it stands: it comes to its first screen
        by itself, and whoever went somewhere before that would be sent back."""
        self.page.goto(f"{self.address}/till/?lang={language}")
        self.at("identify")

    def at(self, screen: str, page: Page | None = None) -> None:
        """Wait for a screen."""
        expect((page or self.page).locator(f"main[data-screen={screen}]")).to_be_visible()

    def scans(self, text: str) -> None:
        """A hand scanner reads a code: faster than any hand, however busy this machine is."""
        self.page.evaluate(
            "(text) => { const to = document.activeElement; for (const key of [...text, 'Enter'])"
            " to.dispatchEvent(new KeyboardEvent('keydown',"
            " { key, bubbles: true, cancelable: true })); }",
            text,
        )

    def meets(self, typed: str) -> None:
        self.shows("identify")
        self.page.locator("#typed").fill(typed)
        self.page.keyboard.press("Enter")
        self.at("member")

    def shows(self, screen: str) -> None:
        """Go to a screen from wherever; from the same one, it is drawn anew before this is over."""
        self.page.evaluate(
            "(to) => { const b = document.createElement('button'); b.dataset.go = to;"
            " b.id = 'going'; document.querySelector('#main').append(b); b.click(); }",
            screen,
        )
        expect(self.page.locator("#going")).to_have_count(0)
        self.at(screen)

    def sells(self, typed: str, cents: str) -> None:
        """Points for an amount, all by hand."""
        self.meets(typed)
        self.page.get_by_role("button", name="Give points").click()
        self.at("earn")
        for key in cents:
            self.page.locator(f"[data-money='{key}']").click()
        self.page.get_by_role("button", name="Give points").click()
        self.at("earned")

    def waits(self) -> int:
        """Records that are not handed in."""
        return int(self.page.evaluate(WAITS))

    def handed_in(self) -> None:
        """Hand in, and wait until nothing waits."""
        self.shows("shift")
        self.page.get_by_role("button", name="Hand in now").click()
        expect(self.page.locator("main [data-slot=queue]")).to_have_text("0", timeout=20_000)

    def closed(self) -> None:
        self.context.close()
        assert not self.slips, self.slips
