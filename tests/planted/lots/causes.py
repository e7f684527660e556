"""Bugs about what members give to a cause, and the check that must notice them."""

from __future__ import annotations

import os
from typing import Any

from tests.planted.bug import Bug

_PROMISE = "engine/rewarding/promise.py"
CAUSES = (
    Bug(
        "what is given to a cause is worth nothing in the books",
        _PROMISE,
        "    if isinstance(gives, Donation | Payout):\n",
        "    if isinstance(gives, Payout):\n",
        "checks.given_to_a_cause",
    ),
    Bug(
        "nobody is told to which cause it goes",
        _PROMISE,
        'found = {"cause": gives.cause, "amount_minor": _minor(gives.amount, scale)}',
        'found = {"amount_minor": _minor(gives.amount, scale)}',
        "checks.given_to_a_cause",
    ),
)


def given_to_a_cause(shop: Any) -> None:
    # Imported late, so that it meets the source with the bug in it.
    from tests.flows.points.test_kinds import ROASTERY, taken
    from tests.makers import buys

    shop.begin(ROASTERY, slug=f"cause-{os.getpid()}")
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 6_000, receipt="first"))
    done = taken(shop, ada, "forest")
    assert (done.kind, done.told) == ("donation", {"cause": "City forest", "amount_minor": 500})
    sql = "select (terms -> 'worth_minor')::int from redemption where program_id = $1"
    assert shop.rows(sql) == [(500,)]


ALONE: dict[str, Any] = {"given_to_a_cause": given_to_a_cause}
