"""Rewards: what they give can be given, what they cost can be paid, whom they are for exists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction

from regulars.base.money import decimals
from regulars.records.program.checks.bounds import fits
from regulars.records.program.checks.walk import whole_of
from regulars.records.program.parts.measuring import steps_of
from regulars.records.program.parts.rewards import (
    Code,
    Discount,
    Donation,
    FreePieces,
    OtherPrice,
    Payout,
    Reward,
    Seat,
    at_gatherings,
    draws_on_pool,
)
from regulars.records.program.problems import Finding, Path, closest, shown, worded
from regulars.records.program.types import Program


def having(program: Program) -> Iterator[Finding]:
    """Rewards that give nothing, that nobody can pay for, or that are for nobody."""
    for place, reward in enumerate(program.rewards):
        path: Path = ("rewards", place)
        yield from _gives(program, path, reward)
        yield from _stock(path, reward)
        yield from _prices(program, path, reward)
        yield from _by(program, path, reward)
        yield from _head_start(program, path, reward)
        if reward.automatic:
            yield from _automatic(program, path, reward)


def _gives(program: Program, path: Path, reward: Reward) -> Iterator[Finding]:
    gives, money, where = reward.gives, decimals(program.currency), (*path, "gives")
    if isinstance(gives, Discount):
        yield from _discount(program, where, gives)
    elif isinstance(gives, Donation | Payout):
        yield from fits((*where, "amount"), gives.amount, money, "currency", above=0)
    elif isinstance(gives, Seat):
        yield from _seat(path, reward, gives)
    elif isinstance(gives, Code):
        yield from _code(program, path, reward, gives)
    elif isinstance(gives, FreePieces):
        yield from _free(program, path, reward, gives)
    if not isinstance(gives, Payout):
        return
    for wallet in reward.price:
        kept = program.wallets.get(wallet)
        if kept is not None and kept.kind not in ("cashback", "gift"):
            says = f"{shown(wallet)} holds no money, so nothing of it is paid out"
            mend = "price it in a wallet of kind cashback or gift"
            yield Finding((*path, "price", wallet), says, mend)


def _seat(path: Path, reward: Reward, gives: Seat) -> Iterator[Finding]:
    where = (*path, "gives")
    if (gives.begins is None) != (gives.seats is None):
        name = "begins" if gives.begins is None else "seats"
        says = "a seat says both when it begins and how many there are, or neither"
        mend = f"write `{name}:`, or remove both, and events ask for it"
        yield Finding((*where, name), says, mend)
    elif gives.begins is not None:
        if not _is_moment(gives.begins):
            says = f"there is no moment {shown(gives.begins)}"
            yield Finding((*where, "begins"), says, "mend the date or the time")
    else:
        yield from _at_gatherings(path, reward, gives)


def _at_gatherings(path: Path, reward: Reward, gives: Seat) -> Iterator[Finding]:
    """What goes with a seat at an event is taken there, by whoever takes the seat, for points."""
    money = [reward.money, *(one.money for one in (*reward.or_, *reward.tier_prices.values()))]
    for name, said in (
        ("by", reward.by == "shop"), ("channels", reward.channels),
        ("in_currency", reward.in_currency), ("money", any(str(one).strip("0.") for one in money)),
    ):  # fmt: skip
        if said:
            says = "a seat without `begins:` is taken where an event asks for it, for points alone"
            yield Finding((*path, name), says, "remove it, or write `begins:` and `seats:`")
    if gives.where:
        says = "where it is stands with the event"
        yield Finding((*path, "gives", "where"), says, "remove it")


def _code(program: Program, path: Path, reward: Reward, gives: Code) -> Iterator[Finding]:
    money, where = decimals(program.currency), (*path, "gives")
    yield from fits((*where, "from_amount"), gives.from_amount, money, "currency", above=0)
    bound = gives.from_amount is not None or bool(gives.skus)
    if bound and gives.percent is None and not whole_of(reward.worth, money):
        name = "skus" if gives.skus else "from_amount"
        says = "nothing says what this code takes off"
        yield Finding((*where, name), says, "write `percent:`, or the reward's `worth:`")


def _free(program: Program, path: Path, reward: Reward, gives: FreePieces) -> Iterator[Finding]:
    money = decimals(program.currency)
    yield from fits((*path, "gives", "up_to"), gives.up_to, money, "currency", above=0)
    if whole_of(reward.worth, money):
        says = "what is free is worth what it costs in the basket"
        yield Finding((*path, "worth"), says, "remove it; `up_to:` says what a piece costs at most")


def _discount(program: Program, path: Path, gives: Discount) -> Iterator[Finding]:
    money = decimals(program.currency)
    if (gives.off is None) == (gives.percent is None):
        says = "a discount is either an amount or a percentage"
        yield Finding(path, says, "write one of `off:` and `percent:`")
    if gives.at_most is not None and gives.percent is None:
        says = "only a percentage needs an end"
        yield Finding((*path, "at_most"), says, "remove it, or write `percent:`")
    yield from fits((*path, "off"), gives.off, money, "currency", above=0)
    yield from fits((*path, "at_most"), gives.at_most, money, "currency", above=0)
    yield from fits((*path, "from_amount"), gives.from_amount, money, "currency")


def _is_moment(text: str) -> bool:
    try:
        return 1970 <= datetime.fromisoformat(text).year <= 9000
    except ValueError:
        return False


def _stock(path: Path, reward: Reward) -> Iterator[Finding]:
    if reward.stock is None:
        return
    if isinstance(reward.gives, Seat):
        says = "the seats are what there is"
        yield Finding((*path, "stock"), says, "remove it; `seats:` says how many there are")
    elif draws_on_pool(reward):
        says = "the codes of the pool are what there is"
        yield Finding((*path, "stock"), says, "remove it, and upload as many codes as there are")


def _prices(program: Program, path: Path, reward: Reward) -> Iterator[Finding]:
    money = decimals(program.currency)
    yield from fits((*path, "money"), reward.money, money, "currency")
    for number, other in enumerate(reward.or_):
        yield from _price(program, (*path, "or", number), other)
    steps = steps_of(program)
    for tier, other in reward.tier_prices.items():
        where = (*path, "tier_prices", tier)
        if tier not in steps:
            yield Finding(where, f"there is no tier {shown(tier)}", closest(tier, steps))
        # A seat at an event may be what the tier includes.
        if not (at_gatherings(reward) and not any(other.price.values())):
            yield from _price(program, where, other)
        if not _less(program, reward, other):
            says = worded("members of %(tier)s pay no less than everybody", tier=shown(tier))
            yield Finding(where, says, "write a smaller price", "warning")


def _price(program: Program, where: Path, other: OtherPrice) -> Iterator[Finding]:
    money = decimals(program.currency)
    yield from fits((*where, "money"), other.money, money, "currency")
    if not _costs(program, other.price) and not whole_of(other.money, money):
        yield Finding(where, "this price is nothing", "write a price above 0")
    for wallet, price in other.price.items():
        kept = program.wallets.get(wallet)
        if kept is None:
            mend = closest(wallet, program.wallets)
            yield Finding((*where, "price", wallet), f"there is no wallet {shown(wallet)}", mend)
        elif kept.kind == "status":
            says = f"{shown(wallet)} is status credit and can never be spent"
            yield Finding((*where, "price", wallet), says, "use a wallet of points or stamps")
        else:
            yield from fits((*where, "price", wallet), price, kept.scale, "wallet")


def _less(program: Program, reward: Reward, other: OtherPrice) -> bool:
    """Whether a price asks for no more of anything, and for less of something."""
    usual = {**reward.price, "": reward.money}
    asked = {**other.price, "": other.money}
    pairs = [
        (Fraction(str(asked.get(n, 0))), Fraction(str(usual.get(n, 0)))) for n in usual | asked
    ]
    return all(one <= two for one, two in pairs) and any(one < two for one, two in pairs)


def _costs(program: Program, price: dict[str, str | int]) -> bool:
    return any(str(amount).strip("0.") for amount in price.values())


def _by(program: Program, path: Path, reward: Reward) -> Iterator[Finding]:
    if reward.by != "shop":
        return
    won = any(prize.reward == reward.id for one in program.draws for prize in one.gives)
    if not won and (not isinstance(reward.gives, Code) or draws_on_pool(reward)):
        says = "the shop issues codes, and this reward gives none"
        yield Finding((*path, "gives"), says, "write `gives: {kind: code}`, or remove `by:`")
    for name, said in (("price", reward.price), ("money", str(reward.money).strip("0.")),
                       ("or", reward.or_), ("limit", reward.limit),
                       ("cooldown", reward.cooldown),
                       ("tier_prices", reward.tier_prices)):  # fmt: skip
        if said:
            says = "nobody takes this reward for points, so this never counts"
            mend = "write `price: {}`" if name == "price" else "remove it"
            yield Finding((*path, name), says, mend)


def _head_start(program: Program, path: Path, reward: Reward) -> Iterator[Finding]:
    steps = steps_of(program)
    for tier in reward.head_start:
        if tier not in steps:
            where = (*path, "head_start", tier)
            yield Finding(where, f"there is no tier {shown(tier)}", closest(tier, steps))
    if reward.head_start and reward.from_on is None:
        says = "nothing begins, so nobody can be ahead of it"
        mend = "write the day it begins as `from_on:`"
        yield Finding((*path, "head_start"), says, mend)


def _automatic(program: Program, path: Path, reward: Reward) -> Iterator[Finding]:
    """Whoever is not there says nothing, pays nothing in money and stands in no store."""
    where = (*path, "automatic")
    if not isinstance(reward.gives, Code | Donation):
        says = "nobody is there to be handed this, so it cannot be taken by itself"
        yield Finding(where, says, "give a code or a donation, or remove it")
    for name, said in (("money", str(reward.money).strip("0.")), ("or", reward.or_),
                       ("stores", reward.stores), ("channels", reward.channels),
                       ("choose_one", reward.choose_one),
                       ("tier_prices", reward.tier_prices)):  # fmt: skip
        if said:
            says = "what is taken by itself is taken nowhere, for its price alone"
            yield Finding((*path, name), says, "remove it, or remove `automatic:`")
    if len(reward.price) != 1:
        says = "what is taken by itself has a price in one wallet"
        yield Finding((*path, "price"), says, "write one price")
    for name in reward.price:
        wallet = program.wallets.get(name)
        if wallet is not None and wallet.negative == "never" and isinstance(reward.gives, Code):
            says = worded("a purchase that comes back takes nothing that became a code before")
            mend = worded(
                "write `negative: debt` in %(wallet)s, and an unused code is given back",
                wallet=shown(name),
            )
            yield Finding(where, says, mend, "warning")
