"""Checks that SQL alone cannot make: each row is looked at as it streams by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from regulars.insight.verify.facts import Facts
from regulars.records.members.number import is_valid
from regulars.records.trail.types import unpack

Fold = Callable[[Mapping[str, Any], Facts], dict[str, Any] | None]
"""What is wrong with a row, or nothing."""


def number(row: Mapping[str, Any], _facts: Facts) -> dict[str, Any] | None:
    """A loyalty number that does not end in its check digit."""
    return None if is_valid(row["number"]) else dict(row)


def waiting(row: Mapping[str, Any], facts: Facts) -> dict[str, Any] | None:
    """A return that could be taken now that its purchase is here.

    One that says more came back than is left, or that the program turns away because the points
    were spent, waits for people; that is no fault of the books.
    """
    if facts.refuses_returns(row["program_id"]) or not _can_be_taken(row):
        return None
    return {name: row[name] for name in ("program_id", "member_id", "activity_id", "sale_id")}


def _can_be_taken(row: Mapping[str, Any]) -> bool:
    bought = list(row["pieces"])
    chain = [unpack(packed).returned for packed in row["packed"]]
    back = list(max(chain, key=sum, default=())) or [0] * len(bought)
    # Read as plain data: what a command may say is the business of the flows.
    asked = msgspec.msgpack.decode(row["command"]).get("body", {}).get("returned", ())
    if not asked:
        return back != bought
    for part in asked:
        if part["line"] >= len(bought):
            return False
        back[part["line"]] += part["quantity"]
    return all(n <= most for n, most in zip(back, bought, strict=True))


FOLDS: Final[dict[str, Fold]] = {"numbers": number, "waiting": waiting}
"""By the name in the head of the SQL file; `sales` is a house of its own (sales.py)."""
