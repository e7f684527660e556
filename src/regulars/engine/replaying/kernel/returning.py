"""What the kernel does besides where sales have lines, and where they come back.

This text is put behind `stepping.py`, whose functions of the same names it replaces. A sale keeps
its own points apart, so that its return takes those first; its lines are worked on where they lie.
"""

from __future__ import annotations

from typing import Any

# Stand-ins for `stepping.py` and for what `numbers_of` tells of a version.
RULES, WALLET_OF, WALLETS, GRIDS, MODES = 0, (0,), 0, (1,), (0,)
LIMITS, LIMIT_OF, COUNTS_POINTS = 0, (0,), (0,)
# Per wallet: whether what is not there is owed. Of the ladder: what counts, and if it comes back.
OWES, BY_SPEND, SPEND_AT, KEEPS_CREDIT = (0,), False, 0, False
BY_STATUS, STATUS_AT = False, 0
NEVER = 1 << 40


def decide(rows: Any, row: int, sees: int, room: Any, grains: Any) -> None:
    """What each rule of the version gives for what is left of a row's basket."""
    kind, day, weekday, hour, channel, store, asked, basket = (
        rows[1], rows[2], rows[3], rows[4], rows[5], rows[6], rows[11], rows[12],
    )  # fmt: skip
    first, last, _, skus, categories, pieces, frees, worths, extras = basket[:9]
    evaluate(  # type: ignore[name-defined]  # noqa: F821  (the version's own, put beside this)
        kind[row], day[row], weekday[row], hour[row], sees, channel[row], store[row],
        asked[row], first[row], last[row], skus, categories, pieces, frees, worths, extras[row],
        room, grains,
    )  # fmt: skip


def put(lots: Any, heads: Any, balance: Any, wallet: int, units: int, ends: int) -> None:
    """Put points in as a lot of their own; a debt is paid first."""
    paid = min(balance[wallet, 1], units)
    balance[wallet, 1] -= paid
    balance[wallet, 0] += units - paid
    lot = heads[wallet, 1]
    lots[0, wallet, lot], lots[1, wallet, lot], lots[2, wallet, lot] = ends, units - paid, 0
    heads[wallet, 1] += 1


def remember(local: int, row: int, sees: int, coming: Any, memory: Any, purse: Any) -> None:
    """Keep what returns of a sale ask for: what was given by which rule, in which lot, and how much
    room there was."""
    given_of, room_of, gave_of, lot_of, counted_of, then_of = memory
    given, room, gave, heads = purse
    for rule in range(RULES):
        given_of[local, rule] = given[rule]
    for place in range(LIMITS):
        room_of[local, place] = room[place]
    for wallet in range(WALLETS):
        gave_of[local, wallet] = gave[row, wallet]
        lot_of[local, wallet] = heads[wallet, 1] - 1 if gave[row, wallet] else -1
        counted_of[local, wallet] = 0
    then_of[local, 0], then_of[local, 1], then_of[local, 2] = sees, coming[0], coming[1]


def pieces_back(rows: Any, row: int, sale: int) -> None:
    """Take the pieces that came back out of the basket of their sale."""
    first, last, part_first, part_last = rows[12][0], rows[12][1], rows[12][9], rows[12][10]
    part_line, part_pieces, sold, back = rows[12][11], rows[12][12], rows[12][13], rows[12][14]
    low, high = first[sale], last[sale]
    if part_first[row] == part_last[row]:
        for line in range(low, high):
            back[line] = sold[line]
    for part in range(part_first[row], part_last[row]):
        back[low + part_line[part]] += part_pieces[part]
    left = 0
    for line in range(low, high):
        lessen(rows, sale, line)
        left += sold[line] - back[line]
    extras = rows[12][8]
    if left == 0:
        extras[sale, :] = 0


def lessen(rows: Any, sale: int, line: int) -> None:
    """What is left of a line: those pieces come back last that were free."""
    bare, pieces, frees, worths = rows[12][2], rows[12][5], rows[12][6], rows[12][7]
    sold, back, whole, free = rows[12][13], rows[12][14], rows[12][15], rows[12][16]
    left, paid = sold[line] - back[line], sold[line] - free[line]
    pieces[line] = min(left, 1) if bare[sale] else left
    frees[line] = min(free[line], left)
    for place in range(worths.shape[1]):
        if paid:
            still = max(paid - back[line], 0)
            worths[line, place] = whole[line, place] * still // paid
        elif left == 0:
            worths[line, place] = 0


def credit_left(rows: Any, sale: int, credit: int, lost: int) -> int:
    """What of a sale's tier credit still counts; `lost` is what a status wallet lost with it."""
    first, last, pieces, worths, extras = (
        rows[12][0], rows[12][1], rows[12][5], rows[12][7], rows[12][8],
    )  # fmt: skip
    if KEEPS_CREDIT:
        return credit
    if BY_STATUS:
        return max(credit - lost, 0)
    spent, left = 0, 0
    for line in range(first[sale], last[sale]):
        left += pieces[line]
        if BY_SPEND:
            spent += worths[line, SPEND_AT]
    if BY_SPEND:
        still: int = min(spent + extras[sale, SPEND_AT], credit)
        return still
    return credit if left else 0


def take_back(purse: Any, wallet: int, lot: int, points: int) -> int:
    """Take points out of the sale's own lot, then out of others by latest end; what was there or
    is owed now."""
    lots, heads, balance, _ = purse
    left = points
    if lot >= 0:
        own = min(left, lots[1, wallet, lot])
        lots[1, wallet, lot] -= own
        left -= own
    for other in range(heads[wallet, 1] - 1, heads[wallet, 0] - 1, -1):
        if left == 0:
            break
        some = min(left, lots[1, wallet, other])
        lots[1, wallet, other] -= some
        left -= some
    balance[wallet, 0] -= points - left
    if OWES[wallet]:
        balance[wallet, 1] += left
        left = 0
    there: int = points - left
    return there


def uncount(limits: Any, given: Any, local: int, memory: Any, on: int) -> None:
    """Free the limits that still run: points as they come back, times when nothing is left."""
    counted, periods, day0 = limits
    for place in range(LIMITS):
        rule, now = LIMIT_OF[place], periods[place, on - day0]
        before = memory[0][local, rule]
        by = before - given[rule]
        if not COUNTS_POINTS[place]:
            by = 1 if before and not given[rule] else 0
        if by > 0 and now >= 0 and counted[1][place] == now:
            counted[0][place] -= by


def give_back(where: Any, purse: Any, limits: Any, credit: Any, desk: Any, fired: Any) -> int:
    """Run the rules on what is left of a sale and take back the difference; how much less credit
    counts in the window that runs."""
    rows, row, start = where
    grains, given, kept = desk[1], desk[2], desk[8]
    given_of, room_of, gave_of, _, _, then_of = kept
    sale = rows[12][17][row]
    local = sale - start
    pieces_back(rows, row, sale)
    decide(rows, sale, then_of[local, 0], room_of[local], grains)
    lost = 0
    for wallet in range(WALLETS):
        gives = settle(grains, given, wallet)  # type: ignore[name-defined]  # noqa: F821
        lower = gives < gave_of[local, wallet]
        if BY_STATUS and wallet == STATUS_AT and lower:
            lost = gave_of[local, wallet] - gives
        for rule in range(RULES):
            if WALLET_OF[rule] == wallet:
                stood = given_of[local, rule]
                given[rule] = min(given[rule], stood) if lower else stood
        if lower:
            owe(where, purse, wallet, local, gives, kept)
    uncount(limits, given, local, kept, rows[2][sale])
    for rule in range(RULES):
        if fired[1]:
            fired[0][rule, 2] += given_of[local, rule] - given[rule]
        given_of[local, rule] = given[rule]
    return less_credit((rows, sale, local, lost), credit, then_of)


def owe(where: Any, purse: Any, wallet: int, local: int, gives: int, kept: Any) -> None:
    """Take back what a wallet gets less; what lapsed of the sale is not taken twice."""
    rows, row, _ = where
    gave_of, lot_of, counted_of = kept[2], kept[3], kept[4]
    lots, gave, took = purse[0], purse[3], rows[12][18]
    less, lot = gave_of[local, wallet] - gives, lot_of[local, wallet]
    gone = 0
    if lot >= 0:
        gone = min(less, lots[2, wallet, lot] - counted_of[local, wallet])
    counted_of[local, wallet] += gone
    gave_of[local, wallet] = gives
    gave[row, wallet] = -less
    took[row, wallet] = take_back(purse, wallet, lot, less - gone)


def less_credit(where: Any, credit: Any, then_of: Any) -> int:
    """Take back tier credit where it was counted; how much less of it counts in the window that
    runs now."""
    rows, sale, local, lost = where
    bag, many, tail = credit
    had = then_of[local, 1]
    if had == 0:
        return 0
    left = credit_left(rows, sale, had, lost)
    then_of[local, 1] = left
    for place in range(many - 1, -1, -1):
        if bag[0, place] == then_of[local, 2]:
            bag[1, place] += left - had
            return left - had if place >= tail else 0
    return 0


def revoke(where: Any, stands: Any, bag: Any, many: int, law: Any) -> tuple[int, int, int]:
    """Move down at once, where the step was reached in the window of the sale and what is left of
    the credit reached it on no day since. The step, the day it ends, since when it is stood on."""
    rows, row = where
    tier, ends, since = stands
    day0, starts, until, holds = law
    sold, today, at = rows[2][rows[12][17][row]], rows[2][row], since - day0
    if tier == 0 or sold < starts[at] or sold >= until[at]:
        return tier, ends, since
    best = max(stood_on(bag, many, since, law), stood_on(bag, many, today, law))
    for place in range(many):
        day = bag[0, place]
        if since <= day <= today and bag[1, place]:
            best = max(best, stood_on(bag, many, day, law))
    if best < tier:
        return best, (holds[at] if best else NEVER), today
    return tier, ends, since


def stood_on(bag: Any, many: int, day: int, law: Any) -> int:
    """The step that the credit of a day reaches."""
    day0, starts, until, _ = law
    low, high = starts[day - day0], min(until[day - day0], day + 1)
    credit = credit_in(bag, many, low, high)  # type: ignore[name-defined]  # noqa: F821
    reached: int = step_of(credit)  # type: ignore[name-defined]  # noqa: F821
    return reached
