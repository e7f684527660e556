"""Rules whose conditions can never hold together, or that another rule always beats."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.records.program.checks.boxes import Box, Boxes
from regulars.records.program.checks.walk import day_of, rules_of
from regulars.records.program.problems import Finding, Path, shown, worded
from regulars.records.program.types import All, AnyOf, Condition, Fixed, PerAmount, Program, Rule


def reach(program: Program) -> Iterator[Finding]:
    """Rules that can never give anything."""
    boxes = Boxes(program)
    for path, rule in rules_of(program):
        start = [boxes.window(rule.from_on, rule.until_on)]
        if rule.when is not None and boxes.alive(start):
            yield from _dead(boxes, rule.when, (*path, "when"), start)
    yield from _shadowed(program)


def _dead(boxes: Boxes, condition: Condition, path: Path, start: list[Box]) -> Iterator[Finding]:
    """Where a condition can never hold within these bounds: the innermost place that is at odds."""
    if boxes.narrow(condition, True, start):
        if isinstance(condition, All | AnyOf):
            yield from _idle(boxes, condition, path, start)
        return
    if isinstance(condition, All):
        yield from _dead_all(boxes, condition, path, start)
    elif boxes.narrow(condition, True, [boxes.everything]):
        says = "this can never hold together with what stands before it"
        yield Finding(path, says, "compare the conditions and the rule's own dates")
    else:
        yield Finding(path, "this can never hold", "loosen it or remove the rule")


def _dead_all(boxes: Boxes, condition: All, path: Path, start: list[Box]) -> Iterator[Finding]:
    left = start
    for place, part in enumerate(condition.of):
        after = boxes.narrow(part, True, left)
        if not after:
            yield from _dead(boxes, part, (*path, "of", place), left)
            return
        left = after


def _idle(boxes: Boxes, condition: All | AnyOf, path: Path, start: list[Box]) -> Iterator[Finding]:
    """Alternatives that can never hold inside a condition that can."""
    left = start
    for place, part in enumerate(condition.of):
        where = (*path, "of", place)
        after = boxes.narrow(part, True, left)
        if isinstance(condition, AnyOf) and not after:
            says = worded("this alternative can never hold")
            yield Finding(where, says, "loosen it or remove it", "warning")
        elif isinstance(part, All | AnyOf):
            yield from _idle(boxes, part, where, left)
        left = after if isinstance(condition, All) else left


# --- the first rule wins -------------------------------------------------------------------


def _shadowed(program: Program) -> Iterator[Finding]:
    """With `first`, a base rule behind one that always gives something never comes up."""
    if program.stacking.base != "first":
        return
    for place, rule in enumerate(program.rules):
        if not isinstance(rule.award, Fixed | PerAmount) or rule.award.stage != "base":
            continue
        for earlier in program.rules[:place]:
            if _always_before(earlier, rule):
                says = f"rule {shown(earlier.id)} stands before it and always comes first"
                yield Finding(("rules", place), says, "move it up, or add a condition above")
                break


def _always_before(earlier: Rule, later: Rule) -> bool:
    award = earlier.award
    if (earlier.wallet, earlier.on, earlier.when) != (later.wallet, later.on, None):
        return False
    if any(limit.on_exceed == "fall_through" for limit in earlier.limits):
        return False
    if earlier.group or earlier.cooldown is not None:
        return False
    if isinstance(award, Fixed):
        return award.stage == "base" and _covers(earlier, later)
    if not isinstance(award, PerAmount) or award.stage != "base" or not _covers(earlier, later):
        return False
    # A rule for an amount leaves free baskets to those behind it, but not to another amount.
    everything = not award.only_categories and not award.only_skus
    same = isinstance(later.award, PerAmount) and later.award.qualifying == award.qualifying
    return everything and same


def _covers(earlier: Rule, later: Rule) -> bool:
    """Is the earlier rule in force on every day on which the later one is?"""
    begin, end = day_of(earlier.from_on), day_of(earlier.until_on)
    later_begin, later_end = day_of(later.from_on), day_of(later.until_on)
    begun = begin is None or (later_begin is not None and begin <= later_begin)
    return begun and (end is None or (later_end is not None and later_end <= end))
