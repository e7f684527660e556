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
    Bug(
        "many at once: friends that another settled meanwhile are paid for again",
        "flows/points/referring/settle_referrals.py",
        "there = await read.some(tx, [one.referral_id for one in found])",
        "there = {one.referral_id: one for one in found}",
        "checks.writers_friends",
    ),
    Bug(
        "many at once: what each member got so far is what was there before them",
        "engine/deciding/budgets.py",
        "return changes.budgets[key] if budget.shared else state.counters.get(key, 0)",
        "return changes.budgets[key] if budget.shared else 0",
        "checks.writers_of_each",
    ),
    Bug(
        "of two writes of one row one is lost, and nobody says so",
        "base/tx.py",
        "    both = set(one.rows).intersection(other.rows)\n",
        "    both = set(one.rows).difference(one.rows)\n",
        "checks.rounds_name_their_rows",
    ),
    Bug(
        "a round may change what another write of it adds",
        "base/tx.py",
        "for table in sorted(written & written_before & (changed | changed_before))",
        "for table in sorted(changed & changed_before)",
        "checks.rounds_name_their_rows",
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


def _rounds(_: Any) -> None:
    from regulars.base.tx import Write, together

    adds = Write("insert into lot (program_id) values ($1::int)", (1,), rows=["a"])
    changes = Write("update lot set pinned = 0 where program_id = $1::int", (1,), rows=["a", "b"])
    assert len(together([adds, changes._replace(rows=["b"])])[1]) == 2
    for other in (adds, adds._replace(rows=None), Write("delete from lot", (), rows=["b"])):
        try:
            together([other, changes])
        except AssertionError:
            continue
        raise LookupError(other)


ALONE: Final[dict[str, Any]] = {
    "writers_budget": _all_at_once("a budget of the program"),
    "writers_shelf": _all_at_once("pieces on the shelf"),
    "rounds_name_their_rows": _rounds,
    "writers_friends": _all_at_once("how many friends bring points"),
    "writers_of_each": _all_at_once("a budget of each member"),
    "writers_team": _all_at_once("places in a team"),
}
