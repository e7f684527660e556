"""The model a shop may use is the one that foretold its own past best, or none."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from tests.insight.estimators.real import cdnow, read

from regulars.insight.estimators.buying.choosing import Chosen, Tried, choose, seen_at
from regulars.insight.estimators.buying.choosing import _best_first as best_first
from regulars.insight.estimators.buying.histories import Whole
from regulars.insight.estimators.saying import NotEnough


def columns(orders: pl.DataFrame) -> tuple[Whole, Whole]:
    days = orders["on"].cast(pl.Int32).to_numpy().astype(np.int64)
    return orders["member"].to_numpy().astype(np.int64), days - days.min()


def retail() -> tuple[Whole, Whole]:
    """Days on which buyers of a real shop of gifts ordered, from December to December."""
    lines = read("online_retail_2010_2011_lines.parquet").filter(
        pl.col("CustomerID").is_not_null() & (pl.col("Quantity") > 0) & (pl.col("UnitPrice") > 0)
    )
    on = pl.col("InvoiceDate").cast(pl.Date).alias("on")
    return columns(lines.select(pl.col("CustomerID").alias("member"), on).unique())


def test_a_shop_whose_first_orders_were_cut_off_gets_a_model_that_can_be_fitted() -> None:
    """BG/NBD runs to a boundary there; by itself it is 40 % off, and the goal is 20 %."""
    member, day = retail()
    found = choose(member, day, int(day.max()), ahead=84, origins=6)
    assert isinstance(found, Chosen)
    assert found.name == "NBD"
    assert found.tried[0].off <= 0.20
    assert len(found.origins) == len(found.tried[0].orders) == 6


def test_a_shop_in_which_buyers_leave_gets_a_model_that_knows_it() -> None:
    member, day = columns(cdnow())
    found = choose(member, day, int(day.max()), ahead=84)
    assert isinstance(found, Chosen)
    assert found.name in ("BG/NBD", "MBG/NBD", "Pareto/NBD")
    by_name = {one.model: one.off for one in found.tried}
    assert by_name["NBD"] > 2 * found.tried[0].off


def test_what_was_known_is_known_by_the_end_of_that_day() -> None:
    members, seen = seen_at([7, 7, 7, 9, 3, 3], [0, 4, 6, 5, 2, 2], 5)
    assert list(members) == [3, 7, 9]
    assert list(seen.repeats) == [0, 1, 0]
    assert list(seen.last) == [0, 4, 0]
    assert list(seen.age) == [3, 5, 0]


@pytest.mark.parametrize("days", [[], [100], list(range(90, 101))])
def test_a_young_shop_is_told_what_is_missing(days: list[int]) -> None:
    found = choose([1] * len(days), days, today=100, ahead=84)
    assert isinstance(found, NotEnough)
    assert (found.what, found.wanted) == ("history", 168)


def test_a_shop_to_which_nobody_comes_back_is_refused() -> None:
    day = np.arange(1_000) % 400
    found = choose(np.arange(1_000), day, today=400, ahead=84)
    assert found == NotEnough("repeat_orders", 0, 30)


def test_the_plainest_of_those_as_good_comes_first_wherever_they_lie() -> None:
    """0.0201 beside 0.0199: two of ten thousand are no reason to say that members leave."""
    plain = Tried("NBD", [0.0201] * 4, [1.0] * 4)
    leaving = Tried("BG/NBD", [-0.0199] * 4, [1.0] * 4)
    better = Tried("Pareto/NBD", [0.0] * 4, [1.0] * 4)
    assert best_first([leaving, plain]) == [plain, leaving]
    assert best_first([plain, leaving, better]) == [leaving, better, plain]
    assert best_first([]) == []
