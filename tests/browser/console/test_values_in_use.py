"""Months that were kept, what the best do, what somebody buys from next: as people see it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.house import APP, House, looking
from tests.browser.test_console import signs_in
from tests.browser.test_editor import looked_at
from tests.flows.members.staff.people import HOUSE, settles
from tests.surfaces.console.browser import somebody
from tests.surfaces.counter import Counter
from tests.surfaces.port import serving

from regulars.flows.access.commands import ChangeStaff
from regulars.flows.telling.send_months import keep_month
from regulars.insight.estimators.asking.shares import share
from regulars.records.outbox.months.types import Page as Kept
from regulars.records.program.templates import load_template
from regulars.surfaces.in_words.monthly.asking import told_in
from regulars.surfaces.ui.reader import Reader

pytestmark = pytest.mark.in_turns(2, 0)
MANY, BEST = 300, 30
_MEMBER = """
insert into member (program_id, member_id, number, state, given_name, joined_at, recorded_at)
values ($1, $2, $3, 'active', 'Ada', $4::date, now())
"""
_DAY = "insert into member_day values ($1, $2, $3, 'mitte', 1, 1, $4, $4, 1, 0, 0)"
_VALUE = """
insert into member_value values ($1, $2, $3, 620, 140, 8450, 12, 19, 'steady', 'upper')
"""
_RUN = """
insert into category_run values ($1, $2, now(), 300, 'next-category-1',
    '{"tried": {"orders": 5862, "right": 2901, "own": 2761, "popular": 2344}}')
"""


def filled(counter: Counter) -> tuple[str, str]:
    """An owner who gets months, and the books of three hundred."""
    shop, owner = counter.shop, somebody(counter)
    shop.now = datetime.now(UTC)
    first = shop.now.date() - timedelta(days=150)
    for n in range(MANY):
        id_, best = UUID(int=n + 1), n < BEST
        shop.rows(_MEMBER, id_, f"N{n}", first)
        shop.rows(_DAY, id_, first, 500)
        if n < 24 or BEST <= n < BEST + 27:
            shop.rows(_DAY, id_, first + timedelta(days=10), 500)
        shop.rows(_DAY, id_, first + timedelta(days=40), 9_000 + n if best else 200)
    shop.rows("insert into member_orders select program_id, member_id, min(day), max(day), "
              "count(*), sum(net_minor) "
              "from member_day where program_id = $1 group by 1, 2")  # fmt: skip
    shop.rows("insert into prepared_reach values ($1, 1, '', 1, null, null, now())")
    ada = counter.joined("4711")
    shop.rows("update member set derived = '{\"value-category\": \"cake\"}' "
              "where program_id = $1 and member_id = $2", UUID(ada[4:]))  # fmt: skip
    shop.rows(_VALUE, UUID(ada[4:]), first)
    shop.rows(_RUN, first)
    settles(shop, ChangeStaff(owner.staff_id, HOUSE, month_letter="en"))
    before = (shop.now.date().replace(day=1) - timedelta(days=1)).replace(day=1)
    shop.do(lambda tx, terms: _kept(tx, terms, before))
    shop.rows("update month_letter set state = 'unsure' where program_id = $1")
    return owner.email, ada


async def _kept(tx: Any, terms: Any, month: date) -> None:
    readers = [Reader(one, "Europe/Berlin") for one in ("en", "ar")]
    told = await told_in(tx, terms, tx.now, month.isoformat()[:7], readers)
    pages = [Kept(month, one.language, msgspec.to_builtins(one), tx.now) for one in told]
    assert await keep_month(tx, month, pages, sends=True)


@pytest.fixture(scope="module")
def house(database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Any]]:
    home = tmp_path_factory.mktemp("in-use")
    with ThreadPoolExecutor(1) as aside:
        source = load_template("coffee-shop")
        counter = aside.submit(Counter.open, database, "coffee-shop", source).result()
        told = aside.submit(filled, counter).result()
        with serving(database, home, app=APP) as address:
            yield House(counter, address, home, aside), told
        aside.submit(counter.close).result()


def picture(page: Page, name: str) -> None:
    if "REGULARS_PICTURES" in os.environ:
        page.screenshot(path=f"{os.environ['REGULARS_PICTURES']}/{name}.png", full_page=True)


def test_months_are_listed_with_what_became_of_their_letters(
    browser: Browser, house: tuple[House, Any]
) -> None:
    here, (email, _) = house
    with looking(browser, reduced_motion="reduce") as page:
        signs_in(page, here, email)
        page.goto(f"{here.address}/console/reports/monthly")
        expect(page.get_by_text("it may not have arrived", exact=False)).to_be_visible()
        picture(page, "months")
        assert looked_at(page, "months") == []
        page.get_by_role("link", name="As it was kept on").first.click()
        expect(page.get_by_text("As it was told on", exact=False)).to_be_visible()
        picture(page, "kept")
        assert looked_at(page, "a kept month") == []
        page.goto(f"{here.address}/console/me")
        expect(page.get_by_label("Send it to me")).to_have_value("en")
        picture(page, "me")
        assert looked_at(page, "my page") == []


def test_what_the_best_do_is_a_table_and_a_draft_away(
    browser: Browser, house: tuple[House, Any]
) -> None:
    here, (email, _) = house
    assert share(24, 30).low > share(27, 270).high
    with looking(browser, reduced_motion="reduce") as page:
        signs_in(page, here, email)
        page.goto(f"{here.address}/console/reports/best")
        expect(page.get_by_text("Ordered on a second day").first).to_be_visible()
        picture(page, "best")
        assert looked_at(page, "what the best do") == []
        page.get_by_role("button", name="Write a draft").first.click()
        expect(page.get_by_role("heading", name="Draft", exact=False).first).to_be_visible()
        picture(page, "draft")


def test_what_somebody_buys_from_next_stands_on_their_page(
    browser: Browser, house: tuple[House, Any]
) -> None:
    here, (email, member) = house
    with looking(browser, reduced_motion="reduce") as page:
        signs_in(page, here, email)
        page.goto(f"{here.address}/console/members/{member}")
        expect(page.get_by_role("heading", name="Buys next from")).to_be_visible()
        page.get_by_text("as of", exact=False).last.click()
        picture(page, "next")
        assert looked_at(page, "a member") == []
        page.goto(f"{here.address}/console/me")
        page.select_option("#lang", "ar")
        page.locator("form[action='/console/look'] button[type=submit]").click()
        page.goto(f"{here.address}/console/reports/best")
        picture(page, "best-ar")
        assert looked_at(page, "what the best do, in Arabic") == []
