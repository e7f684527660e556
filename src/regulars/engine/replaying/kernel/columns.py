"""A history in columns of whole numbers, sorted by member, with the tables of its calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import numpy as np
from msgspec import Struct

from regulars.engine.calendar import (
    day_starts_at,
    expires_at,
    local,
    period_of,
    span,
    tier_valid_until,
    tier_window,
)
from regulars.engine.replaying.kernel.baskets import Baskets, Row, Shelf
from regulars.engine.replaying.kernel.stepping import (
    ACTIVITY,
    JOIN,
    LARGEST,
    NEVER,
    RETURN,
    TAKE,
)
from regulars.engine.replaying.kernel.writing import NotPlain, counted
from regulars.engine.replaying.left import NOBODY_KNOWN, left, no_wallet
from regulars.engine.terms import Version
from regulars.records.activity.happening import Happening, LeftOut
from regulars.records.activity.types import NOBODY
from regulars.records.program.types import Program

_MODES: Final = ("floor", "ceil", "half_up", "half_even")
NAMES: Final = (
    "what", "kind", "day", "weekday", "hour", "channel", "store", "amount", "wallet", "units",
)  # fmt: skip


class Columns(Struct):
    """One row per thing that happened; `rows` are the columns of `NAMES`, words as codes."""

    members: list[UUID]
    spans: Any
    """Where each member's rows begin, and behind the last one the end."""
    rows: dict[str, Any]
    kinds: list[str]
    words: dict[str, list[str]]
    places: Any
    """Which row of the history each row was."""
    left_out: list[LeftOut] = []
    baskets: Baskets | None = None
    """Where a sale has lines or came back; otherwise each is one amount."""


class _Reading(Struct):
    """What is known while a history is read."""

    version: Version
    shelf: Shelf
    codes: dict[str, dict[str, int]]
    holds: dict[tuple[UUID, str], Happening]
    left_out: list[LeftOut]


def columns_of(version: Version, history: Sequence[Happening]) -> Columns:
    """A history in columns, each member's rows in the order they were told.

    Refuses: NotPlain for what was told late, for sales that points paid for, and for given facts
    that are not redemptions handed over at once.
    """
    codes: dict[str, dict[str, int]] = {
        name: {} for name in ("kind", "channel", "store", "sku", "category")
    }
    shelf = Shelf(version.compiled, codes)
    reading = _Reading(version, shelf, codes, {}, [])
    order: dict[UUID, list[tuple[int, tuple[int, ...], Row]]] = {}
    for place, one in enumerate(history):
        why = _no_part(version, one)
        if why:
            reading.left_out.append(left(one, why))
        if one.member_id == NOBODY:
            continue
        rows = order.get(one.member_id)
        found = _row(reading, one, len(rows) if rows else 0)
        if found is not None:
            order.setdefault(one.member_id, []).append((place, *found))
    if reading.holds:
        raise NotPlain("a redemption was held and not handed over at once")
    return _flat(reading, order)


def _flat(
    reading: _Reading, order: Mapping[UUID, Sequence[tuple[int, tuple[int, ...], Row]]]
) -> Columns:
    flat = [each for rows in order.values() for each in rows]
    table = np.array([row for _, row, _ in flat], np.int64).reshape(len(flat), len(NAMES))
    columns = {name: np.ascontiguousarray(table[:, at]) for at, name in enumerate(NAMES)}
    ends = np.cumsum([0, *(len(rows) for rows in order.values())], dtype=np.int64)
    words = {name: list(known) for name, known in reading.codes.items()}
    places = np.array([at for at, _, _ in flat], np.int64)
    baskets = None
    if reading.shelf.needed:
        starts = np.repeat(ends[:-1], np.diff(ends)).tolist()
        baskets = reading.shelf.baskets([extra for _, _, extra in flat], starts)
    kinds = words.pop("kind")
    return Columns(list(order), ends, columns, kinds, words, places, reading.left_out, baskets)


def _no_part(version: Version, one: Happening) -> str:
    if one.member_id == NOBODY:
        return NOBODY_KNOWN
    if one.wallet and one.wallet not in version.program.wallets:
        return no_wallet(one.wallet)
    return ""


def _row(reading: _Reading, one: Happening, at: int) -> tuple[tuple[int, ...], Row] | None:
    """What stands in the columns, and beside them; `at` is its place among its member's rows."""
    if one.at != one.now:
        raise NotPlain("something was told late")
    day, weekday, hour = local(reading.version.zone, one.at)
    if one.what == "join":
        return (JOIN, 0, day, 0, 0, 0, 0, 0, 0, 0), Row()
    if one.what in ("hold", "release"):
        taken = _taken(reading, one, day)
        return None if taken is None else (taken, Row())
    activity = one.activity
    if one.what == "return" and activity is not None:
        back = reading.shelf.come_back(activity)
        if back is None:
            reading.left_out.append(left(one, "its sale is not in this history"))
            return None
        return (RETURN, 0, day, weekday, hour, 0, 0, 0, 0, 0), back
    if one.what != "activity" or activity is None:
        raise NotPlain(f"the history has a given fact: {one.what}")
    kind, channel, store = (
        reading.codes[name].setdefault(word, len(reading.codes[name]))
        for name, word in (
            ("kind", activity.kind), ("channel", activity.channel), ("store", activity.store),
        )
    )  # fmt: skip
    amount = activity.amount_minor
    told = (ACTIVITY, kind, day, weekday, hour, channel, store, amount, 0, 0)
    return told, reading.shelf.sell(activity, at)


def _taken(reading: _Reading, one: Happening, day: int) -> tuple[int, ...] | None:
    """A redemption, where it is handed over; nothing where it is held or its wallet is unknown."""
    if one.what == "hold":
        reading.holds[one.cause_id, one.wallet] = one
        return None
    held = reading.holds.pop((one.cause_id, one.wallet), None)
    if held is None or held.now != one.now or held.units != one.units:
        raise NotPlain("a redemption was held and not handed over at once")
    wallet = reading.version.compiled.wallet_places.get(one.wallet)
    if wallet is None:
        return None
    return (TAKE, 0, day, 0, 0, 0, 0, 0, wallet, one.units)


class Law(Struct):
    """The calendar of a version as the kernel has it: tables over the days from `day0` on."""

    day0: int
    periods: Any
    """Per limit: the period a day is in, -1 where every activity is one of its own."""
    expiry: Any
    """Per wallet: the day on which points end that were given on a day."""
    ladder: tuple[Any, ...]
    """The first day and the end of a day's window, and the day until which a step holds."""


def law_of(version: Version, first: int, last: int, *, returns: bool = False) -> Law:
    """The calendar of a version for the days of a history; whether something comes back in it.

    Refuses: NotPlain for what the kernel was not written for.
    """
    compiled, program, tiers = version.compiled, version.program, version.program.tiers
    _refuse(version, returns)
    day0 = first - (tiers.grace_days if tiers else 0) - 2
    days = range(day0, last + 2)
    periods = [_periods(limit.per) for limit in compiled.limits]
    expiry = [_ends(version, wallet.expiry) for wallet in program.wallets.values()]
    return Law(day0, _table(periods, days), _table(expiry, days), _ladder(version, days))


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
        "GRACE": tiers.grace_days if tiers else 0,
        "TWO_WINDOWS": tiers is not None and tiers.valid == "next_window_end",
        "ONE_STEP": tiers is not None and tiers.downgrade == "one_step",
        "ROLLS": tiers is not None and tiers.window == "rolling",
        "OWES": _some(int(wallet.negative == "debt") for wallet in program.wallets.values()),
        "BY_SPEND": spent,
        "SPEND_AT": compiled.definitions.index(tiers.qualifying) if tiers and spent else 0,
        "KEEPS_CREDIT": tiers is not None and tiers.returned_credit == "never",
        "NEW_TIER": tiers is not None and tiers.crossing_earns == "new_tier",
    }


def _some(values: Iterable[int]) -> tuple[int, ...]:
    return tuple(values) or (0,)


def _array(values: Sequence[Any]) -> Any:
    return np.array(values, np.int64)


def _table(rows: Sequence[Callable[[int], int]], days: range) -> Any:
    return _array([[of(day) for day in days] for of in rows]).reshape(len(rows), len(days))


def _refuse(version: Version, returns: bool) -> None:
    program, compiled = version.program, version.compiled
    reasons = {
        "budgets": bool(compiled.budgets) or any(limit.shared for limit in compiled.limits),
        "points that lapse for want of activity": bool(version.idle),
        "challenges or streaks with points as a prize": _plays_for_points(program),
        "milestones": bool(program.milestones),
        "points that wait": any(w.pending for w in program.wallets.values())
        or any(one.moderated for one in program.advocacy),
        "another order of spending": any(
            w.spends != "soonest_expiring" for w in program.wallets.values()
        ),
        "kept remainders or large steps": any(
            w.keeps != "no" or w.step != 1 for w in compiled.wallets
        ),
        "two limits under one counter": len(set(version.limit_counters))
        != len(version.limit_counters),
        "rules with an end of their own": bool(version.own_ends),
        "points that live on when told late": bool(version.come_late),
        "rules that rest": bool(compiled.cooldowns_on),
        "tiers by status, activities or anniversary": program.tiers is not None
        and (
            program.tiers.measure in ("status", "activities")
            or program.tiers.window == "anniversary"
        ),
        "further ladders": bool(program.ladders),
        "two measures, steps by invitation or for life, or late credit": _slow_ladder(version),
        "returns that may be refused": returns
        and any(wallet.negative == "refuse" for wallet in program.wallets.values()),
        "tiers that fall with a return": returns
        and program.tiers is not None
        and program.tiers.returned_credit == "revoke_now",
        "points that end by the hour": any(
            w.expiry and (w.expiry.round_up_to == "none" or span(w.expiry.after).seconds)
            for w in program.wallets.values()
        ),
    }
    for reason, found in reasons.items():
        if found:
            raise NotPlain(f"the program has {reason}")


def _plays_for_points(program: Program) -> bool:
    prizes = [one.prize for one in program.challenges]
    prizes += [each.prize for one in program.streaks for each in one.milestones]
    return any(one.wallet is not None for one in prizes)


def _slow_ladder(version: Version) -> bool:
    tiers = version.program.tiers
    if tiers is None:
        return False
    later = tiers.credit_after_days or tiers.reached != "on_activity" or tiers.or_by is not None
    return bool(later) or any(
        step.by != "credit" or step.for_life_at is not None for step in tiers.steps
    )


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


def _ladder(version: Version, days: range) -> tuple[Any, ...]:
    tiers = version.program.tiers
    if tiers is None:
        nothing = _array([0] * len(days))
        return nothing, nothing, _array([NEVER] * len(days))
    untils = [tier_valid_until(tiers, day, 1) for day in days]
    windows = [tier_window(tiers, day, 1) for day in days]
    return (
        _array([window.start for window in windows]),
        _array([window.end for window in windows]),
        _array([NEVER if until is None else until + tiers.grace_days for until in untils]),
    )


def credit_of(version: Version, columns: Columns) -> Any:
    """What each row counts for a tier."""
    tiers, rows = version.program.tiers, columns.rows
    happened = rows["what"] == ACTIVITY
    if tiers is None:
        return np.zeros(len(happened), np.int64)
    if tiers.measure == "visits":
        codes = [at for at, kind in enumerate(columns.kinds) if kind in ("purchase", "visit")]
        return (happened & np.isin(rows["kind"], codes)).astype(np.int64)
    place = version.compiled.definitions.index(tiers.qualifying)
    if columns.baskets is not None:
        return np.where(happened, columns.baskets.worth(place), 0)
    if not counted(version.compiled)[place] or "purchase" not in columns.kinds:
        return np.zeros(len(happened), np.int64)
    bought = happened & (rows["kind"] == columns.kinds.index("purchase"))
    return np.where(bought, rows["amount"], 0)


def columns_of_sales(members: Sequence[UUID], told: Mapping[str, Any]) -> Columns:
    """Sales of one amount as columns; `told` has an array for each of who, day, hour, amount,
    line, store and channel, sorted by who and time, and the words of the last two.
    """
    who, nothing = told["who"], np.zeros(len(told["who"]), np.int64)
    starts = np.flatnonzero(np.diff(who, prepend=-1))
    rows = dict.fromkeys(NAMES, nothing) | {"what": nothing + ACTIVITY}
    rows |= {name: _whole(told[name]) for name in ("day", "hour", "amount", "store", "channel")}
    rows["weekday"] = (rows["day"] - 1) % 7
    words = {"channel": told["channels"], "store": told["stores"]}
    spans = np.append(starts, len(who)).astype(np.int64)
    return Columns(
        [members[at] for at in who[starts]], spans, rows, ["purchase"], words, told["line"]
    )


def _whole(values: Any) -> Any:
    return np.ascontiguousarray(values, np.int64)
