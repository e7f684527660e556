"""Milestones: points with the deed by which so much came together; put behind `returning.py`.

A lot of a milestone says of which it is, and of which period, since all of them go back together.
"""

from __future__ import annotations

from typing import Any

# Stand-ins for `numbers_of`: per milestone its wallet, its steps (`FROM` to before `UPTO`), what it
# measures (0 deeds, 1 spending, 2 pieces) by which definition, what it asks at least, whether of
# goods, and whether of all of them. Per step: what it takes, what it gives, whether every time.
STONES, STONE_IN, FROM, UPTO, MEASURES, PLACES, LEAST = 0, (0,), (0,), (0,), (0,), (0,), (0,)
OF_GOODS, OF_ALL, TAKES, GIVES, AGAIN, OWES = (0,), (0,), (1,), (0,), (0,), (0,)


def counts(rows: Any, row: int, stone: int) -> int:
    """What of a row counts for a milestone, as it stands by now: 1, minor units or pieces."""
    if rows[13][5][row, stone] == 0:
        return 0
    if OF_GOODS[stone] == 0:
        return 1
    basket, of_line, by = rows[12], rows[13][6], PLACES[stone]
    minor, pieces = 0, 0
    for line in range(basket[0][row], basket[1][row]):
        counted = basket[5][line] - basket[6][line]
        if counted and of_line[line, stone]:
            minor += basket[7][line, by]
            pieces += counted
    if OF_ALL[stone]:
        minor += basket[8][row, by]
    if pieces == 0 or minor < LEAST[stone]:
        return 0
    if MEASURES[stone] == 0:
        return 1
    return minor if MEASURES[stone] == 1 else pieces


def due(stone: int, together: int) -> int:
    """How many points there are for so much together."""
    points = 0
    for step in range(FROM[stone], UPTO[stone]):
        if AGAIN[step]:
            points += GIVES[step] * (together // TAKES[step])
        elif together >= TAKES[step]:
            points += GIVES[step]
    return points


def place_in(aside: Any, stone: int, period: int) -> int:
    """Where what came together in a period lies; periods come in order."""
    many, bag = aside[2], aside[5]
    last = many[stone] - 1
    if last >= 0 and bag[0, stone, last] == period:
        return last  # type: ignore[no-any-return]
    bag[0, stone, last + 1] = period
    for what in range(1, 4):
        bag[what, stone, last + 1] = 0
    many[stone] += 1
    return last + 1  # type: ignore[no-any-return]


def reach(where: Any, purse: Any, law: Any, desk: Any, out: Any) -> None:
    """Count a deed and give what there is for it."""
    rows, row, start = where
    lots, heads, balance = purse
    expiry, day0 = law
    aside, at = desk[9], rows[2][row] - day0
    for stone in range(STONES):
        more = counts(rows, row, stone)
        aside[10][row - start, stone] = more
        if more == 0:
            continue
        place = place_in(aside, stone, rows[13][7][stone, at])
        aside[9][row - start, stone] = place
        bag, wallet = aside[5], STONE_IN[stone]
        bag[1, stone, place] += more
        units = due(stone, bag[1, stone, place]) - bag[2, stone, place]
        if units > 0:
            bag[2, stone, place] += units
            put(  # type: ignore[name-defined]  # noqa: F821
                lots, heads, balance, wallet, units, expiry[wallet, at],
            )  # fmt: skip
            lots[6, wallet, heads[wallet, 1] - 1] = mark(stone, place)
            out[9][row, wallet] += units


def mark(stone: int, place: int) -> int:
    """What the lots of a milestone and period have in common."""
    return 1 + stone + STONES * place


def unreach(where: Any, purse: Any, desk: Any) -> None:
    """Count what is less, and take what is not reached without it; what had lapsed of it is not
    taken twice."""
    rows, row, sale, local = where
    aside = desk[9]
    for stone in range(STONES):
        was = aside[10][local, stone]
        now = min(counts(rows, sale, stone), was)
        aside[10][local, stone] = now
        if now == was:
            continue
        bag, place, wallet = aside[5], aside[9][local, stone], STONE_IN[stone]
        before = due(stone, bag[1, stone, place])
        bag[1, stone, place] += now - was
        units = min(bag[2, stone, place], before) - due(stone, bag[1, stone, place])
        if units > 0:
            whose = mark(stone, place)
            gone = min(units, max(lapsed_of(purse, wallet, whose) - bag[3, stone, place], 0))
            bag[2, stone, place] -= units
            bag[3, stone, place] += gone
            rows[12][18][row, wallet] += take_marked(purse, wallet, whose, units - gone)


def lapsed_of(purse: Any, wallet: int, whose: int) -> int:
    """What lapsed of everything that was given for a milestone in a period."""
    lots, heads, gone = purse[0], purse[1], 0
    for lot in range(heads[wallet, 1]):
        if lots[6, wallet, lot] == whose:
            gone += lots[2, wallet, lot]
    return gone


def take_marked(purse: Any, wallet: int, whose: int, points: int) -> int:
    """Take points out of what was given for it, the last first, then as any return does; what was
    there or is owed now."""
    lots, heads, balance, _ = purse
    left = points
    for lot in range(heads[wallet, 1] - 1, -1, -1):
        if lots[6, wallet, lot] == whose:
            own = min(left, lots[1, wallet, lot])
            lots[1, wallet, lot] -= own
            balance[wallet, 0] -= own
            left -= own
    there: int = take_back(purse, wallet, -1, left)  # type: ignore[name-defined]  # noqa: F821
    return points - left + there
