"""The door of a condition: values or a text in, a checked condition or what to mend out."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from regulars.base.decimals import NotExact, units
from regulars.records.program.changes.segments.conditions import (
    All,
    Answered,
    AnyOf,
    ArticleBought,
    ArticleSpent,
    CategoryBought,
    CategorySpent,
    ClubIs,
    Condition,
    DaysSince,
    Did,
    Lapse,
    LastOrder,
    LastSeen,
    MemberIs,
    Not,
    Orders,
    PlanIs,
    PointsAre,
    SegmentIs,
    Spent,
    TierIs,
    Visits,
    Worth,
)
from regulars.records.program.changes.segments.ground import Ground
from regulars.records.program.parsing.nodes import parse
from regulars.records.program.parsing.shapes import fitted
from regulars.records.program.problems import Finding, Path, Problem, closest, worded

MOST_QUESTIONS: Final = 50
DEEPEST: Final = 8
LARGEST_TEXT: Final = 20_000
BOUGHT: Final = "purchase"
"""The kind that `did` is not asked of."""
_MISSING: Final = {
    "tier": "there is no tier %(name)s",
    "wallet": "there is no wallet %(name)s",
    "store": "there is no store %(name)s",
    "segment": "there is no saved segment %(name)s",
    "club": "there is no club %(name)s",
    "plan": "there is no plan %(name)s",
}
_RESERVED: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Known(Struct, frozen=True):
    """What the shop has that a condition may name."""

    ground: Ground
    stores: frozenset[str]
    clubs: frozenset[str] = frozenset()
    goods: bool = True
    """Whether it is known of everybody what they bought of which good."""
    itself: str = ""
    """The code of the segment whose condition it is: it may not be named in itself."""


def read(value: Any) -> tuple[Condition | None, list[Finding]]:
    """The condition in these values, or everything that keeps them from being one."""
    if not isinstance(value, dict):
        return None, [Finding((), "this is no condition", "begin with `if: all` and `of:`")]
    deep = _deepest(value)
    if deep > 3 * DEEPEST:
        return None, [Finding((), f"it is nested more than {DEEPEST} levels deep", "flatten it")]
    condition, found = fitted(value, Condition)  # type: ignore[arg-type]
    return condition, found


def read_text(text: str) -> tuple[Condition | None, list[Problem]]:
    """The condition in this YAML, or every problem with its line."""
    if len(text) > LARGEST_TEXT:
        return None, [Problem(1, 1, "", "this is longer than any condition", "say less")]
    tree = parse(text)
    if tree.problems:
        return None, tree.problems
    condition, found = read(tree.value)
    return condition, [tree.marks.problem(one) for one in found]


def written(condition: Condition) -> Any:
    """The condition as plain values, what was not said left out."""
    return _bare(msgspec.to_builtins(condition))


def check(condition: Condition, known: Known) -> list[Finding]:
    """Everything in a condition of good form that cannot be meant; nothing where it may be saved.

    Example: `spent` with `at_least: "50"` and `at_most: "20"` holds for nobody: refused at
    `at_most`.
    """
    placed = list(_placed(condition, ()))
    if len(placed) > MOST_QUESTIONS:
        says = worded("it asks more than %(n)s questions", n=MOST_QUESTIONS)
        return [Finding((), says, "put some of them into a segment of their own")]
    if _depth(condition) > DEEPEST:
        says = worded("it is nested more than %(n)s levels deep", n=DEEPEST)
        return [Finding((), says, "flatten it")]
    return [found for path, one in placed for found in _of_one(one, path, known)]


def _placed(condition: Condition, path: Path) -> Iterator[tuple[Path, Condition]]:
    if isinstance(condition, All | AnyOf):
        for place, one in enumerate(condition.of):
            yield from _placed(one, (*path, "of", place))
    elif isinstance(condition, Not):
        yield from _placed(condition.that, (*path, "that"))
    else:
        yield path, condition


def _depth(condition: Condition) -> int:
    if isinstance(condition, All | AnyOf):
        return 1 + max(map(_depth, condition.of))
    return 1 + _depth(condition.that) if isinstance(condition, Not) else 1


def _deepest(value: Any, level: int = 0) -> int:
    if level > 3 * DEEPEST or not isinstance(value, dict | list):
        return level
    inside = value.values() if isinstance(value, dict) else value
    return max((_deepest(one, level + 1) for one in inside), default=level)


def _of_one(one: Condition, path: Path, known: Known) -> Iterator[Finding]:
    checks: Callable[[Any, Path, Known], Iterator[Finding]] | None = _CHECKS.get(type(one))
    return iter(()) if checks is None else checks(one, path, known)


def _tier(one: TierIs, path: Path, known: Known) -> Iterator[Finding]:
    return _named(one.at_least, known.ground.steps, (*path, "at_least"), "tier")


def _points(one: PointsAre, path: Path, known: Known) -> Iterator[Finding]:
    purse = known.ground.wallets.get(one.wallet)
    yield from _named(one.wallet, known.ground.wallets, (*path, "wallet"), "wallet")
    if purse is not None:
        yield from _amounts(one, path, purse.scale)


def _spent(one: Spent, path: Path, known: Known) -> Iterator[Finding]:
    yield from _amounts(one, path, known.ground.money_scale)
    yield from _stores(one.stores, path, known)


def _worth(one: Worth, path: Path, known: Known) -> Iterator[Finding]:
    return _amounts(one, path, known.ground.money_scale)


def _days(one: Orders | Visits, path: Path, known: Known) -> Iterator[Finding]:
    yield from _bounds(one.at_least, one.at_most, path)
    yield from _stores(one.stores, path, known)


def _answered(one: Answered | Did | Lapse, path: Path, _: Known) -> Iterator[Finding]:
    return _bounds(one.at_least, one.at_most, path)


def _did(one: Did, path: Path, known: Known) -> Iterator[Finding]:
    if one.kind == BOUGHT:
        # They are nine tenths of what there is: prepared rows tell of them (ADR 0853).
        says = worded("purchases are asked for by orders, not by did")
        yield Finding((*path, "kind"), says, "write `if: orders` with the same bounds")
    yield from _answered(one, path, known)


def _bought(one: CategoryBought | ArticleBought, path: Path, known: Known) -> Iterator[Finding]:
    yield from _bounds(one.at_least, one.at_most, path)
    yield from _goods(path, known)


def _spent_on(one: CategorySpent | ArticleSpent, path: Path, known: Known) -> Iterator[Finding]:
    yield from _amounts(one, path, known.ground.money_scale)
    yield from _goods(path, known)


def _goods(path: Path, known: Known) -> Iterator[Finding]:
    if not known.goods:
        says = worded("what members bought of each good is still being made ready")
        yield Finding(path, says, "ask again in some minutes")


def _gone(one: LastOrder | LastSeen | DaysSince, path: Path, _: Known) -> Iterator[Finding]:
    return _half_open(one.at_least, one.before, path)


def _amounts(
    one: Spent | PointsAre | Worth | CategorySpent | ArticleSpent, path: Path, scale: int
) -> Iterator[Finding]:
    found: list[int | None] = []
    for name, said in (("at_least", one.at_least), ("at_most", one.at_most)):
        try:
            found.append(None if said is None else units(said, scale))
        except NotExact:
            mend = f"at most {scale} decimals" if scale else "a whole number"
            yield Finding((*path, name), worded("%(said)s has too many decimals", said=said), mend)
            return
    yield from _bounds(found[0], found[1], path)


def _bounds(low: int | None, high: int | None, path: Path) -> Iterator[Finding]:
    if low is None and high is None:
        yield Finding(
            (*path, "at_least"), worded("nothing is asked"), "say at_least, at_most or both"
        )
    elif low is not None and high is not None and low > high:
        yield Finding(
            (*path, "at_most"), worded("nobody fits: at most is less than at least"), "say more"
        )


def _half_open(low: int, before: int | None, path: Path) -> Iterator[Finding]:
    if before is not None and before <= low:
        says = worded("nobody fits: at most is less than at least")
        yield Finding((*path, "before"), says, f"say {low + 1} or more")


def _stores(stores: tuple[str, ...], path: Path, known: Known) -> Iterator[Finding]:
    for place, store in enumerate(stores):
        yield from _named(store, known.stores, (*path, "stores", place), "store")


def _segments(one: SegmentIs, path: Path, known: Known) -> Iterator[Finding]:
    for place, code in enumerate(one.in_):
        here = (*path, "in", place)
        if code == known.itself:
            yield Finding(here, worded("a segment cannot stand on itself"), "name another one")
            continue
        yield from _named(code, known.ground.segments, here, "segment")
        if known.itself and known.itself in stands_on(code, known.ground):
            says = worded("%(name)s stands on this one, so neither could be told", name=code)
            yield Finding(here, says, "name another one")


def stands_on(code: str, ground: Ground) -> set[str]:
    """Every segment that a saved one names, and those that these name."""
    found: set[str] = set()
    waiting = [code]
    while waiting:
        there = ground.segments.get(waiting.pop())
        if there is None or not isinstance(there, Condition):
            continue
        more = {c for _, one in _placed(there, ()) if isinstance(one, SegmentIs) for c in one.in_}
        waiting += more - found
        found |= more
    return found


def _clubs(one: ClubIs, path: Path, known: Known) -> Iterator[Finding]:
    for place, code in enumerate(one.in_):
        yield from _named(code, known.clubs, (*path, "in", place), "club")


def _plans(one: PlanIs, path: Path, known: Known) -> Iterator[Finding]:
    for place, code in enumerate(one.in_):
        yield from _named(code, known.ground.plans, (*path, "in", place), "plan")


def _texts(one: MemberIs, path: Path, _: Known) -> Iterator[Finding]:
    for place, value in enumerate(one.in_):
        if isinstance(value, str) and _RESERVED.search(value):
            yield Finding((*path, "in", place), worded("no text has such letters"), "type it anew")


def _named(name: str, names: Collection[str], path: Path, what: str) -> Iterator[Finding]:
    if name in names:
        return
    yield Finding(path, worded(_MISSING[what], name=name[:40]), closest(name, names))


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _bare(one) for key, one in value.items() if one not in (None, [], ())}
    return [_bare(one) for one in value] if isinstance(value, list | tuple) else value


_CHECKS: Final[Mapping[type, Any]] = {
    TierIs: _tier,
    PointsAre: _points,
    Spent: _spent,
    Orders: _days,
    Visits: _days,
    LastOrder: _gone,
    LastSeen: _gone,
    DaysSince: _gone,
    Answered: _answered,
    Did: _did,
    CategoryBought: _bought,
    ArticleBought: _bought,
    CategorySpent: _spent_on,
    ArticleSpent: _spent_on,
    Lapse: _answered,
    Worth: _worth,
    ClubIs: _clubs,
    PlanIs: _plans,
    SegmentIs: _segments,
    MemberIs: _texts,
}
