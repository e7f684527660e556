"""What was seen of an experiment look by look, as tables: its effects, and what each arm did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from regulars.insight.metrics.asked import Cell, Table, columns
from regulars.records.program.changes.experiments.types import Look

MOST_LOOKS: Final = 400
"""So many days are looked back at most."""
_DONE: Final = (
    "members", "came", "orders", "spend", "cost", "cost_rewards", "cost_messages", "cost_benefits",
)  # fmt: skip


class Bounded(NamedTuple):
    """An effect by a look, and the bounds that hold however often one looks."""

    look: Look
    value: float
    low: float
    high: float


def over_time(looks: Sequence[Look], arm: str, outcome: str) -> list[Bounded]:
    """What an arm was ahead by at each look, the first one first. A look at which nothing could be
    said, because there were too few members or not those that were planned, is left out."""
    found = []
    for look in sorted(looks, key=lambda one: one.at):
        for each in look.found["effects"]:
            ends = each.get("always", {})
            if (each["arm"], each["outcome"]) == (arm, outcome) and "low" in ends:
                found.append(Bounded(look, ends["value"], ends["low"], ends["high"]))
    return found


def effect_table(looks: Sequence[Look]) -> Table:
    """A row for each look, arm and outcome: the difference to the first arm with its bounds.

    Units: spend and cost in minor units, orders and came (a share) a member, return a ratio.
    Without a value there was too little to say; `missing` says of what.
    """
    heads = columns(
        "looked_at:text", "arm:text", "outcome:text", "value:ratio", "low:ratio", "high:ratio",
        "missing:text",
    )  # fmt: skip
    rows = [
        (look.at.isoformat(), each["arm"], each["outcome"], *_ends(each))
        for look in sorted(looks, key=lambda one: one.at)
        for each in look.found["effects"]
    ]
    return Table("effects", heads, tuple(rows))


def _ends(each: dict[str, Any]) -> tuple[Cell, ...]:
    """Value, bounds, and what is missing."""
    if "price" in each:  # what one further order cost, or came back for it
        ends = each["price"]["always"]
        return each.get("per_order", each.get("per_cost")), ends["low"], ends["high"], None
    ends = each.get("always", {})
    if "low" in ends:
        return ends["value"], ends["low"], ends["high"], None
    return None, None, None, (each.get("missing") or ends)["what"]


def arm_table(looks: Sequence[Look]) -> Table:
    """A row for each look and arm: how many were in it, and what they did since they are."""
    heads = columns("looked_at:text", "arm:text", *(f"{one}:count" for one in _DONE))
    rows = [
        (look.at.isoformat(), arm["name"], *(arm.get(one, 0) for one in _DONE))
        for look in sorted(looks, key=lambda one: one.at)
        for arm in look.found["arms"]
    ]
    return Table("arms", heads, tuple(rows))
