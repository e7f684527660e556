"""What reports, their tables and columns are called, and how it is said that something is missing;
`words/` says each in other languages."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

N: Final = str
"""Marks a text for the translators."""

TITLES: Final = MappingProxyType(
    {
        "overview": (
            N("Overview"),
            N("How it goes at a glance, and how far members come who join."),
        ),
        "retention": (
            N("Retention and cohorts"),
            N("Whether people come back: how many, how often, after how long."),
        ),
        "points": (
            N("Points economy"),
            N("What was issued, redeemed and expired, and what becomes of points in the end."),
        ),
        "liability": (
            N("Liability and month-end close"),
            N("What is owed for points, how it rolls forward, and what of it is revenue yet."),
        ),
        "tiers": (
            N("Tiers and migration"),
            N("In which tier members were when the time began, and where they are at its end."),
        ),
        "stores": (N("Stores"), N("Who buys in which store, and who comes back to it.")),
        "best": (
            N("What the best do"),
            N("What those who spend most did in their first days, and which rewards are in reach."),
        ),
    }
)
"""Each report's name and a sentence about it."""
TABLES: Final = MappingProxyType(
    {
        "orders": N("Orders by time"),
        "cohorts": N("Cohorts"),
        "flow": N("Points by time"),
        "roll_forward": N("Roll-forward"),
        "tie_out": N("Tied to the ledger"),
        "by_age": N("Outstanding by the month of earning"),
        "by_expiry": N("Outstanding by the month of expiry"),
        "deferred": N("Contract liability (IFRS 15, ASC 606)"),
        "back_test": N("The estimate tried on two quarters, at months in the past"),
        "journal": N("Journal"),
        "migration": N("From tier to tier"),
        "migration_before": N("From tier to tier, in the time before"),
        "enrolment": N("From joining to the first reward"),
        "tier_mix": N("Tier mix"),
        "rewards": N("Rewards handed over"),
        "stores": N("Stores"),
        "habits": N("What the best did more than others in their first 30 days"),
        "reach": N("Which rewards are within reach"),
        "stores_before": N("Stores, in the time before"),
    }
)
COLUMNS: Final = MappingProxyType(
    {
        "from": N("From"),
        "until": N("Before"),
        "buyers": N("Buyers"),
        "first": N("First-time buyers"),
        "twice": N("Bought twice or more"),
        "orders": N("Orders"),
        "net_minor": N("Net revenue"),
        "order_value": N("Average order"),
        "all_sales": N("All purchases"),
        "all_net_minor": N("All net revenue"),
        "first_month": N("First bought in"),
        "month": N("Month"),
        "later": N("Months later"),
        "size": N("Members"),
        "came": N("Came"),
        "share": N("Share"),
        "low": N("At least (95 %)"),
        "high": N("At most (95 %)"),
        "issued": N("Issued"),
        "redeemed": N("Redeemed"),
        "expired": N("Expired"),
        "adjusted": N("By hand"),
        "other": N("Brought, passed on, written off"),
        "change": N("Change"),
        "opening": N("Opening"),
        "closing": N("Closing"),
        "rolled": N("By all days"),
        "ledger": N("By the ledger"),
        "off": N("Difference"),
        "pending": N("Of it pending"),
        "reserved": N("Of it reserved"),
        "owed_by_members": N("Owed by members"),
        "earned": N("Earned in"),
        "given": N("Given"),
        "left": N("Left"),
        "lapses": N("Lapses in"),
        "opening_minor": N("Opening"),
        "added_minor": N("Put back"),
        "earned_minor": N("Earned"),
        "changed_added_minor": N("Changed in what was put back of closed months"),
        "changed_earned_minor": N("Changed in what was earned of closed months"),
        "closing_minor": N("Closing"),
        "rate": N("Ultimate rate"),
        "months": N("Months"),
        "expected": N("Expected"),
        "before": N("Tier before"),
        "after": N("Tier after"),
        "members": N("Members"),
        "of": N("Of"),
        "store": N("Store"),
        "on": N("Booked on"),
        "account": N("Account"),
        "debit_minor": N("Debit"),
        "credit_minor": N("Credit"),
        "text": N("For"),
        "joined": N("Joined"),
        "once": N("First order"),
        "rewarded": N("First reward"),
        "on_day": N("As the day ended"),
        "tier": N("Tier"),
        "reward": N("Reward"),
        "times": N("Times"),
        "times_before": N("Times before"),
        "habit": N("In the first 30 days"),
        "best": N("The best who did"),
        "of_best": N("The best"),
        "share_best": N("Of the best"),
        "others": N("Others who did"),
        "of_others": N("Others"),
        "share_others": N("Of the others"),
        "more": N("More by"),
        "reached": N("Earned enough"),
        "median_days": N("Half earned enough after days"),
        "handed": N("Got it"),
    }
)
LACKING: Final = MappingProxyType(
    {
        "members": N("There are %(have)s members to count; %(wanted)s would be needed."),
        "repeat_orders": N(
            "%(have)s orders were followed by another; %(wanted)s would be needed to say this."
        ),
        "history": N("There are %(have)s days of history before; %(wanted)s would be needed."),
        "seasons": N("There are %(have)s seasons of history; %(wanted)s would be needed."),
        "values": N("There is nothing yet that this could be worked out of."),
        "periods": N("%(have)s whole months have passed; %(wanted)s would be needed."),
        "boundary": N("What members did so far cannot carry this estimate."),
        "answers": N("There are %(have)s answers; %(wanted)s would be needed."),
        "groups": N("Only purchases of members are told to Regulars, so there is nothing beside."),
        "spread": N("Everybody did the same, so nothing can be compared."),
    }
)
"""By what is missing (`Lacking`); a test sees that none is forgotten."""
ACCOUNTS: Final = MappingProxyType(
    {
        "revenue_sales": N("Revenue from sales"),
        "contract_liability": N("Contract liability for points"),
        "revenue_points": N("Revenue from points"),
        "put_back": N("Put back for points of the month"),
        "earned": N("Redeemed, or not expected any more"),
        "put_back_changed": N("Changed in what was put back of closed months"),
        "earned_changed": N("Changed in what was earned of closed months"),
    }
)
"""Accounts of the journal and what is booked on them; files have the short names."""
HABITS: Final = MappingProxyType(
    {
        "again": N("Ordered on a second day"),
        "reward": N("Got a reward"),
        "stores": N("Ordered in two stores"),
        "weekend": N("Ordered on a weekend"),
        "visits": N("Did something besides buying"),
        "pieces": N("Took three pieces or more at once, the first time"),
    }
)
"""What somebody did in their first days."""
BOUGHT_FROM: Final = N("Bought from %(category)s")
NO_TIER: Final = N("no tier")
NEW_MEMBER: Final = N("joined within the time")
NO_STORE: Final = N("no store")
NEVER: Final = N("never")


def all_texts() -> tuple[str, ...]:
    """Every text above."""
    pairs = [text for pair in TITLES.values() for text in pair]
    tables = (TABLES, COLUMNS, LACKING, ACCOUNTS, HABITS)
    said = [text for table in tables for text in table.values()]
    return tuple(dict.fromkeys([*pairs, *said, NO_TIER, NEW_MEMBER, NO_STORE, NEVER, BOUGHT_FROM]))
