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
OR_BY, OR_BY_SPEND, OR_SPEND_AT, OR_BY_STATUS, OR_STATUS_AT = False, False, 0, False, 0
# Per wallet: whether a return is refused that it has no points for. Whether any does so.
REFUSING, REFUSES = (0,), False
WAITS, KEEPS, RESTS, REACHES, SHARES = False, False, False, False, False
ROOMS = 0
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
    lots[6, wallet, lot] = 0
    heads[wallet, 1] += 1


def rounded(grains: Any, given: Any, wallet: int, aside: Any, day: int) -> int:
    """Whole points of what the rules of a wallet gave; no wallet keeps remainders here."""
    units: int = settle(grains, given, wallet)  # type: ignore[name-defined]  # noqa: F821
    return units


def credit_lot(where: Any, purse: Any, what: Any, expiry: Any, at: int) -> None:
    """Put what was earned into a wallet; nothing waits here."""
    wallet, points = what
    put(purse[0], purse[1], purse[2], wallet, points, expiry[wallet, at])


def book(purse: Any, given: Any, where: Any, expiry: Any, at: int) -> None:
    """Round each wallet's grains and put the points in."""
    lots, heads, balance, grains, gave, desk = purse
    rows, row = where
    for wallet in range(WALLETS):
        points = rounded(grains, given, wallet, desk[0], rows[2][row])
        if SHARES:
            left = within(desk[1], given, wallet, points)
            if KEEPS and left < points:
                cut_off(grains, wallet, (points, left), desk[0])
            points = left
        if points:
            gave[row, wallet] = points
            credit_lot(where, (lots, heads, balance), (wallet, points), expiry, at)


def remember(local: int, row: int, sees: int, coming: Any, desk: Any, purse: Any) -> None:
    """Keep what returns of a sale ask for: what was given by which rule, in which lot, and how much
    room there was."""
    given_of, room_of, gave_of, lot_of, counted_of, then_of = desk[8][:6]
    given, room, gave, heads = purse
    for rule in range(RULES):
        given_of[local, rule] = given[rule]
    for place in range(ROOMS):
        room_of[local, place] = room[place]
    for wallet in range(WALLETS):
        gave_of[local, wallet] = gave[row, wallet]
        lot_of[local, wallet] = heads[wallet, 1] - 1 if gave[row, wallet] else -1
        counted_of[local, wallet] = 0
    then_of[local, 0], then_of[local, 1], then_of[local, 2] = sees, coming[0], coming[1]
    then_of[local, 3] = coming[2]
    if KEEPS:
        keep_grains(local, desk)


def keep_grains(local: int, desk: Any) -> None:
    """Keep what a sale gives in grains; no wallet keeps remainders here."""


def pieces_back(rows: Any, row: int, sale: int) -> None:
    """Take the pieces that came back out of the basket of their sale."""
    first, last, part_first, part_last = rows[12][0], rows[12][1], rows[12][9], rows[12][10]
    part_line, part_pieces, sold, back = rows[12][11], rows[12][12], rows[12][13], rows[12][14]
    low, high = first[sale], last[sale]
    if REFUSES:
        for line in range(low, high):
            rows[12][20][line] = back[line]
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


def credit_left(rows: Any, sale: int, credit: int, lost: int, spend: Any) -> int:
    """What of a sale's tier credit still counts; `lost` is what a status wallet lost with it, and
    `spend` whether status counts, or spending, and by which definition."""
    first, last, pieces, worths, extras = (
        rows[12][0], rows[12][1], rows[12][5], rows[12][7], rows[12][8],
    )  # fmt: skip
    by_status, by_spend, spend_at = spend
    if KEEPS_CREDIT:
        return credit
    if by_status:
        return max(credit - lost, 0)
    spent, left = 0, 0
    for line in range(first[sale], last[sale]):
        left += pieces[line]
        if by_spend:
            spent += worths[line, spend_at]
    if by_spend:
        still: int = min(spent + extras[sale, spend_at], credit)
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


def gives_less(grains: Any, given: Any, wallet: int, local: int, desk: Any) -> bool:
    """What a wallet gives on what is left of a sale, at most what it gave; whether its rules give
    less."""
    kept = desk[8]
    gives = settle(grains, given, wallet)  # type: ignore[name-defined]  # noqa: F821
    kept[6][wallet, 0] = kept[2][local, wallet] - gives
    return gives < kept[2][local, wallet]  # type: ignore[no-any-return]


def give_back(  # noqa: C901  (a branch for each text; what is not there is not compiled)
    where: Any, purse: Any, limits: Any, credit: Any, desk: Any, fired: Any
) -> int:
    """Run the rules on what is left of a sale and take back the difference; how much less credit
    counts in the window that runs."""
    rows, row, start = where
    grains, given, kept = desk[1], desk[2], desk[8]
    given_of, room_of, then_of, anew = kept[0], kept[1], kept[5], kept[6]
    sale = rows[12][17][row]
    local = sale - start
    pieces_back(rows, row, sale)
    decide(rows, sale, then_of[local, 0], room_of[local], grains)
    for wallet in range(WALLETS):
        lower = gives_less(grains, given, wallet, local, desk)
        for rule in range(RULES):
            if WALLET_OF[rule] == wallet:
                stood = given_of[local, rule]
                given[rule] = min(given[rule], stood) if lower else stood
        set_against(purse[0], wallet, local, lower, kept)
    if REFUSES and refused(where, purse, local, sale, kept):
        return 0
    for wallet in range(WALLETS):
        if anew[wallet, 0]:
            owe(where, purse, wallet, local, kept)
    uncount(limits, given, local, kept, rows[2][sale])
    if RESTS:
        unrest((rows, sale), given, given_of[local], desk[9])
    if SHARES:
        undraw((rows, sale), given, given_of[local], anew, desk[9])
    for rule in range(RULES):
        if fired[1]:
            fired[0][rule, 2] += given_of[local, rule] - given[rule]
        given_of[local, rule] = given[rule]
    if KEEPS:
        keep_less(local, desk)
    if REACHES:
        unreach((rows, row, sale, local), purse, desk)
    return less_credit((rows, sale, local), credit, then_of, anew)


def within(room: Any, given: Any, wallet: int, points: int) -> int:
    """What budgets leave of these points; there are none here."""
    return points


def cut_off(grains: Any, wallet: int, what: Any, aside: Any) -> None:
    """Keep nothing of what budgets cut off; no wallet keeps remainders here."""


def undraw(where: Any, given: Any, before: Any, less: Any, aside: Any) -> None:
    """Give back to what all share; nothing is shared here."""


def unrest(where: Any, given: Any, before: Any, aside: Any) -> None:
    """Rules that gave nothing after all do not rest; none does here."""


def keep_less(local: int, desk: Any) -> None:
    """Take what is less out of what was kept; no wallet keeps remainders here."""


def unreach(where: Any, purse: Any, desk: Any) -> None:
    """Take back what is not reached any more; there are no milestones here."""


def set_against(lots: Any, wallet: int, local: int, lower: bool, kept: Any) -> None:
    """How much less a wallet gives, and what of that lapsed already: it is not taken twice."""
    lot_of, counted_of, anew = kept[3], kept[4], kept[6]
    anew[wallet, 1] = 0
    if not lower:
        anew[wallet, 0] = 0
        return
    lot = lot_of[local, wallet]
    if lot >= 0:
        lapsed = lots[2, wallet, lot] - counted_of[local, wallet]
        anew[wallet, 1] = min(anew[wallet, 0], lapsed)


def refused(where: Any, purse: Any, local: int, sale: int, kept: Any) -> bool:
    """Whether a wallet refuses what comes back, since too much of it was spent; then the pieces
    stay sold, and how much is missing is told."""
    rows, row, _ = where
    lots, balance = purse[0], purse[2]
    for wallet in range(WALLETS):
        less = kept[6][wallet, 0] - kept[6][wallet, 1]
        if REFUSING[wallet] and less:
            there = balance[wallet, 0] + waiting_in(lots, wallet, kept[3][local, wallet])
            if there < less:
                rows[12][19][row] = less - there
                pieces_sold(rows, row, sale)
                return True
    return False


def waiting_in(lots: Any, wallet: int, lot: int) -> int:
    """What of a sale's own lot still waits; nothing does here."""
    return 0


def pieces_sold(rows: Any, row: int, sale: int) -> None:
    """Undo that the pieces of a return came back."""
    basket = rows[12]
    low, high, back, was = basket[0][sale], basket[1][sale], basket[14], basket[20]
    for line in range(low, high):
        back[line] = was[line]
        basket[5][line], basket[6][line] = basket[22][line], basket[16][line]
        for place in range(basket[7].shape[1]):
            basket[7][line, place] = basket[15][line, place]
        if back[line]:
            lessen(rows, sale, line)
    for place in range(basket[8].shape[1]):
        basket[8][sale, place] = basket[21][sale, place]


def owe(where: Any, purse: Any, wallet: int, local: int, kept: Any) -> None:
    """Take back what a wallet gets less; what lapsed of the sale is not taken twice."""
    rows, row, _ = where
    gave_of, lot_of, counted_of, anew = kept[2], kept[3], kept[4], kept[6]
    gave, took = purse[3], rows[12][18]
    less, gone = anew[wallet, 0], anew[wallet, 1]
    counted_of[local, wallet] += gone
    gave_of[local, wallet] -= less
    gave[row, wallet] = -less
    took[row, wallet] = take_back(purse, wallet, lot_of[local, wallet], less - gone)


def less_credit(where: Any, credit: Any, then_of: Any, anew: Any) -> int:
    """Take back tier credit where it was counted, by both measures; how much less of the first
    counts in the window that runs now."""
    rows, sale, local = where
    bag, many, tail = credit
    had, other = then_of[local, 1], then_of[local, 3]
    if had == 0 and other == 0:
        return 0
    left, still = 0, 0
    if had:
        by = (BY_STATUS, BY_SPEND, SPEND_AT)
        left = credit_left(rows, sale, had, anew[STATUS_AT, 0], by)
    if OR_BY and other:
        by_other = (OR_BY_STATUS, OR_BY_SPEND, OR_SPEND_AT)
        still = credit_left(rows, sale, other, anew[OR_STATUS_AT, 0], by_other)
    then_of[local, 1], then_of[local, 3] = left, still
    for place in range(many - 1, -1, -1):
        if bag[0, place] == then_of[local, 2]:
            bag[1, place] += left - had
            if OR_BY:
                bag[2, place] += still - other
            if OR_BY and place >= tail:
                bag[2, bag.shape[1] - 1] += still - other
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
        if since <= day <= today and (bag[1, place] or (OR_BY and bag[2, place])):
            best = max(best, stood_on(bag, many, day, law))
    if best < tier:
        return best, (holds[at] if best else NEVER), today
    return tier, ends, since


def stood_on(bag: Any, many: int, day: int, law: Any) -> int:
    """The step that the credit of a day reaches."""
    day0, starts, until, _ = law
    low, high = starts[day - day0], min(until[day - day0], day + 1)
    reached: int = reached_in(bag, many, low, high)  # type: ignore[name-defined]  # noqa: F821
    return reached
