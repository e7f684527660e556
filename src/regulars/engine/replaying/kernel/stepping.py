"""The fixed part of the kernel: what follows of what the rules give, member after member.

Plain Python over arrays of whole numbers; `running.py` hands it to the compiler, tests also run it
as it is. All time is local days: here tiers and points end when a day begins. The numbers of a
version stand beside this text as constants, so that the compiler writes every version a kernel of
its own: a division by a constant is no division, and a loop over three rules is no loop.
"""

from __future__ import annotations

from typing import Any, Final

JOIN: Final = 0
ACTIVITY: Final = 1
TAKE: Final = 2
RETURN: Final = 3
LOOK: Final = 4
"""Only what time brought about: whatever was told took no part."""
CONFIRM: Final = 5
CANCEL: Final = 6
"""Somebody said of an activity that waits that it holds, or that it does not."""
NEVER: Final = 1 << 40
LARGEST: Final = 1 << 62
_FLOOR, _CEIL, _HALF_UP = 0, 1, 2

# Stand-ins for what `numbers_of` tells of a version. Per rule: its wallet, and who comes first.
RULES, WALLET_OF, RANKS = 0, (0,), (0,)
# Per wallet: grains of a point, and how it is rounded.
WALLETS, GRIDS, MODES = 0, (1,), (0,)
# Per limit: its rule, whether it counts points (or times), its room.
LIMITS, LIMIT_OF, COUNTS_POINTS, FULL = 0, (0,), (0,), (0,)
# The credit of each step of the ladder, and how the ladder is reviewed.
STEPS, STEP_AT, LOWEST, GRACE = 0, (0,), 0, 0
TWO_WINDOWS, ONE_STEP, ROLLS, NEW_TIER = False, False, False, False
# Whether what rules give into a wallet is what counts, and which wallet that is.
BY_STATUS, STATUS_AT = False, 0
# Whether a tier falls with the return of what it was reached by.
REVOKES = False
# Of the second measure of a ladder: whether there is one, and what its steps take.
OR_BY, OR_AT = False, (0,)
OR_BY_STATUS, OR_STATUS_AT = False, 0
# What only some programs have, each a text of its own: points that wait, rules that rest,
# remainders that are kept, milestones, what all members share.
WAITS, RESTS, KEEPS, REACHES = False, False, False, False
# Whether any of the last three is so.
ASIDE = False


def whole(grains: int, grid: int, mode: int) -> int:
    """Whole points in so many grains; the one rounding."""
    points = grains // grid
    rest = grains - points * grid
    if mode == _FLOOR:
        return points
    if mode == _CEIL:
        return points + (1 if rest else 0)
    if mode == _HALF_UP:
        return points + (1 if 2 * rest >= grid else 0)
    odd = 2 * rest == grid and points % 2 == 1
    return points + (1 if 2 * rest > grid or odd else 0)


def step_of(credit: int) -> int:
    """How many steps of the ladder this credit reaches."""
    reached = 0
    for step in range(STEPS):
        reached += STEP_AT[step] <= credit
    return reached


def reached_in(bag: Any, many: int, start: int, end: int) -> int:
    """The step that the credit of a window reaches, by either measure."""
    reached = step_of(credit_in(bag, many, start, end, 1))
    if OR_BY:
        reached = max(reached, other_step_of(credit_in(bag, many, start, end, 2)))
    return reached


def other_step_of(credit: int) -> int:
    """How many steps so much of the second measure reaches."""
    reached = 0
    for step in range(STEPS):
        reached += OR_AT[step] <= credit
    return reached


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
            left = min(max(earned, tier - 1 if ONE_STEP else 0), tier)
        judged = on if ROLLS or now >= left else last
        since = since if left == tier else on
        tier, until = left, untils[judged - day0] if left else NEVER
    return tier, until, since


def lapse(lots: Any, heads: Any, balance: Any, wallet: int, day: int, out: Any) -> None:
    """Let every lot go whose day has come, and keep how much of each did; they lie in order of
    their ends."""
    expired, day0 = out[0], out[1]
    lot, end = heads[wallet, 0], heads[wallet, 1]
    while lot < end and lots[0, wallet, lot] <= day:
        points = lots[1, wallet, lot]
        balance[wallet, 0] -= points
        expired[lots[0, wallet, lot] - day0, wallet] += points
        lots[1, wallet, lot], lots[2, wallet, lot] = 0, points
        lot += 1
    heads[wallet, 0] = lot


def take(lots: Any, heads: Any, balance: Any, wallet: int, units: int) -> int:
    """Take the soonest points; how many were not there and are owed now."""
    left = units
    while left and heads[wallet, 0] < heads[wallet, 1]:
        lot = heads[wallet, 0]
        taken = min(left, lots[1, wallet, lot])
        lots[1, wallet, lot] -= taken
        balance[wallet, 0] -= taken
        left -= taken
        if lots[1, wallet, lot] == 0:
            heads[wallet, 0] += 1
    balance[wallet, 1] += left
    return left


def put(lots: Any, heads: Any, balance: Any, wallet: int, units: int, ends: int) -> None:
    """Put points in: a debt is paid first, and points that end together lie together."""
    paid = min(balance[wallet, 1], units)
    balance[wallet, 1] -= paid
    rest = units - paid
    if not rest:
        return
    balance[wallet, 0] += rest
    last = heads[wallet, 1] - 1
    if last >= heads[wallet, 0] and lots[0, wallet, last] == ends:
        lots[1, wallet, last] += rest
        return
    lots[0, wallet, last + 1], lots[1, wallet, last + 1] = ends, rest
    heads[wallet, 1] += 1


def settle(grains: Any, given: Any, wallet: int) -> int:
    """Round once and split the points over the rules, the largest rest first."""
    total, spare = 0, 0
    for rule in range(RULES):
        if WALLET_OF[rule] == wallet:
            total += grains[rule]
            given[rule] = grains[rule] // GRIDS[wallet]
            spare -= given[rule]
    units = whole(total, GRIDS[wallet], MODES[wallet])
    spare += units
    while spare > 0:
        best = fullest(grains, given, wallet)
        if best < 0:
            break
        given[best] += 1
        spare -= 1
    return units


def fullest(grains: Any, given: Any, wallet: int) -> int:
    """The rule of a wallet with the largest rest, the first in rank of equals; -1 for none."""
    best, most = -1, 0
    for rule in range(RULES):
        if WALLET_OF[rule] == wallet:
            rest = grains[rule] - given[rule] * GRIDS[wallet]
            if rest > most or (rest == most and best >= 0 and RANKS[rule] < RANKS[best]):
                best, most = rule, rest
    return best


def rooms(room: Any, counted: Any, periods: Any, at: int) -> None:
    """How much each limit still allows; a fresh period begins with nothing used."""
    used, period = counted
    for place in range(LIMITS):
        now = periods[place, at]
        if period[place] != now:
            period[place], used[place] = now, 0
        room[place] = max(FULL[place] - used[place], 0)


def count(counted: Any, periods: Any, given: Any) -> None:
    """Count what rules gave against their limits; an activity's own limits count nothing."""
    for place in range(LIMITS):
        gave = given[LIMIT_OF[place]]
        if gave and periods[place, 0] >= 0:
            counted[0][place] += gave if COUNTS_POINTS[place] else 1


def fire(fired: Any, given: Any) -> None:
    """Add up how often each rule gave something, and how much."""
    for rule in range(RULES):
        fired[rule, 0] += given[rule] != 0
        fired[rule, 1] += given[rule]


def decide(rows: Any, row: int, sees: int, room: Any, grains: Any) -> None:
    """What each rule of the version gives for a row."""
    _, kind, day, weekday, hour, channel, store, amount, _, _, _, asked = rows
    evaluate(  # type: ignore[name-defined]  # noqa: F821  (the version's own, put beside this)
        kind[row], day[row], weekday[row], hour[row], sees, channel[row], store[row],
        asked[row], amount[row], room, grains,
    )  # fmt: skip


def book(purse: Any, given: Any, where: Any, expiry: Any, at: int) -> None:
    """Round each wallet's grains and put the points in."""
    lots, heads, balance, grains, gave, _ = purse
    row = where[1]
    for wallet in range(WALLETS):
        points = settle(grains, given, wallet)
        if points:
            gave[row, wallet] = points
            put(lots, heads, balance, wallet, points, expiry[wallet, at])


def night(purse: Any, when: Any, out: Any) -> None:
    """Let everything lapse whose day has come."""
    lots, heads, balance = purse
    for wallet in range(WALLETS):
        lapse(lots, heads, balance, wallet, when[0], out)


def say(where: Any, purse: Any, law: Any, desk: Any) -> None:
    """Somebody said of an activity whether it holds; nothing waits for that here."""


def rest(where: Any, room: Any, aside: Any) -> None:
    """Which rules rest; none does here."""


def rested(where: Any, given: Any, aside: Any) -> None:
    """Which rules begin to rest; none does here."""


def reach(where: Any, purse: Any, law: Any, desk: Any, out: Any) -> None:
    """What milestones give; there are none here."""


def begin(aside: Any) -> None:
    """Forget what was known of the member before."""
    aside[0][:] = 0
    aside[1][:] = 0
    aside[2][:] = 0


def remember(local: int, row: int, sees: int, coming: Any, desk: Any, purse: Any) -> None:
    """Keep what returns of a sale ask for; nothing comes back where there are no baskets."""


def give_back(where: Any, purse: Any, limits: Any, credit: Any, desk: Any, fired: Any) -> int:
    """Take back what a sale gave; nothing comes back where there are no baskets."""
    return 0


def revoke(where: Any, stands: Any, bag: Any, many: int, law: Any) -> tuple[int, int, int]:
    """Where a return leaves a member at once; nothing comes back where there are no baskets."""
    tier, ends, since = stands
    return tier, ends, since


def run(rows: Any, spans: Any, law: Any, program: Any, out: Any) -> None:
    """Every member from their first row to their last, then to the end.

    Shape: `rows` are columns sorted by member, `spans` says where each member's rows begin.
    """
    what, day, wallet_at, units_at = rows[0], rows[2], rows[8], rows[9]
    end_day = program[2]
    gave, short, expired, balances, tiers, fired, stood, desk = out[:8]
    used, period, bag, lots, heads = desk[3:8]
    now = 0
    day0, counted = law[0], (used, period)
    starts, until, holds, calendars = law[1:]
    for member in range(len(spans) - 1):
        year = calendars[member]
        own = (day0, starts[year], until[year], holds[year])
        used[:] = 0
        period[:] = -1
        heads[:] = 0
        if OR_BY:
            bag[2, bag.shape[1] - 1] = 0
        if ASIDE:
            begin(desk[9])
        tier, ends, since, many, tail, total = 0, NEVER, 0, 0, 0, 0
        balance, start = balances[member], spans[member]
        for row in range(start, spans[member + 1]):
            on = day[row]
            tier, ends, since = review((tier, ends, since), bag, many, on, own)
            if WAITS:
                now = rows[13][1][row]
            if what[row] != JOIN:
                night((lots, heads, balance), (on, now), (expired, day0, out[8]))
            if what[row] == TAKE:
                short[row] = take(lots, heads, balance, wallet_at[row], units_at[row])
            if what[row] == RETURN:
                total += give_back(
                    (rows, row, start), (lots, heads, balance, gave),
                    (counted, program[0], day0), (bag, many, tail), desk,
                    (fired, program[3] <= on < program[4]),
                )  # fmt: skip
                if REVOKES:
                    tier, ends, since = revoke((rows, row), (tier, ends, since), bag, many, own)
                stood[row] = tier
            if WAITS:
                say((rows, row, start), (lots, heads, balance), (program[1], day0, out[8]), desk)
            if what[row] == ACTIVITY:
                tier, ends, since, many, tail, total = earn(
                    (rows, row, start),
                    (tier, ends, since, many, tail, total),
                    balance,
                    own,
                    program,
                    out,
                )
                stood[row] = tier
        tier, ends, since = review((tier, ends, since), bag, many, end_day, own)
        night((lots, heads, balance), (end_day, program[5]), (expired, day0, out[8]))
        tiers[member] = tier


def earn(
    where: Any, stands: Any, balance: Any, law: Any, program: Any, out: Any
) -> tuple[int, int, int, int, int, int]:
    """What an activity earns and which tier follows; where the member stands then."""
    rows, row, start = where
    tier, ends, began, many, tail, total = stands
    day0, starts, _, untils = law
    periods, expiry, _, since, until, _ = program
    gave, fired, desk = out[0], out[5], out[7]
    room, grains, given, used, period, bag, lots, heads, _, aside = desk
    on, counted = rows[2][row], (used, period)
    at = on - day0
    rooms(room, counted, periods, at)
    if RESTS:
        rest((rows, row), room, aside)
    credit, other, sees = rows[10][row], 0, tier
    if OR_BY:
        other = rows[13][0][row]
    if credit or other or NEW_TIER:
        tail, total = running(bag, many, tail, total, starts[at])
        total += credit
        if OR_BY:
            bag[2, bag.shape[1] - 1] += other
        if NEW_TIER:
            sees = max(tier, reached_now(total, bag))
    decide(rows, row, sees, room, grains)
    book((lots, heads, balance, grains, gave, aside), given, (rows, row), expiry, at)
    if BY_STATUS and gave[row, STATUS_AT]:
        credit = gave[row, STATUS_AT]
        tail, total = running(bag, many, tail, total, starts[at])
        total += credit
    if OR_BY_STATUS and gave[row, OR_STATUS_AT]:
        other = gave[row, OR_STATUS_AT]
        tail, total = running(bag, many, tail, total, starts[at])
        bag[2, bag.shape[1] - 1] += other
    count(counted, periods, given)
    if RESTS:
        rested((rows, row), given, aside)
    if since <= on < until:
        fire(fired, given)
    when = on if ROLLS else starts[at]
    if credit or other:
        many = put_credit(bag, many, when, (credit, other))
        reached = reached_now(total, bag)
        if reached > tier:
            tier, ends, began = reached, untils[at], on
    remember(row - start, row, sees, (credit, when, other), desk, (given, room, gave, heads))
    if REACHES:
        reach(where, (lots, heads, balance), (expiry, day0), desk, out)
    return tier, ends, began, many, tail, total


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
