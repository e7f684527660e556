"""What tables of points by the month of earning are called, and what is said in them."""

from __future__ import annotations

from typing import Final

N: Final = str
"""Marks a text for the translators."""

TABLES: Final = {
    "earn_cohorts": N("What becomes of the points of each month"),
    "ways": N("All ways of estimating, on months in the past"),
}
COLUMNS: Final = {
    "coming": N("Still to come"),
    "cost_minor": N("What that costs"),
    "over": N("Came back beyond what was given"),
    "unmatched": N("Redeemed of points of no known month"),
}
GROUPS: Final = {
    "way": {
        "bornhuetter_ferguson": N("Bornhuetter-Ferguson: young months by what is usual"),
        "chain_ladder": N("Chain-ladder: each month goes on as those before it"),
        "calendar": N("Calendar: as the same months of last year, grown as this one has"),
    },
}
