"""What the kernel knows of a version: tables of its calendar, and numbers for its fixed text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
from msgspec import Struct

from regulars.engine.calendar import (
    add_months,
    day_starts_at,
    expires_at,
    local,
    period_of,
    tier_valid_until,
    tier_window,
)
from regulars.engine.replaying.kernel.besides.numbers import numbers_besides
from regulars.engine.replaying.kernel.besides.told import stones_of
from regulars.engine.replaying.kernel.gaps import refuse
from regulars.engine.replaying.kernel.stepping import LARGEST, NEVER
from regulars.engine.terms import Version
from regulars.records.program.types import Tiers

_MODES: Final = ("floor", "ceil", "half_up", "half_even")


class Law(Struct):
    """The calendar of a version as the kernel has it: tables over the days from `day0` on."""

    day0: int
    periods: Any
    """Per limit: the period a day is in, -1 where every activity is one of its own."""
    expiry: Any
    """Per wallet: the day on which points end that were given on a day."""
    ladder: tuple[Any, ...]
    """Per year of membership the first day and the end of a day's window, and the day until which a
    step holds; and per member which of these years is theirs."""
    stones: Any
    """Per milestone: the period a day is in."""
    budgets: Any
    """Per budget the same."""


def law_of(version: Version, span: tuple[int, int], joined: Sequence[int]) -> Law:
    """The calendar of a version for the first and last day of a history, and for members who joined
    on these days.

    Refuses: NotPlain for what the kernel was not written for.
    """
    compiled, program, tiers = version.compiled, version.program, version.program.tiers
    refuse(version)
    first, last = span
    day0 = first - (tiers.grace_days if tiers else 0) - 2
    days = range(day0, last + 2)
    periods = [_periods(limit.per) for limit in compiled.limits]
    expiry = [_ends(version, wallet.expiry) for wallet in program.wallets.values()]
    return Law(
        day0,
        _table(periods, days),
        _table(expiry, days),
        _ladder(version, days, joined),
        _table([stone.period for stone in stones_of(version)], days),
        _table([_periods(budget.per) for budget in compiled.budgets], days),
    )


def numbers_of(version: Version) -> dict[str, Any]:
    """What the fixed text of the kernel knows of a version, under the names it has there.

    Order: a list is never empty, since a compiler wants to know what is in it; how many count is
    said beside it.
    """
    compiled, program, tiers = version.compiled, version.program, version.program.tiers
    spent = tiers is not None and tiers.measure == "spend"
    rules, limits, wallets = compiled.rules, compiled.limits, compiled.wallets
    steps = compiled.tier_at if tiers else ()
    return {
        "RULES": len(rules),
        "WALLET_OF": _some(_wallet_of(version, rule) for rule in range(len(rules))),
        "RANKS": _some(_ranks(version)),
        "WALLETS": len(wallets),
        "GRIDS": _some(wallet.grid for wallet in wallets),
        "MODES": _some(_MODES.index(wallet.mode) for wallet in wallets),
        "LIMITS": len(limits),
        "LIMIT_OF": _some(limit.rule for limit in limits),
        "COUNTS_POINTS": _some(int(limit.counts == "points") for limit in limits),
        "FULL": _some(_full(version, place) for place in range(len(limits))),
        "STEPS": len(steps),
        "STEP_AT": _some(steps),
        "LOWEST": compiled.tier_of(0) if tiers else 0,
        "INVITES": tiers is not None and not all(compiled.tier_by),
        "BY_CREDIT": _some(int(by) for by in compiled.tier_by) if tiers else (1,),
        "GRACE": tiers.grace_days if tiers else 0,
        "TWO_WINDOWS": tiers is not None and tiers.valid == "next_window_end",
        "ONE_STEP": tiers is not None and tiers.downgrade == "one_step",
        "ROLLS": tiers is not None and tiers.window == "rolling",
        "OWES": _some(int(wallet.negative == "debt") for wallet in program.wallets.values()),
        "BY_SPEND": spent,
        "BY_STATUS": tiers is not None and tiers.measure == "status",
        "REVOKES": tiers is not None and tiers.returned_credit == "revoke_now",
        "STATUS_AT": _status_at(version),
        "SPEND_AT": compiled.definitions.index(tiers.qualifying) if tiers and spent else 0,
        "KEEPS_CREDIT": tiers is not None and tiers.returned_credit == "never",
        "NEW_TIER": tiers is not None and tiers.crossing_earns == "new_tier",
        **numbers_besides(version),
    }


def _some(values: Iterable[int]) -> tuple[int, ...]:
    return tuple(values) or (0,)


def _array(values: Sequence[Any]) -> Any:
    return np.array(values, np.int64)


def _table(rows: Sequence[Callable[[int], int]], days: range) -> Any:
    return _array([[of(day) for day in days] for of in rows]).reshape(len(rows), len(days))


def _wallet_of(version: Version, rule: int) -> int:
    return next(at for at, w in enumerate(version.compiled.wallets) if rule in w.rules)


def _ranks(version: Version) -> list[int]:
    """Who comes first when rests are equal."""
    ranks = [0] * len(version.compiled.rules)
    for wallet in version.compiled.wallets:
        for rank, position in enumerate(wallet.ties):
            ranks[wallet.rules[position]] = rank
    return ranks


def _full(version: Version, place: int) -> int:
    """The room of a limit; so much that its grains never pass a machine word."""
    limit = version.compiled.limits[place]
    grid = version.compiled.wallets[_wallet_of(version, limit.rule)].grid
    return min(limit.full, LARGEST // grid)


def _periods(per: Any) -> Callable[[int], int]:
    return lambda day: -1 if per == "activity" else period_of(per, day)


def _ends(version: Version, expiry: Any) -> Callable[[int], int]:
    def ends(day: int) -> int:
        if expiry is None:
            return NEVER
        begins = day_starts_at(version.zone, day)
        return local(version.zone, expires_at(version.zone, begins, expiry, day)).day

    return ends


def _ladder(version: Version, days: range, joined: Sequence[int]) -> tuple[Any, ...]:
    tiers = version.program.tiers
    if tiers is None:
        nothing = _array([[0] * len(days)])
        never = _array([[NEVER] * len(days)])
        return nothing, nothing, never, _array([0] * len(joined))
    if tiers.window == "anniversary":
        return _anniversaries(tiers, days, joined)
    untils = [tier_valid_until(tiers, day, 1) for day in days]
    windows = [tier_window(tiers, day, 1) for day in days]
    return (
        _array([[window.start for window in windows]]),
        _array([[window.end for window in windows]]),
        _array([[NEVER if until is None else until + tiers.grace_days for until in untils]]),
        _array([0] * len(joined)),
    )


def _anniversaries(tiers: Tiers, days: range, joined: Sequence[int]) -> tuple[Any, ...]:
    """Years of membership begin on one of 366 days: one table for each that somebody has."""
    known: dict[tuple[int, int], int] = {}
    whose, begun = [], []
    for day in map(int, joined):  # of numpy's numbers the calendar in machine code takes none
        on = date.fromordinal(day)
        if (on.month, on.day) not in known:
            known[on.month, on.day] = len(known)
            begun.append(_array([*_years(day, days)]))
        whose.append(known[on.month, on.day])
    at = [np.searchsorted(years, np.arange(days.start, days.stop), "right") for years in begun]
    times = 0 if tiers.valid == "window_end" else 1
    ends = _array([years[place] for years, place in zip(begun, at, strict=True)])
    holds = _array([years[place + times] for years, place in zip(begun, at, strict=True)])
    holds += tiers.grace_days
    return (
        _array([years[place - 1] for years, place in zip(begun, at, strict=True)]),
        ends,
        np.full_like(ends, NEVER) if tiers.valid == "for_ever" else holds,
        _array(whose),
    )


def _years(joined: int, days: range) -> Iterator[int]:
    """Every day on which a year of membership begins, from before the first day to two years on."""
    year = date.fromordinal(joined).year
    first, last = (date.fromordinal(day).year for day in (days.start, days.stop))
    for each in range(first - 2, last + 4):
        yield add_months(joined, 12 * (each - year))


def _status_at(version: Version) -> int:
    tiers = version.program.tiers
    name = tiers.wallet if tiers is not None and tiers.measure == "status" else None
    return 0 if name is None else version.compiled.wallet_places[name]
