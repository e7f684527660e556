"""Reports in the console: their figures, charts and tables, in simple and in full view."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from tests.insight.metrics.books import lay
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.insight.metrics.asked import Asked, Report, Table
from regulars.insight.metrics.spans import Span
from regulars.surfaces.console.first.reports import opening
from regulars.surfaces.console.first.reports.opening import opens
from regulars.surfaces.in_words.reports.heads import TABLES

REPORTS = ("retention", "points", "liability", "tiers", "stores", "fairness")
EMPTY = ("preferences", "referral")
"""Reports of what this shop was never told."""
Q1 = "from=2026-01-01&to=2026-03-31"


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    counter.shop.at("2026-06-01 12:00")
    vars(counter)["ids"] = lay(counter)
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


def page(browser: Browser, path: str, status: int = 200) -> str:
    answer = browser.get(f"/console/reports{path}")
    assert answer.status_code == status, answer.text[:2000]
    return " ".join(answer.text.split())


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_is_a_page_with_a_chart_and_its_table(owner: Browser, name: str) -> None:
    text = page(owner, f"/{name}?{Q1}")
    assert "<h1>" in text
    assert ("as=csv" in text) == (name != "tiers"), "this program has no tiers"
    assert f"/console/reports/{name}" in page(owner, "")
    if name == "stores":
        assert 'What it means<span class="unseen">: ' in text, "its rows are figures"


def test_figures_with_their_bounds_are_a_file(owner: Browser) -> None:
    assert "as=csv&amp;table=figures" in page(owner, f"/retention?{Q1}")
    answer = owner.get(f"/console/reports/retention?{Q1}&compare=previous&as=csv&table=figures")
    first, *lines = answer.text.lstrip("\ufeff").splitlines()
    assert first.startswith("metric,group,unit,from,until,value,low,high,part,whole,n,missing")
    rates = [line.split(",") for line in lines if line.startswith("repeat_rate,")]
    assert len(rates) == 2, "and of the time before"
    low, value, high = (float(rates[0][at]) for at in (6, 5, 7))
    assert low < value < high
    assert rates[0][3:5] == ["2026-01-01", "2026-04-01"]


def test_a_number_opens_whom_it_counts_and_not_all_of_its_row(owner: Browser) -> None:
    text = page(owner, f"/points?{Q1}&by=month")
    links = re.findall(r'<td class="number"><a href="/console/reports/rows([^"]+)">', text)
    redeemed = [unescape(one) for one in links if "metric=points_redeemed" in one]
    assert redeemed
    rows = page(owner, f"/rows{redeemed[0]}")
    assert "/console/members/" in rows
    issued = page(owner, f"/rows{redeemed[0].replace('points_redeemed', 'points_issued')}")
    assert rows.count("<tr>") < issued.count("<tr>"), "fewer redeemed than were given some"


def test_rows_of_the_time_before_and_of_hours_and_habits_open_somebody() -> None:
    now, then = (Span(date(2026, at, 1), date(2026, at + 1, 1)) for at in (2, 1))
    asked = Asked(now, then, "month", date(2026, 6, 1), "UTC", store="mitte")
    found = Report("stores", asked, (), (), ())

    def where(table: str, *row: str | int) -> str:
        return opens("points", found, Table(table, (), ()), row).partition("?")[2]

    assert where("stores_before", "mitte") == (
        "metric=store_repeat_rate&from=2026-01-01&until=2026-02-01&group=mitte"
    )
    assert where("hours", 5, 17) == (
        "metric=hour_share&from=2026-02-01&until=2026-03-01&store=mitte&group=5-17"
    )
    assert where("habits", "came_again") == "metric=habits_of&from=2026-02-01&until=2026-03-01"
    assert where("migration_before", "silver", "gone") == ""
    assert where("renewals", 4, None, None) == "", "foretold: nobody has come that far"


def test_every_table_opens_whom_it_counts_or_nobody_stands_behind_it() -> None:
    elsewhere = {"cohorts", "rfm", "tier_mix", *opening._WHO}  # cells, or the member themselves
    known = {
        *opening._BY_TIME, *opening._BY_NAME, *opening._OF_TWO, *opening._CUT, *opening._MONTHS,
        *opening._VALUED, "weekdays", "lorenz", "staying", "categories", "by_store",
    }  # fmt: skip
    tables = {one.removesuffix("_before") for one in TABLES}
    assert tables - known - elsewhere == opening.NOBODY_STANDS_BEHIND
    assert known - tables == set()


@pytest.mark.parametrize("name", EMPTY)
def test_a_report_of_what_was_never_told_says_so(owner: Browser, name: str) -> None:
    text = page(owner, f"/{name}?{Q1}")
    assert "Nothing happened in this time" in text
    assert "There are 0 members" not in text
    assert "as=csv" not in text


def test_simple_view_has_counts_and_full_view_has_bounds(owner: Browser) -> None:
    simple = page(owner, f"/retention?{Q1}")
    assert "95%" in simple
    assert "Days until half" not in simple
    owner.post("/console/me/view", {"full": "yes"})
    full = page(owner, f"/retention?{Q1}")
    assert "Days until half have come again" in full
    assert "3 orders were followed by another; 20 would be needed to say this." in full
    assert "95% between 20.8% and 93.9%" in full
    assert '<td class="number heat-10" title="2' in full


def test_a_range_that_cannot_be_says_so_at_its_field(owner: Browser) -> None:
    text = page(owner, "/points?from=2026-03-02&to=2026-03-01", 422)
    assert 'id="to-wrong"' in text
    text = page(owner, "/points?from=yesterday", 422)
    assert 'id="from-wrong"' in text


def test_the_last_day_is_in_it(owner: Browser) -> None:
    assert ">85<" not in page(owner, "/points?from=2026-03-01&to=2026-03-14")
    text = page(owner, "/points?from=2026-03-15&to=2026-03-15")
    assert '<span class="value">120</span>' in text


def test_three_days_of_a_month_are_said_to_be_a_part_of_it(owner: Browser) -> None:
    """In the sentence under the chart, in its table and in the file."""
    asks = "from=2026-02-14&to=2026-03-03&compare=previous&granularity=month"
    text = page(owner, f"/retention?{asks}")
    assert "Of Mar 2026 only a part is in it: 3 of 31 days." in text
    assert "Mar 2026 (part)" in text
    assert "only a part of it" in text
    file = owner.get(f"/console/reports/retention?{asks}&as=csv&table=orders").text
    heads, *lines = file.lstrip("\ufeff").splitlines()
    assert heads.split(",")[-1] == "cut"
    assert [line.split(",")[-1] for line in lines] == ["part", "part"]
    whole = owner.get(f"/console/reports/retention?{Q1}&granularity=month&as=csv&table=orders").text
    assert {line.split(",")[-1] for line in whole.splitlines()[1:]} == {"whole"}


def test_a_figure_opens_its_members_and_a_table_is_a_file(owner: Browser, counter: Counter) -> None:
    text = page(owner, "/rows?metric=repeat_rate&from=2026-01-01&until=2026-04-01")
    for name in "ABC":
        assert vars(counter)["ids"][name] in text
    assert vars(counter)["ids"]["D"] not in text
    assert "+100" in page(owner, "/rows?metric=points_issued&from=2026-01-01&until=2026-02-01")
    file = owner.get(f"/console/reports/stores?{Q1}&as=csv&table=stores")
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert "mitte" in file.text
    page(owner, "/rows?metric=breakage_off", 404)
    page(owner, "/rows?metric=cohort_retention", 404)
    page(owner, f"/stores?{Q1}&as=xls", 422)


def test_a_program_without_tiers_does_not_say_that_everybody_stays_in_none(owner: Browser) -> None:
    page = owner.get("/console/reports/tiers").text
    assert "This program has no tiers" in page
    assert "no tier</" not in page


def test_a_shop_of_several_stores_is_looked_at_by_one_of_them(owner: Browser) -> None:
    """Beside one store, which is the shop, there is nothing to choose, and nothing is asked."""
    assert 'name="store"' not in page(owner, f"/retention?{Q1}&store=harbour")
    for code, name in (("mitte", "Mitte"), ("harbour", "Harbour")):
        assert owner.post("/console/stores", {"code": code, "name": name}).status_code == 303
    text = page(owner, f"/points?{Q1}&store=harbour")
    assert '<option value="harbour" selected>Harbour</option>' in text
    assert "store=harbour&amp;as=csv" in text, "a file is of the same store"
    for name in ("overview", "preferences", "fairness", "accounts", "values"):
        assert "<h1>" in page(owner, f"/{name}?{Q1}&store=harbour"), name
    assert '<span class="value">2</span>' in page(owner, f"/retention?{Q1}&store=harbour")
    assert 'id="store-wrong"' in page(owner, f"/retention?{Q1}&store=nowhere", 422)
    assert 'name="store"' not in page(owner, f"/liability?{Q1}"), "what is owed is owed by all"
    assert 'name="granularity"' not in page(owner, f"/liability?{Q1}"), "months, always"
    owner.post("/console/me/view", {"full": "yes"})
    assert '<option value="mitte" selected>' in owner.get("/console?store=mitte").text
