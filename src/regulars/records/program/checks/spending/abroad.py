"""Rewards and points where members pay in other currencies: nothing is left to be guessed."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.base.money import decimals
from regulars.records.program.checks.bounds import fits
from regulars.records.program.checks.names import currencies as known
from regulars.records.program.checks.walk import whole_of
from regulars.records.program.parts.currencies import PaysIn, WorthIn
from regulars.records.program.parts.rewards import Discount, Item, OtherPrice, Seat
from regulars.records.program.problems import Finding, Path, shown
from regulars.records.program.types import Program, Reward


def abroad(program: Program) -> Iterator[Finding]:
    """Currencies without a rate, and amounts that are said at home and not there."""
    for place, reward in enumerate(program.rewards):
        for name, there in reward.in_currency.items():
            path: Path = ("rewards", place, "in_currency", name)
            yield from _rated(program, path, name)
            yield from _reward(reward, path, name, there)
        yield from _money(program, reward, ("rewards", place))
    if program.paying is not None:
        for name, pays in program.paying.in_currency.items():
            path = ("paying", "in_currency", name)
            yield from _rated(program, path, name)
            yield from _pays(program, path, name, pays)


def _rated(program: Program, path: Path, name: str) -> Iterator[Finding]:
    if name == program.currency:
        yield Finding(path, f"{name} is the program's own currency", "remove it here")
    elif name not in known():
        yield Finding(path, f"there is no currency {shown(name)}", "mend the name")
    elif name not in program.currencies:
        says = f"nobody can pay in {shown(name)} here"
        yield Finding(path, says, "add its rate to `currencies:`")


def _reward(reward: Reward, path: Path, name: str, there: WorthIn) -> Iterator[Finding]:
    gives, scale = reward.gives, decimals(name)
    for field in ("worth", "money"):
        yield from fits((*path, field), getattr(there, field), scale, "currency")
    for field in ("off", "at_most", "from_amount"):
        yield from fits((*path, field), getattr(there, field), scale, "currency", above=0)
    if not isinstance(gives, Discount | Item | Seat | None) or reward.by == "shop":
        says = "only discounts, articles and seats that members take are told in another currency"
        yield Finding(path, says, "remove it here")
        return
    for field in ("off", "at_most", "from_amount"):
        home = getattr(gives, field) if isinstance(gives, Discount) else None
        says_so = getattr(there, field)
        if (home is None) != (says_so is None):
            says = f"how much is that in {name}?" if says_so is None else "at home it has none"
            mend = f"add `{field}:`" if says_so is None else "remove it"
            yield Finding((*path, field), says, mend)
    own = isinstance(gives, Discount) and (gives.off or gives.at_most)
    if not own and whole_of(there.worth, scale) == 0:
        says = f"what is it worth in {name}?"
        yield Finding((*path, "worth"), says, "add `worth:`")


def _money(program: Program, reward: Reward, path: Path) -> Iterator[Finding]:
    """What is to be paid besides at home has an amount wherever the reward is to be had."""
    scale = decimals(program.currency)
    for name, there in reward.in_currency.items():
        if whole_of(reward.money, scale) and not whole_of(there.money, decimals(name)):
            where = (*path, "in_currency", name, "money")
            yield Finding(where, f"how much money is that in {name}?", "add `money:`")
    others: list[tuple[Path, OtherPrice]] = [
        (("or", place), one) for place, one in enumerate(reward.or_)
    ]
    tiers: list[tuple[Path, OtherPrice]] = [
        (("tier_prices", tier), one) for tier, one in reward.tier_prices.items()
    ]
    for way, one in (*others, *tiers):
        for name in reward.in_currency:
            if whole_of(one.money, scale) and name not in one.money_in:
                says = f"how much money is that in {name}?"
                yield Finding((*path, *way, "money_in"), says, f"add `{name}:`")
        for name, money in one.money_in.items():
            where = (*path, *way, "money_in", name)
            yield from fits(where, money, decimals(name), "currency", above=0)
            if name not in reward.in_currency:
                says = f"the reward is not to be had in {name}"
                yield Finding(where, says, "add it to `in_currency:` of the reward")


def _pays(program: Program, path: Path, name: str, pays: PaysIn) -> Iterator[Finding]:
    said, scale = program.paying, decimals(name)
    wallet = None if said is None else program.wallets.get(said.wallet)
    if said is None or wallet is None:
        return
    yield from fits((*path, "points"), pays.points, wallet.scale, "wallet", above=0)
    yield from fits((*path, "per"), pays.per, scale, "currency", above=0)
    yield from fits((*path, "leaves_at_least"), pays.leaves_at_least, scale, "currency")
    if (pays.points is None) != (pays.per is None):
        missing = "per" if pays.per is None else "points"
        says = "so many points pay so much: both are said, or neither"
        yield Finding((*path, missing), says, f"add `{missing}:`")
    points, per = whole_of(pays.points, wallet.scale), whole_of(pays.per, scale)
    step = whole_of(said.step, wallet.scale)
    if points and per and step and step * per < points:
        says = f"a step of the program is worth less than the smallest coin of {name}"
        yield Finding((*path, "per"), says, "write a larger `step:`, or more money")
