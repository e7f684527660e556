"""What members have beside a share of sales: for visits, words, friends, games, uses and fees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final, NamedTuple

from regulars.base.decimals import text_of
from regulars.base.money import decimals
from regulars.records.program.checks.caution.ends import (
    DAYS,
    careful_each,
    careful_share,
    ends,
    room,
    small_sale,
    tries_to_end,
)
from regulars.records.program.checks.caution.worths import reward_worth
from regulars.records.program.checks.walk import days_at_least, rules_of, whole_of
from regulars.records.program.parts.gaming import Challenge, Deed, DeedMilestone, gift_of
from regulars.records.program.parts.referring import Referral, Side
from regulars.records.program.problems import Finding, Path, worded
from regulars.records.program.types import (
    All,
    ByTable,
    CodeIs,
    Condition,
    Fixed,
    Multiply,
    PerItem,
    Plan,
    Prize,
    Program,
    Rule,
)

_MEND = (
    "give less, let it be had less often, raise the prices of rewards, or raise "
    "`caution: {share_percent: …}`"
)
_FRIENDS_MEND: Final = (
    "give less, let the friend buy for more (`amount`), say `most` or a narrower one, or a budget "
    "of each side"
)


class Given(NamedTuple):
    """Something that is given, what it is worth each time, and what it may be worth by then;
    whether something is meant to end it, and how it is mended."""

    path: Path
    code: str
    minor: Fraction
    careful: Fraction
    bounded: bool = False
    mend: str = _MEND


def deeds(program: Program, worth: Mapping[str, Fraction]) -> Iterator[Finding]:
    """Whatever is worth more, each time it is had, than whoever has it is likely to bring.

    Order: boards and draws are left out, as so many win and no more. Of an article, or of one more
    of what a table multiplies, nobody knows the price: it may bring all of a small sale, not more.
    """
    of = _Worths(program, worth)
    money = decimals(program.currency)
    for one in (
        *_rules(of), *_by_the_piece(of), *_challenges(of), *_streaks(of), *_milestones(of),
        *_benefits(of), *_friends(of),
    ):  # fmt: skip
        if one.minor > one.careful:
            said = {
                "amount": text_of(int(one.minor), money),
                "most": text_of(int(one.careful), money),
            }
            says = worded(
                "worth %(amount)s each time, and nothing ends it in time; up to %(most)s is "
                "called careful",
                **said,
            )
            if one.bounded:
                says = worded(
                    "worth %(amount)s each time, and limits and budgets too wide to end it; up to "
                    "%(most)s is called careful",
                    **said,
                )
            yield Finding(one.path, says, one.mend, "warning", f"unbounded:{one.code}")
    for place, plan in enumerate(program.plans):
        yield from _plan(of, ("plans", place), plan)


class _Worths(NamedTuple):
    """A program, and what a smallest unit of each of its wallets is worth."""

    program: Program
    each: Mapping[str, Fraction]

    def points(self, wallet: str | None, points: str | int) -> Fraction:
        """What so many points are worth, in minor units."""
        kept = self.program.wallets.get(wallet or "")
        whole = None if kept is None else whole_of(points, kept.scale)
        return self.each.get(wallet or "", Fraction(0)) * (whole or 0)

    def prize(self, prize: Prize) -> Fraction:
        """What there is for it: points, a reward, uses of a benefit."""
        minor = self.points(prize.wallet, prize.points)
        for reward in self.program.rewards:
            if reward.id == prize.reward:
                minor += reward_worth(self.program, reward, small_sale(self.program))
        for one in self.program.benefits:
            if one.id == prize.benefit:
                each = Fraction(whole_of(one.worth, decimals(self.program.currency)) or 0)
                if one.gives is not None:
                    each += self.points(one.gives.wallet, one.gives.points)
                minor += prize.uses * each
        return minor


# --- rules ----------------------------------------------------------------------------------------


def _rules(of: _Worths) -> Iterator[Given]:
    """The same points each time for something that is no purchase."""
    looked_at = {one.on for one in of.program.advocacy if one.moderated is not None}
    for path, rule in rules_of(of.program):
        if rule.on == "purchase" or rule.on in looked_at or not isinstance(rule.award, Fixed):
            continue
        worth = of.each.get(rule.wallet, Fraction(0)) * _times(of.program, rule)
        if not ends(of.program, rule, worth) and not _used_up(rule.when):
            minor = of.points(rule.wallet, rule.award.points) * _times(of.program, rule)
            tries = tries_to_end(of.program, rule)
            yield Given(path, rule.id, minor, careful_each(of.program), tries)


def _by_the_piece(of: _Worths) -> Iterator[Given]:
    """Points for each of an article, or for each so much of a number by the best row of a table."""
    looked_at = {one.on for one in of.program.advocacy if one.moderated is not None}
    for path, rule in rules_of(of.program):
        award, wallet = rule.award, of.program.wallets.get(rule.wallet)
        if not isinstance(award, PerItem | ByTable) or rule.on in looked_at or wallet is None:
            continue
        if isinstance(award, ByTable) and award.of is None:
            continue  # what its rows name (a course, a stay) has a price of its own
        pieces = award.every if isinstance(award, PerItem) else 1
        points = [award.points] if isinstance(award, PerItem) else [r.points for r in award.rows]
        each = max((Fraction(str(one)) for one in points), default=Fraction(0))
        worth = of.each.get(rule.wallet, Fraction(0)) * _times(of.program, rule)
        if ends(of.program, rule, worth) or _used_up(rule.when):
            continue
        careful = small_sale(of.program) * max(careful_share(of.program), Fraction(1)) * pieces
        tries = tries_to_end(of.program, rule)
        yield Given(path, rule.id, each * 10**wallet.scale * worth, careful, tries)


def _times(program: Program, rule: Rule) -> Fraction:
    """All multipliers for the same kind of activity together; a bonus knows none."""
    times = Fraction(1)
    if not isinstance(rule.award, Multiply) and rule.award.stage == "bonus":
        return times
    for other in program.rules:
        if (other.wallet, other.on) == (rule.wallet, rule.on) and isinstance(other.award, Multiply):
            by = Fraction(str(other.award.by))
            times = times + by - 1 if program.stacking.multipliers == "additive" else times * by
    return times


def _used_up(condition: Condition | None) -> bool:
    """Whether a code is asked for that only the shop gives, once each."""
    if isinstance(condition, All):
        return any(_used_up(part) for part in condition.of)
    return isinstance(condition, CodeIs) and condition.of is not None


# --- games ----------------------------------------------------------------------------------------


def _a_deed(program: Program, counts: Deed) -> Fraction:
    """What one deed may bring at most: the share of what is bought, or of a small sale."""
    least = whole_of(counts.amount, decimals(program.currency)) or 0
    return careful_share(program) * max(least, small_sale(program))


def _by_deeds(program: Program, counts: Deed, measure: str, target: str | int) -> Fraction:
    """What so many deeds, days or stores, or so much money, may bring."""
    if measure == "spend":
        return careful_share(program) * (whole_of(target, decimals(program.currency)) or 0)
    # What a piece costs nobody knows: all of them may come with one purchase.
    return _a_deed(program, counts) * (1 if measure == "items" else whole_of(target, 0) or 0)


def _challenges(of: _Worths) -> Iterator[Given]:
    for place, one in enumerate(of.program.challenges):
        careful = max(_in_time(of.program, one), _by_challenge(of.program, one))
        path: Path = ("challenges", place, "prize")
        yield Given(path, f"challenges.{one.id}", of.prize(one.prize), careful)


def _by_challenge(program: Program, one: Challenge) -> Fraction:
    whole = _by_deeds(program, one.counts, one.measure, one.target)
    if one.together is None:
        return whole
    # A team reaches it together, and each of them has the prize for their own part.
    own = _by_deeds(program, one.counts, one.measure, one.together.each)
    return max(whole * Fraction(1, one.together.most), own)


def _in_time(program: Program, one: Challenge) -> Fraction:
    """What may be had each time, as often as it can be reached in its period or in all."""
    days = days_at_least(one.within) if one.within else DAYS[one.every or "ever"]
    each = careful_each(program)
    known = each * Fraction(days, one.in_period)
    return known if one.in_all is None else max(known, each * Fraction(DAYS["ever"], one.in_all))


def _streaks(of: _Worths) -> Iterator[Given]:
    for place, one in enumerate(of.program.streaks):
        for number, each in enumerate(one.milestones):
            path: Path = ("streaks", place, "milestones", number, "prize")
            careful = careful_each(of.program) * each.length * DAYS[one.every]
            yield Given(path, f"streaks.{one.id}", of.prize(each.prize), careful)


def _milestones(of: _Worths) -> Iterator[Given]:
    for place, one in enumerate(of.program.milestones):
        if _pays_from_a_purse(of, one):
            continue
        for number, step in enumerate(one.steps):
            path: Path = ("milestones", place, "steps", number)
            gift = gift_of(step)
            minor = of.points(one.wallet, step.points)
            minor += Fraction(0) if gift is None else of.prize(gift)
            careful = _by_deeds(of.program, one.counts, one.measure, step.at)
            if not step.again:
                careful = max(careful, room(of.program, one.per, shared=False))
            yield Given(path, f"milestones.{one.id}", minor, careful)


def _pays_from_a_purse(of: _Worths, one: DeedMilestone) -> bool:
    if one.budget is None or any(gift_of(step) is not None for step in one.steps):
        return False
    return of.points(one.wallet, one.budget) <= room(of.program, one.per, shared=True)


# --- benefits, plans, friends ---------------------------------------------------------------------


def _benefits(of: _Worths) -> Iterator[Given]:
    plans = {plan.id: plan for plan in of.program.plans}
    for place, one in enumerate(of.program.benefits):
        if one.gives is None:
            continue
        careful, plan = careful_each(of.program), plans.get(one.plan or "")
        if one.allowance is not None:
            term = plan.term if plan is not None else "year"
            per = term if one.allowance.per == "reached" else one.allowance.per
            careful = room(of.program, per, shared=False) * Fraction(1, one.allowance.times)
        minor = of.points(one.gives.wallet, one.gives.points)
        yield Given(("benefits", place, "gives"), f"benefits.{one.id}", minor, careful)


def _plan(of: _Worths, path: Path, plan: Plan) -> Iterator[Finding]:
    """Points of a term that are worth more than is paid for it, or than the share of it where more
    than all of a sale is called careful."""
    if plan.gives is None:
        return
    money = decimals(of.program.currency)
    minor, fee = of.points(plan.gives.wallet, plan.gives.points), whole_of(plan.fee, money)
    if fee is not None and minor > fee * max(careful_share(of.program), Fraction(1)):
        says = worded(
            "points worth %(amount)s with each term, for which %(fee)s are paid",
            amount=text_of(int(minor), money),
            fee=text_of(fee, money),
        )
        mend = "give fewer points, or ask for a higher fee"
        yield Finding((*path, "gives"), says, mend, "warning", f"share:plans.{plan.id}")


def _friends(of: _Worths) -> Iterator[Given]:
    """Both sides of a friend together, beside what the friend buys at least; a side that something
    ends in time is left out."""
    said = of.program.referral
    if said is None:
        return
    least = max(whole_of(said.amount, decimals(of.program.currency)) or 0, small_sale(of.program))
    sides = (said.referrer, said.newcomer)
    endless = [side for side in sides if not _purse_ends(of, said, side)]
    if _most_ends(of, said):
        endless = [side for side in endless if side is not said.referrer]
    minor = sum((of.points(said.wallet, side.points) for side in endless), Fraction(0))
    careful = Fraction(least) * max(careful_share(of.program), Fraction(1))
    tries = said.most is not None or any(side.budget is not None for side in sides)
    yield Given(("referral",), "referral", minor, careful, tries, _FRIENDS_MEND)
    for place, one in enumerate(said.milestones):
        careful = max(Fraction(least * one.friends), room(of.program, "ever", shared=False))
        path: Path = ("referral", "milestones", place)
        yield Given(path, "referral", of.points(said.wallet, one.points), careful)


def _most_ends(of: _Worths, said: Referral) -> bool:
    """Whether so many friends in a period bring one member no more than is careful."""
    if said.most is None:
        return False
    each = room(of.program, said.most.per, shared=False) * Fraction(1, said.most.times)
    return of.points(said.wallet, said.referrer.points) <= each


def _purse_ends(of: _Worths, said: Referral, side: Side) -> bool:
    if side.budget is None:
        return not of.points(said.wallet, side.points)
    whole = of.points(said.wallet, side.budget.points)
    return whole <= room(of.program, side.budget.per, shared=True)
