"""The fixed part of the kernel: what follows of what the rules give, member after member.

Plain Python over arrays of whole numbers; `running.py` hands it to the compiler, tests also run it
as it is. All time is local days: here tiers and points end when a day begins. The numbers of a
version stand beside this text as constants, so that the compiler writes every version a kernel of
its own: a division by a constant is no division, and a loop over three rules is no loop.
"""

from __future__ import annotations

from typing import Any, Final

from regulars.engine.replaying.kernel.climbing import put_credit, reached_now, review, running

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
WAITS, RESTS, KEEPS, REACHES, SHARES = False, False, False, False, False
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


def rooms_of_all(where: Any, room: Any, aside: Any) -> None:
    """How much is left of what all share; nothing is shared here."""


def draw(where: Any, given: Any, gave: Any, aside: Any) -> None:
    """Count against what all share; nothing is shared here."""


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
    balances, stand = out[3], out[10]
    for member in range(len(spans) - 1):
        own = of_member(law, member)
        clear(out[7])
        stands = begun(stand, 0)
        for row in range(spans[member], spans[member + 1]):
            where = (rows, row, spans[member])
            stands = step(where, stands, balances[member], own, program, out)
        finish(member, stands, balances[member], own, program, out)


def of_member(law: Any, member: int) -> tuple[int, Any, Any, Any]:
    """The calendar of a member: that of their year of membership."""
    day0, starts, until, holds, calendars = law
    year = calendars[member]
    return day0, starts[year], until[year], holds[year]


def begun(stand: Any, place: int) -> tuple[int, int, int, int, int, int]:
    """Where a member stands: step, its end and since when; how many buckets of credit, and from
    which on they count, to how much."""
    return (
        stand[place, 0], stand[place, 1], stand[place, 2],
        stand[place, 3], stand[place, 4], stand[place, 5],
    )  # fmt: skip


def clear(desk: Any) -> None:
    """Forget what was known of the member before."""
    used, period, bag, heads = desk[3], desk[4], desk[5], desk[7]
    used[:] = 0
    period[:] = -1
    heads[:] = 0
    if OR_BY:
        bag[2, bag.shape[1] - 1] = 0
    if ASIDE:
        begin(desk[9])


def step(
    where: Any, stands: Any, balance: Any, law: Any, program: Any, out: Any
) -> tuple[int, int, int, int, int, int]:
    """One row: what time brought about before it, then what it says; where the member stands."""
    rows, row, _ = where
    tier, ends, since, many, tail, total = stands
    gave, short, expired, _, _, fired, stood, desk = out[:8]
    bag, lots, heads = desk[5], desk[6], desk[7]
    what, on, now = rows[0][row], rows[2][row], program[5]
    tier, ends, since = review((tier, ends, since), bag, many, on, law)
    if WAITS:
        now = rows[13][1][row]
    if what != JOIN:
        night((lots, heads, balance), (on, now), (expired, law[0], out[8]))
    if what == TAKE:
        short[row] = take(lots, heads, balance, rows[8][row], rows[9][row])
    if what == RETURN:
        total += give_back(
            where, (lots, heads, balance, gave), ((desk[3], desk[4]), program[0], law[0]),
            (bag, many, tail), desk, (fired, program[3] <= on < program[4]),
        )  # fmt: skip
        if REVOKES:
            tier, ends, since = revoke((rows, row), (tier, ends, since), bag, many, law)
        stood[row] = tier
    if WAITS:
        say(where, (lots, heads, balance), (program[1], law[0], out[8]), desk)
    if what == ACTIVITY:
        stands = (tier, ends, since, many, tail, total)
        tier, ends, since, many, tail, total = earn(where, stands, balance, law, program, out)
        stood[row] = tier
    return tier, ends, since, many, tail, total


def finish(member: int, stands: Any, balance: Any, law: Any, program: Any, out: Any) -> None:
    """Bring a member up to the end."""
    expired, tiers, desk, end = out[2], out[4], out[7], program[2]
    bag, lots, heads = desk[5], desk[6], desk[7]
    tier, _, _ = review((stands[0], stands[1], stands[2]), bag, stands[3], end, law)
    night((lots, heads, balance), (end, program[5]), (expired, law[0], out[8]))
    tiers[member] = tier


def earn(  # noqa: C901, PLR0912  (a branch for each text; what is not there is not compiled)
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
    if SHARES:
        rooms_of_all((rows, row), room, aside)
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
    book((lots, heads, balance, grains, gave, (aside, room)), given, (rows, row), expiry, at)
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
    if SHARES:
        draw((rows, row), given, gave, aside)
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
