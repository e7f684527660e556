"""What an activity earns, worked out the plain and slow way: the judge of the compiled engine.

It walks the tree of the program with exact fractions and shares no code with the compiler, so a
mistake would have to be made twice. It also explains: which rule fired, which did not and why.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from msgspec import Struct

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.engine.facts import Facts
from regulars.engine.reference.conditions import Conditions, Missed, matching, within
from regulars.records.program.types import (
    ByTable,
    Fixed,
    Limit,
    Multiply,
    PerAmount,
    PerItem,
    Program,
    Rounding,
    Rule,
)

NONE = Fraction(0)
Why = Literal[
    "given",  # it fired and gave all it had
    "limited",  # it fired, a limit took part or all of it
    "other_kind",  # it is about another kind of activity
    "not_in_force",  # its first day has not come or its last is over
    "condition",  # a condition did not hold, see `missed`
    "nothing_to_count",  # nothing in the basket counts for it
    "limit_reached",  # it stepped aside because its limit is used up
    "group",  # of its group another rule gives
    "outdone",  # another base rule of the wallet gave more or came first
    "no_base",  # no base rule of the wallet gave anything
]


class Told(Struct, frozen=True):
    """What became of one rule, in a form that screens can put into words.

    Units: `worth` is what the rule would have given before limits, `given` what it gave; both in
    the wallet's smallest quantity, before the one rounding.
    """

    rule: str
    wallet: str
    why: Why
    worth: Fraction = NONE
    given: Fraction = NONE
    missed: tuple[Missed, ...] = ()


class Settled(Struct, frozen=True):
    """Whole points for a wallet, what is carried on, and each rule's share (in file order)."""

    units: int
    remainder: Fraction
    per_rule: list[int]


class Reference:
    """The rules of one program, ready to be asked."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._conditions = Conditions(program)
        self._definitions = list(program.qualifying)
        self._money_scale = decimals(program.currency)
        self._first_room: list[int] = []
        count = 0
        for rule in program.rules:
            self._first_room.append(count)
            count += len(rule.limits) + (1 if rule.cooldown else 0)
        self.rooms = count

    def evaluate(
        self, facts: Facts, room: Sequence[int], explain: list[Told] | None = None
    ) -> list[Fraction]:
        """What each rule gives for this activity, exactly, before the one rounding.

        Shape: `room` has one number per rule and limit, in file order: what is still free.
        Units: the result is in the wallet's smallest quantity, one per rule in file order.
        """
        told: list[Told] = [self._match(rule, facts) for rule in self.program.rules]
        for wallet in self.program.wallets:
            self._wallet(wallet, room, told)
        self._apply_limits(room, told)
        if explain is not None:
            explain.extend(told)
        return [each.given for each in told]

    def settle(
        self, wallet: str, per_rule: Sequence[Fraction], remainder: Fraction = NONE
    ) -> Settled:
        """Whole points for one wallet from what its rules gave, rounded once.

        Shape: `per_rule` as `evaluate` gives it; rules of other wallets are passed over.
        Order: shares by largest remainder, ties to the smallest rule id; what was carried in
        takes part and its share belongs to no rule.
        """
        rounding = self.program.wallets[wallet].rounding
        keeps = rounding.carry or rounding.scope == "day"
        carried = remainder if keeps else NONE
        own = [
            share if rule.wallet == wallet else NONE
            for rule, share in zip(self.program.rules, per_rule, strict=True)
        ]
        exact = sum(own, carried)
        whole = rounded(exact, rounding)
        left = exact - whole if keeps else NONE
        return Settled(whole, left, self._shares(own, carried, whole, rounding.step))

    # --- 0: which rules match, and what they would give ------------------------------------

    def _match(self, rule: Rule, facts: Facts) -> Told:
        if rule.on != facts.kind:
            return Told(rule.id, rule.wallet, "other_kind")
        if not within(facts.day, rule.from_on, rule.until_on):
            return Told(rule.id, rule.wallet, "not_in_force")
        if rule.when is not None:
            missed = self._conditions.missed(rule.when, facts)
            if missed:
                return Told(rule.id, rule.wallet, "condition", missed=tuple(missed))
        worth = self._contribution(rule, facts)
        if worth == 0 and not isinstance(rule.award, Multiply):
            return Told(rule.id, rule.wallet, "nothing_to_count")
        return Told(rule.id, rule.wallet, "given", worth=worth)

    def _contribution(self, rule: Rule, facts: Facts) -> Fraction:
        """What the award of a matching rule comes to; a multiplier waits for the base."""
        award, scale = rule.award, self.program.wallets[rule.wallet].scale
        if isinstance(award, Multiply):
            return NONE
        if isinstance(award, PerAmount):
            return self._per_amount(rule.wallet, award, facts)
        if _all_returned(facts):
            return NONE
        if isinstance(award, ByTable):
            return self._by_table(award, scale, facts)
        points = Fraction(units(award.points, scale))
        if isinstance(award, Fixed):
            return points
        return _pieces(award, facts) // award.every * points

    def _per_amount(self, wallet: str, award: PerAmount, facts: Facts) -> Fraction:
        kept = self.program.wallets[wallet]
        rate = Fraction(units(award.points, kept.scale), units(award.per, self._money_scale))
        definition = self._definitions.index(award.qualifying)
        filtered = bool(award.only_categories or award.only_skus)
        lines = matching(facts.lines, award.only_categories, award.only_skus)
        amounts = [line.amounts[definition] for line in lines]
        if not filtered and facts.extras:
            amounts.append(facts.extras[definition])
        if kept.rounding.scope == "line":
            return Fraction(sum(rounded(rate * amount, kept.rounding) for amount in amounts))
        return rate * sum(amounts)

    def _by_table(self, award: ByTable, scale: int, facts: Facts) -> Fraction:
        count: object = 1 if award.of is None else facts.details.get(award.of)
        if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= 10**9:
            return NONE
        told = [said(facts.details.get(name)) for name in award.by]
        for row in award.rows:
            fits = all(asked in ("*", here) for asked, here in zip(row.is_, told, strict=True))
            if fits and within(facts.day, row.from_on, row.until_on):
                return Fraction(str(row.points)) * Fraction(10**scale * count, award.per)
        return NONE

    # --- 1 to 3: base, multipliers, bonuses ------------------------------------------------

    def _wallet(self, wallet: str, room: Sequence[int], told: list[Told]) -> None:
        """The rules of one wallet come together: base, then multipliers, then bonuses."""
        mine = [i for i, t in enumerate(told) if t.wallet == wallet and t.why == "given"]
        base_rules = [i for i in mine if self._stage(i) == "base"]
        chosen = self._choose_base(base_rules, room, told)
        base = sum((told[i].worth for i in chosen), NONE)
        adding: dict[str, list[int]] = {"base": [], "multiply": [], "bonus": []}
        for i in mine:
            needy = self.program.rules[i].needs_base and self._stage(i) != "base"
            if base == 0 and (needy or self._stage(i) == "multiply"):
                _tell(told, i, "no_base", told[i].worth, NONE)
            else:
                adding[self._stage(i)].append(i)
        self._multiply(self._one_of_each_group(adding["multiply"], told), base, told)
        for i in chosen + self._one_of_each_group(adding["bonus"], told):
            _tell(told, i, "given", told[i].worth, told[i].worth)

    def _one_of_each_group(self, matched: list[int], told: list[Told]) -> list[int]:
        """Who is left when of each group only the first gives: by priority, worth and id."""
        rules, left = self.program.rules, []
        for i in matched:
            rivals = [j for j in matched if rules[j].group == rules[i].group]
            first = min(
                # Times one gives nothing, so that it keeps nobody from giving.
                [j for j in rivals if self._gives(j)] or rivals,
                key=lambda j: (-rules[j].priority, -self._weight(j, told), rules[j].id),
            )
            if rules[i].group is None or first == i:
                left.append(i)
            else:
                _tell(told, i, "group", told[i].worth, NONE)
        return left

    def _weight(self, index: int, told: list[Told]) -> Fraction:
        award = self.program.rules[index].award
        return Fraction(str(award.by)) if isinstance(award, Multiply) else told[index].worth

    def _gives(self, index: int) -> bool:
        award = self.program.rules[index].award
        return not isinstance(award, Multiply) or Fraction(str(award.by)) > 1

    def _choose_base(self, matched: list[int], room: Sequence[int], told: list[Told]) -> list[int]:
        rules = self.program.rules
        standing: list[int] = []
        for i in matched:
            if self._falls_through(i, told[i].worth, room):
                _tell(told, i, "limit_reached", told[i].worth, NONE)
            else:
                standing.append(i)
        standing = self._one_of_each_group(standing, told)
        if not standing or self.program.stacking.base == "sum":
            return standing
        if self.program.stacking.base == "first":
            winner = standing[0]
        else:
            winner = min(standing, key=lambda i: (-told[i].worth, rules[i].id))
        for i in standing:
            if i != winner:
                _tell(told, i, "outdone", told[i].worth, NONE)
        return [winner]

    def _falls_through(self, index: int, worth: Fraction, room: Sequence[int]) -> bool:
        for limit, free in self._limits(index, room):
            if limit.on_exceed == "fall_through":
                if limit.points is not None and worth > free:
                    return True
                if limit.times is not None and free == 0:
                    return True
        return self._rests(index, room)

    def _rests(self, index: int, room: Sequence[int]) -> bool:
        """Did it give to this member too short a while ago?"""
        rule = self.program.rules[index]
        return bool(rule.cooldown) and room[self._first_room[index] + len(rule.limits)] == 0

    def _multiply(self, multipliers: list[int], base: Fraction, told: list[Told]) -> None:
        running = base
        for i in sorted(multipliers, key=lambda i: self.program.rules[i].id):
            award = self.program.rules[i].award
            assert isinstance(award, Multiply)
            above_one = Fraction(str(award.by)) - 1
            extra = running * above_one
            if self.program.stacking.multipliers == "multiplicative":
                running += extra
            _tell(told, i, "given", extra, extra)

    # --- 4: limits -------------------------------------------------------------------------

    def _apply_limits(self, room: Sequence[int], told: list[Told]) -> None:
        for i, each in enumerate(told):
            if each.why != "given":
                continue
            given = NONE if self._rests(i, room) else each.worth
            for limit, free in self._limits(i, room):
                if limit.times is not None:
                    given = NONE if free == 0 else given
                elif each.worth > free:
                    clip = limit.on_exceed == "clip"
                    given = min(given, Fraction(free)) if clip else NONE
            why: Why = "limited" if given < each.worth else "given"
            _tell(told, i, why, each.worth, given)

    def _limits(self, index: int, room: Sequence[int]) -> list[tuple[Limit, int]]:
        first, limits = self._first_room[index], self.program.rules[index].limits
        return list(zip(limits, room[first : first + len(limits)], strict=True))

    def _stage(self, index: int) -> str:
        award = self.program.rules[index].award
        return "multiply" if isinstance(award, Multiply) else award.stage

    # --- 5: shares of the rounded whole ----------------------------------------------------

    def _shares(self, own: list[Fraction], carried: Fraction, whole: int, step: int) -> list[int]:
        """Each rule's part of the whole points; a rule gets at most its own, rounded up.

        With steps of one point each rule gets its own points cut off, and the rest of the whole
        goes one by one to the largest fractions. With larger steps, or when less than nothing
        was carried in, the whole is first split in proportion.
        """
        targets = [*own, max(carried, NONE)]
        if step > 1 or carried < 0:
            everything = sum(targets, NONE)
            factor = whole * Fraction(everything.denominator, everything.numerator or 1)
            targets = [target * factor for target in targets]
        parts = [floor(target) for target in targets]
        spare = whole - sum(parts)
        assert spare >= 0, (own, carried, whole, step)
        names = [(0, rule.id) for rule in self.program.rules] + [(1, "")]
        order = sorted(range(len(targets)), key=lambda i: (parts[i] - targets[i], names[i]))
        for i in order[:spare]:
            parts[i] += 1
        return [min(part, ceil(share)) for part, share in zip(parts, own, strict=False)]


def rounded(exact: Fraction, rounding: Rounding) -> int:
    """The exact points as a whole multiple of the step, by the wallet's way of rounding."""
    steps = exact * Fraction(1, rounding.step)
    if rounding.mode == "floor":
        return floor(steps) * rounding.step
    if rounding.mode == "ceil":
        return ceil(steps) * rounding.step
    if rounding.mode == "half_up":
        return floor(steps + Fraction(1, 2)) * rounding.step
    return round(steps) * rounding.step  # Python rounds halves of a fraction to even


def _all_returned(facts: Facts) -> bool:
    """Something of which every piece came back."""
    return bool(facts.lines) and sum(line.quantity for line in facts.lines) == 0


def said(value: bool | int | str | None) -> str:
    """A detail as a table writes it."""
    if value is True or value is False:
        return str(value).lower()
    return "" if value is None else str(value)


def _pieces(award: PerItem, facts: Facts) -> int:
    lines = matching(facts.lines, award.categories, award.skus)
    return sum(line.quantity - line.free for line in lines)


def _tell(told: list[Told], index: int, why: Why, worth: Fraction, given: Fraction) -> None:
    old = told[index]
    told[index] = Told(old.rule, old.wallet, why, worth, given, old.missed)
