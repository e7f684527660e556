"""A shop's year through the real flows: right, the same on every run, and safe to interrupt."""

import asyncio
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from random import Random

import asyncpg
import pytest
from msgspec.json import encode as encode_json
from msgspec.json import format as format_json
from tests.surfaces.connect.retail.shop_makers import REAL, line, needs_real_file
from tests.turns import NIGHTLY

from regulars.runtime.examples.retail import Shop, keep_result, open_shop, run_retail
from regulars.runtime.installation.addresses import Addresses
from regulars.runtime.installation.addresses import addresses as addresses_of
from regulars.runtime.problems import SetupProblem
from regulars.surfaces.connect.retail.generated import generated_shop
from regulars.surfaces.connect.retail.lines import lines_of, read_lines
from regulars.surfaces.connect.retail.matching import Why

LINES = 4_000


class GaveUp(Exception):
    """Whoever watched has seen enough."""


@dataclass
class Quiet:
    """Watches without a word; may give up once so many lines are recorded."""

    stop_after: int | None = None
    seen: int = 0

    def begins(self, stage: str, total: int) -> None:
        self.seen = 0

    def advances(self, by: int) -> None:
        self.seen += by
        if self.stop_after is not None and self.seen >= self.stop_after:
            raise GaveUp


def addresses(database) -> Addresses:
    return Addresses(owner=database.owner_dsn, app=database.app_dsn)


def tell(database, shop, watch=None):
    return asyncio.run(run_retail(addresses(database), shop, watch or Quiet()))


@pytest.fixture(scope="module")
def shop() -> Shop:
    """A made-up shop of a few hundred baskets."""
    return Shop(
        "retail-generated", "a generated shop", lines_of(generated_shop(LINES, Random(1))), 0.0
    )


@pytest.fixture(scope="module")
def first(database, shop):
    """What the first run brought."""
    return tell(database, shop)


def test_every_line_is_somewhere_and_the_books_are_right(first, shop):
    totals = first.totals
    assert first.right, (first.report.wrong, totals.refused)
    parked = sum(parked.lines for parked in totals.parked)
    corrections = totals.correction_lines
    assert totals.sale_lines + totals.returned_lines + parked + corrections == LINES
    assert totals.members == len({one.member for one in shop.lines} - {None})
    assert totals.returned_lines > 0
    assert totals.without_sale_lines > 0


def test_points_in_the_answers_are_points_in_the_books(first, database):
    totals = first.totals
    assert asyncio.run(_booked(database.owner_dsn, "earn")) == totals.earned
    assert totals.earned - totals.taken_back == totals.points > 0
    assert sum(rule.points for rule in totals.rules) == totals.earned
    assert sum(rule.taken_back for rule in totals.rules) == totals.taken_back
    assert sum(totals.tiers.values()) == totals.members


async def _booked(owner_dsn, kind):
    connection = await asyncpg.connect(owner_dsn)
    try:
        return await connection.fetchval(
            "select sum(p.amount) from posting p"
            "  join entry e using (program_id, member_id, entry_id)"
            " where e.kind = $1 and p.account = 1",
            kind,
        )
    finally:
        await connection.close()


def test_a_second_run_changes_nothing(database, shop, first):
    again = tell(database, shop)
    assert again.totals == first.totals
    assert again.right
    assert (first.replayed, again.replayed) == (0, first.totals.activities)


def test_a_run_that_was_given_up_goes_on_to_the_same_end(fresh_database, shop, first):
    with pytest.raises(GaveUp):
        tell(fresh_database, shop, Quiet(stop_after=LINES // 2))
    resumed = tell(fresh_database, shop)
    assert resumed.right
    assert resumed.totals == first.totals
    assert resumed.replayed > 0


@pytest.mark.in_turns(2, 1)
@pytest.mark.slow
def test_a_run_that_was_killed_goes_on_where_it_stopped(make_settings, fresh_database):
    settings, lines = make_settings(), 30_000
    nowhere = settings.home / "none.parquet"
    verb = [sys.executable, "-m", "regulars", "retail", str(nowhere), "--lines", str(lines)]
    killed = subprocess.Popen(verb, env=settings.as_environment(), stdout=subprocess.DEVNULL)
    try:
        asyncio.run(_recorded_some(settings))
    finally:
        killed.kill()
        killed.wait()
    resumed = subprocess.run(
        verb, env=settings.as_environment(), capture_output=True, text=True, check=False
    )
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    said = re.search(r"told by an earlier run already +([\d,]+)", resumed.stdout)
    assert said is not None, resumed.stdout
    again = int(said[1].replace(",", ""))
    whole = tell(fresh_database, open_shop(nowhere, lines)).totals
    assert 0 < again < whole.activities
    assert (settings.home / "retail/totals.json").read_bytes() == format_json(encode_json(whole))


async def _recorded_some(settings) -> None:
    """Wait until the first activities of that run are durable."""
    for _ in range(2_000):
        await asyncio.sleep(0.02)
        try:
            connection = await asyncpg.connect(addresses_of(settings).owner)
        except (OSError, asyncpg.PostgresError, SetupProblem):
            continue
        try:
            if await connection.fetchval("select exists (select from activity)"):
                return
        except asyncpg.UndefinedTableError:
            continue
        finally:
            await connection.close()
    raise AssertionError("nothing was recorded within 40 seconds")


def test_a_line_that_changed_since_is_refused_and_said(fresh_database):
    shop = Shop("retail", "lines", [line(7, "CUP", 2), line(8, "CUP", 1, minute=1)], 0.0)
    assert tell(fresh_database, shop).right
    changed = Shop("retail", "lines", [line(7, "CUP", 3), line(8, "CUP", 1, minute=1)], 0.0)
    run = tell(fresh_database, changed)
    assert not run.right
    assert run.report.right
    ((said, count),) = run.totals.refused.items()
    assert said.startswith("key_reused")
    assert count == 1


def test_the_result_is_kept_as_a_page_and_as_totals(first, shop, make_settings):
    settings = make_settings()
    page = keep_result(settings, shop, first)
    assert page == settings.home / "retail" / "index.html"
    assert f"{LINES:,} lines of a generated shop" in page.read_text("utf-8")
    totals = json.loads((page.parent / "totals.json").read_text("utf-8"))
    assert totals["lines"] == LINES
    assert totals["first_on"] == first.totals.first_on.isoformat()


def test_without_the_file_a_made_up_shop_has_books_of_its_own(tmp_path):
    shop = open_shop(tmp_path / "none.parquet", 200)
    assert (shop.program, len(shop.lines)) == ("retail-generated", 200)


def test_a_file_that_is_no_shop_is_refused_with_what_to_do(tmp_path):
    other = tmp_path / "lines.parquet"
    other.write_text("Description;Quantity")
    with pytest.raises(SetupProblem, match="DATA="):
        open_shop(other, 200)


@needs_real_file
@pytest.mark.slow
def test_the_first_weeks_of_the_real_shop_come_out_to_the_point(fresh_database):
    run = tell(fresh_database, Shop("retail", REAL.name, read_lines(REAL)[:20_000], 0.0))
    assert run.right, (run.report.wrong, run.totals.refused)
    totals = run.totals
    assert (totals.lines, totals.members, totals.activities) == (20_000, 559, 1_052)
    assert (totals.baskets, totals.sales_to_nobody, totals.returns) == (697, 65, 28)
    assert (totals.sold_minor, totals.returned_minor) == (28_835_091, 87_915)
    assert (totals.earned, totals.taken_back) == (317_606, 967)
    assert totals.tiers == {"no tier yet": 229, "Bronze": 300, "Silver": 26, "Gold": 4}
    assert {parked.why: parked.lines for parked in totals.parked} == {
        Why.NEVER_BOUGHT: 181,
        Why.CAME_BACK: 2,
        Why.NOBODY: 79,
    }


@needs_real_file
@pytest.mark.slow
@pytest.mark.skipif(not NIGHTLY, reason="takes a minute: REGULARS_TEST_SIZE=nightly")
def test_the_year_of_a_real_shop_comes_to_the_same_every_time(fresh_database):
    year = open_shop(REAL, 0)
    told, again = tell(fresh_database, year), tell(fresh_database, year)
    totals = told.totals
    assert told.right, told.report.wrong
    assert again.right, again.report.wrong
    assert again.totals == totals
    assert again.replayed == totals.activities == 27_540
    assert (totals.lines, totals.nobody_lines) == (541_909, 135_080)
    assert (totals.member_return_lines, totals.without_sale_lines) == (8_905, 1_801)
    assert (totals.refused, totals.members) == ({}, 4_372)
