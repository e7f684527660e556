"""A shop that moves to another zone: months stay what they were, and all of them by one clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from fractions import Fraction
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.insight.metrics.months.test_closed_months import (
    ADA,
    COSTS,
    a_shop,
    by_month,
    closes,
    told,
    trades,
)
from tests.makers import Shop, buys, named

from regulars.engine.changing import costing
from regulars.flows.commands import Redeem
from regulars.flows.membership.office.close_months import MonthClosed
from regulars.records.program.wallets import Expiry

Open = Callable[[str], Shop]


def _terms(*versions: tuple[datetime, str, int]) -> Any:
    return SimpleNamespace(
        starts=[since for since, _, _ in versions],
        versions=[
            SimpleNamespace(program={"points": Fraction(worth)}, zone=ZoneInfo(zone))
            for _, zone, worth in versions
        ],
    )


def _then(terms: Any, now: datetime) -> Callable[[date], Fraction]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(costing, "costs_of", lambda program: program)
        return costing.cost_then(terms, now, "points")


@pytest.mark.parametrize(
    ("expiry", "lives"),
    [
        (Expiry("12 months", "month"), 13), (Expiry("12 months"), 13), (Expiry("3 days"), 2),
        (Expiry("12 months", yearly_on="03-31"), 24), (None, 0),
    ],
)  # fmt: skip
def test_for_how_many_months_points_come_back_at_most(expiry: Expiry | None, lives: int) -> None:
    """By the longest of all terms so far: what is told to rule next year says nothing yet."""
    days = [datetime(year, 1, 1, tzinfo=UTC) for year in (2024, 2025, 2027)]
    each = [Expiry("1 day"), expiry, Expiry("9 years")]
    zone = ZoneInfo("Europe/Berlin")
    terms: Any = SimpleNamespace(
        starts=days,
        versions=[
            SimpleNamespace(
                program=SimpleNamespace(wallets={"points": SimpleNamespace(expiry=one)}), zone=zone
            )
            for one in each
        ],
    )
    now = datetime(2026, 5, 5, tzinfo=UTC)
    assert costing.lives_of(terms, now, "points") == lives
    assert costing.lives_of(terms, now, "stars") == 0


def test_a_month_ended_when_its_own_clock_said_so() -> None:
    """On 1 May at 3 in Berlin points get dearer, and the shop moves to New York, where it is April
    still. April had ended: its points cost what they cost. So it is of a zone that moves on."""
    began, moves = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 5, 1, 1, tzinfo=UTC)
    moved = _terms((began, "Europe/Berlin", 10), (moves, "America/New_York", 20))
    stays = _terms((began, "Europe/Berlin", 10), (moves, "Europe/Berlin", 20))
    for terms in (moved, stays):
        then = _then(terms, datetime(2026, 1, 1, tzinfo=UTC))
        assert [then(date(2025, month, 1)) for month in (3, 4, 5)] == [10, 10, 20]
    # In Tokyo it is 1 June since 15:00 UTC of 31 May: who moves there at 20:00 has ended May then.
    jumps = datetime(2025, 5, 31, 20, tzinfo=UTC)
    there = _terms((began, "Europe/Berlin", 10), (jumps, "Asia/Tokyo", 20))
    then = _then(there, datetime(2026, 1, 1, tzinfo=UTC))
    assert [then(date(2025, month, 1)) for month in (5, 6)] == [10, 20]


def test_a_shop_that_moves_keeps_what_was_closed_and_cuts_the_rest_by_one_clock(
    open_shop: Open,
) -> None:
    """Points of the last hour of March in Berlin are of April in Tokyo; the mug they bought and
    what is left of them are told of the same month, and all ages come to what is outstanding."""
    shop, owner = a_shop(open_shop)
    shop.at("2026-03-31 23:30")
    shop.record(buys(ADA, 1_000, receipt="late"))
    shop.at("2026-05-01 09:00")
    assert isinstance(closes(shop, owner, 4), MonthClosed)
    was = told(shop)
    trades(shop, 5)
    shop.redeem(Redeem(ADA, "mug", capture=True))
    tokyo = COSTS.replace("Europe/Berlin", "Asia/Tokyo")
    shop.at("2026-05-20 09:00")
    shop.publish(named(tokyo, shop.terms.slug), accept=("liability", "zone"))
    shop.zone = ZoneInfo("Asia/Tokyo")
    shop.at("2026-06-02 09:00")
    is_ = told(shop)
    assert by_month(is_)[4] == by_month(was)[4]
    given = [{row[0]: row[1] for row in one.table("by_age").rows} for one in (was, is_)]
    march, april = date(2026, 3, 1), date(2026, 4, 1)
    assert (given[0][march], given[0][april]) == (110, 100)
    assert (given[1][march], given[1][april]) == (100, 110)
    left = sum(int(str(row[2])) for row in is_.table("by_age").rows)
    assert left == shop.balances("ada")["points"][0]
    assert is_.table("tie_out").rows[0][:3] == (left, left, 0)
