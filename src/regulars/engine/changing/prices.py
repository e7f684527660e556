"""What a change of prices does: rewards that cost more, and what all points become worth."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from typing import Final, NamedTuple

from regulars.base.decimals import units
from regulars.base.money import LARGEST, decimals
from regulars.engine.changing.owned.worth import lessened
from regulars.engine.replaying.compare import worth_of
from regulars.records.program.problems import Finding, Path, shown, worded
from regulars.records.program.types import Program, Reward

OUT_OF_REACH: Final = LARGEST


class Dearer(NamedTuple):
    """A reward of one wallet whose price rose, in smallest units; out of reach when it is gone."""

    reward: str
    wallet: str
    was: int
    is_: int


class Liability(NamedTuple):
    """What members have together, at what it costs if it is all spent, in minor units of money."""

    before_minor: int
    after_minor: int


def dearer(before: Program, after: Program) -> list[Dearer]:
    """Rewards that cost more than they did, or are gone; those of two wallets are left out."""
    now = {reward.id: reward for reward in after.rewards}
    found = []
    for old in before.rewards:
        new, was = now.get(old.id), _price(before, old)
        if was is None:
            continue
        is_ = (was[0], OUT_OF_REACH) if new is None else _price(after, new)
        if is_ is not None and is_[0] == was[0] and is_[1] > was[1]:
            found.append(Dearer(old.id, was[0], was[1], is_[1]))
    return found


def _price(program: Program, reward: Reward) -> tuple[str, int] | None:
    if len(reward.price) != 1:
        return None
    ((wallet, price),) = reward.price.items()
    return wallet, units(price, program.wallets[wallet].scale)


def revalues(before: Program, after: Program) -> bool:
    """Do points become worth something else?"""
    return worth_of(before) != worth_of(after)


def liability(before: Program, after: Program, outstanding: Mapping[str, int]) -> Liability:
    """What is outstanding per wallet, in smallest units, before and after, rounded up once.

    Keeps: what is kept of the terms before is owed as before, wherever that is more (semantics F3).
    """
    was, is_ = worth_of(before), worth_of(after)
    if after.changeover.worth == "keep":
        most = {name: max(was.get(name, 0), is_.get(name, 0)) for name in was.keys() | is_.keys()}
        is_ = {name: Fraction(worth) for name, worth in most.items()}
    return Liability(_all(was, outstanding), _all(is_, outstanding))


def costs_of(program: Program) -> dict[str, Fraction]:
    """What the smallest unit of each wallet costs where it is spent dearest: on a reward, or on a
    basket it pays; in minor units.

    Order: prudent, as in `worth_of`, which asks of rewards alone. Example: a cashback without any
    reward pays a cent with each point; what members hold of it is owed all the same.
    """
    found = worth_of(program)
    for wallet, each in _pays(program).items():
        minor, smallest = 10 ** decimals(program.currency), 10 ** program.wallets[wallet].scale
        found[wallet] = max(found.get(wallet, Fraction(0)), each * Fraction(minor, smallest))
    return found


def cheapened(before: Program, after: Program) -> list[str]:
    """Wallets whose points buy or pay less than they did, in the order of the file."""
    less = {one.wallet for one in lessened(before, after)}
    return [name for name in after.wallets if name in less]


def _pays(program: Program) -> dict[str, Fraction]:
    """What one point of the wallet pays of a basket, in the program's currency."""
    said = program.paying
    if said is None:
        return {}
    points = Fraction(str(said.points))
    each = Fraction(str(said.per)) * Fraction(points.denominator, points.numerator)
    return {said.wallet: each}


def devalued(
    before: Program, after: Program, today: str = "", nobodys: Collection[str] = ()
) -> Iterator[Finding]:
    """Points that are worth less from then on, those that members have already, too: their author
    has to say that it is meant, or what is kept.

    Shape: it begins on the day `today`; of the wallets `nobodys` nobody has anything.
    Order: `worth: keep` keeps prices and what is got for them. A reward that is gone, or is for
    fewer, is asked about with it, too, and named.
    """
    keeps, lost = after.changeover.worth == "keep", lessened(before, after, today)
    less = {one.wallet for one in lost} - {*nobodys}
    for name in [name for name in after.wallets if name in less]:
        here, code = [one for one in lost if one.wallet == name], f"worth:{name}"
        gone = ", ".join(dict.fromkeys(one.by for one in here if not one.kept))
        path: Path = ("changeover", "worth")
        if gone:
            says = worded(
                "what members have of %(wallet)s buys or pays less from then on by %(parts)s, and "
                "`worth: keep` keeps none of that",
                wallet=shown(name),
                parts=gone,
            )
            mend = "leave these as they are while members have points for them"
            yield Finding(path, says, mend, "warning", code)
        elif not keeps:
            says = worded(
                "what members have of %(wallet)s buys or pays less from then on", wallet=shown(name)
            )
            mend = "write `changeover: {worth: keep}`, so that only points of then on do"
            yield Finding(path, says, mend, "warning", code)


def _all(worth: Mapping[str, Fraction], outstanding: Mapping[str, int]) -> int:
    parts = (worth.get(name, Fraction(0)) * n for name, n in outstanding.items())
    total = sum(parts, Fraction(0))
    return -(-total.numerator // total.denominator)


def unaffordable(after: Program, owed: Liability) -> list[Finding]:
    """A warning where what members have becomes worth much more by this version."""
    most = after.caution.liability_percent
    if owed.after_minor * 100 <= owed.before_minor * (100 + most):
        return []
    more = owed.after_minor - owed.before_minor
    says = worded(
        "what members have already becomes worth %(more)s more (in the smallest coin, now "
        "%(now)s); up to %(most)s %% more is called careful",
        more=more,
        now=owed.after_minor,
        most=most,
    )
    mend = "raise the prices of rewards, or raise `caution: {liability_percent: …}`"
    return [Finding(("rewards",), says, mend, "warning", "liability")]
