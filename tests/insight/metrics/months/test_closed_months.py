"""A month that was closed stays as it was; what changes in it later is booked in the open month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from tests.flows.members.staff.people import hires
from tests.flows.night.counted.following import SHOP, follows
from tests.makers import Shop, brings_back, buys, named

from regulars.base.faults import Invalid
from regulars.flows.commands import Redeem
from regulars.flows.membership.office.close_months import CloseMonth, MonthClosed, close_months
from regulars.flows.membership.office.prepare_rows import prepare_rows
from regulars.insight.metrics.asked import Report
from regulars.records.access.staff.types import By
from regulars.records.members.types import MemberRef
from regulars.records.prepared.read import kept_still
from regulars.runtime.working.reckoning.experiments import points_cost
from regulars.surfaces.in_words.reports.asking import REPORTS, question

Open = Callable[[str], Shop]
COSTS = SHOP.replace("price: {points: 5}", 'price: {points: 5}, cost: "5.00"').replace(
    "expiry: {after: 30 days}", "expiry: {after: 10 years}"
)
ADA = MemberRef(external="ada")
YEAR = {"from": "2026-01-01", "until": "2027-01-01"}


def trades(shop: Shop, month: int, minor: int = 10_000, mugs: int = 4) -> None:
    """In each month somebody buys, and takes mugs for five points each."""
    shop.at(f"2026-{month:02}-10 12:00")
    shop.record(buys(ADA, minor, receipt=f"m{month}"))
    for _ in range(mugs):
        (held,) = shop.redeem(Redeem(ADA, "mug", capture=True))
        assert held.state == "captured", held


def closes(shop: Shop, owner: By, month: int) -> Any:
    follows(shop)
    wanted = CloseMonth(date(2026, month, 1), "points", owner)

    async def go(tx: Any, terms: Any) -> Any:
        return (await close_months(tx, terms, [wanted]))[0]

    return shop.do(go)


def told(shop: Shop) -> Report:
    follows(shop)
    return shop.do(lambda tx, terms: REPORTS["liability"](tx, question(terms, shop.now, YEAR)))


def by_month(found: Report) -> dict[int, dict[str, Any]]:
    """The contract liability by month, each a row by its columns."""
    table = found.table("deferred")
    names = [one.id for one in table.columns]
    rows: Any = table.rows
    by_its_number = {row[0].month: dict(zip(names, row, strict=True)) for row in rows}
    for row in by_its_number.values():
        row.pop("month_state")
    return by_its_number


def states(found: Report, table: str) -> dict[int, str]:
    """Of each month whether it is closed."""
    names = [one.id for one in found.table(table).columns]
    at = names.index("month_state")
    return {row[0].month: row[at] for row in found.table(table).rows}  # type: ignore[union-attr]


def journal(found: Report, month: int) -> dict[str, int]:
    """What the journal of a month books on each account, debits less credits."""
    sums: dict[str, int] = {}
    rows: Any = found.table("journal").rows
    for on, account, debit, credit, _ in rows:
        if on.month == month:
            sums[account] = sums.get(account, 0) + debit - credit
    return sums


def a_shop(open_shop: Open) -> tuple[Shop, By]:
    """Four months of trade, the last of them April: enough to say what comes back."""
    shop = open_shop(COSTS)
    shop.joined("ada")
    for month in range(1, 5):
        trades(shop, month)
    return shop, By(hires(shop, "owner").staff_id)


def test_three_months_closed_one_after_the_other_stay_as_they_were(open_shop: Open) -> None:
    """April is closed; in May what was sold in April comes back, and a sale of April is told late;
    May is closed; in June a sale of May is told late. Each month stays what it was closed with, and
    what changed stands in the month that was open."""
    shop, owner = a_shop(open_shop)
    shop.at("2026-05-01 09:00")
    assert isinstance(closes(shop, owner, 4), MonthClosed)
    april = by_month(told(shop))[4]
    assert april["added_minor"] > 0
    trades(shop, 5, 20_000)
    shop.at("2026-05-20 12:00")
    shop.record(brings_back("m4", receipt="r4"))
    late = shop.now
    shop.record(buys(ADA, 3_000, receipt="late", occurred_at=late.replace(month=4)))
    assert by_month(told(shop))[4] == april, "a closed month does not move"
    shop.at("2026-06-01 09:00")
    open_may = told(shop)
    may = by_month(open_may)[5]
    assert by_month(open_may)[4] == april
    assert may["opening_minor"] == april["closing_minor"], "a month opens with what one closed with"
    assert may["changed_added_minor"] < 0, "less was put back of April than was closed"
    ties(may)
    assert isinstance(closes(shop, owner, 5), MonthClosed)
    assert by_month(told(shop))[5] == may, "it is closed with what was shown"
    booked = journal(told(shop), 5)
    trades(shop, 6)
    shop.record(buys(ADA, 50_000, receipt="later", occurred_at=late.replace(day=21)))
    shop.at("2026-07-01 09:00")
    june = told(shop)
    assert by_month(june)[4] == april
    assert by_month(june)[5] == may
    assert journal(june, 5) == booked, "a journal that was handed over stays"
    assert by_month(june)[6]["opening_minor"] == may["closing_minor"]
    assert by_month(june)[6]["changed_added_minor"] > 0
    ties(by_month(june)[6])
    for month in (4, 5, 6):
        assert sum(journal(june, month).values()) == 0, "debits and credits come to the same"
    owed = -sum(journal(june, month)["contract_liability"] for month in (4, 5, 6))
    assert owed == by_month(june)[6]["closing_minor"] - april["opening_minor"]
    assert states(june, "deferred") == {4: "closed", 5: "closed", 6: "open"}
    assert states(june, "roll_forward")[7] == "running"
    assert june.moves_from == date(2026, 6, 1)
    assert told(shop).moves_from == june.moves_from
    assert isinstance(closes(shop, owner, 6), MonthClosed)
    assert told(shop).moves_from == date(2026, 7, 1)


def ties(row: dict[str, Any]) -> None:
    came = row["opening_minor"] + row["added_minor"] + row["changed_added_minor"]
    assert came - row["earned_minor"] - row["changed_earned_minor"] == row["closing_minor"], row


def test_nothing_that_changed_is_nothing_that_is_booked(open_shop: Open) -> None:
    """Closing months one by one comes to the same as never closing any."""
    shop, owner = a_shop(open_shop)
    trades(shop, 5)
    shop.at("2026-06-01 09:00")
    before = told(shop)
    for month in (4, 5):
        assert isinstance(closes(shop, owner, month), MonthClosed)
    for was, is_ in zip(
        before.table("deferred").rows, told(shop).table("deferred").rows, strict=True
    ):
        assert was[:-1] == is_[:-1]
        assert (was[-1], is_[-1]) == ("open", "closed")
    assert told(shop).table("journal") == before.table("journal")


def test_months_are_closed_in_their_order(open_shop: Open) -> None:
    """What changed in a closed month is booked in the one after it: there has to be one."""
    shop, owner = a_shop(open_shop)
    trades(shop, 5)
    trades(shop, 6)
    shop.at("2026-07-01 09:00")
    assert isinstance(closes(shop, owner, 4), MonthClosed)
    for month in (3, 6):
        said = closes(shop, owner, month)
        assert isinstance(said, Invalid), month
        assert said.field == "/month"
        assert "2026-05" in str(said), "the month that is next is named"
    assert isinstance(closes(shop, owner, 5), MonthClosed)


def test_a_month_nothing_could_be_said_of_is_closed_with_nothing(open_shop: Open) -> None:
    """After two months no estimate can be made: the close says so, and what was put back of these
    months stands in the opening of the first one that has a figure."""
    shop = open_shop(COSTS)
    shop.joined("ada")
    owner = By(hires(shop, "owner").staff_id)
    trades(shop, 1)
    trades(shop, 2)
    shop.at("2026-03-01 09:00")
    for month in (1, 2):
        assert isinstance(closes(shop, owner, month), MonthClosed)
    assert by_month(told(shop)) == {}
    trades(shop, 3)
    trades(shop, 4)
    shop.at("2026-05-01 09:00")
    assert list(by_month(told(shop))) == [4]
    assert by_month(told(shop))[4]["opening_minor"] > 0


def test_no_month_is_closed_while_everything_is_added_up_anew(open_shop: Open) -> None:
    """A store is added, so that days are cut anew: by days everything ties all the time, while of
    the points of each month only a part is there. The month is closed once all of it is."""
    shop, owner = a_shop(open_shop)
    shop.joined("bob")
    shop.at("2026-05-01 09:00")
    right = by_month(told(shop))[4]
    shop.record(buys(MemberRef(external="bob"), 900, receipt="may"))

    async def rounds_beside(tx: Any, terms: Any) -> None:
        assert await kept_still(tx, str(shop.zone))
        async with shop.database.transaction(tx.program_id) as beside:
            await prepare_rows(beside, terms, 100)

    def reached() -> list[Any]:
        return shop.rows("select below_tx from prepared_reach where program_id = $1")

    before = reached()
    shop.do(rounds_beside)
    assert reached() == before, "the worker waits until who closes has ended"
    shop.do(lambda tx, terms: prepare_rows(tx, terms, 100))
    assert reached() != before
    shop.rows("update prepared_reach set zones = '' where program_id = $1 returning program_id")
    wanted = CloseMonth(date(2026, 4, 1), "points", owner)

    async def close(tx: Any, terms: Any) -> Any:
        return (await close_months(tx, terms, [wanted]))[0]

    for folds in (False, True, True):
        if folds:
            shop.do(lambda tx, terms: prepare_rows(tx, terms, 1))
        said = shop.do(close)
        assert isinstance(said, Invalid), "what was closed is closed for good"
        assert said.field == "/rows"
    assert isinstance(closes(shop, owner, 4), MonthClosed)
    assert by_month(told(shop))[4] == right


TWO = COSTS.replace(
    'cost: "5.00"}', 'cost: "5.00"}, {id: cup, name: A cup, price: {stars: 30}, cost: "3.00"}'
)


def test_what_was_sold_is_shared_once_and_by_what_points_cost_then(open_shop: Open) -> None:
    """Points and stars are given with every sale: its price is shared between what was bought and
    both of them. A price that changes later shares none of it anew."""
    shop = open_shop(TWO)
    shop.joined("ada")
    for month in range(1, 5):
        trades(shop, month)
        shop.redeem(*(Redeem(ADA, "cup", capture=True) for _ in range(2)))
    shop.at("2026-05-01 09:00")

    def both() -> list[Report]:
        follows(shop)
        said = [YEAR | {"wallet": wallet} for wallet in ("points", "stars")]
        return [
            shop.do(lambda tx, terms, one=one: REPORTS["liability"](tx, question(terms, shop.now, one)))
            for one in said
        ]  # fmt: skip

    found = both()
    costs = []
    for report, each in zip(found, (100, 10), strict=True):
        (last,) = [row for row in report.table("earn_cohorts").rows if row[0] == date(2026, 4, 1)]
        costs.append(round(float(str(last[3]))) * each)
    assert min(costs) > 0
    added = [by_month(one)[4]["added_minor"] for one in found]
    assert added == [round(10_000 * one / (10_000 + sum(costs))) for one in costs]
    dearer = TWO.replace('cost: "5.00"', 'cost: "10.00"')
    shop.publish(named(dearer, shop.terms.slug), accept=("liability",))
    assert [by_month(one) for one in both()] == [by_month(one) for one in found]


def test_points_of_an_experiment_cost_what_of_them_comes_back(open_shop: Open) -> None:
    """A point is worth 1.00. As long as nobody knows what comes back, all of it is taken to; then a
    point that is held costs its part, as in the liability."""
    shop = open_shop(COSTS)
    shop.joined("ada")
    trades(shop, 1)
    follows(shop)

    def costs() -> tuple[list[Any], list[Any]]:
        each, comes = shop.do(lambda tx, terms: points_cost(tx, terms, shop.zone))
        return list(each.values()), comes

    assert costs() == ([100], [{"wallet": "points", "comes_back": None}])
    for month in range(2, 5):
        trades(shop, month)
    shop.at("2026-05-01 09:00")
    owed = told(shop).figure("liability")
    assert owed is not None
    assert owed.value is not None
    ([each], [comes]) = costs()
    share = owed.value / (100 * shop.balances("ada")["points"][0])
    assert 0 < share < 1
    assert comes["comes_back"] == pytest.approx(share, abs=0.001)
    assert each == 100 * Fraction(str(comes["comes_back"]))
