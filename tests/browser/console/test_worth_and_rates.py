"""What new terms do to what was earned before, as an owner reads it: a plan, and what is owed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.house import APP, House, looking
from tests.browser.test_console import signs_in
from tests.browser.test_editor import DRAFTS, looked_at
from tests.makers import buys, by, named
from tests.surfaces.console.browser import somebody
from tests.surfaces.counter import Counter
from tests.surfaces.port import serving

from regulars.flows.commands import RecordActivity
from regulars.flows.terms.keep_drafts import KeepDraft, keep_draft
from regulars.records.activity.types import Body

pytestmark = pytest.mark.in_turns(2, 1)
PROGRAM = """
regulars: 1
program: flying
name: Flying
currency: EUR
zone: Europe/Berlin
wallets: {miles: {name: Miles, one: Mile}}
rules:
  - id: flown
    on: flight
    wallet: miles
    award: {give: by_table, of: miles, by: [fare], rows: [{is: ["*"], points: FULL}]}
  - {id: euro, on: purchase, wallet: miles, award: {give: per_amount, points: 1, per: "1.00"}}
ladders:
  club:
    name: Club
    measure: visits
    returned_credit: at_period_end
    steps: [{id: known, at: 3, name: Known}]
rewards:
  - {id: mug, name: A mug, price: {miles: MUG}, worth: "1.00", cost: "0.80"}
PLAN
"""


def program(full: str = "1", mug: str = "100", plan: str = "") -> str:
    text = PROGRAM.replace("FULL", full).replace("MUG", mug)
    return text.replace("PLAN", f"changeover: {{{plan}}}" if plan else "")


def filled(counter: Counter) -> str:
    """Somebody who owes old miles and new ones, and thinks about rates since the old ones."""
    shop, one = counter.shop, somebody(counter)
    shop.joined("ada", "ben")
    for who in ("ada", "ben"):
        body = Body(details={"miles": 4000, "fare": "Y"})
        shop.record(RecordActivity("flight", by(external=who), source="agency", body=body))
    shop.now += timedelta(days=1)
    slug = shop.terms.slug
    shop.publish(named(program(mug="160", plan="worth: keep"), slug))
    # A version is known since it was published, by the clock of the database.
    since = f"rates_from_on: {(shop.now - timedelta(days=2)).date()}"
    shop.now = datetime.now(UTC)
    shop.record(buys(by(external="ada"), 100_000))
    text = named(program("1.25", "160", f"worth: keep, {since}"), slug)
    wish = KeepDraft("new-rates", text, 0, one.principal)
    shop.do(lambda tx, _: keep_draft(tx, wish))
    return one.email


@pytest.fixture(scope="module")
def flying(database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, str]]:
    """The shop with an owner who may look; served once its terms are published."""
    home = tmp_path_factory.mktemp("flying")
    with ThreadPoolExecutor(1) as aside:
        counter = aside.submit(Counter.open, database, "coffee-shop", program()).result()
        email = aside.submit(filled, counter).result()
        with serving(database, home, app=APP) as address:
            yield House(counter, address, home, aside), email
        aside.submit(counter.close).result()


def test_a_plan_says_what_new_rates_come_to(browser: Browser, flying: tuple[House, str]) -> None:
    house, email = flying
    with looking(browser, reduced_motion="reduce") as page:
        signs_in(page, house, email)
        page.goto(f"{house.address}{DRAFTS}/new-rates")
        expect(
            page.get_by_text("That touches 2 members. They get 2,000 Miles more.")
        ).to_be_visible()
        expect(page.get_by_text("is rated anew, too; whatever else members earned")).to_be_visible()
        expect(page.get_by_text("Club: ", exact=False).first).to_be_visible()
        if "REGULARS_PICTURES" in os.environ:
            page.screenshot(path=os.environ["REGULARS_PICTURES"] + "/plan.png", full_page=True)
        assert looked_at(page, "a plan") == []


def test_what_is_owed_is_said_by_both_terms(browser: Browser, flying: tuple[House, str]) -> None:
    house, email = flying
    with looking(browser, reduced_motion="reduce") as page:
        signs_in(page, house, email)
        page.goto(f"{house.address}/console/owed")
        expect(page.get_by_text("By today's terms alone")).to_be_visible()
        expect(page.get_by_text("€69.00")).to_be_visible()
        expect(page.get_by_text("€45.00")).to_be_visible()
        if "REGULARS_PICTURES" in os.environ:
            page.screenshot(path=os.environ["REGULARS_PICTURES"] + "/owed.png", full_page=True)
        assert looked_at(page, "what is owed") == []
