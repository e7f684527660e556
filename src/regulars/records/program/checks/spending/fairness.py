"""Fair to the loyal: what newcomers are offered and whoever stayed is not, is said before it is
promised."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from regulars.records.program.checks.walk import rules_of, whole_of
from regulars.records.program.parts.conditions import JOINED_ON
from regulars.records.program.problems import Finding, worded
from regulars.records.program.types import AnniversaryIs, DaysSince, Program, Referral, TierIs

FAIR: Final = "give those who stayed something of the kind, or accept that it is meant"


def fairness(program: Program) -> Iterator[Finding]:
    """Rules for newcomers beside which nothing of the same wallet takes longer membership, and
    friends who get more than whoever brought them."""
    longer = {
        rule.wallet for _, rule in rules_of(program) if rule.when is not None and stayed(rule.when)
    }
    for path, rule in rules_of(program):
        if rule.when is not None and newer(rule.when) and rule.wallet not in longer:
            says = worded(
                "only newcomers have this, and nothing of the kind is for those who stayed"
            )
            yield Finding((*path, "when"), says, FAIR, "warning", f"newer:{rule.id}")
    if program.referral is not None:
        yield from _brought(program, program.referral)


def newer(condition: Any) -> bool:
    """Whether nobody fits who joined long ago; of a rule's condition, or of a segment's.

    Example: `days_since` with `before: 30` is for newcomers; with `at_least: 365` beside it, it is
    for whoever has their second year.
    """
    if isinstance(condition, DaysSince):
        joined = condition.attribute == JOINED_ON
        return joined and condition.before is not None and condition.at_least <= 0
    return _asked(condition, newer, stayed)


def stayed(condition: Any) -> bool:
    """Whether nobody fits who joined today: it takes a while, or a tier that was earned."""
    if isinstance(condition, DaysSince):
        return condition.attribute == JOINED_ON and condition.at_least > 0
    if isinstance(condition, AnniversaryIs):
        return condition.attribute == JOINED_ON
    return isinstance(condition, TierIs) or _asked(condition, stayed, newer)


def _asked(condition: Any, asks: Callable[[Any], bool], other: Callable[[Any], bool]) -> bool:
    """The same of a tree: one part of all is enough, of any it takes each of them."""
    kind = type(condition).__struct_config__.tag
    if kind in ("all", "any"):
        return (any if kind == "all" else all)(asks(part) for part in condition.of)
    if kind != "not" or not isinstance(condition.that, DaysSince):
        return False
    that = condition.that
    # Turned round, a span that is open on one side is the other side.
    return other(that) and (that.before is None or that.at_least <= 0)


def _brought(program: Program, referral: Referral) -> Iterator[Finding]:
    wallet = program.wallets.get(referral.wallet)
    if wallet is None:
        return
    mine, theirs = (
        whole_of(side.points, wallet.scale) or 0 for side in (referral.referrer, referral.newcomer)
    )
    if theirs > mine:
        says = worded("a friend gets more than the member who brought them")
        path = ("referral", "newcomer", "points")
        yield Finding(path, says, FAIR, "warning", "newer:referral")
