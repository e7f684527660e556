"""Points that wait: they turn by the clock or by a word, so lots do not lie in order of their ends.

This text is put behind `returning.py`. A lot that waits lies where it was earned; what is spent or
taken back is looked for among those that are open.
"""

from __future__ import annotations

from typing import Any

# Stand-ins for the texts before, and for what `numbers_of` tells of a version.
WALLETS, OWES, NEVER, CONFIRM, REACHES = 0, (0,), 1 << 40, 5, False
# Per wallet: its place among those that wait, and whether it waits for a word.
WAIT_AT, BY_EVENT = (0,), (0,)


def night(purse: Any, when: Any, out: Any) -> None:
    """Turn what the clock turns, then let everything lapse whose day has come."""
    lots, heads, balance = purse
    for wallet in range(WALLETS):
        if WAIT_AT[wallet] >= 0:
            turn(lots, heads, balance, wallet, when[1], out)
    for wallet in range(WALLETS):
        if heads[wallet, 3] <= when[0]:
            lapse(lots, heads, balance, wallet, when[0], out)


def turn(lots: Any, heads: Any, balance: Any, wallet: int, now: int, out: Any) -> None:
    """Open what waited long enough, or cancel what nobody confirmed; in the order of earning."""
    lot = heads[wallet, 2]
    while lot < heads[wallet, 1] and (lots[3, wallet, lot] == 0 or lots[4, wallet, lot] <= now):
        if lots[3, wallet, lot]:
            if BY_EVENT[wallet]:
                cancel(lots, balance, wallet, lot, (lots[5, wallet, lot], out))
            else:
                open_up(lots, heads, balance, wallet, lot)
        lot += 1
    heads[wallet, 2] = lot


def open_up(lots: Any, heads: Any, balance: Any, wallet: int, lot: int) -> None:
    """Usable from now on; a debt is paid first."""
    points = lots[1, wallet, lot]
    paid = min(balance[wallet, 1], points)
    lots[1, wallet, lot], lots[3, wallet, lot] = points - paid, 0
    balance[wallet, 2] -= points
    balance[wallet, 1] -= paid
    balance[wallet, 0] += points - paid
    heads[wallet, 3] = min(heads[wallet, 3], lots[0, wallet, lot])


def cancel(lots: Any, balance: Any, wallet: int, lot: int, when: Any) -> None:
    """Gone as if never issued; no return takes it once more."""
    day, out = when
    points = lots[1, wallet, lot]
    balance[wallet, 2] -= points
    lots[1, wallet, lot], lots[3, wallet, lot] = 0, 0
    lots[2, wallet, lot] += points
    out[2][day - out[1], wallet] += points


def say(where: Any, purse: Any, law: Any, desk: Any) -> None:
    """Somebody said of an activity that it holds, or does not; of what waits no more it is nothing
    new."""
    rows, row, start = where
    lots, heads, balance = purse
    expiry, day0, cancelled = law
    about, on = rows[12][17][row], rows[2][row]
    if about < 0 or rows[0][row] < CONFIRM:
        return
    for wallet in range(WALLETS):
        lot = desk[8][3][about - start, wallet]
        if lot >= 0 and lots[3, wallet, lot] and lots[1, wallet, lot]:
            if rows[0][row] == CONFIRM:
                lots[0, wallet, lot] = expiry[wallet, on - day0]
                open_up(lots, heads, balance, wallet, lot)
            else:
                cancel(lots, balance, wallet, lot, (on, (0, day0, cancelled)))


def credit_lot(where: Any, purse: Any, what: Any, expiry: Any, at: int) -> None:
    """Put what was earned into a wallet, as points that wait where it says so; the clock of their
    end begins when they turn."""
    rows, row = where
    lots, heads, balance = purse
    wallet, points = what
    place = WAIT_AT[wallet]
    if place < 0 or rows[13][3][row, place] <= rows[13][1][row]:
        put(lots, heads, balance, wallet, points, expiry[wallet, at])
        return
    lot, on = heads[wallet, 1], rows[13][4][row, place]
    turned = min(on - rows[2][row] + at, expiry.shape[1] - 1)
    lots[0, wallet, lot] = NEVER if BY_EVENT[wallet] else expiry[wallet, turned]
    lots[1, wallet, lot], lots[2, wallet, lot], lots[3, wallet, lot] = points, 0, 1
    lots[4, wallet, lot], lots[5, wallet, lot] = rows[13][3][row, place], on
    lots[6, wallet, lot] = 0
    balance[wallet, 2] += points
    heads[wallet, 1] += 1


def put(lots: Any, heads: Any, balance: Any, wallet: int, units: int, ends: int) -> None:
    """Put points in as a lot of their own that is open; a debt is paid first."""
    paid = min(balance[wallet, 1], units)
    balance[wallet, 1] -= paid
    balance[wallet, 0] += units - paid
    lot = heads[wallet, 1]
    lots[0, wallet, lot], lots[1, wallet, lot], lots[2, wallet, lot] = ends, units - paid, 0
    lots[3, wallet, lot], lots[6, wallet, lot] = 0, 0
    heads[wallet, 1] += 1
    heads[wallet, 3] = min(heads[wallet, 3], ends)


def lapse(lots: Any, heads: Any, balance: Any, wallet: int, day: int, out: Any) -> None:
    """Let every open lot go whose day has come, and see when the next one goes."""
    expired, day0, _ = out
    skip(lots, heads, wallet)
    following = NEVER
    for lot in range(heads[wallet, 0], heads[wallet, 1]):
        if lots[3, wallet, lot] or lots[1, wallet, lot] == 0:
            continue
        if lots[0, wallet, lot] > day:
            following = min(following, lots[0, wallet, lot])
            continue
        points = lots[1, wallet, lot]
        balance[wallet, 0] -= points
        expired[lots[0, wallet, lot] - day0, wallet] += points
        lots[1, wallet, lot] = 0
        lots[2, wallet, lot] += points
    heads[wallet, 3] = following


def skip(lots: Any, heads: Any, wallet: int) -> None:
    """Look no more at what is empty at the beginning."""
    lot = heads[wallet, 0]
    while lot < heads[wallet, 1] and lots[3, wallet, lot] == 0 and lots[1, wallet, lot] == 0:
        lot += 1
    heads[wallet, 0] = lot


def take(lots: Any, heads: Any, balance: Any, wallet: int, units: int) -> int:
    """Take the soonest points that are open; how many were not there and are owed now."""
    left = units
    while left:
        skip(lots, heads, wallet)
        lot = first_open(lots, heads, wallet)
        if lot < 0:
            break
        taken = min(left, lots[1, wallet, lot])
        lots[1, wallet, lot] -= taken
        balance[wallet, 0] -= taken
        left -= taken
    balance[wallet, 1] += left
    return left


def first_open(lots: Any, heads: Any, wallet: int) -> int:
    """The open lot that ends first, the oldest of equals; -1 for none."""
    best = -1
    for lot in range(heads[wallet, 0], heads[wallet, 1]):
        there = lots[3, wallet, lot] == 0 and lots[1, wallet, lot] > 0
        if there and (best < 0 or lots[0, wallet, lot] < lots[0, wallet, best]):
            best = lot
    return best


def last_open(lots: Any, heads: Any, wallet: int) -> int:
    """The open lot that ends last, the newest of equals; -1 for none."""
    best = -1
    for lot in range(heads[wallet, 0], heads[wallet, 1]):
        there = lots[3, wallet, lot] == 0 and lots[1, wallet, lot] > 0
        if there and (best < 0 or lots[0, wallet, lot] >= lots[0, wallet, best]):
            best = lot
    return best


def waiting_in(lots: Any, wallet: int, lot: int) -> int:
    """What of a sale's own lot still waits."""
    if lot < 0 or lots[3, wallet, lot] == 0:
        return 0
    waits: int = lots[1, wallet, lot]
    return waits


def take_back(purse: Any, wallet: int, lot: int, points: int) -> int:
    """Take points out of the sale's own lot, waiting or open, then out of open ones by latest end;
    what was there or is owed now."""
    lots, heads, balance, _ = purse
    left = points
    if lot >= 0:
        own = min(left, lots[1, wallet, lot])
        lots[1, wallet, lot] -= own
        balance[wallet, 2 if lots[3, wallet, lot] else 0] -= own
        left -= own
    while left:
        other = last_open(lots, heads, wallet)
        if other < 0:
            break
        some = min(left, lots[1, wallet, other])
        lots[1, wallet, other] -= some
        balance[wallet, 0] -= some
        left -= some
    if OWES[wallet]:
        balance[wallet, 1] += left
        left = 0
    there: int = points - left
    return there
