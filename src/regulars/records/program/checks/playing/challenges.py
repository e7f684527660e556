"""Challenges and streaks: what counts is there, the target can be reached, prizes are something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from regulars.base.money import decimals
from regulars.records.program.checks.bounds import fits, period
from regulars.records.program.checks.walk import whole_of
from regulars.records.program.parts.gaming import (
    Challenge,
    Deed,
    DrawPrize,
    Prize,
    Streak,
    Together,
)
from regulars.records.program.parts.measuring import FRIEND
from regulars.records.program.parts.rewards import Discount, FreePieces, Payout, at_gatherings
from regulars.records.program.problems import Finding, Path, closest, shown
from regulars.records.program.types import Program

_OF_GOODS = ("spend", "items", "categories")
_DISTINCT = ("days", "stores", "categories")


def challenges(program: Program) -> Iterator[Finding]:
    """A challenge or streak that nothing counts for, nobody can reach, or that gives nothing."""
    for place, one in enumerate(program.challenges):
        yield from _challenge(program, ("challenges", place), one)
    for place, streak in enumerate(program.streaks):
        yield from _streak(program, ("streaks", place), streak)
    ids = [one.id for one in program.challenges] + [one.id for one in program.streaks]
    paths: list[Path] = [("challenges", n) for n in range(len(program.challenges))]
    paths += [("streaks", n) for n in range(len(program.streaks))]
    for place, id_ in enumerate(ids):
        if id_ in ids[:place]:
            says, also = f"the id {shown(id_)} is already taken", paths[ids.index(id_)]
            mend = "give each challenge and streak its own id"
            yield Finding((*paths[place], "id"), says, mend, also=(*also, "id"))


def _challenge(program: Program, path: Path, one: Challenge) -> Iterator[Finding]:
    yield from counted(program, (*path, "counts"), one.counts)
    yield from prize_of(program, (*path, "prize"), one.prize)
    yield from period(path, one.from_on, one.until_on)
    spend = one.measure == "spend"
    scale = decimals(program.currency) if spend else 0
    yield from fits((*path, "target"), one.target, scale, "currency" if spend else "measure", 0)
    if one.every is not None and one.within is not None:
        says = "the period cannot begin by the calendar and with the member"
        yield Finding((*path, "within"), says, "leave out `every` or `within`")
    if one.measure in _OF_GOODS and one.counts.on != "purchase":
        says = f"{shown(one.counts.on)} has no goods, so {shown(one.measure)} stays at 0"
        yield Finding((*path, "measure"), says, "write `measure: deeds`, or count purchases")
    if one.overshoot == "carried" and one.measure in _DISTINCT:
        says = f"of different {one.measure} nothing goes beyond the target"
        yield Finding((*path, "overshoot"), says, "leave out `overshoot`")
    if one.in_all is not None and one.in_all < one.in_period:
        says = f"it can be reached {one.in_all} times in all, and {one.in_period} times in a period"
        yield Finding((*path, "in_period"), says, f"write at most {one.in_all}")
    yield from _reachable(path, one)
    if one.together is not None:
        yield from _together(program, path, one, one.together)


def _together(program: Program, path: Path, one: Challenge, said: Together) -> Iterator[Finding]:
    """A team has one way to reach it: a sum that can be told apart by who did what."""
    where = (*path, "together")
    if one.joins != "opt_in":
        says = "nobody is in a team by themselves"
        yield Finding((*path, "joins"), says, "write `joins: opt_in`; members form or join teams")
    if one.measure in _DISTINCT:
        says = f"of different {one.measure} nobody can say who brought how much"
        yield Finding((*path, "measure"), says, "write `deeds`, `spend` or `items`")
    if one.within is not None:
        says = "a team has no first deed of its own to begin a period with"
        yield Finding((*path, "within"), says, "write `every:`, or `from_on:` and `until_on:`")
    if one.in_period != 1 or one.in_all is not None or one.overshoot != "dropped":
        says = "a team reaches it once in a period, and nothing is carried"
        mend = "leave out `in_period`, `in_all` and `overshoot`"
        yield Finding(where, says, mend)
    scale = decimals(program.currency) if one.measure == "spend" else 0
    what = "currency" if one.measure == "spend" else "measure"
    yield from fits((*where, "each"), said.each, scale, what, 0)
    least, target = whole_of(said.each, scale), whole_of(one.target, scale)
    if least is not None and target is not None and least > target:
        says = "everybody would have to do more than the whole team"
        yield Finding((*where, "each"), says, f"write at most {one.target}")


def _reachable(path: Path, one: Challenge) -> Iterator[Finding]:
    """Whether there are so many different stores, categories or days at all."""
    wanted, counts = whole_of(one.target, 0) or 0, one.counts
    bounds: dict[str, tuple[Sequence[str], str]] = {
        "stores": (counts.stores, "stores"),
        "categories": (() if counts.skus else counts.categories, "categories"),
    }
    listed, word = bounds.get(one.measure, ((), ""))
    if listed and wanted > len(set(listed)):
        says = f"there are only {len(set(listed))} {word} that count"
        yield Finding((*path, "target"), says, f"write at most {len(set(listed))}")
    days = {"day": 1, "week": 7, "month": 28, "quarter": 90, "year": 365}.get(one.every or "", 0)
    if one.measure == "days" and days and wanted > days:
        says = f"a {one.every} has no {wanted} days, or not always"
        yield Finding((*path, "target"), says, f"write at most {days}")


def _streak(program: Program, path: Path, one: Streak) -> Iterator[Finding]:
    yield from counted(program, (*path, "counts"), one.counts)
    before = 0
    for place, each in enumerate(one.milestones):
        where = (*path, "milestones", place)
        yield from prize_of(program, (*where, "prize"), each.prize)
        if each.length <= before:
            says = f"{each.length} comes after {before}"
            yield Finding((*where, "length"), says, "write the shortest milestone first")
        before = each.length
    freezes = one.freezes
    orders = {"day": 0, "week": 1, "month": 2, "quarter": 3, "year": 4}
    if freezes is not None and orders[freezes.per] <= orders[one.every]:
        says = f"a {freezes.per} has no {one.every} to miss without missing all of it"
        mend = "count freezes in a longer period, such as `per: year`"
        yield Finding((*path, "freezes", "per"), says, mend)


def counted(program: Program, path: Path, counts: Deed) -> Iterator[Finding]:
    """Something is counted that no deed has, or that this program does not know."""
    if counts.on == "return":
        says = "a return is no deed: it takes back what one brought"
        yield Finding((*path, "on"), says, "write `on: purchase`")
    if counts.on == FRIEND:
        says = "friends who stayed count for tiers, and for the milestones of `referral:`"
        yield Finding((*path, "on"), says, "count something else here")
    if counts.qualifying not in program.qualifying:
        says = f"there is no qualifying amount {shown(counts.qualifying)}"
        mend = closest(counts.qualifying, program.qualifying)
        yield Finding((*path, "qualifying"), says, mend)
    yield from fits((*path, "amount"), counts.amount, decimals(program.currency), "currency")
    if counts.on == "purchase":
        return
    for name in ("amount", "categories", "skus"):
        if getattr(counts, name) not in (0, "0", ()):
            says = f"only a purchase has {name}"
            yield Finding((*path, name), says, f"leave out `{name}`, or write `on: purchase`")


def prize_of(program: Program, path: Path, prize: Prize) -> Iterator[Finding]:
    """A prize that names what is not there, that is nothing, or a reward beside something else."""
    if prize.benefit is not None and prize.benefit not in {b.id for b in program.benefits}:
        says = f"there is no benefit {shown(prize.benefit)}"
        mend = closest(prize.benefit, [b.id for b in program.benefits])
        yield Finding((*path, "benefit"), says, mend)
    if prize.reward is not None:
        yield from reward_won(program, path, prize.reward)
        if prize.wallet is not None or prize.benefit is not None or prize.badge:
            says = "a reward that was handed over is not taken back, and what else there is, is"
            yield Finding((*path, "reward"), says, "make a prize of its own of the reward")
    if prize.wallet is None:
        if prize.points not in (0, "0"):
            mend = "write `wallet:` with the name of a wallet"
            yield Finding((*path, "points"), "the points go nowhere", mend)
        elif prize.benefit is None and not prize.badge and prize.reward is None:
            says = "there is nothing to win"
            mend = "write `wallet:` and `points:`, `benefit:`, `badge:` or `reward:`"
            yield Finding(path, says, mend)
        return
    yield from won_points(program, path, prize)


def reward_won(program: Program, path: Path, name: str) -> Iterator[Finding]:
    """A reward that is won needs neither a basket nor a bank account."""
    rewards = {one.id: one for one in program.rewards}
    reward = rewards.get(name)
    if reward is None:
        says = f"there is no reward {shown(name)}"
        yield Finding((*path, "reward"), says, closest(name, rewards))
    elif at_gatherings(reward):
        says = "a seat without `begins:` is taken where an event asks for it; nobody wins it"
        yield Finding((*path, "reward"), says, "name a reward that says when it begins")
    elif isinstance(reward.gives, Discount | FreePieces | Payout):
        says = "who wins has no basket and no bank account, and this reward needs one"
        yield Finding((*path, "reward"), says, "name an article, a code, a seat or a donation")


def won_points(program: Program, path: Path, prize: Prize | DrawPrize) -> Iterator[Finding]:
    """Points of a prize that go into no wallet, or are not a number of its points."""
    name = prize.wallet or ""
    wallet = program.wallets.get(name)
    if wallet is None:
        mend = closest(name, program.wallets)
        yield Finding((*path, "wallet"), f"there is no wallet {shown(name)}", mend)
        return
    if wallet.kind == "status":
        says = f"{shown(name)} is status credit, which only rules give"
        yield Finding((*path, "wallet"), says, "use a wallet of points or stamps")
    yield from fits((*path, "points"), prize.points, wallet.scale, "wallet", above=0)
