"""What all members draw on together: everybody is decided at once, in the order of telling.

This text is put behind `returning.py`. Each member's desk is a part of one that is as long as the
history, so that one can be left and another taken up.
"""

from __future__ import annotations

from typing import Any

# Stand-ins for the texts before, and for what `numbers_of` tells of a version: limits that all
# share, and budgets: their wallet, how much there is, whether they give all or nothing, and whether
# they count what was given before.
RULES, WALLET_OF, LIMITS, LIMIT_OF, COUNTS_POINTS, FULL = 0, (0,), 0, (0,), (0,), (0,)
SHARED, BUDGETS, BUDGET_IN, BUDGET_FULL, REJECTS, COUNTED = (0,), 0, (0,), (0,), (0,), (0,)


def run(rows: Any, spans: Any, law: Any, program: Any, out: Any) -> None:
    """Every row in the order in which it was told, then every member to the end."""
    order, owner = rows[13][8], rows[13][9]
    balances, stand = out[3], out[10]
    for place in range(len(order)):
        row = order[place]
        member = owner[row]
        own = of_member(law, member)  # type: ignore[name-defined]  # noqa: F821
        mine = out[:7] + (desk_of(out[7], spans, member),) + out[8:]  # noqa: RUF005
        stands = begun(stand, member)  # type: ignore[name-defined]  # noqa: F821
        where = (rows, row, spans[member])
        stands = step(  # type: ignore[name-defined]  # noqa: F821
            where, stands, balances[member], own, program, mine,
        )  # fmt: skip
        (
            stand[member, 0], stand[member, 1], stand[member, 2],
            stand[member, 3], stand[member, 4], stand[member, 5],
        ) = stands  # fmt: skip
    for member in range(len(spans) - 1):
        own = of_member(law, member)  # type: ignore[name-defined]  # noqa: F821
        mine = out[:7] + (desk_of(out[7], spans, member),) + out[8:]  # noqa: RUF005
        stands = begun(stand, member)  # type: ignore[name-defined]  # noqa: F821
        finish(  # type: ignore[name-defined]  # noqa: F821
            member, stands, balances[member], own, program, mine,
        )  # fmt: skip


def desk_of(desk: Any, spans: Any, member: int) -> Any:
    """The part of the desk that is a member's; what all share is everybody's."""
    low, high = spans[member] + member, spans[member + 1] + member + 1
    kept, aside = desk[8], desk[9]
    # A row may give several lots: one by its rules, one more for each milestone.
    lots = desk[6].shape[2] // desk[5].shape[1]
    return (
        desk[0], desk[1], desk[2], desk[3][member], desk[4][member], desk[5][:, low:high],
        desk[6][:, :, low * lots : high * lots], desk[7][member],
        (
            kept[0][low:high], kept[1][low:high], kept[2][low:high], kept[3][low:high],
            kept[4][low:high], kept[5][low:high], kept[6],
        ),
        (
            aside[0][member], aside[1][member], aside[2][member], aside[3][:, :, low:high],
            aside[4][:, :, low:high], aside[5][:, :, low:high], aside[6], aside[7][low:high],
            aside[8][low:high], aside[9][low:high], aside[10][low:high], aside[11], aside[12],
        ),
    )  # fmt: skip


def rooms_of_all(where: Any, room: Any, aside: Any) -> None:
    """How much is left of what all share, in the period of a row."""
    rows, row = where
    used, period_of = aside[12], rows[13][10]
    at = rows[2][row] - rows[13][11]
    for place in range(LIMITS):
        if SHARED[place]:
            room[place] = max(FULL[place] - used[place, period_of[place, at]], 0)
    for budget in range(BUDGETS):
        place = LIMITS + budget
        room[place] = max(BUDGET_FULL[budget] - used[place, period_of[place, at]], 0)


def within(room: Any, given: Any, wallet: int, points: int) -> int:
    """What of these points the budgets of a wallet leave; the last rules give way.

    Keeps: returns need not ask, since a sale never gives more than was left to it.
    """
    left = points
    for budget in range(BUDGETS):
        if BUDGET_IN[budget] == wallet and left > room[LIMITS + budget]:
            left = 0 if REJECTS[budget] else room[LIMITS + budget]
    if left < points:
        rest = left
        for rule in range(RULES):
            if WALLET_OF[rule] == wallet:
                given[rule] = min(given[rule], rest)
                rest -= given[rule]
    return left


def draw(where: Any, given: Any, gave: Any, aside: Any) -> None:
    """Count what a row gave against what all share."""
    rows, row = where
    used, period_of = aside[12], rows[13][10]
    at = rows[2][row] - rows[13][11]
    for place in range(LIMITS):
        points = given[LIMIT_OF[place]]
        if SHARED[place] and points:
            used[place, period_of[place, at]] += points if COUNTS_POINTS[place] else 1
    for budget in range(BUDGETS):
        place = LIMITS + budget
        if COUNTED[budget]:
            used[place, period_of[place, at]] += gave[row, BUDGET_IN[budget]]


def undraw(where: Any, given: Any, before: Any, less: Any, aside: Any) -> None:
    """Give back to what all share, in the period of the sale."""
    rows, sale = where
    used, period_of = aside[12], rows[13][10]
    at = rows[2][sale] - rows[13][11]
    for place in range(LIMITS):
        if SHARED[place]:
            rule = LIMIT_OF[place]
            by = max(before[rule] - given[rule], 0)
            if not COUNTS_POINTS[place]:
                by = 1 if before[rule] and not given[rule] else 0
            used[place, period_of[place, at]] -= by
    for budget in range(BUDGETS):
        place = LIMITS + budget
        if COUNTED[budget]:
            used[place, period_of[place, at]] -= less[BUDGET_IN[budget], 0]
