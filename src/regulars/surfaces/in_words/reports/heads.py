"""What reports, their tables and columns are called, and how it is said that something is missing;
`words/` says each in other languages."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from regulars.surfaces.in_words.reports import besides, valued
from regulars.surfaces.in_words.reports.lacking import LACKING

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
        "preferences": (
            N("Preferences and patterns"),
            N("What members buy, at which hours, and what goes into one basket."),
        ),
        "fairness": (
            N("Fairness of spend"),
            N("Who gets what of the program, beside what they bring; who pays for whom."),
        ),
        "referral": (
            N("Referral"),
            N("Who brings whom, how far newcomers come, and what they bring beside the others."),
        ),
        "memberships": (
            N("Paid membership"),
            N("Who stays on a plan and for how long, which payments fail, who comes back."),
        ),
        "accounts": (
            N("Accounts and answers"),
            N("Companies and households: who uses the program, who falls quiet, what people say."),
        ),
        "values": valued.TITLE,
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
        "categories": N("Categories"),
        "hours": N("Hours of the week"),
        "weekdays": N("Days of the week by tier"),
        "likings": N("What tiers like"),
        "likings_by_cohort": N("What members like, by the year of their first order"),
        "pairs": N("Bought together"),
        "channels": N("By channel: purchases with articles, of the latest 10,000 days of buyers"),
        "lorenz": N("From who pays least to who pays most"),
        "tenths": N("Tenths of members by what they paid"),
        "by_tier": N("By tier"),
        "by_tenure": N("Newcomers beside the others"),
        "ages": N("By age"),
        "by_store": N("By store"),
        "open_by_tenth": N("Rewards open to each tenth"),
        "open_by_tier": N("Rewards open to each tier"),
        "brought": N("Newcomers by time"),
        "refused": N("Why newcomers did not count"),
        "bringing_tiers": N("Who brings, by tier"),
        "bringers": N("Who brought most"),
        "turns": N("Memberships by time"),
        "plans": N("Plans"),
        "staying": N("Still there after so many months"),
        "renewals": N("Still there after so many renewals"),
        "renewals_tried": N("Renewals foretold in quarters of the past"),
        "accounts": N("Accounts"),
        "accounts_staying": N("Accounts still there after so many months"),
        "answered": N("What members did in the 90 days after they answered"),
    }
    | valued.TABLES
    | besides.TABLES
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
        "low": N("At least (95%)"),
        "high": N("At most (95%)"),
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
        "month_state": N("Closed?"),
        "way": N("Way of estimating"),
        "missed": N("Off by, in all"),
        "chosen": N("Taken"),
        "expected": N("Expected"),
        "before": N("Tier before"),
        "after": N("Tier after"),
        "members": N("Members"),
        "of": N("Of"),
        "store": N("Store"),
        "channel": N("Channel"),
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
        "category": N("Category"),
        "with_other": N("Bought with"),
        "both": N("Both"),
        "sales": N("Purchases"),
        "pieces": N("Pieces"),
        "share_before": N("Share before"),
        "share_of_all": N("Share of all"),
        "lift": N("Times as much as all"),
        "weekday": N("Day of the week"),
        "hour": N("Hour"),
        "first_year": N("First bought in"),
        "tenth": N("Tenth"),
        "tenure": N("Since when"),
        "age": N("Age"),
        "redeemers": N("Redeemed something"),
        "of_members": N("Of members"),
        "of_revenue": N("Of revenue"),
        "of_issued": N("Of points issued"),
        "of_redeemed": N("Of points redeemed"),
        "beyond": N("Redeemed beyond their part"),
        "gifts_minor": N("Discounts, gifts and benefits"),
        "of_gifts": N("Of discounts, gifts and benefits"),
        "named": N("Named a code"),
        "sent": N("Invitations sent"),
        "bought": N("Bought what counts"),
        "kept": N("Rewarded"),
        "refused": N("Did not count"),
        "taken_back": N("Taken back"),
        "reason": N("Reason"),
        "guard": N("Sign of fraud"),
        "newcomers": N("Newcomers"),
        "bringers": N("Members who brought"),
        "their_net_minor": N("Paid by whom they brought"),
        "member": N("Member"),
        "there": N("There as it began"),
        "at_begin": N("At the beginning"),
        "at_end": N("At the end"),
        "began": N("Began to pay"),
        "ended": N("Ended"),
        "failed": N("Failed payments"),
        "fees_minor": N("Fees"),
        "plan": N("Plan"),
        "at_risk": N("Came so far"),
        "renewals": N("Renewals"),
        "expected_share": N("Expected (shifted beta-geometric)"),
        "renewing": N("Of these renew the next time"),
        "decided": N("Came to a renewal"),
        "renewed": N("Renewed"),
        "of_account": N("Account"),
        "head": N("Head"),
        "people": N("People"),
        "buying": N("Of them bought"),
        "orders_before": N("Orders in the time before"),
        "last_on": N("Last order"),
        "usual_days": N("Usual gap in days"),
        "quiet_days": N("Days since"),
        "signal": N("Signal"),
        "score": N("NPS answer, on average"),
        "tickets": N("Support tickets"),
        "tickets_before": N("Support tickets in the time before"),
        "account_health": N("Health"),
        "looked_at": N("Looked at"),
        "offers": N("Rewards there are"),
        "open_each": N("Open to each, on average"),
        "as_of": N("As it stood on"),
        "with_offer": N("To so many at least one is open"),
        "answer": N("Said"),
        "bought_later": N("Bought within 90 days"),
    }
    | valued.COLUMNS
    | besides.COLUMNS
)
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
GROUPS: Final = MappingProxyType(
    {
        "tenure": {
            "new": N("First order in this time"),
            "year": N("First order in the year before"),
            "long": N("First order longer ago"),
            "none": N("Never ordered"),
        },
        "signal": {
            "quiet": N("falls quiet"),
            "fewer": N("buys less"),
            "steady": N("as ever"),
            "none": N("too few orders"),
        },
        "account_health": {
            "slipping": N("slips away"),
            "strained": N("complains, buys as ever"),
            "well": N("well"),
            "none": N("nothing says it"),
        },
        "answer": {
            "promoter": N("NPS 9 or 10"),
            "passive": N("NPS 7 or 8"),
            "detractor": N("NPS 0 to 6"),
            "content": N("CSAT 4 or 5"),
            "discontent": N("CSAT 1 to 3"),
        },
        "guard": {"guard": N("yes"), "other": N("no")},
        "chosen": {"yes": N("yes"), "no": N("no")},
        "month_state": {
            "closed": N("closed"),
            "open": N("not closed yet: moves with returns until it is"),
            "running": N("runs"),
        },
        "reason": {
            "oneself": N("Brought themselves"),
            "same_household": N("Lives in the same household"),
            "brought_already": N("Was brought already"),
            "not_new": N("Was no newcomer"),
            "ring": N("Was brought by whom they brought"),
            "same_mark": N("Same device, address or card"),
            "member_erased": N("Was erased"),
            "member_blocked": N("Is blocked"),
            "not_bought": N("Bought nothing in time"),
            "came_back": N("What they bought came back"),
        },
    }
    | valued.GROUPS
    | besides.GROUPS
)
"""What a row is about, where it is one of a few things, by its column."""
ALL_PLANS: Final = N("all plans")
ANY_REWARD: Final = N("any of them")
NO_CATEGORY: Final = N("without a category")
NO_AGE: Final = N("age not told")
AT_HOUR: Final = N("%(day)s, %(hour)s o'clock")
NO_TIER: Final = N("no tier")
NEW_MEMBER: Final = N("joined within the time")
WAS_ERASED: Final = N("erased within the time")
NO_STORE: Final = N("no store")
NO_CHANNEL: Final = N("not told")
NEVER: Final = N("never")


def all_texts() -> tuple[str, ...]:
    """Every text above."""
    pairs = [text for pair in TITLES.values() for text in pair]
    tables = (TABLES, COLUMNS, LACKING, ACCOUNTS, HABITS, *GROUPS.values())
    said = [text for table in tables for text in table.values()]
    alone = (
        NO_TIER,
        NEW_MEMBER,
        NO_STORE,
        NO_CHANNEL,
        NEVER,
        NO_CATEGORY,
        NO_AGE,
        AT_HOUR,
        ALL_PLANS,
        ANY_REWARD,
        WAS_ERASED,
    )
    return tuple(dict.fromkeys([*pairs, *said, *alone, BOUGHT_FROM]))
