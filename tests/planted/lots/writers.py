"""Bugs that show only when many write at once, and the storm that must notice them."""

from __future__ import annotations

import os
from typing import Any, Final

from tests.planted.bug import Bug

WRITERS = (
    Bug(
        "many at once: nobody waits for a budget",
        "flows/recording/begin.py",
        "write.hold_budgets(tx, keys) if lock else read.budgets(tx, keys)",
        "read.budgets(tx, keys)",
        "checks.writers_budget",
    ),
    Bug(
        "many at once: nobody waits for the shelf",
        "records/rewards/read.py",
        "order by reward for update",
        "order by reward",
        "checks.writers_shelf",
    ),
    Bug(
        "many at once: nobody waits for a place in a team",
        "flows/points/gaming/keep_teams.py",
        "    await write.lock_teams(tx)\n",
        "",
        "checks.writers_team",
    ),
)


def _all_at_once(kind: str) -> Any:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.storm.writers import KINDS, all_at_once, connected, furnish

        furnish(shop, f"many-{os.getpid()}")
        asked = KINDS[kind](shop)
        with connected(shop) as database:
            assert asked.had(all_at_once(shop, asked, database)) == asked.there

    return check


ALONE: Final[dict[str, Any]] = {
    "writers_budget": _all_at_once("a budget of the program"),
    "writers_shelf": _all_at_once("pieces on the shelf"),
    "writers_team": _all_at_once("places in a team"),
}
