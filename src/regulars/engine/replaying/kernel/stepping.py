"""The fixed part of the kernel: what follows of what the rules give, member after member.

Plain Python over arrays of whole numbers; `running.py` hands it to the compiler, tests also run it
as it is. All time is local days: here tiers and points end when a day begins.
"""

from __future__ import annotations

from typing import Any, Final

JOIN: Final = 0
ACTIVITY: Final = 1
TAKE: Final = 2
NEVER: Final = 1 << 40
LARGEST: Final = 1 << 62
_FLOOR, _CEIL, _HALF_UP = 0, 1, 2


def whole(grains: int, grid: int, mode: int) -> int:
    """Whole points in so many grains; the one rounding."""
    points, rest = grains // grid, grains % grid
    if mode == _FLOOR:
        return points
    if mode == _CEIL:
        return points + (1 if rest else 0)
    if mode == _HALF_UP:
        return points + (1 if 2 * rest >= grid else 0)
    odd = 2 * rest == grid and points % 2 == 1
    return points + (1 if 2 * rest > grid or odd else 0)


def step_at(steps: Any, credit: int) -> int:
    """How many steps of the ladder this credit reaches."""
    reached = 0
    for at in steps:
        if at <= credit:
            reached += 1
    return reached


def credit_in(periods: Any, credits: Any, many: int, start: int, end: int) -> int:
    """The credit that counts in a window."""
    total = 0
    for place in range(many - 1, -1, -1):
        if periods[place] < start:
            break
        if periods[place] < end:
            total += credits[place]
    return total


def review(tier: Any, bag: Any, many: int, day: int, law: Any) -> None:
    """Confirm or lower a tier whose time is over, as often as needed; the first step is entered."""
    steps, starts, ends, untils, rules = law
    day0, two_windows, grace, one_step, rolls, lowest = (
        rules[0], rules[1], rules[2], rules[3], rules[4], rules[5],
    )  # fmt: skip
    if tier[0] == 0 and lowest > 0:
        tier[0], tier[1] = lowest, untils[day - day0]
    while tier[1] <= day:
        on = tier[1]
        running = step_at(
            steps, credit_in(bag[0], bag[1], many, starts[on - day0], ends[on - day0])
        )
        last, earned = on, running
        if two_windows:
            last = on - grace - 1
            before = credit_in(bag[0], bag[1], many, starts[last - day0], ends[last - day0])
            earned = max(running, step_at(steps, before))
        stands = earned
        if tier[0]:
            stands = min(max(earned, tier[0] - 1 if one_step else 0), tier[0])
        judged = on if rolls or running >= stands else last
        tier[0], tier[1] = stands, untils[judged - day0] if stands else NEVER


def lapse(lots: Any, heads: Any, balance: Any, wallet: int, day: int, out: Any) -> None:
    """Let every lot go whose day has come; they lie in order of their ends."""
    expired, day0 = out
    while heads[wallet, 0] < heads[wallet, 1]:
        lot = heads[wallet, 0]
        if lots[0, wallet, lot] > day:
            break
        points = lots[1, wallet, lot]
        balance[wallet, 0] -= points
        expired[lots[0, wallet, lot] - day0, wallet] += points
        heads[wallet, 0] += 1


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


def settle(grains: Any, given: Any, wallet: int, shape: Any) -> int:
    """Round once and split the points over the rules, the largest rest first."""
    wallet_of, rank, grids, modes = shape
    grid, total, spare = grids[wallet], 0, 0
    for rule in range(len(grains)):
        if wallet_of[rule] == wallet:
            total += grains[rule]
            given[rule] = grains[rule] // grid
            spare -= given[rule]
    units = whole(total, grid, modes[wallet])
    spare += units
    while spare > 0:
        best = -1
        for rule in range(len(grains)):
            rest = grains[rule] - given[rule] * grid
            if wallet_of[rule] != wallet or rest <= 0:
                continue
            if best < 0:
                best = rule
                continue
            most = grains[best] - given[best] * grid
            if rest > most or (rest == most and rank[rule] < rank[best]):
                best = rule
        if best < 0:
            break
        given[best] += 1
        spare -= 1
    return units


def rooms(room: Any, counted: Any, limits: Any, at: int) -> None:
    """How much each limit still allows; a fresh period begins with nothing used."""
    used, period = counted
    full, periods = limits[2], limits[3]
    for place in range(len(full)):
        now = periods[place, at]
        if period[place] != now:
            period[place], used[place] = now, 0
        room[place] = max(full[place] - used[place], 0)


def count(counted: Any, limits: Any, given: Any) -> None:
    """Count what rules gave against their limits; an activity's own limits count nothing."""
    rules, points, periods = limits[0], limits[1], limits[3]
    for place in range(len(rules)):
        gave = given[rules[place]]
        if gave and periods[place, 0] >= 0:
            counted[0][place] += gave if points[place] else 1


def fire(fired: Any, given: Any) -> None:
    """Add up how often each rule gave something, and how much."""
    for rule in range(len(given)):
        if given[rule]:
            fired[rule, 0] += 1
            fired[rule, 1] += given[rule]


def seen(tier: Any, bag: Any, many: int, credit: int, law: Any, when: Any) -> int:
    """The step the rules see: the one that stands, or the one this purchase reaches."""
    at, new_tier = when
    stands: int = tier[0]
    if new_tier:
        before = credit_in(bag[0], bag[1], many, law[1][at], law[2][at])
        stands = max(stands, step_at(law[0], before + credit))
    return stands


def climb(tier: Any, bag: Any, many: int, credit: int, day: int, law: Any) -> int:
    """Count credit and move up where it reaches a higher step; how many periods there are."""
    if credit == 0:
        return many
    at = day - law[4][0]
    bucket = day if law[4][4] else law[1][at]
    if many and bag[0, many - 1] == bucket:
        bag[1, many - 1] += credit
    else:
        bag[0, many], bag[1, many] = bucket, credit
        many += 1
    reached = step_at(law[0], credit_in(bag[0], bag[1], many, law[1][at], law[2][at]))
    if reached > tier[0]:
        tier[0], tier[1] = reached, law[3][at]
    return many


def decide(rows: Any, row: int, sees: int, room: Any, grains: Any) -> None:
    """What each rule of the version gives for a row."""
    _, kind, day, weekday, hour, channel, store, amount, _, _, _ = rows
    evaluate(  # type: ignore[name-defined]  # noqa: F821  (the version's own, put beside this)
        kind[row], day[row], weekday[row], hour[row], sees, channel[row], store[row],
        amount[row], room, grains,
    )  # fmt: skip


def book(purse: Any, given: Any, row: int, program: Any, at: int) -> None:
    """Round each wallet's grains and put the points in."""
    lots, heads, balance, grains, gave = purse
    shape, expiry = program
    for wallet in range(len(shape[2])):
        points = settle(grains, given, wallet, shape)
        if points:
            gave[row, wallet] = points
            put(lots, heads, balance, wallet, points, expiry[wallet, at])


def night(purse: Any, day: int, out: Any) -> None:
    """Let everything lapse whose day has come."""
    lots, heads, balance = purse
    for wallet in range(len(balance)):
        lapse(lots, heads, balance, wallet, day, out)


def run(rows: Any, spans: Any, law: Any, program: Any, out: Any) -> None:
    """Every member from their first row to their last, then to the end.

    Shape: `rows` are columns sorted by member, `spans` says where each member's rows begin.
    """
    what, day, wallet_at, units_at, credits = rows[0], rows[2], rows[8], rows[9], rows[10]
    shape, limits, expiry, end_day, new_tier, since, until = program
    gave, short, expired, balances, tiers, fired, stood, desk = out
    room, grains, given, used, period, tier, bag, lots, heads = desk
    day0, counted = law[4][0], (used, period)
    for member in range(len(spans) - 1):
        used[:] = 0
        period[:] = -1
        heads[:] = 0
        tier[0], tier[1], many = 0, NEVER, 0
        balance = balances[member]
        for row in range(spans[member], spans[member + 1]):
            on = day[row]
            review(tier, bag, many, on, law)
            if what[row] == JOIN:
                continue
            night((lots, heads, balance), on, (expired, day0))
            if what[row] == TAKE:
                short[row] = take(lots, heads, balance, wallet_at[row], units_at[row])
                continue
            rooms(room, counted, limits, on - day0)
            sees = seen(tier, bag, many, credits[row], law, (on - day0, new_tier))
            decide(rows, row, sees, room, grains)
            book((lots, heads, balance, grains, gave), given, row, (shape, expiry), on - day0)
            count(counted, limits, given)
            if since <= on < until:
                fire(fired, given)
            many = climb(tier, bag, many, credits[row], on, law)
            stood[row] = tier[0]
        review(tier, bag, many, end_day, law)
        night((lots, heads, balance), end_day, (expired, day0))
        tiers[member] = tier[0]
