"""A reward as it is promised at a moment: its price, its worth, and what it gives in particular."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.engine.calendar import local, period_of
from regulars.engine.terms import Version
from regulars.records.program.parts.currencies import WorthIn
from regulars.records.program.parts.rewards import (
    Code,
    Discount,
    Donation,
    FreePieces,
    Gives,
    Item,
    OtherPrice,
    Payout,
    Reward,
    Seat,
    draws_on_pool,
    shelf_of,
    shelved,
)
from regulars.records.program.types import Decimal
from regulars.records.rewards.types import Kind, Promised


class Way(NamedTuple):
    """One way to pay for a reward: units per wallet, and what is paid in money besides."""

    price: dict[str, int]
    money_minor: int
    tier: str = ""
    """Of a price for members of a tier: which one."""
    place: int = 0
    """Which of several prices it is, as they are written."""
    usual: Mapping[str, int] = {}
    """What it costs, where points that keep their worth make it less for this member."""


def ways(version: Version, reward: Reward, currency: str = "") -> list[Way]:
    """Every way to pay for a reward, in the order in which they are tried.

    Units: money in minor units of `currency`, the program's unless said.
    """
    there = reward.in_currency.get(currency)
    money = reward.money if there is None else there.money
    first = _way(version, reward.price, money, currency)
    others = [_other(version, one, currency) for one in reward.or_]
    return [first, *(one._replace(place=place) for place, one in enumerate(others, 1))]


def tier_ways(version: Version, reward: Reward, currency: str = "") -> list[Way]:
    """What a reward costs members of tiers instead of its price, as the file has them."""
    return [
        _other(version, one, currency)._replace(tier=tier)
        for tier, one in reward.tier_prices.items()
    ]


def _other(version: Version, one: OtherPrice, currency: str) -> Way:
    money = one.money_in.get(currency, 0) if currency else one.money
    return _way(version, one.price, money, currency)


def every_way(version: Version, reward: Reward) -> list[Way]:
    """Every way in which anybody may pay for a reward."""
    return [*ways(version, reward), *tier_ways(version, reward)]


def _way(version: Version, price: Mapping[str, Decimal], money: Decimal, currency: str) -> Way:
    scale = decimals(currency or version.program.currency)
    return Way(_price(version, price), units(money, scale))


def _price(version: Version, price: Mapping[str, Decimal]) -> dict[str, int]:
    wallets = version.program.wallets
    return {name: units(amount, wallets[name].scale) for name, amount in price.items()}


def promise(
    version: Version, reward: Reward, now: datetime, way: Way | None = None, currency: str = ""
) -> Promised:
    """The reward as it is promised at this moment, paid in the first way unless another is said.

    Units: told in minor units of `currency`; what it is worth and costs, in the program's.
    Keeps: later versions of the program do not touch it (semantics F3).
    Assumes: in another currency the reward has a worth.
    """
    scale = decimals(version.program.currency)
    way = way or ways(version, reward, currency)[0]
    there = reward.in_currency.get(currency)
    gives, money = told_there(reward.gives, there), decimals(currency or version.program.currency)
    worth = worth_minor(version, reward)
    limited = reward.limit is not None
    return Promised(
        name=reward.name,
        price=way.price,
        worth_minor=worth,
        cost_minor=worth if reward.cost is None else units(reward.cost, scale),
        limit_counter=version.reward_counters[reward.id] if limited else 0,
        limit_period=period_of(reward.limit.per, local(version.zone, now).day)
        if reward.limit is not None
        else 0,
        stocked=shelved(reward) is not None,
        kind=kind_of(reward),
        told=_told(version, gives, money) | _of_tier(version, reward, way, currency),
        money_minor=way.money_minor,
        valid_for=(reward.gives.valid_for or "") if isinstance(reward.gives, Code) else "",
        shelf=shelf_of(reward) if draws_on_pool(reward) else "",
        currency=currency,
        value_minor=0 if there is None else units(there.worth, money) or _own_worth(gives, money),
    )


def worth_minor(version: Version, reward: Reward) -> int:
    """What a reward is worth to the member, in minor units of the program's currency."""
    scale = decimals(version.program.currency)
    return units(reward.worth, scale) or _own_worth(reward.gives, scale)


def told_there(gives: Gives | None, there: WorthIn | None) -> Gives | None:
    """What a reward gives where members pay in another currency; percentages are the same there."""
    if there is None or not isinstance(gives, Discount):
        return gives
    return Discount(there.off, gives.percent, there.at_most, there.from_amount)


def _of_tier(version: Version, reward: Reward, way: Way, currency: str) -> dict[str, str | int]:
    """Of a price for a tier: which one, and what it would have cost; a discount that is counted."""
    if not way.tier:
        return {f"usual_{name}": units for name, units in way.usual.items()}
    usual = ways(version, reward, currency)[0]
    found: dict[str, str | int] = {f"usual_{name}": units for name, units in usual.price.items()}
    if usual.money_minor != way.money_minor:
        found["usual_money_minor"] = usual.money_minor
    return found | {"tier": way.tier}


def kind_of(reward: Reward) -> Kind:
    """What kind of thing a reward gives; an article of the shop, unless said."""
    for kind, shape in _KINDS.items():
        if isinstance(reward.gives, shape):
            return kind
    return "item"


_KINDS: dict[Kind, type] = {
    "discount": Discount,
    "code": Code,
    "seat": Seat,
    "donation": Donation,
    "payout": Payout,
    "free_pieces": FreePieces,
}


def shelves(version: Version, wanted: Collection[str]) -> list[str]:
    """Where pieces of these rewards are counted; nothing of those without an end to them."""
    found = [version.rewards[name] for name in sorted(wanted) if name in version.rewards]
    return sorted(shelf_of(reward) for reward in found if shelved(reward) is not None)


def begins_at(version: Version, seat: Seat) -> datetime | None:
    """When something begins that a seat is for, nothing where a gathering says so; a time the
    clocks skip is read as if they had not jumped yet."""
    if seat.begins is None:
        return None
    there = datetime.fromisoformat(seat.begins).replace(tzinfo=version.zone)
    return there.astimezone(UTC)


def _own_worth(gives: Gives | None, scale: int) -> int:
    """What it is worth by itself, where the program does not say."""
    if isinstance(gives, Discount):
        return units(gives.off or gives.at_most or 0, scale)
    if isinstance(gives, Donation | Payout):
        return units(gives.amount, scale)
    return 0


def _told(version: Version, gives: Gives | None, scale: int) -> dict[str, str | int]:
    """What a reward gives, in words and numbers that a till can act on."""
    found: dict[str, str | int | None] = {}
    if isinstance(gives, Discount):
        found = {
            "off_minor": _minor(gives.off, scale),
            "percent": gives.percent,
            "at_most_minor": _minor(gives.at_most, scale),
            "from_minor": _minor(gives.from_amount, scale),
        }
    elif isinstance(gives, Code):  # never told in another currency
        own = decimals(version.program.currency)
        found = {
            "percent": gives.percent,
            "from_minor": _minor(gives.from_amount, own),
            "skus": ",".join(gives.skus) or None,
        }
    elif isinstance(gives, Item):
        found = {"sku": gives.sku or None, "quantity": gives.quantity}
    elif isinstance(gives, Seat):
        begins = begins_at(version, gives)
        told = None if begins is None else begins.isoformat().replace("+00:00", "Z")
        found = {"begins_at": told, "where": gives.where or None}
    elif isinstance(gives, Donation):
        found = {"cause": gives.cause, "amount_minor": _minor(gives.amount, scale)}
    elif isinstance(gives, Payout):
        found = {"amount_minor": _minor(gives.amount, scale)}
    elif isinstance(gives, FreePieces):
        found = {
            "which": gives.which,
            "pieces": gives.pieces,
            "up_to_minor": _minor(gives.up_to, scale),
        }
    return {name: value for name, value in found.items() if value is not None}


def _minor(amount: Decimal | None, scale: int) -> int | None:
    return None if amount is None else units(amount, scale)


class Margin(NamedTuple):
    """Of one reward, in minor units of the program's money.

    `worth_minor` is 0 where it hangs on what is bought, as a share of a basket does. Of what has no
    cost in the program (`said` is false) it is the worth, so that nothing is left.
    """

    worth_minor: int
    cost_minor: int
    said: bool

    @property
    def left_minor(self) -> int:
        """What is left to the shop; negative where it gives more than members get."""
        return self.worth_minor - self.cost_minor

    @property
    def percent(self) -> int | None:
        """Of a hundred of its worth so many are left, rounded down; of no worth there is none.

        Example: a coffee worth 3.00 that costs 0.70 leaves 76 (2.30 of 3.00 are 76.6 %).
        """
        return self.left_minor * 100 // self.worth_minor if self.worth_minor else None


def margin_of(version: Version, reward: Reward, now: datetime) -> Margin:
    """What a reward is worth and costs as it is promised now, paid in the first way."""
    promised = promise(version, reward, now)
    return Margin(promised.worth_minor, promised.cost_minor, reward.cost is not None)
