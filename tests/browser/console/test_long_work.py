"""Long work as people ask for it: a draft tried on history, a file brought over; by the browser."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, expect
from tests.browser.house import House, barriers, looking, overflows
from tests.browser.test_console import reach, signs_in
from tests.surfaces.console.browser import somebody
from tests.surfaces.console.carrying import PEOPLE, carried
from tests.surfaces.counter import Counter, coffee

from regulars.flows.terms.keep_drafts import KeepDraft, keep_draft
from regulars.records.program.templates import load_template

pytestmark = pytest.mark.in_turns(2, 0)
SALES = b"member,occurred_at,amount\nada,2026-01-05,12.50\n"
SOURCE = load_template("coffee-shop").partition("\ncases:")[0]


@pytest.fixture(scope="module")
def owner(house: House) -> str:
    """The address of somebody who may do all this; a member who bought, and two drafts."""

    def fill(counter: Counter) -> str:
        counter.given = replace(counter.given, uploads=house.home / "uploads")
        counter.joined("4711")
        assert counter.post("/v1/activities", coffee("4711", 3), idempotency_key="one")
        staff = somebody(counter)
        for name, points in (("double", 2), ("triple", 3)):
            text = SOURCE.replace("points: 1, per:", f"points: {points}, per:", 1)
            wish = KeepDraft(name, text, 0, staff.principal)
            counter.shop.do(lambda tx, _, wish=wish: keep_draft(tx, wish))
        return staff.email

    found: Any = house.do(fill)
    return str(found)


def test_two_drafts_are_tried_and_stand_side_by_side(
    browser: Browser, house: House, owner: str
) -> None:
    with looking(browser, reduced_motion="reduce") as page:
        signs_in(page, house, owner)
        for name in ("double", "triple"):
            page.goto(f"{house.address}/console/program/drafts/{name}/history")
            page.select_option("#months", "0")
            reach(page, "main form button[type=submit]")
            page.keyboard.press("Enter")
            expect(page.locator(".badge").first).to_have_text("Waits its turn")
            assert house.do(carried) == 1
            # Nobody loads the page: it asks for itself until there is a result.
            expect(page.locator(".lead")).to_contain_text("1 would have got more")
        page.goto(f"{house.address}/console/trials")
        for _ in range(2):
            reach(page, "input[name=with]:not(:checked)")
            page.keyboard.press("Space")
        reach(page, "main form button[type=submit]")
        page.keyboard.press("Enter")
        expect(page.locator("#beside")).to_be_visible()
        expect(page.locator("main")).to_contain_text("“triple” costs")
        expect(page.locator("chart-figure canvas").first).to_be_visible()
        page.set_viewport_size({"width": 320, "height": 900})
        assert (barriers(page), overflows(page)) == ([], 0)
        # Sales of elsewhere lie beside the form, and are deleted there.
        page.goto(f"{house.address}/console/program/drafts/triple/history")
        sales = {"name": "receipts of last winter.csv", "mimeType": "text/csv", "buffer": SALES}
        page.set_input_files("#sales", sales)  # type: ignore[arg-type]
        page.get_by_role("button", name="Bring the file").click()
        line = page.locator("li.line", has_text="receipts of last winter.csv")
        expect(line).to_contain_text("deleted")
        assert (barriers(page), overflows(page)) == ([], 0)
        line.get_by_role("button").click()
        expect(line).to_have_count(0)
        expect(page.locator("h1")).to_have_text("Try it on history")


def test_a_file_is_brought_looked_at_and_booked(
    browser: Browser, house: House, owner: str, tmp_path: Path
) -> None:
    file = tmp_path / "guests.csv"
    file.write_bytes(PEOPLE)
    with looking(browser, reduced_motion="reduce", accept_downloads=True) as page:
        signs_in(page, house, owner)
        page.goto(f"{house.address}/console/imports")
        page.set_input_files("#file", file)
        page.keyboard.press("Tab")
        reach(page, "main form button[type=submit]")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Which column is what")
        expect(page.locator("[id='col.balance']")).to_have_value("points")
        page.select_option("[id='col.tier']", "")
        reach(page, "button[value=check]")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Dry run")
        assert house.do(carried) == 1
        expect(page.locator("#slips")).to_be_visible()
        with page.expect_download() as coming:
            page.click("a[download]")
        rows = Path(coming.value.path()).read_text().splitlines()
        assert [row.split(",")[1] for row in rows[1:]] == ["3", "4"]
        reach(page, "input[name=leave_out]")
        page.keyboard.press("Space")
        reach(page, "main form button[type=submit]")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Import")
        assert house.do(carried) == 1
        expect(page.locator(".notice.good")).to_contain_text("It is in the books")
        page.set_viewport_size({"width": 320, "height": 900})
        assert (barriers(page), overflows(page)) == ([], 0)
    assert house.do(lambda counter: counter.shop.balances("7001")) == {"points": (120, 0, 0)}


def test_an_import_is_taken_back_by_keyboard_and_on_a_phone(
    browser: Browser, house: House, owner: str
) -> None:
    """After the test before: its import is weighed, the question is answered, and it is gone."""
    with looking(browser, reduced_motion="reduce") as page:
        signs_in(page, house, owner)
        page.goto(f"{house.address}/console/imports")
        assert (barriers(page), overflows(page)) == ([], 0)
        page.get_by_role("button", name="Take guests.csv back").click()
        expect(page.locator("h1")).to_have_text("Take an import back")
        assert house.do(carried) == 1
        expect(page.locator("main")).to_contain_text("Nothing was taken back yet")
        page.set_viewport_size({"width": 320, "height": 900})
        assert (barriers(page), overflows(page)) == ([], 0)
        reach(page, "input[name=sure]")
        page.keyboard.press("Space")
        reach(page, "main form button[type=submit]")
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_contain_text("Waits its turn")
        assert house.do(carried) == 1
        expect(page.locator("main")).to_contain_text("It is taken back")
        assert (barriers(page), overflows(page)) == ([], 0)


def test_a_large_file_shows_how_far_it_is_and_can_be_stopped(
    browser: Browser, house: House, owner: str, tmp_path: Path
) -> None:
    file = tmp_path / "sales of ten years.csv"
    file.write_bytes(b"member,occurred_at,amount\n" + SALES.splitlines()[1] * 150_000)
    with looking(browser, reduced_motion="reduce") as page:
        signs_in(page, house, owner)
        page.goto(f"{house.address}/console/imports")
        page.set_input_files("#file", file)
        line = page.context.new_cdp_session(page)
        slow = {"offline": False, "latency": 0, "downloadThroughput": -1}
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": 100_000})
        page.get_by_role("button", name="Bring the file").click(no_wait_after=True)
        bar = page.get_by_role("progressbar", name="On its way")
        expect(bar).to_be_visible()
        expect(page.locator(".progress .number")).to_have_text(re.compile(r"^0\.[1-9] of 2\.9 MB$"))
        page.set_viewport_size({"width": 320, "height": 900})
        assert (barriers(page), overflows(page)) == ([], 0)
        page.get_by_role("button", name="Stop it").click()
        expect(bar).to_be_hidden()
        told = page.locator("form[data-brings] [role=status]")
        expect(told).to_have_text("Stopped. Nothing of it was kept.")
        line.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": -1})
        # The page knows that it stopped before the server has heard of it.
        give_up_at = time.monotonic() + 10
        while house.do(kept_files) and time.monotonic() < give_up_at:
            time.sleep(0.05)
        assert house.do(kept_files) == []
        # The same form brings it after that.
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Which column is what")


def test_what_is_wrong_with_a_file_takes_the_place_of_the_form(
    browser: Browser, house: House, owner: str
) -> None:
    # A browser writes a refusal of what a script sent down as if a file were missing.
    page = browser.new_context().new_page()
    signs_in(page, house, owner)
    page.goto(f"{house.address}/console/imports")
    sheet: Any = {"name": "a.xlsx", "mimeType": "x/y", "buffer": b"PK"}
    page.set_input_files("#file", sheet)
    page.get_by_role("button", name="Bring the file").click()
    expect(page.locator(".notice.bad")).to_contain_text("A spreadsheet is saved as CSV first")
    assert page.evaluate("document.activeElement.localName") == "main"
    page.context.close()


def kept_files(counter: Counter) -> list[str]:
    """What lies here of files called so, once a stopped one is let go."""
    assert counter.given.uploads is not None
    rows = "select name from upload where program_id = $1 and name like 'sales of ten%'"
    known = [name for (name,) in counter.shop.rows(rows)]
    return known + [str(one) for one in counter.given.uploads.glob("*/*/file")]
