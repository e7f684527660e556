"""A large file, brought over by the browser: what is wrong is foreseen, the rest is in the books.

Some thousand lines; nightly a million. While it is read and booked, the console goes on answering,
no program holds much of the file in memory, and the worker is killed in the middle of booking.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import psutil
import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, expect
from tests.browser.console.weighing import Scales
from tests.browser.house import NIGHTLY, House, barriers, looking, overflows
from tests.browser.test_console import signs_in
from tests.surfaces.console.browser import somebody
from tests.surfaces.counter import Counter
from tests.surfaces.forking import root

LINES = 1_000_000 if NIGHTLY else 12_000
PATIENCE_S = 1_800 if NIGHTLY else 120
ANSWERS_MS = 10_000
"""A page that waits for the import would never come within this; how quick it is, is measured."""
SERVER_GROWS_MIB = 64
PROGRAM_HOLDS_MIB = 320
"""A million lines are 35 MB as a file, and as things in memory some ten times as much."""
HEAD = "id,email,card,given_name,points"
BAD = {
    7: ("email", "'nobody at home': This is not an e-mail address"),
    LINES // 2: ("card", "a member who is here already has this card: 4711"),
    LINES: ("email", "line 2 gives the same email a0@example.org"),
}
"""By their lines in the file: the column, and what is said of it."""


def lines() -> Iterator[str]:
    """Everybody has as many points as the last digit of their id."""
    for n in range(LINES):
        email, card = f"a{n}@example.org", ""
        line = n + 2
        if line == 7:
            email = "nobody at home"
        elif line == LINES // 2:
            card = "4711"
        elif line == LINES:
            email = "a0@example.org"
        yield f"{n},{email},{card},Ada {n},{n % 10}"


@pytest.fixture(scope="module")
def owner(house: House) -> str:
    def fill(counter: Counter) -> str:
        counter.given = replace(counter.given, uploads=house.home / "uploads")
        counter.joined("4711")
        return somebody(counter).email

    found: Any = house.do(fill)
    return str(found)


@pytest.mark.in_turns(2, 0)
@pytest.mark.timeout(PATIENCE_S + 600)
def test_a_large_file_is_foreseen_and_booked_while_the_console_goes_on(
    browser: Browser, house: House, owner: str, tmp_path: Path
) -> None:
    file = tmp_path / "everybody.csv"
    with file.open("w", encoding="utf-8") as out:
        out.writelines(f"{line}\n" for line in (HEAD, *lines()))
    begun = perf_counter()
    with (
        looking(browser, reduced_motion="reduce", accept_downloads=True) as page,
        Scales(*serves()) as server,
    ):
        signs_in(page, house, owner)
        page.goto(f"{house.address}/console/imports")
        page.set_input_files("#file", file)
        page.get_by_role("button", name="Bring the file").click(no_wait_after=True)
        expect(page.locator("h1")).to_have_text("Which column is what", timeout=120_000)
        page.locator("button[value=check]").click()
        expect(page.locator("h1")).to_have_text("Dry run")
        with working(house) as scales:
            carries(page, house)
        assert scales.heaviest < PROGRAM_HOLDS_MIB, scales.most
        assert foreseen(page) == {(n, column, says) for n, (column, says) in BAD.items()}
        page.locator("input[name=leave_out]").check()
        page.locator("main form button[type=submit]").first.click()
        expect(page.locator("h1")).to_have_text("Import")
        with working(house, until=amid) as scales:
            pass  # killed in the middle of it
        assert scales.heaviest < PROGRAM_HOLDS_MIB, scales.most
        assert house.do(amid), "it was over before the worker was killed"
        with working(house) as scales:
            carries(page, house)
        assert scales.heaviest < PROGRAM_HOLDS_MIB, scales.most
        expect(page.locator(".notice.good")).to_contain_text("It is in the books")
        page.set_viewport_size({"width": 320, "height": 900})
        assert (barriers(page), overflows(page)) == ([], 0)
    assert server.grew < SERVER_GROWS_MIB, server.most
    assert perf_counter() - begun < PATIENCE_S
    assert house.do(in_the_books) == [(LINES - len(BAD) + 1, all_points())]
    assert house.do(tries) == [("check", "done", 1), ("import", "done", 2)]


def test_a_program_that_hoards_is_noticed() -> None:
    hoards = "import time; time.sleep(1); kept = bytearray(400 << 20); time.sleep(60)"
    with psutil.Popen([sys.executable, "-c", hoards]) as program:
        with Scales(program.pid) as scales:
            sleep(3)
        program.kill()
    assert scales.grew > SERVER_GROWS_MIB
    assert scales.heaviest > PROGRAM_HOLDS_MIB


def serves() -> list[int]:
    """The web server of this house: it was started by this process."""
    return [one.pid for one in psutil.Process(root().pid).children()]


@contextmanager
def working(house: House, until: Callable[[Counter], bool] | None = None) -> Iterator[Scales]:
    """A worker of its own that sees to errands, weighed; ended by SIGKILL, as a machine ends it."""
    made = house.counter.shop.made
    where = (made.owner_dsn, made.app_dsn, str(house.home / "uploads"))
    environment = os.environ | {
        "REGULARS_HOME": str(house.home),
        "REGULARS_DATABASE_URL": made.app_dsn,
    }
    command = [sys.executable, "-m", "tests.browser.console.errand_worker", *where]
    with subprocess.Popen(command, env=environment) as worker, Scales(worker.pid) as scales:
        try:
            yield scales
            while until is not None and not house.do(until):
                assert worker.poll() is None, worker.returncode
        finally:
            worker.kill()


def carries(page: Page, house: House) -> None:
    """The work is done beside, and somebody else's page comes meanwhile."""
    other = page.context.new_page()
    looks = 0
    while looks == 0 or house.do(is_open):
        other.goto(f"{house.address}/console/members", timeout=ANSWERS_MS)
        expect(other.locator("h1")).to_have_text("Members")
        other.wait_for_timeout(250)
        looks += 1
    other.close()
    expect(page.locator("dl, .notice").first).to_be_visible()
    page.reload()


def is_open(counter: Counter) -> bool:
    """Does something wait, or is it done now?"""
    sql = "select 1 from errand where program_id = $1 and state in ('waiting', 'running')"
    return bool(counter.shop.rows(sql))


def amid(counter: Counter) -> bool:
    """Is the file booked in part?"""
    sql = """select coalesce(sum(place), 0) > $2::int
                and coalesce(sum(place), 0) < coalesce(sum(rows), 0)
             from import_lane where program_id = $1"""
    ((found,),) = counter.shop.rows(sql, LINES // 10)
    return bool(found)


def tries(counter: Counter) -> list[Any]:
    """Each errand: what it was, how it ended, and how often it was begun."""
    sql = "select kind, state, tries from errand where program_id = $1 order by asked_at"
    return [tuple(row) for row in counter.shop.rows(sql)]


def foreseen(page: Page) -> set[tuple[int, str, str]]:
    """What the file of wrong lines says: line, column, what is wrong."""
    with page.expect_download() as coming:
        page.click("a[download]")
    with Path(coming.value.path()).open(encoding="utf-8-sig", newline="") as told:
        return {(int(row[1]), row[2], row[3]) for row in list(csv.reader(told))[1:]}


def all_points() -> int:
    bad = sum((n - 2) % 10 for n in BAD)
    return sum(n % 10 for n in range(10)) * (LINES // 10) - bad


def in_the_books(counter: Counter) -> list[Any]:
    """How many members there are, and how many points they have."""
    sql = """select (select count(*) from member where program_id = $1),
                    (select sum(available) from balance where program_id = $1)::bigint"""
    return [tuple(row) for row in counter.shop.rows(sql)]
