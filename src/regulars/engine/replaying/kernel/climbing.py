"""The ladder in the kernel: what counts in a window, and where it leaves a member.

Part of the fixed text, beside `stepping.py`. A bag has a bucket of credit for each day or window:
its first day, the credit, and that of the second measure, whose running sum lies in the last place.
"""

from __future__ import annotations

from typing import Any

# Stand-ins for what `numbers_of` tells of a version: the credit of each step, and how the ladder is
# reviewed; what the steps take of the second measure, where there is one.
STEPS, STEP_AT, LOWEST, GRACE = 0, (0,), 0, 0
TWO_WINDOWS, ONE_STEP, ROLLS = False, False, False
OR_BY, OR_AT = False, (0,)
# Whether some step is by invitation, and of each whether credit alone reaches it. Whoever was
# invited is decided by the fold, so nobody here ever stands on one that it does not.
INVITES, BY_CREDIT = False, (1,)
NEVER = 1 << 40


def step_of(credit: int) -> int:
    """The step of the ladder that this credit reaches."""
    reached = 0
    for step in range(STEPS):
        reached += STEP_AT[step] <= credit
    return by_credit(reached)


def by_credit(step: int) -> int:
    """The highest step up to this one that credit alone reaches."""
    if INVITES:
        while step > 0 and not BY_CREDIT[step - 1]:
            step -= 1
    return step


def reached_in(bag: Any, many: int, start: int, end: int) -> int:
    """The step that the credit of a window reaches, by either measure."""
    reached = step_of(credit_in(bag, many, start, end, 1))
    if OR_BY:
        reached = max(reached, other_step_of(credit_in(bag, many, start, end, 2)))
    return reached


def other_step_of(credit: int) -> int:
    """The step that so much of the second measure reaches."""
    reached = 0
    for step in range(STEPS):
        reached += OR_AT[step] <= credit
    return by_credit(reached)


def reached_now(total: int, bag: Any) -> int:
    """The step that the running sums reach; that of the second measure lies in the last place."""
    reached = step_of(total)
    if OR_BY:
        reached = max(reached, other_step_of(bag[2, bag.shape[1] - 1]))
    return reached


def credit_in(bag: Any, many: int, start: int, end: int, measure: int) -> int:
    """The credit that counts in a window, by the first measure or the second."""
    total = 0
    for place in range(many - 1, -1, -1):
        if bag[0, place] < start:
            break
        if bag[0, place] < end:
            total += bag[measure, place]
    return total


def running(bag: Any, many: int, tail: int, total: int, start: int) -> tuple[int, int]:
    """Let go of credit from before the window that runs now: where it begins, what it comes to.

    Order: days come in order, so what left the window never counts again.
    """
    while tail < many and bag[0, tail] < start:
        total -= bag[1, tail]
        if OR_BY:
            bag[2, bag.shape[1] - 1] -= bag[2, tail]
        tail += 1
    return tail, total


def review(stands: Any, bag: Any, many: int, day: int, law: Any) -> tuple[int, int, int]:
    """Confirm or lower a tier whose time is over, as often as needed; the first step is entered.
    The step, the day it ends, and since when it is stood on."""
    day0, starts, ends, untils = law
    tier, until, since = stands
    if tier == 0 and LOWEST > 0:
        tier, until, since = LOWEST, untils[day - day0], day
    while until <= day:
        on = until
        now = reached_in(bag, many, starts[on - day0], ends[on - day0])
        last, earned = on, now
        if TWO_WINDOWS:
            last = on - GRACE - 1
            earned = max(now, reached_in(bag, many, starts[last - day0], ends[last - day0]))
        left = earned
        if tier:
            left = min(max(earned, by_credit(tier - 1) if ONE_STEP else 0), tier)
        judged = on if ROLLS or now >= left else last
        since = since if left == tier else on
        tier, until = left, untils[judged - day0] if left else NEVER
    return tier, until, since


def put_credit(bag: Any, many: int, period: int, credit: Any) -> int:
    """Keep credit of both measures under its day or window; how many there are now."""
    if many == 0 or bag[0, many - 1] != period:
        bag[0, many], bag[1, many] = period, 0
        if OR_BY:
            bag[2, many] = 0
        many += 1
    bag[1, many - 1] += credit[0]
    if OR_BY:
        bag[2, many - 1] += credit[1]
    return many
