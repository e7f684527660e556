"""A sale as its returns see it: which pieces came back, and what is left of it for the rules.

Anything else that happened comes back as a sale of one piece would: whole, and once (semantics D7).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault
from regulars.engine.deciding.earn import Scene, scene_of
from regulars.engine.facts import FactLine, Facts
from regulars.engine.ladder.further import seen_then
from regulars.engine.qualify import after_returns
from regulars.engine.returning.payments import Spent
from regulars.engine.terms import Version
from regulars.records.activity.types import CODE_OF, IN_PIECES, Activity
from regulars.records.trail.types import Steps


class TooMuchReturned(Fault):
    """More came back than was bought."""

    code = "too_much_returned"
    category = "conflict"


class Sale(Struct):
    """A sale as its returns need it: what was sold, and how its decision stands by now."""

    activity: Activity
    steps: Steps
    """Of the sale, or of its latest return: what is still given, and what came back so far."""
    lapsed: Mapping[int, int] = {}
    """Per wallet code: how many of its points had lapsed before this batch."""
    stages: list[tuple[int, ...]] = []
    """What had come back after each of its returns, where its member's story is told."""
    spent: Sequence[Spent] = ()
    """The redemptions that paid for it."""
    lapsed_of_milestones: Mapping[UUID, Mapping[int, int]] = {}
    """What had lapsed before this batch of what milestones gave in its periods, by cause."""
    under: Sequence[UUID] = ()
    """Whom its member was merged into, and that one in turn; asked where milestones counted it."""


def pieces_back(sale: Sale, activity: Activity) -> tuple[int, ...]:
    """How many pieces of each line came back in all, this return included."""
    sold = pieces_sold(sale.activity)
    back = list(sale.steps.returned or (0,) * len(sold))
    if not activity.body.returned:
        if back == list(sold):
            says = "all of it came back already"
            raise TooMuchReturned(says, field="/sale", left=0)
        return sold
    for place, part in enumerate(activity.body.returned):
        pointer = f"/returned/{place}"
        if part.line >= len(sold):
            raise TooMuchReturned(
                f"it has {len(sold)} lines, counted from 0", field=f"{pointer}/line"
            )
        left = sold[part.line] - back[part.line]
        if part.quantity > left:
            raise TooMuchReturned(
                f"only {left} of line {part.line} can still come back",
                field=f"{pointer}/quantity",
                left=left,
            )
        back[part.line] += part.quantity
    return tuple(back)


def pieces_sold(sale: Activity) -> tuple[int, ...]:
    """Pieces of each line; a sale without lines is one line whose pieces are minor units, of the
    currency in which it was paid. Anything else that happened is one piece."""
    if sale.kind not in IN_PIECES:
        return (1,)
    if sale.body.lines:
        return tuple(line.quantity for line in sale.body.lines)
    paid = sale.body.paid_in
    return (max(paid.amount_minor if paid else sale.amount_minor, 1),)


def facts_left(version: Version, sale: Sale, returned: Sequence[int]) -> Facts:
    """What the rules saw of a sale then, less what came back of it since."""
    scene: Scene = scene_of(version, sale.activity)
    steps = sale.steps
    facts = replace(
        scene.facts,
        day=steps.day,
        weekday=steps.weekday,
        hour=steps.hour,
        tier=steps.tier,
        further=seen_then(version, steps) if steps.further else frozenset(),
        member=steps.member,
    )
    if steps.code_of:
        facts = replace(facts, details={**facts.details, CODE_OF: steps.code_of})
    if not any(returned):
        return facts
    if facts.kind not in IN_PIECES:
        nothing = (0,) * len(facts.extras)
        return replace(facts, lines=(FactLine("", "", 0, nothing),), extras=nothing)
    if sale.activity.body.lines:
        return after_returns(facts, returned)
    # Without lines pieces are minor units; for the rules it is one piece until nothing is left.
    whole = facts.lines[0]._replace(quantity=pieces_sold(sale.activity)[0])
    left = after_returns(replace(facts, lines=(whole,)), returned)
    line = left.lines[0]
    return replace(left, lines=(line._replace(quantity=min(line.quantity, 1)),))
