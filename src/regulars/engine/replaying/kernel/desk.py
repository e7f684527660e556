"""What members' rows are worked out on: one desk that is cleared for the next member, or, where all
draw on one budget, one that is as long as the history, of which everybody has a part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from regulars.engine.replaying.kernel.besides.numbers import has
from regulars.engine.replaying.kernel.besides.told import stones_of
from regulars.engine.replaying.kernel.columns import Columns
from regulars.engine.replaying.kernel.law import Law
from regulars.engine.replaying.kernel.stepping import NEVER
from regulars.engine.terms import Version


class _Sizes(NamedTuple):
    """How much of everything there is: of a member's rows as many as the longest has, or all."""

    rules: int
    limits: int
    budgets: int
    wallets: int
    stones: int
    members: int
    deepest: int


def desk_for(version: Version, columns: Columns, law: Law) -> tuple[tuple[Any, ...], Any]:
    """A desk for a history, and where members stand on it before anything happened."""
    besides, compiled = has(version), version.compiled
    members, rows = len(columns.spans) - 1, len(columns.rows["what"])
    longest = int(np.diff(columns.spans).max(initial=0)) + 1
    shares = besides["SHARES"]
    sizes = _Sizes(
        len(compiled.rules), len(compiled.limits), len(compiled.budgets), len(compiled.wallets),
        len(stones_of(version)), members if shares else 0,
        rows + members if shares else longest,
    )  # fmt: skip
    # Sales with lines are kept also where nothing comes back: in machine code nobody looks
    # whether there is room for them.
    kept = sizes if columns.baskets is not None else sizes._replace(deepest=1)
    made = _worked_on(sizes, 3 if besides["OR_BY"] else 2, 3 if columns.baskets is None else 7)
    desk = (*made, _memory(kept), (*_aside(kept, besides), _used(sizes, law)))
    return desk, _stand(max(sizes.members, 1))


def _worked_on(sizes: _Sizes, credit: int, lots: int) -> tuple[Any, ...]:
    rules, limits, budgets, wallets, stones, members, deepest = sizes
    each = (members,) if members else ()
    shapes: tuple[Any, ...] = (
        limits + budgets, rules, rules, (*each, limits), (*each, limits), (credit, deepest),
        # A row gives a lot by its rules, and one more for each milestone.
        (lots, wallets, deepest * (1 + stones)), (*each, wallets, 4),
    )  # fmt: skip
    made = tuple(np.zeros(shape, np.int64) for shape in shapes)
    made[4][:] = -1
    return made


def _memory(sizes: _Sizes) -> tuple[Any, ...]:
    """What is kept of a member's sales for their returns: per rule what it gave, per limit its
    room, per wallet what it gave, in which lot, and what of that had lapsed and counted as back;
    the step that was seen, the credit, under which period it counts, and the credit of the second
    measure. Behind that what a return comes to: how much less, and what of that had lapsed."""
    rules, limits, budgets, wallets, _, _, deepest = sizes
    wide = (rules, limits + budgets, wallets, wallets, wallets, 4)
    back = np.zeros((wallets, 2), np.int64)
    return *(np.zeros((deepest, each), np.int64) for each in wide), back


def _aside(sizes: _Sizes, besides: Mapping[str, bool]) -> tuple[Any, ...]:
    """What is kept of a member for what only some programs have: how many, per limit when its rule
    gave, per wallet its remainders, per milestone what came together; and of each sale the same."""
    rules, limits, _, wallets, stones, members, deepest = sizes
    rest, keep, reach = (deepest if besides[name] else 1 for name in ("RESTS", "KEEPS", "REACHES"))
    each = (members,) if members else ()
    shapes: tuple[Any, ...] = (
        (*each, limits), (*each, wallets), (*each, stones), (2, limits, rest), (2, wallets, keep),
        (4, stones, reach), rules + 1, (keep, wallets), (keep, wallets), (reach, stones),
        (reach, stones), (wallets, 2),
    )  # fmt: skip
    return tuple(np.zeros(shape, np.int64) for shape in shapes)


def _used(sizes: _Sizes, law: Law) -> Any:
    """What all members used up together, per limit or budget and period."""
    return np.zeros(
        (sizes.limits + sizes.budgets, int(periods_of(law).max(initial=0)) + 1), np.int64
    )


def periods_of(law: Law) -> Any:
    """Per limit and then per budget the period of each day, counted from the first day."""
    both = np.concatenate((law.periods, law.budgets))
    return both - both[:, :1]


def _stand(members: int) -> Any:
    """Where members stand before anything happened; read out of an array, since what is written as
    a number would be compiled as a kind of its own."""
    return np.array([(0, NEVER, 0, 0, 0, 0)] * members, np.int64).reshape(members, 6)
