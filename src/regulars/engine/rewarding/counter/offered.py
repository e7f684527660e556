"""Of a reward and what offers make of it: by which of them a member has it for less."""

from __future__ import annotations

from collections.abc import Mapping

from regulars.base.faults import Refused
from regulars.engine.rewarding.having import Wish, way_for
from regulars.engine.rewarding.promise import Way
from regulars.engine.state import MemberState
from regulars.engine.terms import Version


def as_offered(version: Version, state: MemberState, wish: Wish, shelf: Mapping[str, int]) -> Wish:
    """The same wish for the reward by which it takes least of this member.

    Order: the reward itself, then its offers in the order in which they were opened; another one
    goes before only where it takes no more of anything and less of something, or where the one
    before cannot be had. Where none can, the reward itself says why; where points are missing for
    it, whichever takes least of that wallet.
    Keeps: an offer never makes it dearer, as for who has it for nothing by their tier.
    """
    best, way = wish.reward, _asked(version, state, wish, wish.reward, shelf)
    for name in wish.others:
        other = _asked(version, state, wish, name, shelf)
        if _before(other, way):
            best, way = name, other
    return wish._replace(reward=best)


def _asked(
    version: Version, state: MemberState, wish: Wish, name: str, shelf: Mapping[str, int]
) -> Way | Refused:
    # Which price was shown is asked of the one that is taken.
    return way_for(version, state, wish._replace(reward=name, shown=None), shelf)


def _before(other: Way | Refused, best: Way | Refused) -> bool:
    if isinstance(other, Refused):
        return isinstance(best, Refused) and _nearer(other, best)
    return isinstance(best, Refused) or _less(other, best)


def _less(other: Way, best: Way) -> bool:
    """Whether it takes no more of anything, and less of something."""
    wallets = other.price.keys() | best.price.keys()
    mine = [other.money_minor, *(other.price.get(one, 0) for one in sorted(wallets))]
    theirs = [best.money_minor, *(best.price.get(one, 0) for one in sorted(wallets))]
    return mine != theirs and all(a <= b for a, b in zip(mine, theirs, strict=True))


def _nearer(other: Refused, best: Refused) -> bool:
    """Whether points are missing for both, and fewer for the other."""
    if not other.code == best.code == "not_enough_points":
        return False
    mine, theirs = other.facts, best.facts
    return bool(mine["wallet"] == theirs["wallet"] and mine["price"] < theirs["price"])
