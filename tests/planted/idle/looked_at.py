"""Bugs in when a tier is looked at beside what comes back, and in whose turn it is."""

from __future__ import annotations

import os
from typing import Any, Final

from tests.planted.bug import Bug

LOOKED_AT: Final = (
    Bug(
        "what comes back is gone before a tier that was due is looked at",
        "engine/restating/late.py",
        "        tiering.review(changes, state, terms.at(at), min(at, now))\n    returned",
        "        tiering.move_over(changes, state, terms.at(at), min(at, now))\n    returned",
        "story looked-at-before-it-comes-back",
    ),
    Bug(
        "told late, what came back is gone before the tier is looked at",
        "engine/restating/story.py",
        "    tiering.review(quiet, scratch, rules, min(mark.at, now))\n    if not mark.back:\n",
        "    if not mark.back:\n        tiering.review(quiet, scratch, rules, min(mark.at, now))\n",
        "story looked-at-before-it-comes-back",
    ),
    Bug(
        "too much that comes back has somebody looked at",
        "engine/restating/late.py",
        "    pieces_back(sale, activity)  # more than was bought is no reason to look at anybody\n",
        "",
        "checks.too_much_looks_at_nobody",
    ),
    Bug(
        "whom nobody can look after stands in front of all others",
        "records/benefits/associates/read.py",
        "floor(extract(epoch from $6::timestamptz) / 60)::bigint as minute",
        "extract(epoch from $6::timestamptz) * 0 as minute",
        "checks.nobody_stands_in_nobodys_way",
    ),
)


def too_much_looks_at_nobody(shop: Any) -> None:
    # Imported late, so that it meets the source with the bug in it.
    from tests.flows.tiers import test_looked_at as tests

    def opened(source: str) -> Any:
        shop.begin(source, slug=f"looked-{os.getpid()}")
        return shop

    tests.test_more_than_was_bought_has_nobody_looked_at(opened)


def nobody_stands_in_nobodys_way(shop: Any) -> None:
    from tests.flows.members.benefits import test_associates as tests

    shop.begin(tests.SALON, slug=f"salon-{os.getpid()}")
    shop.joined("ada", "ben", "cem")
    tests.test_who_can_have_nobody_stands_in_nobodys_way(shop)


ALONE: Final = {
    "too_much_looks_at_nobody": too_much_looks_at_nobody,
    "nobody_stands_in_nobodys_way": nobody_stands_in_nobodys_way,
}
