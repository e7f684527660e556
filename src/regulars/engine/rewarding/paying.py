"""What a member can pay of a basket with points, and what that takes (semantics G1).

The value is said in money, and the points follow from it: never more than it takes. Discounts come
first; what is paid with points is a payment of what is left.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Literal, NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars.base.decimals import text_of, units
from regulars.base.faults import Refused
from regulars.base.money import LARGEST, decimals
from regulars.engine.deciding.booking import in_order
from regulars.engine.rewarding.counter.currencies import HOME, Abroad
from regulars.engine.rewarding.counter.keeping import Drawn, terms_kept
from regulars.engine.rewarding.having import (
    may_spend,
    person_refused,
    points_missing,
    wallet_code,
)
from regulars.engine.state import MemberState
from regulars.engine.terms import Version
from regulars.records.ledger.types import Lot
from regulars.records.program.parts.rewards import PayWithPoints
from regulars.records.rewards.types import Promised

Refusal = Literal[
    "member_erased", "member_blocked", "points_do_not_pay", "not_stored_value", "debt_first",
    "share_exceeded", "discount_is_better", "below_minimum", "not_enough_points", "minor_limit",
    "buyer_limit", "payment_changed",
]  # fmt: skip
"""Every way paying with points can be refused, in the order it is checked."""


class Basket(Struct, frozen=True):
    """What is to be paid: the basket, its discounts, and how much of it with points."""

    amount_minor: int
    discount_minor: int = 0
    want_minor: int | None = None
    """So much with points; as much as can be, when nothing is said."""
    wallet: str = ""
    """From this gift balance in place of points: stored value, worth what it says."""


class Lent(NamedTuple):
    """So many points of one member of a household would pay so much of the basket."""

    member_id: UUID
    points: int
    value_minor: int


class Quote(Struct, frozen=True):
    """What would be paid with points, and what is left to pay in money."""

    wallet: str
    points: int
    value_minor: int
    discount_minor: int
    """Of the discounts told, what stands beside it: none where only the better counts."""
    left_minor: int
    partly: bool
    """Less than what was asked for, since points are paid in steps."""
    where: Abroad = HOME
    """The currency of the basket, in which the quote is."""
    parts: tuple[Lent, ...] = ()
    """Where a household pays: whose points pay how much, the taker's first."""

    @property
    def worth_minor(self) -> int:
        """What is paid with points, as it counts in the program's currency."""
        return self.where.counts(self.value_minor)


class _Rate(NamedTuple):
    """So many units of a wallet for so many minor units of money, in steps and from so many on."""

    points: int
    per_minor: int
    step: int
    minimum: int
    pieces: tuple[tuple[int, Fraction], ...] = ()
    """The first units to be spent, and what each of them pays where that is more: points that keep
    an earlier worth (semantics F3). Those after them pay as the terms in force say."""
    together: Callable[[int], Fraction] | None = None
    """Of a household whose points keep one: what so many of them pay, before it is rounded."""

    @property
    def _kept(self) -> bool:
        return bool(self.pieces) or self.together is not None

    def value(self, points: int) -> int:
        """What so many points pay, whole steps of them."""
        whole = points // self.step * self.step
        if self._kept:
            return int(self._exact(whole))
        return whole * self.per_minor // self.points

    def points_for(self, value: int) -> int:
        """The fewest points, in whole steps, that pay this much.

        Example: 3 points pay 1.00, steps of 1: 0.33 takes 1, and 0.34 takes 2.
        """
        most = -(-value * self.points // (self.per_minor * self.step))
        if self._kept:
            return bisect_left(range(min(most, LARGEST)), value, key=self._of_steps) * self.step
        return most * self.step

    def points_within(self, value: int) -> int:
        """The most points, in whole steps, that pay no more than this.

        Example: 2 points pay 0.03, so one pays 0.01 (cut off) and fits where 0.01 is the most.
        """
        most = ((value + 1) * self.points - 1) // (self.per_minor * self.step)
        if self._kept:
            steps = range(min(most, LARGEST) + 1)  # nobody has more, and a range has an end
            below = bisect_left(steps, value + 1, key=self._of_steps)
            return (below - 1) * self.step
        return most * self.step

    def _of_steps(self, steps: int) -> int:
        return int(self._exact(steps * self.step))

    def _exact(self, points: int) -> Fraction:
        """What so many points pay before it is rounded, the first ones by what they keep."""
        if self.together is not None:
            return self.together(points)
        worth, left = Fraction(0), points
        for units_, each in self.pieces:
            part = min(units_, left)
            worth += part * each
            left -= part
        return worth + Fraction(left * self.per_minor, self.points)


def quote(
    version: Version,
    state: MemberState,
    basket: Basket,
    where: Abroad = HOME,
    now: datetime | None = None,
    drawn: Drawn | None = None,
) -> Quote | Refused:
    """What this member can pay of a basket with points now, or why nothing.

    Order: see `Refusal`. The share is at most a percentage of the basket, and leaves in money what
    the program says. Of a wish more than the share allows is refused, and what no whole step
    comes to is paid partly and told so; without a wish it is as much as can be.
    Keeps: with `now`, points that keep an earlier worth pay by it, in the order they are spent;
    where a household pays, those of its points that `drawn` says would pay.
    Units: the basket is in minor units of its currency, `where`; so is what is answered.
    Example: 100 points pay 1.00 in steps of 100, half the basket at most: of 9.00 with 380 points
    3.00 for 300 points.
    """
    for no in person_refused(version, state):
        return no
    said = said_of(version, basket)
    if isinstance(said, Refused):
        return said
    balance = state.balance(wallet_code(version, said.wallet))
    if balance.debt:
        facts = {"wallet": said.wallet, "debt": balance.debt}
        return Refused("debt_first", "points owed come first", facts)
    rate = _rate(version, said, where)
    if version.kept and now is not None and not basket.wallet:
        if drawn is None:
            rate = rate._replace(pieces=_pieces(version, state, (said, rate), where, now))
        else:
            rate = rate._replace(together=_together(version, drawn, (said, rate), where, now))
    alone = said.discounts == "best"
    payable = basket.amount_minor - (0 if alone else basket.discount_minor)
    leaves = _leaves(version, said, where)
    share = max(min(payable * said.at_most_percent // 100, payable - leaves), 0)
    if basket.want_minor is not None and basket.want_minor > share:
        facts = {"at_most_minor": share}
        return Refused("share_exceeded", "so much of a basket is not paid with points", facts)
    if basket.want_minor is None:
        # As much as can be: of the share, and of what there is.
        allowed = may_spend(state, said.wallet)
        there = balance.available if allowed is None else min(balance.available, allowed)
        value = rate.value(min(rate.points_within(share), there))
    else:
        value = rate.value(rate.points_within(basket.want_minor))
    found = _quote(said, rate, basket, value, where)
    return _unfit(version, state, (said, rate), basket, found) or found


def as_quoted(found: Quote, basket: Basket, points: int) -> bool:
    """Whether it takes and pays what was said beforehand.

    Example: 50 points for 5.00 were said; where 5.00 takes 100 by now, nobody agreed to that.
    """
    wanted = basket.want_minor is None or found.value_minor == basket.want_minor
    return found.points == points and wanted


def said_of(version: Version, basket: Basket) -> PayWithPoints | Refused:
    """How a basket is paid: with points as the program says, or from a gift balance, which is worth
    what it says (semantics C1: stored value is payment and no discount)."""
    if basket.wallet:
        wallet = version.program.wallets.get(basket.wallet)
        if wallet is None or wallet.kind != "gift":
            facts = {"wallet": basket.wallet}
            return Refused("not_stored_value", "this wallet holds no gift balance", facts)
        smallest = text_of(1, wallet.scale)
        return PayWithPoints(wallet=basket.wallet, points=1, per=1, step=smallest)
    said = version.program.paying
    if said is None:
        return Refused("points_do_not_pay", "in this program points pay for no basket")
    return said


def _quote(said: PayWithPoints, rate: _Rate, basket: Basket, value: int, where: Abroad) -> Quote:
    stands = 0 if said.discounts == "best" else basket.discount_minor
    return Quote(
        wallet=said.wallet,
        points=rate.points_for(value),
        value_minor=value,
        discount_minor=stands,
        left_minor=basket.amount_minor - stands - value,
        partly=basket.want_minor is not None and value < basket.want_minor,
        where=where,
    )


def _unfit(
    version: Version,
    state: MemberState,
    how: tuple[PayWithPoints, _Rate],
    basket: Basket,
    found: Quote,
) -> Refused | None:
    said, rate = how
    if said.discounts == "best" and basket.discount_minor and (
        basket.discount_minor >= found.value_minor
    ):  # fmt: skip
        facts = {"discount_minor": basket.discount_minor, "value_minor": found.value_minor}
        return Refused("discount_is_better", "the discount is worth as much or more", facts)
    least = max(rate.minimum, rate.step)
    if found.points < least:
        available = state.balance(wallet_code(version, said.wallet)).available
        allowed = may_spend(state, said.wallet)
        if available < least or (allowed is not None and allowed < least):
            return points_missing(version, state, {said.wallet: least})
        facts = {"minimum": least, "value_minor": rate.value(least)}
        return Refused("below_minimum", "this is less than what is paid at least", facts)
    return points_missing(version, state, {said.wallet: found.points})


def promised_payment(found: Quote, *, stored: bool = False) -> Promised:
    """A payment in points, or of stored value, as it is promised now; it counts at its value, in
    another currency at the rate of its day."""
    return Promised(
        name="Paid with gift balance" if stored else "Paid with points",
        price={found.wallet: found.points},
        worth_minor=found.worth_minor,
        cost_minor=found.worth_minor,
        kind="stored_value" if stored else "payment",
        told={
            "value_minor": found.value_minor,
            "discount_minor": found.discount_minor,
            "left_minor": found.left_minor,
        },
        currency=found.where.currency,
        value_minor=found.value_minor if found.where.currency else 0,
    )


def _rate(version: Version, said: PayWithPoints, where: Abroad) -> _Rate:
    scale = version.program.wallets[said.wallet].scale
    points = units(said.points, scale) * where.rate.numerator
    per = units(said.per, decimals(version.program.currency)) * where.rate.denominator
    there = said.in_currency.get(where.currency)
    if there is not None and there.points is not None and there.per is not None:
        points, per = units(there.points, scale), units(there.per, decimals(where.currency))
    return _Rate(
        points=points,
        per_minor=per,
        step=units(said.step, scale),
        minimum=0 if said.minimum is None else units(said.minimum, scale),
    )


def _leaves(version: Version, said: PayWithPoints, where: Abroad) -> int:
    """What is left to pay in money at least; at a rate rounded up, never less than was said."""
    there = said.in_currency.get(where.currency)
    if there is not None and there.leaves_at_least is not None:
        return units(there.leaves_at_least, decimals(where.currency))
    own = units(said.leaves_at_least, decimals(version.program.currency))
    return -(-own * where.rate.denominator // where.rate.numerator)


def _pieces(
    version: Version,
    state: MemberState,
    how: tuple[PayWithPoints, _Rate],
    where: Abroad,
    now: datetime,
) -> tuple[tuple[int, Fraction], ...]:
    """What each lot pays, in the order they are spent; nothing where none keeps more."""
    said, rate = how
    own = Fraction(rate.per_minor, rate.points)
    spends = version.program.wallets[said.wallet].spends
    order = in_order(state.lots.values(), wallet_code(version, said.wallet), spends)
    found = [(lot.free, each_pays(version, lot, how, where, now)) for lot in order]
    return tuple(found) if any(each > own for _, each in found) else ()


def _together(
    version: Version,
    drawn: Drawn,
    how: tuple[PayWithPoints, _Rate],
    where: Abroad,
    now: datetime,
) -> Callable[[int], Fraction]:
    """What so many points of a household pay, each by the best of the terms its lot has; which lots
    those are is what the household draws. More than it has pays by the terms in force."""
    said, rate = how

    def pays(points: int) -> Fraction:
        lots = drawn(said.wallet, points)
        worth = sum((n * each_pays(version, lot, how, where, now) for lot, n in lots), Fraction(0))
        beyond = points - sum(n for _, n in lots)
        return worth + Fraction(beyond * rate.per_minor, rate.points)

    return pays


def each_pays(
    version: Version,
    lot: Lot,
    how: tuple[PayWithPoints, _Rate],
    where: Abroad,
    now: datetime,
) -> Fraction:
    """What one point of a lot pays, by the best of the terms it has."""
    said, rate = how
    each = [Fraction(rate.per_minor, rate.points)]
    for terms in terms_kept(version, lot, now):
        then = terms.program.paying
        if then is None or then.wallet != said.wallet:
            continue
        if where is HOME or where.currency in then.in_currency:
            old = _rate(terms, then, where)
            each.append(Fraction(old.per_minor, old.points))
    return max(each)


def worth_of(
    version: Version,
    said: PayWithPoints,
    where: Abroad,
    lots: Sequence[tuple[Lot, int]],
    now: datetime,
) -> Fraction:
    """What these points pay, before it is rounded."""
    how = (said, _rate(version, said, where))
    return sum((n * each_pays(version, lot, how, where, now) for lot, n in lots), Fraction(0))
