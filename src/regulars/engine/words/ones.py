"""What phrases with a count say of one; their form for more stands among the others.

Languages with further forms (Arabic has six) keep them in their catalogues.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

ONE: Final = MappingProxyType(
    {
        "game.span_day": "{n} day",
        "game.span_week": "{n} week",
        "game.span_month": "{n} month",
        "game.span_year": "{n} year",
        "game.row_day": "{n} day in a row",
        "game.row_week": "{n} week in a row",
        "game.row_month": "{n} month in a row",
        "game.days": "{what} on {n} day",
        "game.stores": "{what} in {n} store",
        "game.categories": "goods of {n} kind",
        "tier.visits": "{n} visit",
        "tier.friends": "{n} friend who stayed",
        "tier.activities": "{n} activity",
        "segment.within": "in the last day",
        "why.limit_times": "once {per}",
        "rule.at_most_times": "at most once {per}",
        "benefit.good_for": "once within {span} from when it is yours",
        "benefit.guests": "with a guest",
        "rests.hours": "not again within {count} h",
        "entry.why_friends": "{said} friend",
    }
)
