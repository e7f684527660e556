"""Which points buy or pay less by a further version: by price, by what is got, by who may."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final, NamedTuple

from regulars.engine.changing.had import ONCE, reward_turns
from regulars.engine.changing.turning import less, more, ranked, turned
from regulars.records.program.parts.rewards import PayWithPoints
from regulars.records.program.types import (
    Decimal,
    Discount,
    Donation,
    Payout,
    Program,
    Reward,
)


class Less(NamedTuple):
    """Points of a wallet are worth less by this part of the program.

    Shape: `kept` says whether `worth: keep` keeps it for what was earned before.
    """

    wallet: str
    by: str
    kept: bool


class _Way(NamedTuple):
    """One way to pay for a reward, as the file says it: by which tier and at which place."""

    place: str
    price: Mapping[str, Fraction]
    money: Fraction


def lessened(before: Program, after: Program, today: str = "") -> list[Less]:
    """Everything by which points of wallets that stay are worth less than they were.

    Shape: `today` is the day from which on the other version rules; a reward that is over by then
    is nothing that anybody could still take.
    Order: as the rewards stand in the file before, then what points pay of a basket, then what is
    paid to bank accounts. Example: a mug for 100 points that was worth 10.00 and is worth 1.00.
    """
    there = [one for one in before.rewards if not (one.until_on and one.until_on <= today)]
    found = [
        *(one for old in there for one in _of_reward(before, after, old)),
        *_paying(before.paying, after.paying),
        *_paying_out(before, after),
    ]
    return [one for one in dict.fromkeys(found) if one.wallet in after.wallets]


# --- rewards --------------------------------------------------------------------------------------

_NARROWER: Final = ("limit", "cooldown", "stores", "channels", "from_on", "until_on", "choose_one")
"""Less of it, at fewer places or for a shorter time; others of them are less for somebody."""
_FOR_WHOM: Final = ("tier", "for_")
"""Whoever is not among those any more has nothing for their points, however many others do."""


def _of_reward(before: Program, after: Program, old: Reward) -> Iterator[Less]:
    if old.by != "points":
        return
    new = next((one for one in after.rewards if one.id == old.id), None)
    gone = new is None or new.by != "points" or new.stock == 0 != old.stock
    if gone or new is None or _narrower((before, after), old, new):
        for wallet in dict.fromkeys(name for way in _ways(old) for name in way.price):
            yield Less(wallet, f"rewards.{old.id}", kept=False)
        return
    there = {way.place: way for way in _ways(new)}
    worths = _worth(old), _worth(new)
    for way in _ways(old):
        if any(_as_good(way, one, worths) for one in _open_to(way, there)):
            continue
        same = there.get(way.place)
        kept = same is not None and same.price.keys() == way.price.keys()
        kept = kept and (worths[0] <= way.money or worths[1] > there[way.place].money)
        for wallet in way.price:
            yield Less(wallet, f"rewards.{old.id}", kept)


def _narrower(both: tuple[Program, Program], old: Reward, new: Reward) -> bool:
    """Whether somebody could have more by it before; what it gives is weighed where both are worth
    something, and what nobody can weigh is less."""
    turns = reward_turns(both)

    def turn(name: str) -> str:
        was, is_ = getattr(old, name), getattr(new, name)
        return "" if was == is_ else turned(turns, name, (was, is_))

    if any(turn(name) in ("worse", "other") for name in (*_NARROWER, *_FOR_WHOM)):
        return True
    gives = turn("gives")
    if gives == "worse" or (gives == "other" and not (_worth(old) and _worth(new))):
        return True
    return not set(old.in_currency) <= set(new.in_currency)


def _ways(reward: Reward) -> list[_Way]:
    """Every way to pay for it with points, those for tiers under their names."""
    written = [("", reward.price, reward.money)]
    written += [(f"or {n}", one.price, one.money) for n, one in enumerate(reward.or_)]
    written += [(f"tier {t}", one.price, one.money) for t, one in reward.tier_prices.items()]
    ways = [
        _Way(place, {name: _exact(n) for name, n in price.items() if _exact(n)}, _exact(money))
        for place, price, money in written
    ]
    return [way for way in ways if way.price]


def _open_to(way: _Way, there: Mapping[str, _Way]) -> Iterator[_Way]:
    """The ways of the other version that are open to whoever could pay in this one."""
    for place, one in there.items():
        if not place.startswith("tier ") or place == way.place:
            yield one


def _as_good(was: _Way, is_: _Way, worths: tuple[Fraction, Fraction]) -> bool:
    """Whether this way takes no more of anything, and gives as much for it."""
    old, new = worths[0] - was.money, worths[1] - is_.money
    return is_.money <= was.money and all(
        price <= was.price.get(name, 0) and (old <= 0 or price * old <= was.price[name] * new)
        for name, price in is_.price.items()
    )


def _worth(reward: Reward) -> Fraction:
    """What it is worth, in money: as it says, or the money it gives."""
    gives = reward.gives
    own: Decimal | None = None
    if isinstance(gives, Discount):
        own = gives.off
    elif isinstance(gives, Donation | Payout):
        own = gives.amount
    return _exact(reward.worth) or _exact(own or 0)


def _exact(said: Decimal) -> Fraction:
    return Fraction(str(said))


# --- paying, and what is paid out -----------------------------------------------------------------

_BOUNDS: Final[Mapping[str, Any]] = {
    "minimum": less,
    "at_most_percent": more,
    "leaves_at_least": less,
    "discounts": ranked("best", "stacked"),
}


def _paying(old: PayWithPoints | None, new: PayWithPoints | None) -> Iterator[Less]:
    if old is None:
        return
    if new is None or new.wallet != old.wallet:
        yield Less(old.wallet, "paying", kept=False)
        return
    if _bound(old, new):
        yield Less(old.wallet, "paying", kept=False)
    elif _each(new) < _each(old):
        yield Less(old.wallet, "paying", kept=True)


def _bound(old: PayWithPoints, new: PayWithPoints) -> bool:
    """Whether less of a basket is paid, or only from more on; a step is as much as it pays."""
    narrower = [
        compare(getattr(old, name), getattr(new, name)) == "worse"
        for name, compare in _BOUNDS.items()
    ]
    step = _exact(new.step) * _each(new) > _exact(old.step) * _each(old)
    return any(narrower) or step or not set(old.in_currency) <= set(new.in_currency)


def _each(said: PayWithPoints) -> Fraction:
    points = _exact(said.points)
    return _exact(said.per) * Fraction(points.denominator, points.numerator)


def _paying_out(before: Program, after: Program) -> Iterator[Less]:
    old, new = before.paying_out, after.paying_out
    if old is not None and (
        new is None
        or new.wallet != old.wallet
        or ONCE["paying_out"](old, new) in ("worse", "other")
    ):
        yield Less(old.wallet, "paying_out", kept=False)
