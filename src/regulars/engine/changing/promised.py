"""Which way each field of a promise turns: of rules, limits, conditions, wallets and budgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from msgspec.structs import replace

from regulars.engine.changing.comparing import Turn
from regulars.engine.changing.turning import (
    Compare,
    Found,
    asked,
    fewer,
    flip,
    fuller,
    given,
    goods,
    goods_of,
    keyed,
    less,
    more,
    no,
    other,
    parts,
    ranked,
    rows,
    together,
    up_to,
    with_goods,
    within,
    yes,
)
from regulars.records.program.parts.measuring import ladders_of
from regulars.records.program.types import (
    All,
    AmountBounds,
    AmountIs,
    AnniversaryIs,
    AnyOf,
    BasketHas,
    ByTable,
    ChannelIs,
    CodeIs,
    DatesAre,
    DaysSince,
    DetailIs,
    Expiry,
    ForDuration,
    HourIs,
    MemberIs,
    Multiply,
    Not,
    Program,
    Rule,
    StoreIs,
    TableRow,
    TierIs,
    UntilDate,
    UntilEvent,
    WeekdayIs,
)

_PERIODS: Final = ("ever", "year", "month", "week", "day", "activity")

# --- bounds ---------------------------------------------------------------------------------------

bound: Final = parts(
    points=up_to,
    times=up_to,
    per=ranked(*_PERIODS),
    of=ranked("everyone", "member"),
    on_exceed=ranked("reject", "clip"),
    good_for=up_to,
)
"""At most so much in such a time: more is better, and the same again sooner; so much for all
together is less than so much for each."""


def limits(was: Sequence[Any], is_: Sequence[Any]) -> Found:
    """Of the limits of a rule: those of one period, of each or of all, by themselves; then what
    is left."""
    gone, come = [one for one in was if one not in is_], [one for one in is_ if one not in was]
    found = list[Found]()
    for what in {_what(one) for one in gone}:
        old, new = ([one for one in side if _what(one) == what] for side in (gone, come))
        if len(old) == len(new) == 1:
            found.append(bound(old[0], new[0]))
            gone.remove(old[0])
            come.remove(new[0])
    if len(gone) == len(come) == 1 and (gone[0].points is None) == (come[0].points is None):
        return together([*found, bound(gone[0], come[0])])
    return together([*found, "better" if gone else None, "worse" if come else None])


def _what(limit: Any) -> tuple[str, str, bool]:
    return limit.per, limit.of, limit.points is None


# --- conditions -----------------------------------------------------------------------------------


class Conditions:
    """Of what a rule asks for, by the steps of the ladder from the lowest: less is better."""

    def __init__(self, order: Sequence[str]) -> None:
        self._tier = lower(order)

    def compare(self, was: Any, is_: Any) -> Found:
        """Two conditions; one that stands by itself is as all of one."""
        if was == is_:
            return None
        if isinstance(was, All) or isinstance(is_, All):
            one, two = (x.of if isinstance(x, All) else (x,) for x in (was, is_))
            return self._some(one, two, "worse")
        return self._alike(was, is_) if type(was) is type(is_) else "other"

    def _alike(self, was: Any, is_: Any) -> Found:
        if isinstance(was, AnyOf):
            return self._some(was.of, is_.of, "better")
        if isinstance(was, Not):
            return flip(self.compare(was.that, is_.that))
        if isinstance(was, TierIs):
            return self._tier(was.at_least, is_.at_least)
        return with_goods(parts(**_ASKED.get(type(was), {})))(was, is_)

    def _some(self, was: Sequence[Any], is_: Sequence[Any], longer: Turn) -> Found:
        """One part more turns as told; as many as there were, each by itself."""
        left = [one for one in was if one not in is_]
        come = [one for one in is_ if one not in was]
        if len(left) == len(come):
            return together(self.compare(*both) for both in zip(left, come, strict=True))
        if left and come:
            return "other"
        return longer if come else flip(longer)


def lower(order: Sequence[str]) -> Compare:
    """Of steps of ladders: the lower one is better, and none at all."""
    return asked(ranked(*reversed(order)))


def steps_in_order(both: tuple[Program, Program]) -> list[str]:
    """The steps of the tiers from the lowest, where both versions have them in the same order.

    Order: a step of another ladder is not compared with them.
    """
    one, two = (
        [step.id for path, tiers in ladders_of(p) if path == ("tiers",) for step in tiers.steps]
        for p in both
    )
    kept = [step for step in one if step in two]
    return kept if kept == [step for step in two if step in kept] else []


_BOUNDS: Final = {"at_least": less, "at_most": up_to}
_ASKED: Final[Mapping[type, Mapping[str, Compare]]] = {
    AmountIs: {**_BOUNDS, "in_currency": keyed(parts(**_BOUNDS))},
    AmountBounds: _BOUNDS,
    BasketHas: {"quantity": less, "amount": less},
    ChannelIs: {"in_": fuller},
    StoreIs: {"in_": fuller},
    WeekdayIs: {"in_": fuller},
    MemberIs: {"in_": fuller},
    DetailIs: {"in_": fuller},
    CodeIs: {"in_": fuller},
    HourIs: {"from_": less, "until": more},
    DatesAre: {"from_on": less, "until_on": up_to},
    AnniversaryIs: {"days_before": more, "days_after": more},
    DaysSince: {"at_least": less, "before": up_to},
}

# --- rules ----------------------------------------------------------------------------------------


def rule_turns(both: tuple[Program, Program], old: Rule, new: Rule) -> Mapping[str, Compare]:
    """Which way each field of a rule turns; those that are left out are not plain."""
    return {
        "when": asked(Conditions(steps_in_order(both)).compare),
        "limits": limits,
        "cooldown": asked(_rest),
        "from_on": less,
        "until_on": up_to,
        "needs_base": no,
        "expiry": lambda _, __: _lives(both, old, new),
        "ends_on": lambda _, __: _lives(both, old, new),
    }


_rest: Final = parts(hours=less, days=less)
life: Final = parts(after=more, round_up_to=ranked(
    "none", "day", "week", "month", "quarter", "year"))  # fmt: skip


def _lives(both: tuple[Program, Program], old: Rule, new: Rule) -> Found:
    """How long points of a rule live: as their wallet says, unless it does."""
    one, two = (_end_of(*each) for each in zip(both, (old, new), strict=True))
    if isinstance(one, Expiry) and isinstance(two, Expiry):
        return life(one, two)
    if isinstance(one, str) and isinstance(two, str):
        return more(one, two)
    # A day on the calendar and a length of time: which is sooner depends on the day.
    return "other" if one is not None and two is not None else up_to(*_never(one, two))


def _never(*ends: Expiry | str | None) -> tuple[int | None, ...]:
    return tuple(None if end is None else 0 for end in ends)


def _end_of(program: Program, rule: Rule) -> Expiry | str | None:
    wallet = program.wallets.get(rule.wallet)
    return rule.ends_on or rule.expiry or (wallet.expiry if wallet is not None else None)


def award(was: Any, is_: Any) -> Found:
    """Of what a rule gives: so much for so much, for which goods, by which rows."""
    if type(was) is not type(is_):
        return "other"
    if isinstance(was, ByTable):
        return parts(per=less, rows=_rows)(was, is_)
    if isinstance(was, Multiply):
        return more(was.by, is_.by)
    same = replace(is_, points=was.points, **_each(was), **goods_of(was))
    return together([
        more(_rate(was), _rate(is_)), goods(was, is_), other(was, same),
    ])  # fmt: skip


def _each(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("per", "every") if hasattr(one, name)}


def _rate(one: Any) -> Fraction:
    each = Fraction(str(next(iter(_each(one).values()), 1)))
    return Fraction(str(one.points)) * Fraction(each.denominator, each.numerator or 1)


def _rows(was: Sequence[TableRow], is_: Sequence[TableRow]) -> Found:
    """Of tables: what a row that stays gives. A row less may leave its place to another."""
    same = [(row.is_, row.from_on, row.until_on) for row in was]
    if same == [(row.is_, row.from_on, row.until_on) for row in is_]:
        return together(more(*(r.points for r in both)) for both in zip(was, is_, strict=True))
    if any("*" in row.is_ for row in (*was, *is_)):
        return "other"
    return rows(parts(points=more), "is_", "from_on", "until_on")(was, is_)


# --- wallets and stacking -------------------------------------------------------------------------


def _wait(was: Any, is_: Any) -> Found:
    kinds: dict[type, Compare] = {
        ForDuration: parts(after=less),
        UntilDate: parts(on=less),
        UntilEvent: parts(cancel_after=more),
    }
    return kinds[type(was)](was, is_) if type(was) is type(is_) else "other"


_days: Final = given(parts(days=more))
WALLET: Final[Mapping[str, Compare]] = {
    "rounding": parts(mode=ranked("floor", "half_even", "half_up", "ceil"), carry=yes),
    "expiry": asked(life),
    "pending": asked(_wait),
    "inactivity": asked(parts(after=more, reset_by=fuller)),
    "write_off_after": within,
    "notice": _days,
    "comes_back": _days,
    "comes_late": _days,
    "comes_over": _days,
    "transfers": given(parts(
        at_least=less, at_most=up_to,
        limit=asked(parts(points=more, per=ranked(*_PERIODS))))),
}  # fmt: skip
"""Which way each field of a wallet turns; those that are left out are not plain."""

stacking: Final = parts(
    base=ranked("first", "best", "sum"), multipliers=ranked("additive", "multiplicative")
)
qualifying: Final = with_goods(parts(
    except_categories=fewer,
    except_skus=fewer,
    tax=ranked("out", "in"),
    shipping=ranked("out", "in"),
    tips=ranked("out", "in"),
    points_paid=ranked("out", "in"),
))  # fmt: skip
"""Of what counts of a purchase; discounts may be put on lines that count, or on others."""
