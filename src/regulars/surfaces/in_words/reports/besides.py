"""What tables of points by the month of earning are called, and what is said in them."""

from __future__ import annotations

from typing import Final

N: Final = str
"""Marks a text for the translators."""

TABLES: Final = {
    "earn_cohorts": N("What becomes of the points of each month"),
    "brought_over": N("Points brought over, by the month they were earned in"),
    "ways": N("All ways of estimating, on months in the past"),
    "open_by_tenure": N("Rewards open to newcomers and the others"),
    "offered_by_tenure": N("Offers of their own, given to newcomers and the others"),
}
COLUMNS: Final = {
    "cut": N("Whole or part"),
    "were_offered": N("Were given an offer"),
    "own_offers": N("Offers given"),
    "of_own_offers": N("Of all offers given"),
    "were_there": N("Members there in the time"),
    "coming": N("Still to come"),
    "cost_minor": N("What that costs"),
    "over": N("Came back beyond what was given"),
    "unmatched": N("Redeemed of points of no known month"),
    "season": N("Season"),
    "season_factor": N("Orders ahead times, by the season"),
    "orders_low": N("Orders may be times, at least"),
    "orders_high": N("Orders may be times, at most"),
}
GROUPS: Final = {
    "cut": {"whole": N("whole"), "part": N("only a part of it")},
    "season": {
        "taken": N("seen, and foretold better with it"),
        "tried": N("seen, and foretold no better with it"),
        "unseen": N("not seen yet: it takes about a year and a half"),
    },
    "way": {
        "bornhuetter_ferguson": N("Bornhuetter-Ferguson: young months by what is usual"),
        "chain_ladder": N("Chain-ladder: each month goes on as those before it"),
        "calendar": N("Calendar: as the same months of last year, grown as this one has"),
    },
}
