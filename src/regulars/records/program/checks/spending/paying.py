"""Paying with points: the wallet can be spent, the numbers fit, and points are worth something."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.base.decimals import text_of
from regulars.base.money import decimals
from regulars.records.program.checks.bounds import fits
from regulars.records.program.checks.walk import whole_of
from regulars.records.program.parts.rewards import PAYING
from regulars.records.program.problems import Finding, Path, closest, shown, worded
from regulars.records.program.types import Program


def paying(program: Program) -> Iterator[Finding]:
    """A rate that pays nothing, and a wallet that cannot pay."""
    for place, reward in enumerate(program.rewards):
        if reward.id == PAYING:
            says = f"{PAYING} is the name of what is paid with points"
            yield Finding(("rewards", place, "id"), says, "give it another id")
    for name, held in program.wallets.items():
        if held.kind == "gift" and (held.expiry or held.inactivity):
            says = worded("this is money that members own, and in many countries it must not lapse")
            where = ("wallets", name, "expiry" if held.expiry else "inactivity")
            yield Finding(where, says, "remove it, unless the law where you are lets it", "warning")
    said = program.paying
    if said is None:
        return
    path: Path = ("paying",)
    wallet = program.wallets.get(said.wallet)
    if wallet is None:
        mend = closest(said.wallet, program.wallets)
        yield Finding((*path, "wallet"), f"there is no wallet {shown(said.wallet)}", mend)
        return
    if wallet.kind in ("status", "stamps"):
        says = f"{shown(said.wallet)} holds {wallet.kind}, which is worth no money"
        yield Finding((*path, "wallet"), says, "use a wallet of points or money")
    money = decimals(program.currency)
    yield from fits((*path, "points"), said.points, wallet.scale, "wallet", above=0)
    yield from fits((*path, "minimum"), said.minimum, wallet.scale, "wallet", above=0)
    yield from fits((*path, "step"), said.step, wallet.scale, "wallet", above=0)
    yield from fits((*path, "per"), said.per, money, "currency", above=0)
    yield from fits((*path, "leaves_at_least"), said.leaves_at_least, money, "currency")
    points, per = whole_of(said.points, wallet.scale), whole_of(said.per, money)
    step = whole_of(said.step, wallet.scale)
    if points and per and step and step * per < points:
        says = "a step of this many points is worth less than the smallest coin"
        yield Finding((*path, "step"), says, "write a larger step")
    if points and per:
        yield from _too_cheap(program, said.wallet, (points, per))


def _too_cheap(program: Program, wallet: str, rate: tuple[int, int]) -> Iterator[Finding]:
    """Rewards that cost the shop more than their points are worth when they pay for a basket."""
    (points, per), money = rate, decimals(program.currency)
    for place, reward in enumerate(program.rewards):
        price = whole_of(reward.price.get(wallet), program.wallets[wallet].scale)
        cost = whole_of(reward.worth if reward.cost is None else reward.cost, money)
        paid = whole_of(reward.money, money) or 0
        if not price or not cost or len(reward.price) > 1:
            continue
        worth = price * per // points + paid
        if worth < cost:
            says = worded(
                "its price is worth %(worth)s where points pay for a basket, and it costs the shop "
                "%(cost)s",
                worth=text_of(worth, money),
                cost=text_of(cost, money),
            )
            yield Finding(("rewards", place, "price"), says, "check price and cost", "warning")
