"""Promises that contradict themselves, cannot be kept, or cannot be reached."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from regulars.base.money import decimals
from regulars.records.program.checks.walk import (
    conditions_of,
    day_of,
    days_at_least,
    rules_of,
    whole_of,
)
from regulars.records.program.parts.measuring import ladders_of, measures_of
from regulars.records.program.problems import Finding, Path, shown, worded
from regulars.records.program.types import (
    AmountIs,
    ByTable,
    DatesAre,
    Expiry,
    Fixed,
    HourIs,
    Inactivity,
    Measure,
    Multiply,
    Program,
    Reward,
    Rule,
    TableRow,
    Tiers,
    Wallet,
)


def promises(program: Program) -> Iterator[Finding]:
    """Settings that do not go together, and rewards nobody can ever have."""
    for name, wallet in program.wallets.items():
        yield from _wallet(program, name, wallet)
    for path, rule in rules_of(program):
        yield from _rule(program, path, rule)
    yield from _conditions(program)
    for where, tiers in ladders_of(program):
        for path, measure in measures_of(tiers, where):
            yield from _tiers(program, path, measure)
    for place, reward in enumerate(program.rewards):
        yield from _reward(program, ("rewards", place), reward)
    if not program.qualifying:
        says = "no qualifying amount is named"
        yield Finding(("qualifying",), says, "leave the field out, or name `standard`")
    yield from _cases(program)


def _wallet(program: Program, name: str, wallet: Wallet) -> Iterator[Finding]:
    path: Path = ("wallets", name)
    rounding = wallet.rounding
    if rounding.carry and (rounding.mode != "floor" or rounding.scope != "basket"):
        says = "only points that are cut off per basket leave a remainder to carry"
        yield Finding((*path, "rounding", "carry"), says, "use mode floor and scope basket")
    if wallet.expiry is not None:
        yield from _expiry((*path, "expiry"), wallet.expiry)
    nothing_lapses = wallet.expiry is None and wallet.inactivity is None
    if wallet.notice is not None and nothing_lapses and wallet.kind != "status":
        says = "nothing here lapses, so there is nothing to give notice of"
        yield Finding((*path, "notice"), says, "add `expiry:`, or remove `notice:`")
    if wallet.inactivity is not None and wallet.kind != "status":
        yield from _inactivity((*path, "inactivity"), wallet, wallet.inactivity)
    if nothing_lapses or wallet.kind == "status":
        yield from _least_lives(path, wallet)
    if wallet.kind == "status":
        yield from _status_wallet(path, wallet)
    if wallet.kind == "stamps" and wallet.scale != 0:
        yield Finding((*path, "scale"), "a stamp cannot be divided", "leave `scale` out")
    if wallet.kind in ("cashback", "gift") and wallet.scale != decimals(program.currency):
        says = worded(
            "money in %(currency)s has %(n)s decimals",
            currency=program.currency,
            n=decimals(program.currency),
        )
        mend = worded("write `scale: %(n)s`", n=decimals(program.currency))
        yield Finding((*path, "scale"), says, mend, "warning")
    if wallet.kind != "gift" and not _fed(program, name):
        says = worded("no rule gives anything to the wallet %(wallet)s", wallet=shown(name))
        yield Finding(path, says, "add a rule for it, or remove it", "warning")


def _least_lives(path: Path, wallet: Wallet) -> Iterator[Finding]:
    for word in ("comes_back", "comes_late", "comes_over"):
        if getattr(wallet, word) is not None:
            says = f"nothing here lapses, so what {word.replace('_', ' ')} lives on anyway"
            yield Finding((*path, word), says, f"remove `{word}:`, or let points lapse")


def _inactivity(path: Path, wallet: Wallet, said: Inactivity) -> Iterator[Finding]:
    if wallet.notice is None:
        says = "nobody loses points for doing nothing without having been told before"
        yield Finding(path, says, "add `notice: {days: 30}` to this wallet")
    elif days_at_least(said.after) < 2 * wallet.notice.days:
        days = wallet.notice.days
        says = f"a notice lies ready {2 * days} days before, and {said.after} may be shorter"
        yield Finding((*path, "after"), says, "write a longer time, or a notice of fewer days")
    if len(set(said.reset_by)) < len(said.reset_by):
        yield Finding((*path, "reset_by"), "something is named twice", "name each once")


def _status_wallet(path: Path, wallet: Wallet) -> Iterator[Finding]:
    if wallet.expiry is not None:
        says = "status credit does not expire; the tiers' window counts it"
        yield Finding((*path, "expiry"), says, "remove `expiry:`")
    if wallet.negative != "never":
        says = "status credit is never spent, so it cannot fall below zero"
        yield Finding((*path, "negative"), says, "remove `negative:`")
    if wallet.pending is not None:
        says = "status credit counts for tiers at once, so it cannot be pending"
        yield Finding((*path, "pending"), says, "remove `pending:`")
    if wallet.inactivity is not None:
        says = "status credit does not lapse; the tiers' window counts it"
        yield Finding((*path, "inactivity"), says, "remove `inactivity:`")
    if wallet.notice is not None:
        says = "status credit does not expire, so there is nothing to give notice of"
        yield Finding((*path, "notice"), says, "remove `notice:`")


def _rule(program: Program, path: Path, rule: Rule) -> Iterator[Finding]:
    multiplies = isinstance(rule.award, Multiply)
    if rule.needs_base and not isinstance(rule.award, Multiply) and rule.award.stage == "base":
        says = "a base rule cannot wait for a base rule"
        mend = "make it `stage: bonus`, or remove `needs_base`"
        yield Finding((*path, "needs_base"), says, mend)
    elif (multiplies or rule.needs_base) and not _has_base(program, rule):
        says = worded(
            "no base rule gives %(wallet)s on %(kind)s, so this gives nothing",
            wallet=shown(rule.wallet),
            kind=shown(rule.on),
        )
        mend = "add a base rule for the same wallet and activity"
        yield Finding(path, says, mend, "warning")
    yield from _group(program, path, rule)
    yield from _own_end(program, path, rule)
    if isinstance(rule.award, ByTable):
        yield from _table((*path, "award"), rule.award)
    ways = {limit.on_exceed for limit in rule.limits if limit.points is not None}
    if len(ways) > 1:
        says = "the limits of one rule must agree on what happens when they are exceeded"
        yield Finding((*path, "limits"), says, "use one `on_exceed` for all its points limits")
    kinds = [(limit.per, limit.times is None, limit.of) for limit in rule.limits]
    for place, limit in enumerate(rule.limits):
        where = (*path, "limits", place)
        if kinds[place] in kinds[:place]:
            says = f"this rule has a limit of this kind for the same period ({limit.per}) already"
            yield Finding(where, says, "keep the smaller one")
        if limit.per == "activity" and limit.times is not None:
            says = worded("a rule fires only once for an activity anyway")
            yield Finding((*where, "times"), says, "limit the points, or another period", "warning")
        base = not isinstance(rule.award, Multiply) and rule.award.stage == "base"
        if limit.on_exceed == "fall_through" and not base:
            says = worded(
                "only a base rule can leave its place to another; this one is rejected instead"
            )
            yield Finding((*where, "on_exceed"), says, "write reject", "warning")


def _own_end(program: Program, path: Path, rule: Rule) -> Iterator[Finding]:
    """An end of its own must be one only, not at once, and for points that live that way."""
    if rule.expiry is None and rule.ends_on is None:
        return
    where: Path = (*path, "expiry" if rule.expiry is not None else "ends_on")
    wallet = program.wallets.get(rule.wallet)
    if rule.expiry is not None and rule.ends_on is not None:
        says = "points can lapse after a while or on a day, not both"
        yield Finding((*path, "ends_on"), says, "keep one of `expiry:` and `ends_on:`")
    if rule.expiry is not None:
        yield from _expiry(where, rule.expiry)
    if wallet is not None and (wallet.kind == "status" or wallet.pending is not None):
        what = "status credit does not lapse" if wallet.kind == "status" else "points that wait"
        says = f"{what}: their end is the wallet's"
        yield Finding(where, says, "remove it, or give to a wallet without `pending:`")
    ends, until = day_of(rule.ends_on), day_of(rule.until_on)
    if ends is not None and (until is None or until > ends):
        says = f"what is earned from {rule.ends_on} on would be gone at once"
        yield Finding(where, says, f"write `until_on: {rule.ends_on}` or an earlier day")


def _expiry(path: Path, expiry: Expiry) -> Iterator[Finding]:
    if expiry.yearly_on is None:
        return
    if expiry.round_up_to != "day":
        says = "a day of the year ends it, so there is no period to round up to"
        yield Finding((*path, "round_up_to"), says, "remove `round_up_to:`")
    # A leap year, so that 29 February is a day.
    if day_of(f"2000-{expiry.yearly_on}") is None:
        says = f"there is no day {shown(expiry.yearly_on)} in a year"
        yield Finding((*path, "yearly_on"), says, "write month and day, such as 03-31")


def _group(program: Program, path: Path, rule: Rule) -> Iterator[Finding]:
    """The rules of a group must be such that one could stand for the other."""
    if rule.group is None:
        if rule.priority:
            says: str = worded("a priority counts only among the rules of a group")
            yield Finding((*path, "priority"), says, "add `group:`, or remove it", "warning")
        return
    own = [one for one in program.rules if one.group == rule.group]
    for other in own[: own.index(rule)]:
        if other.wallet != rule.wallet or _stage(other) != _stage(rule):
            says = (
                f"rule {shown(other.id)} of the same group gives another kind of points, or at "
                f"another stage"
            )
            mend = "put rules of one wallet and one stage into a group: base, bonus or multiplier"
            yield Finding((*path, "group"), says, mend)
            return
    if len(own) == 1:
        says = worded("no other rule is in the group %(group)s", group=shown(rule.group))
        yield Finding((*path, "group"), says, "put another rule in, or remove it", "warning")


def _stage(rule: Rule) -> str:
    return "multiplier" if isinstance(rule.award, Multiply) else rule.award.stage


def _table(path: Path, award: ByTable) -> Iterator[Finding]:
    seen: set[_Fits] = set()
    for place, row in enumerate(award.rows):
        where = (*path, "rows", place)
        if len(row.is_) != len(award.by):
            says = f"{len(row.is_)} values for {len(award.by)} details"
            yield Finding((*where, "is"), says, "write one value for each name of `by:`")
            continue
        if not seen.isdisjoint(_fitting_as_much(row)):
            says = worded("a row before it fits whatever this one fits")
            yield Finding(where, says, "move it up, or remove it", "warning")
        seen.add((row.is_, (row.from_on, row.until_on)))


_Fits = tuple[tuple[str, ...], tuple[str | None, str | None]]


def _fitting_as_much(row: TableRow) -> Iterator[_Fits]:
    """Every row that fits whatever this one fits; looked up, as a table may have 2,000 rows."""
    for dates in ((None, None), (row.from_on, row.until_on)):
        for values in product(*(("*", value) for value in row.is_)):
            yield values, dates


def _has_base(program: Program, rule: Rule) -> bool:
    return any(
        other.wallet == rule.wallet
        and other.on == rule.on
        and not isinstance(other.award, Multiply)
        and other.award.stage == "base"
        for other in program.rules
    )


def _fed(program: Program, wallet: str) -> bool:
    """Does anything give points of this wallet: a rule, or something beside the rules?"""
    return wallet in _besides(program) or any(
        rule.wallet == wallet and not isinstance(rule.award, Multiply) for rule in program.rules
    )


def _besides(program: Program) -> set[str | None]:
    """The wallets into which milestones, prizes, benefits, paid terms and friends give points."""
    prizes = [one.prize for one in program.challenges]
    prizes += [each.prize for one in program.streaks for each in one.milestones]
    found = {prize.wallet for prize in prizes} | {one.wallet for one in program.milestones}
    found |= {prize.wallet for one in program.leaderboards for prize in one.prizes}
    found |= {one.gives.wallet for one in program.benefits if one.gives is not None}
    found |= {plan.gives.wallet for plan in program.plans if plan.gives is not None}
    return found | ({program.referral.wallet} if program.referral is not None else set())


def _conditions(program: Program) -> Iterator[Finding]:
    for path, condition in conditions_of(program):
        if isinstance(condition, AmountIs):
            bounds = (condition.at_least, condition.at_most)
            if bounds == (None, None) and not condition.in_currency:
                yield Finding(path, "this asks for nothing", "add `at_least:` or `at_most:`")
        elif isinstance(condition, DatesAre):
            if condition.from_on is None and condition.until_on is None:
                yield Finding(path, "this asks for nothing", "add `from_on:` or `until_on:`")
        elif isinstance(condition, HourIs) and condition.until <= condition.from_:
            says = "these hours are empty"
            mend = "over midnight: use `if: any` with two hours, one to 24 and one from 0"
            yield Finding((*path, "until"), says, mend)


def _tiers(program: Program, path: Path, tiers: Tiers | Measure) -> Iterator[Finding]:
    where: Path = (*path, "wallet")
    if tiers.measure != "status":
        if tiers.wallet is not None:
            says = f"tiers by {tiers.measure} count no wallet"
            yield Finding(where, says, "remove it, or write `measure: status`")
        return
    if tiers.wallet is None:
        yield Finding(path, "which status wallet counts?", "add `wallet:`")
    elif tiers.wallet in program.wallets and program.wallets[tiers.wallet].kind != "status":
        says = f"{shown(tiers.wallet)} can be spent, and spending would cost the tier"
        yield Finding(where, says, "count a wallet of kind status")


def _reward(program: Program, path: Path, reward: Reward) -> Iterator[Finding]:
    prices = {
        name: whole_of(price, program.wallets[name].scale)
        for name, price in reward.price.items()
        if name in program.wallets
    }
    unpaid = not reward.price or (prices and not any(price != 0 for price in prices.values()))
    if reward.by == "points" and unpaid and not _whole_money(program, reward.money):
        yield Finding((*path, "price"), "this reward costs nothing", "write a price above 0")
    for name, price in prices.items():
        where = (*path, "price", name)
        if program.wallets[name].kind == "status":
            says = f"{shown(name)} is status credit and can never be spent"
            yield Finding(where, says, "use a wallet of points or stamps")
        elif price and not _reachable(program, name, price):
            says = worded("nobody can ever have this much in %(wallet)s", wallet=shown(name))
            yield Finding(where, says, "lower the price, or let rules give more", "warning")
    if _whole_money(program, reward.worth) < _whole_money(program, reward.cost):
        says = worded("this costs the shop more than it is worth to the member")
        yield Finding((*path, "cost"), says, "check worth and cost", "warning")


def _whole_money(program: Program, amount: str | int | None) -> int:
    return whole_of(amount, decimals(program.currency)) or 0


def _reachable(program: Program, wallet: str, price: int) -> bool:
    """Could a patient member ever gather this much?"""
    if program.wallets[wallet].kind == "gift":
        return True
    caps = [_ever(program, rule) for rule in program.rules if rule.wallet == wallet]
    known = [cap for cap in caps if cap is not None]
    if not _fed(program, wallet):
        return False
    if wallet in _besides(program):
        return True
    return len(known) < len(caps) or sum(known) >= price


def _ever(program: Program, rule: Rule) -> int | None:
    """The most that one rule gives a member in a lifetime; nothing when there is no end to it."""
    scale, caps = program.wallets[rule.wallet].scale, []
    for limit in rule.limits:
        if limit.per == "ever" and limit.of == "member":
            if limit.points is not None:
                caps.append(whole_of(limit.points, scale))
            elif limit.times is not None and isinstance(rule.award, Fixed):
                each = whole_of(rule.award.points, scale)
                caps.append(None if each is None else each * limit.times)
    known = [cap for cap in caps if cap is not None]
    return min(known) if known else None


def _cases(program: Program) -> Iterator[Finding]:
    for place, case in enumerate(program.cases):
        if not isinstance(case.given.get("kind"), str):
            says = "an example needs the kind of activity"
            yield Finding(("cases", place, "given"), says, "add `kind: purchase`")
