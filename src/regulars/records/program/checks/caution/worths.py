"""What points are worth to a member, and cost the shop, wherever they can be spent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from regulars.base.money import decimals
from regulars.records.program.checks.walk import whole_of
from regulars.records.program.parts.rewards import (
    Discount,
    Donation,
    FreePieces,
    Gives,
    Payout,
    Reward,
)
from regulars.records.program.types import Program
from regulars.records.program.wallets import Decimal


class Way(NamedTuple):
    """A way to spend points of one wallet: for so many, something worth so much.

    Units: `points` in the wallet's smallest quantity, the others in minor units of money.
    """

    wallet: str
    points: int
    worth_minor: int
    cost_minor: int


def ways_of(program: Program, basket_minor: int = 0) -> Iterator[Way]:
    """Each way to spend points that are worth something for it; so much per cent that of a basket
    of so much, which is not known and therefore nothing where nobody says it.

    Order: prices in two wallets say nothing of either, and are left out; what is paid in money
    besides is off the worth. Money in a wallet is worth itself.
    """
    minor = 10 ** decimals(program.currency)
    for name, wallet in program.wallets.items():
        if wallet.kind in ("cashback", "gift"):
            yield Way(name, 10**wallet.scale, minor, minor)
    for reward in program.rewards:
        if reward.by == "points":
            yield from _of_reward(program, reward, basket_minor)
    pays = program.paying
    if pays is not None and pays.wallet in program.wallets:
        points = whole_of(pays.points, program.wallets[pays.wallet].scale)
        per = whole_of(pays.per, decimals(program.currency))
        if points and per:
            yield Way(pays.wallet, points, per, per)


def _of_reward(program: Program, reward: Reward, basket_minor: int) -> Iterator[Way]:
    asked = [(reward.price, reward.money)]
    asked += [(one.price, one.money) for one in (*reward.or_, *reward.tier_prices.values())]
    scale = decimals(program.currency)
    for price, money in asked:
        if len(price) != 1:
            continue
        ((wallet, said),) = price.items()
        kept = program.wallets.get(wallet)
        points = None if kept is None else whole_of(said, kept.scale)
        if not points:
            continue
        worth = reward_worth(program, reward, basket_minor)
        worth = max(worth - (whole_of(money, scale) or 0), 0)
        cost = worth if reward.cost is None else whole_of(reward.cost, scale) or 0
        yield Way(wallet, points, worth, cost)


def reward_worth(program: Program, reward: Reward, basket_minor: int = 0) -> int:
    """What a reward is worth to a member, in minor units; what it gives where nothing is said."""
    scale = decimals(program.currency)
    said = whole_of(reward.worth, scale) or whole_of(_given(reward.gives), scale)
    return said or _per_cent(program, reward.gives, basket_minor)


def _per_cent(program: Program, gives: Gives | None, basket_minor: int) -> int:
    """What a percentage takes off a basket, or off the least it asks for where that is more."""
    if not isinstance(gives, Discount) or gives.percent is None or not basket_minor:
        return 0
    scale = decimals(program.currency)
    basket = max(basket_minor, whole_of(gives.from_amount, scale) or 0)
    most = whole_of(gives.at_most, scale)
    off = basket * gives.percent // 100
    return off if most is None else min(off, most)


def _given(gives: Gives | None) -> Decimal:
    """The money that is given, of a reward that says no worth."""
    amount: Decimal | None = None
    if isinstance(gives, Donation | Payout):
        amount = gives.amount
    elif isinstance(gives, Discount):
        amount = gives.off
    elif isinstance(gives, FreePieces):
        amount = gives.up_to
    return amount or 0


def dearest_of(program: Program) -> dict[str, Fraction]:
    """What a smallest unit of each wallet costs the shop, in minor units of money.

    Order: by the way that costs the most for it; a wallet of which nothing can be had is left out.
    """
    return _most((way.wallet, way.cost_minor, way.points) for way in ways_of(program))


def worths_of(program: Program, basket_minor: int = 0) -> dict[str, Fraction]:
    """What a smallest unit of each wallet is worth to a member, in minor units of money; so much
    per cent as off a basket of so much.

    Order: by the way that gives the most for it; a wallet of which nothing can be had is left out.
    """
    return _most(
        (way.wallet, way.worth_minor, way.points) for way in ways_of(program, basket_minor)
    )


def _most(ways: Iterable[tuple[str, int, int]]) -> dict[str, Fraction]:
    found = dict[str, Fraction]()
    for wallet, minor, points in ways:
        if minor:
            found[wallet] = max(found.get(wallet, Fraction(0)), Fraction(minor, points))
    return found
