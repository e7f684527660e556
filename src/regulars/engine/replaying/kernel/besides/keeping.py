"""Remainders that are kept for a member's next activity, and points in steps of more than one.

This text is put behind `returning.py`: what is kept of a day or for always lies beside the limits,
and a return takes its grains out of there.
"""

from __future__ import annotations

from typing import Any

# Stand-ins for the texts before, and for what `numbers_of` tells of a version.
RULES, WALLET_OF, RANKS, WALLETS, GRIDS, MODES, LARGEST = 0, (0,), (0,), 0, (1,), (0,), 1 << 62
# Per wallet: whole points come in so many, and whether rests are kept (1 for a day, 2 for always).
STEP_OF, KEEP_FOR = (1,), (0,)


def rounded(grains: Any, given: Any, wallet: int, aside: Any, day: int) -> int:
    """Whole points of what its rules gave and what was kept before; the rest is kept."""
    total = own_of(grains, wallet)
    if total == 0:
        for rule in range(RULES):
            if WALLET_OF[rule] == wallet:
                given[rule] = 0
        return 0
    if KEEP_FOR[wallet] == 0:
        return split(grains, given, wallet, 0, aside[6])
    at = place_of(aside, wallet, day if KEEP_FOR[wallet] == 1 else 0)
    before = aside[4][1, wallet, at]
    units = split(grains, given, wallet, before, aside[6])
    aside[4][1, wallet, at] = total + before - units * GRIDS[wallet]
    return units


def cut_off(grains: Any, wallet: int, what: Any, aside: Any) -> None:
    """Keep nothing of what budgets cut off: the remainder is as before, and the row stands for the
    points it gave. `what` is points by the rules, and points that were left."""
    points, left = what
    if KEEP_FOR[wallet] == 0:
        return
    at = aside[1][wallet] - 1  # where it was put a moment ago
    aside[4][1, wallet, at] += points * GRIDS[wallet] - own_of(grains, wallet)
    stands = left * GRIDS[wallet]
    for rule in range(RULES):
        if WALLET_OF[rule] == wallet:
            grains[rule], stands = stands, 0


def own_of(grains: Any, wallet: int) -> int:
    """All grains of the rules of a wallet."""
    total = 0
    for rule in range(RULES):
        if WALLET_OF[rule] == wallet:
            total += grains[rule]
    return total


def place_of(aside: Any, wallet: int, day: int) -> int:
    """Where the remainder of a day lies; days come in order."""
    many, bag = aside[1], aside[4]
    last = many[wallet] - 1
    if last >= 0 and bag[0, wallet, last] == day:
        return last  # type: ignore[no-any-return]
    bag[0, wallet, last + 1], bag[1, wallet, last + 1] = day, 0
    many[wallet] += 1
    return last + 1  # type: ignore[no-any-return]


def steps_in(grains: int, wallet: int) -> int:
    """Whole points in so many grains, in steps; below zero what is broken for them."""
    size = GRIDS[wallet] * STEP_OF[wallet]
    units: int = whole(grains, size, MODES[wallet])  # type: ignore[name-defined]  # noqa: F821
    return units * STEP_OF[wallet]


def split(grains: Any, given: Any, wallet: int, before: int, rests: Any) -> int:
    """Round once, and split over the rules and what was kept before, which is nobody's."""
    units, givers = steps_in(own_of(grains, wallet) + before, wallet), 0
    for rule in range(RULES):
        if WALLET_OF[rule] == wallet:
            given[rule] = units
            givers += grains[rule] != 0
    if before != 0 or givers > 1:
        share_out(grains, given, wallet, (units, before), rests)
    if (before == 0 and givers <= 1) or STEP_OF[wallet] > 1 or before < 0:
        for rule in range(RULES):  # at most what a rule gave, rounded up
            if WALLET_OF[rule] == wallet:
                given[rule] = min(given[rule], -(-grains[rule] // GRIDS[wallet]))
    return units


def share_out(grains: Any, given: Any, wallet: int, what: Any, rests: Any) -> None:
    """The largest rest first, or in proportion where steps are large or what was kept is less than
    nothing."""
    units, before = what
    nobody, by, size = max(before, 0), 1, GRIDS[wallet]
    if STEP_OF[wallet] > 1 or before < 0:
        by, size = units, max(own_of(grains, wallet) + nobody, 1)
    part, rests[RULES] = times_by(nobody, by, size)
    spare = units - part
    for rule in range(RULES):
        if WALLET_OF[rule] == wallet:
            given[rule], rests[rule] = times_by(grains[rule], by, size)
            spare -= given[rule]
    while spare > 0:
        best = fullest_of(rests, wallet)
        if best < RULES:
            given[best] += 1
        rests[best] = -1
        spare -= 1


def fullest_of(rests: Any, wallet: int) -> int:
    """The rule with the largest rest, the first in rank of equals; nobody comes last."""
    best = -1
    for rule in range(RULES):
        if WALLET_OF[rule] == wallet:
            more = best < 0 or rests[rule] > rests[best]
            if more or (rests[rule] == rests[best] and RANKS[rule] < RANKS[best]):
                best = rule
    if best < 0 or rests[RULES] > rests[best]:
        return RULES
    return best


def times_by(share: int, by: int, size: int) -> tuple[int, int]:
    """Share · by / size in whole numbers, and what is left; exact also where the product is too
    large for a machine word."""
    if by == 0 or share <= LARGEST // by:
        product = share * by
        return product // size, product % size
    whole, rest = share // size, share % size
    found, left = 0, 0
    for bit in range(62, -1, -1):
        found, left = 2 * found, 2 * left
        if left >= size:
            found, left = found + 1, left - size
        if (by >> bit) & 1:
            found, left = found + whole, left + rest
            if left >= size:
                found, left = found + 1, left - size
    return found, left


def keep_grains(local: int, desk: Any) -> None:
    """Keep what a sale gives in grains, and where its remainder lies."""
    grains, aside = desk[1], desk[9]
    for wallet in range(WALLETS):
        aside[7][local, wallet] = own_of(grains, wallet)
        aside[8][local, wallet] = max(aside[1][wallet] - 1, 0)


def gives_less(grains: Any, given: Any, wallet: int, local: int, desk: Any) -> bool:
    """What a wallet gives less on what is left of a sale, taken out of its remainder where it keeps
    one; whether its rules give less."""
    kept, aside = desk[8], desk[9]
    gives, anew = split(grains, given, wallet, 0, aside[6]), aside[11]
    anew[wallet, 0], anew[wallet, 1] = 0, 0
    if KEEP_FOR[wallet] == 0:
        less = kept[2][local, wallet] - gives
        kept[6][wallet, 0] = less
        return less > 0  # type: ignore[no-any-return]
    kept[6][wallet, 0] = 0
    less = aside[7][local, wallet] - own_of(grains, wallet)
    if less <= 0:
        return False
    left = aside[4][1, wallet, aside[8][local, wallet]] - less
    broken = -steps_in(left, wallet)
    kept[6][wallet, 0] = broken
    anew[wallet, 0], anew[wallet, 1] = less, broken
    return True


def keep_less(local: int, desk: Any) -> None:
    """Take what is less out of what was kept, points being broken for it."""
    aside = desk[9]
    for wallet in range(WALLETS):
        less, broken = aside[11][wallet, 0], aside[11][wallet, 1]
        aside[7][local, wallet] -= less
        at = aside[8][local, wallet]
        aside[4][1, wallet, at] += broken * GRIDS[wallet] - less
