"""Referrals: the wallet is there, numbers fit, milestones go up, the link leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.base.money import decimals
from regulars.records.program.checks.bounds import fits
from regulars.records.program.checks.walk import whole_of
from regulars.records.program.parts.referring import Referral, Side
from regulars.records.program.problems import Finding, Path, closest, shown, worded
from regulars.records.program.types import Program

_PATH: Path = ("referral",)


def referring(program: Program) -> Iterator[Finding]:
    """A referral that gives nothing, gives it where it cannot be, or can be had for nothing."""
    said = program.referral
    if said is None:
        return
    if said.qualifying not in program.qualifying:
        says = f"there is no qualifying amount {shown(said.qualifying)}"
        yield Finding((*_PATH, "qualifying"), says, closest(said.qualifying, program.qualifying))
    yield from fits((*_PATH, "amount"), said.amount, decimals(program.currency), "currency")
    yield from _link(said)
    wallet = program.wallets.get(said.wallet)
    if wallet is None:
        mend = closest(said.wallet, program.wallets)
        yield Finding((*_PATH, "wallet"), f"there is no wallet {shown(said.wallet)}", mend)
        return
    if wallet.kind == "status":
        says = f"{shown(said.wallet)} is status credit, which only rules give"
        yield Finding((*_PATH, "wallet"), says, "use a wallet of points or stamps")
    yield from _amounts(said, wallet.scale)
    if not (whole_of(said.amount, decimals(program.currency)) or 0):
        says = worded("any purchase counts, be it of one cent")
        mend = "write the least purchase as `amount:`"
        yield Finding((*_PATH, "amount"), says, mend, "warning")


def _amounts(said: Referral, scale: int) -> Iterator[Finding]:
    for name, side in (("referrer", said.referrer), ("newcomer", said.newcomer)):
        yield from _side((*_PATH, name), side, scale)
    if not any(whole_of(one.points, scale) for one in (said.referrer, said.newcomer)):
        says = "nobody gets anything for a friend"
        yield Finding(_PATH, says, "write `points:` for `referrer:` or `newcomer:`")
    before = 0
    for place, one in enumerate(said.milestones):
        path = (*_PATH, "milestones", place)
        yield from fits((*path, "points"), one.points, scale, "wallet", above=0)
        if one.friends <= before:
            says = f"{one.friends} friends come after {before}"
            yield Finding(
                (*path, "friends"), says, "write milestones with the fewest friends first"
            )
        before = one.friends


def _side(path: Path, side: Side, scale: int) -> Iterator[Finding]:
    yield from fits((*path, "points"), side.points, scale, "wallet")
    if side.budget is None:
        if whole_of(side.points, scale):
            says: str = worded("nothing bounds what this costs in all")
            mend = "write `budget: {points: …, per: month}`"
            yield Finding((*path, "points"), says, mend, "warning")
        return
    where = (*path, "budget", "points")
    yield from fits(where, side.budget.points, scale, "wallet", above=0)
    each, all_ = whole_of(side.points, scale), whole_of(side.budget.points, scale)
    if each and all_ and all_ < each:
        says = "the budget is smaller than what one friend brings"
        yield Finding(where, says, "write a larger budget, or fewer points")


def _link(said: Referral) -> Iterator[Finding]:
    if not said.link:
        return
    if not said.link.startswith("https://") or " " in said.link:
        says = f"{shown(said.link)} is no link"
        yield Finding((*_PATH, "link"), says, "write one that begins with https://")
    if said.link.count("{code}") != 1:
        says = "the link does not say where the code belongs"
        yield Finding((*_PATH, "link"), says, "write {code} in its place, once")
