"""Faults of what is counted beforehand, in the one program that has it counted."""

from tests.insight.verify.planting import at, planted

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
        at("update category_day set net_minor = net_minor + 1", "category_day"), "sums_counted"
    ),
    "an hour sold more": planted(
        at("update hour_month set net_minor = net_minor + 1", "hour_month"), "sums_counted"
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
