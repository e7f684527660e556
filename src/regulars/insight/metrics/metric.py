"""What is said of each metric, whichever it is."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Unit = Literal["share", "rate", "ratio", "count", "money", "points", "days", "score"]
"""`share`: a part of those who were counted, from 0 to 1. `rate` and `ratio`: one sum over another,
the first said in percent, and above 1 where it is."""
Counts = Literal[
    "member", "order", "point", "lot", "period", "money", "payment", "account", "invitation"
]
Rows = Literal["members", "days", "accounts", ""]
"""What a figure is made of and can be listed: members, days of members on which points moved,
accounts, or nothing."""
Report = Literal[
    "overview", "retention", "points", "liability", "tiers", "stores", "preferences", "fairness",
    "referral", "memberships", "accounts", "best", "values",
]  # fmt: skip


class Metric(Struct, frozen=True, kw_only=True):
    """One thing a shop measures.

    Shape: `part` over `whole` where it is a share or a ratio; a count or a sum has no `whole`.
    """

    id: str
    report: Report
    name: str
    means: str
    part: str
    whole: str = ""
    unit: Unit
    counts: Counts
    rows: Rows = ""
    wilson: bool = False
    """Whether it is shown with Wilson's interval of 95 %."""
