"""Reports of known rows say what one reckons by hand."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import polars as pl
import pytest
from tests.insight.metrics.books import lay
from tests.surfaces.counter import Counter, problem

from regulars.insight.metrics.catalogue import METRICS

Q1 = "from=2026-01-01&until=2026-04-01"


@pytest.fixture(scope="module")
def known(counter: Counter) -> Counter:
    counter.shop.at("2026-06-01 12:00")
    vars(counter)["ids"] = lay(counter)
    return counter


def report(counter: Counter, name: str, query: str = Q1) -> dict[str, Any]:
    answer = counter.get(f"/v1/insight/{name}?{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def figures(found: dict[str, Any], which: str = "figures") -> dict[str, Any]:
    return {one["metric"]: one for one in found[which]}


def counts(figure: dict[str, Any]) -> tuple[int, int]:
    return figure["part"], figure["whole"]


def table(found: dict[str, Any], id_: str) -> list[list[Any]]:
    return next(one["rows"] for one in found["tables"] if one["id"] == id_)


def test_figures_of_retention_are_those_reckoned_by_hand(known: Counter) -> None:
    found = report(known, "retention")
    said = figures(found)
    assert said["active_members"]["value"] == 3, "what came back whole is no order"
    assert said["new_buyers"]["value"] == 3
    assert counts(said["repeat_rate"]) == (2, 3)
    assert (said["repeat_rate"]["low"], said["repeat_rate"]["high"]) == pytest.approx(
        (0.2077, 0.9385), abs=1e-4
    )
    assert counts(said["order_frequency"]) == (6, 3)
    assert said["order_value"]["value"] == pytest.approx(8500 / 6)
    assert counts(said["participation_orders"]) == (7, 8)
    assert counts(said["participation_revenue"]) == (8500, 12500)
    assert counts(said["second_order_90"]) == (2, 3)
    assert said["median_wait"]["missing"] == {"what": "repeat_orders", "have": 3, "wanted": 20}
    assert said["period_retention"]["missing"]["what"] == "history"
    assert found["as_of"] == "2026-06-01T10:00:00Z"


def test_a_month_beside_the_one_before(known: Counter) -> None:
    found = report(known, "retention", "from=2026-03-01&until=2026-04-01&compare=previous")
    now, then = figures(found), figures(found, "before")
    assert counts(now["period_retention"]) == (1, 2), "of A and C in February A came in March"
    assert (now["active_members"]["value"], then["active_members"]["value"]) == (2, 2)
    assert (then["new_buyers"]["from"], then["new_buyers"]["until"]) == ("2026-02-01", "2026-03-01")
    assert then["new_buyers"]["value"] == 1


def test_cohorts_in_members_and_in_money(known: Counter) -> None:
    rows = table(report(known, "retention"), "cohorts")
    of = {(row[0], row[1]): (row[3], row[4], row[8]) for row in rows}
    assert of["2026-01-01", "2026-01-01"] == (2, 2, 1800)
    assert of["2026-01-01", "2026-02-01"] == (2, 1, 2000)
    assert of["2026-01-01", "2026-03-01"] == (2, 2, 1700)
    assert of["2026-02-01", "2026-03-01"] == (1, 0, 0)
    assert max(month for _, month in of) == "2026-05-01", "June has not ended on 1 June"


def test_parts_of_a_chart_are_cut_by_the_range(known: Counter) -> None:
    query = "from=2026-01-15&until=2026-02-10&granularity=month"
    rows = table(report(known, "retention", query), "orders")
    assert [row[:4] for row in rows] == [
        ["2026-01-15", "2026-02-01", 1, 1],
        ["2026-02-01", "2026-02-10", 1, 0],
    ]


def test_points_flow_and_roll_forward(known: Counter) -> None:
    said = figures(report(known, "points"))
    assert [said[f"points_{one}"]["value"] for one in ("issued", "redeemed", "expired")] == [
        850, 210, 40,
    ]  # fmt: skip
    assert said["points_adjusted"]["value"] == 35
    assert counts(said["redemption_flow"]) == (210, 850)
    assert counts(said["redeeming_members"]) == (2, 3)
    found = report(known, "liability", "from=2026-02-01&until=2026-04-01")
    assert [row[2:-1] for row in table(found, "roll_forward")] == [
        [180, 500, 150, 0, 25, 0, 555, "open"],
        [555, 170, 60, 40, 0, 10, 635, "open"],
    ]
    rolled, ledger, off, *_ = table(found, "tie_out")[0]
    assert (rolled, ledger, off) == (635, 0, 635), "rows that nothing was booked for are off"
    assert figures(found)["outstanding"]["value"] == 635
    assert figures(found)["breakage"]["missing"] is not None


def test_what_is_of_all_stores_is_not_said_of_one(known: Counter) -> None:
    found = report(known, "points", Q1 + "&store=harbour&compare=previous")
    for which in ("figures", "before"):
        said = figures(found, which)
        assert said["points_issued"]["value"] == 0, "all points were given in the other store"
        of_all = {"redeeming_members", "redemption_ultimate", "breakage"}
        assert not of_all & said.keys()
    found = report(known, "retention", Q1 + "&store=harbour")
    assert figures(found)["active_members"]["value"] == 2
    assert [one["id"] for one in found["tables"]] == ["orders"], "cohorts are of the whole shop"


def test_a_store_is_refused_where_a_report_is_of_all_of_them(known: Counter) -> None:
    """What is owed is owed by all: of one store it would be told as if it were its own."""
    whole = ("liability", "tiers", "stores", "best", "referral", "memberships")
    for path in (*(f"{one}?" for one in whole), "rows?metric=outstanding&", "rows?metric=joined&"):
        answer = known.get(f"/v1/insight/{path}{Q1}&store=mitte")
        assert problem(answer) == (400, "bad_parameter", "store"), (path, answer.text)
    for store, days in (("mitte", 6), ("harbour", 0)):
        rows = known.get(f"/v1/insight/rows?metric=points_issued&{Q1}&store={store}").json()
        assert len(rows["items"]) == days, "rows are of the store that a figure is of"


def test_stores_beside_one_another(known: Counter) -> None:
    found = report(known, "stores", Q1 + "&compare=previous")
    rows = {row[0]: row for row in table(found, "stores")}
    assert rows["harbour"][1:3] == [2, 0]
    assert rows["mitte"][1:3] == [2, 1]
    assert rows["mitte"][7:8] == [4300]
    assert rows["mitte"][10] == 8300
    assert table(found, "stores_before") == []


def test_every_figure_opens_its_rows(known: Counter) -> None:
    ids = vars(known)["ids"]
    said = figures(report(known, "retention"))
    opened = {name: known.get(one["rows"]).json() for name, one in said.items() if one["rows"]}
    for name, page in opened.items():
        whole = said[name]["whole"] if said[name]["high"] is not None else said[name]["n"]
        if METRICS[name].counts == "member":
            assert len(page["items"]) == whole, name
        assert page["items"], name
    again = {one["member_id"]: one["counted"] for one in opened["repeat_rate"]["items"]}
    assert again == {ids["A"]: True, ids["B"]: True, ids["C"]: False}
    cell = "/v1/insight/rows?metric=cohort_retention&cohort=2026-01"
    page = known.get(f"{cell}&from=2026-02-01&until=2026-03-01").json()
    assert {one["member_id"]: one["counted"] for one in page["items"]} == {
        ids["A"]: True, ids["B"]: False,
    }  # fmt: skip


def test_rows_go_on_where_they_ended(known: Counter) -> None:
    for metric, want in (("active_members", 3), ("points_issued", 6)):
        path, seen = f"/v1/insight/rows?metric={metric}&{Q1}&limit=1", []
        cursor: str | None = ""
        while cursor is not None:
            page = known.get(path + (f"&cursor={cursor}" if cursor else "")).json()
            seen += [(one["member_id"], one["day"]) for one in page["items"]]
            cursor = page["next_cursor"]
        assert len(seen) == len(set(seen)) == want


def test_a_table_is_a_file(known: Counter) -> None:
    answer = known.get(f"/v1/insight/stores?{Q1}&format=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="stores-stores.csv"'
    lines = answer.text.removeprefix("\ufeff").splitlines()
    assert lines[0].startswith("store,buyers,twice,share")
    assert len(lines) == 3
    answer = known.get(f"/v1/insight/retention?{Q1}&format=parquet&table=cohorts")
    frame = pl.read_parquet(BytesIO(answer.content))
    assert frame["came"].sum() == 6
    assert frame.schema["month"] == pl.Date


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-02-01&until=2026-02-01", "until"),
        ("from=1.2.2026", "from"),
        ("from=2010-01-01&until=2026-01-01", "from"),
        ("from=2020-01-01&until=2026-01-01&granularity=day", "granularity"),
        ("compare=next", "compare"),
        ("granularity=hour", "granularity"),
        ("wallet=beans", "wallet"),
        ("format=xls", "format"),
        ("format=csv&table=nothing", "table"),
        ("until=9999-12-31", "until"),
    ],
)
def test_a_slip_is_told_with_its_field(known: Counter, query: str, field: str) -> None:
    status, code, where = problem(known.get(f"/v1/insight/retention?{query}"))
    assert (status, code, where) == (400, "bad_parameter", field)


def test_rows_of_what_has_none_are_a_slip(known: Counter) -> None:
    for query, field in (("metric=breakage_off", "metric"), ("metric=cohort_retention", "cohort")):
        assert problem(known.get(f"/v1/insight/rows?{query}"))[1:] == ("bad_parameter", field)


def test_who_reads_reports_sees_no_members_and_no_books(known: Counter) -> None:
    key = known.made_key("reports:read")
    assert known.get("/v1/insight/retention", key=key).status_code == 200
    assert known.get("/v1/insight/metrics", key=key).status_code == 200
    for path in ("rows?metric=active_members", "liability"):
        assert known.get(f"/v1/insight/{path}", key=key).status_code == 403


@pytest.mark.parametrize("cohort", ["9999-12", "3000-01", "1969-12", "0001-01", "2026-3", "", "x"])
def test_what_is_no_month_of_a_cohort_is_refused(known: Counter, cohort: str) -> None:
    """The end of the last month that calendars have was looked for, and answered with 500."""
    answer = known.get(f"/v1/insight/rows?metric=cohort_retention&cohort={cohort}")
    assert problem(answer)[:2] == (400, "bad_parameter"), answer.text
    last = known.get("/v1/insight/rows?metric=cohort_retention&cohort=2999-12")
    assert (last.status_code, last.json()["items"]) == (200, [])


def test_files_of_a_report_are_in_the_document(known: Counter) -> None:
    described = known.get("/openapi.json").json()["paths"]["/v1/insight/points"]["get"]
    there = set(described["responses"]["200"]["content"])
    asked = [
        known.get(f"/v1/insight/points?{Q1}&format={one}") for one in ("json", "csv", "parquet")
    ]
    assert {one.headers["content-type"].partition(";")[0] for one in asked} == there
