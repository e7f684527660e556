"""Faults of what is counted beforehand, in the one program that has it counted."""

from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.insight.verify.planting import at, planted

from regulars.flows.membership.office.keep_values import end_run, keep_values
from regulars.records.standing.values.types import Run, Value


async def reckoned(shop: Any) -> None:
    """A day ends while somebody counts; of one member it is said what they are worth."""
    await shop.counts()
    ended = shop.now.astimezone(ZoneInfo("Europe/Berlin")) + timedelta(days=1)
    shop.now = ended.replace(hour=1, minute=0).astimezone(UTC)
    await shop.counts()
    async with shop.database.transaction(shop.program_id) as tx:
        (row, *_) = await tx.fetch(
            "select member_id from member where program_id = $1 order by 1", shop.program_id
        )
        day = shop.now.date() - timedelta(days=1)
        worth = Value(row["member_id"], 700, 150, 9_000, 3, 20, "steady", "upper", day, 3_000)
        await keep_values(tx, [worth], ["345"])
        await end_run(tx, Run(day, shop.now, 1, "NBD", {}), 9)


COUNTED = {
    "a sale is counted twice": planted(
        at("update member_day set sales = sales + 1", "member_day", "sales > 0"),
        "days_counted", "sums_counted",
    ),
    "money is counted that nobody paid": planted(
        at("update member_day set paid_minor = paid_minor + 1", "member_day", "sales > 0"),
        "days_counted", "sums_counted",
    ),
    "what came back is counted still": planted(
        at("update member_day set net_minor = net_minor - 1", "member_day", "sales > 0"),
        "days_counted", "sums_counted",
    ),
    "a day of a member is not counted": planted(
        at("delete from member_day", "member_day", "sales > 0"),
        "days_counted", "sums_counted", "gaps_counted",
    ),
    "points are counted that were never issued": planted(
        at("update points_day set issued = issued + 1", "points_day", "issued > 0"),
        "moves_counted", "sums_counted",
    ),
    "redeemed points are counted as expired": planted(
        at("update points_day set redeemed = 0, expired = redeemed", "points_day", "redeemed > 0"),
        "moves_counted", "sums_counted",
    ),
    "adjusted points are counted": planted(
        at("update points_day set adjusted = 5", "points_day"), "moves_counted", "sums_counted"
    ),
    "a sum of a store is another": planted(
        at("update store_day set visits = visits + 1", "store_day", "named"), "sums_counted"
    ),
    "somebody without a card is counted twice": planted(
        at("update store_day set sales = sales + 1", "store_day", "not named and sales > 0"),
        "nobodys_counted",
    ),
    "what nobody brought back is counted": planted(
        at("update store_day set returns = returns + 1", "store_day", "not named and sales > 0"),
        "nobodys_counted",
    ),
    "a sum of money is another": planted(
        at("update store_day set net_minor = net_minor + 1", "store_day", "named"), "sums_counted"
    ),
    "a sum of points is another": planted(
        at("update store_points_day set expired = expired + 1", "store_points_day"), "sums_counted"
    ),
    "a cohort has one more": planted(
        at("update cohort_month set buyers = buyers + 1", "cohort_month"), "sums_counted"
    ),
    "a first order was earlier": planted(
        at("update member_orders set first_on = first_on - 1", "member_orders"), "sums_counted"
    ),
    "a second order was that day": planted(
        at("update member_orders set second_on = first_on", "member_orders"), "sums_counted"
    ),
    "a category sold more": planted(
        at("update category_day set net_minor = net_minor + 1", "category_day"), "cells_counted"
    ),
    "an hour sold more": planted(
        at("update hour_month set net_minor = net_minor + 1", "hour_month"), "cells_counted"
    ),
    "a category sold what another did": planted(
        at("update category_day set category = category || '?'", "category_day", "net_minor > 0"),
        "cells_counted",
    ),
    "an hour sold what the next did": planted(
        at("update hour_month set hour = 23 - hour", "hour_month", "net_minor > 0"),
        "cells_counted",
    ),
    "somebody came to a step once more": planted(
        at("update tier_day set came = came + 1", "tier_day", "came > 0"), "steps_counted"
    ),
    "more stood somewhere than there are": planted(
        at("update tier_day set members = members + 99", "tier_day", "members > 0"),
        "steps_counted",
    ),
    "more was owed than lots had": planted(
        at("update owed_day set units = units + 5000", "owed_day"), "owed_counted"
    ),
    "a day that ended has nothing that was owed": planted(
        at("delete from owed_day", "owed_day", "units > 0"), "owed_counted"
    ),
    "a rule asks for another health": planted(
        at("update member_value set health = 'lost'", "member_value"), "values_counted"
    ),
    "90 days bring more than a year": planted(
        at("update member_value set soon_minor = worth_minor + 1", "member_value"),
        "values_counted",
    ),
    "an order followed another": planted(
        at("update order_gap set last = last + 1", "order_gap", "last > 0"), "gaps_counted"
    ),
    "an order but one before is another": planted(
        at("update order_gap set last_but_one = last_but_one - 1", "order_gap"), "gaps_counted"
    ),
    "the triangle has more than was given": planted(
        at("update lot_month set given = given + 1", "lot_month"), "triangle_counted"
    ),
    "the triangle has redeemed points as expired": planted(
        at("update lot_month set redeemed = 0, expired = redeemed", "lot_month", "redeemed > 0"),
        "triangle_counted",
    ),
}  # fmt: skip
