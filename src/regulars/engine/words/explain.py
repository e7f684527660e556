"""Why an activity earned what it earned, in sentences a member can read.

All wording comes from a `Voice`, so that another language is another table. The numbers come from
the reference engine, run again on the facts that were frozen with the activity.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from math import floor
from types import MappingProxyType
from typing import Final, NamedTuple

from msgspec.structs import replace

from regulars.base.decimals import text_of
from regulars.base.money import decimals
from regulars.engine.facts import Facts
from regulars.engine.reference.conditions import total
from regulars.engine.reference.interpreter import Reference, Told, rounded
from regulars.engine.returning.sale import Sale, facts_left
from regulars.engine.terms import Version
from regulars.engine.words.conditions import missed_in_words
from regulars.engine.words.counting import counted, name_after, says_its_number
from regulars.engine.words.voice import PLAIN, Voice
from regulars.records.activity.types import PaidIn
from regulars.records.program.changes.offers.types import PREFIX as OFFER
from regulars.records.program.translations import in_language
from regulars.records.program.types import Budget, Cooldown, Limit, Multiply, Program, Rule
from regulars.records.standing.values.types import (
    AS_OF,
    CATEGORY_AS_OF,
    CATEGORY_OLDER_THAN,
    CATEGORY_VERSION,
    MODEL,
    OLDER_THAN,
)
from regulars.records.trail.types import Steps

Named = Callable[[Program, Rule, Voice], str]
"""Says what a rule promises, for those that say nothing themselves; else they go by their id."""
_FINE: Final = 6
_STANDARD: Final = "standard"
_WHOSE: Final = {"activity": "activity_budget", "everyone": "budget", "member": "own_budget"}
"""What counts unless a rule says otherwise; that says its name to nobody who reads it."""
"""Decimals of a point that are shown exactly; what needs more is "about" so much."""
_NOTHING: Final[Mapping[str, int]] = MappingProxyType({})


def told_by(program: Program, facts: Facts, room: Sequence[int]) -> list[Told]:
    """What became of each rule for these facts, rules in file order.

    Shape: `room` has one number per rule and limit in file order, as kept in `Steps.room`.
    """
    told: list[Told] = []
    Reference(program).evaluate(facts, room, told)
    return told


def sentences(
    program: Program,
    told: Sequence[Told],
    given: Sequence[int],
    carried: Mapping[str, int] = _NOTHING,
    facts: Facts | None = None,
    voice: Voice = PLAIN,
) -> list[str]:
    """Why it earned what it earned, rule after rule and wallet after wallet.

    Shape: `told` as `told_by` gives it; `given` in whole wallet units per rule in file order and
    `carried` per wallet, both as `Steps` keeps them; with `facts` it begins with what counts.
    Order: wallets in file order; in each its rules in file order, then the sum. Rules about
    other kinds of activity are left out.
    """
    return _sentences(_Desk(program, voice), told, given, carried, facts)


def _sentences(
    desk: _Desk,
    told: Sequence[Told],
    given: Sequence[int],
    carried: Mapping[str, int],
    facts: Facts | None,
) -> list[str]:
    program = desk.program
    lines = desk.counting(facts, told) if facts is not None else []
    for wallet in program.wallets:
        places = [
            place
            for place, one in enumerate(told)
            if one.wallet == wallet
            and one.why != "other_kind"
            and not _elses(program.rules[place], facts)
        ]
        if places:
            lines += [desk.rule(told[place], program.rules[place]) for place in places]
            exact = sum((told[place].given for place in places), Fraction(0))
            units = sum(given[place] for place in places) + carried.get(wallet, 0)
            lines.append(desk.sum(wallet, exact, units))
    if facts is not None and all(one.why == "other_kind" for one in told):
        lines.append(desk.no_rule(facts.kind))
    return lines + ([] if facts is None else desk.reckoned(facts))


def _elses(rule: Rule, facts: Facts | None) -> bool:
    """Whether a rule is an offer that this member has not got: nobody is told what others are
    offered, nor what chance keeps from them."""
    if facts is None or not rule.id.startswith(OFFER):
        return False
    return rule.id not in facts.member


_RECKONED: Final = (
    (AS_OF, MODEL, OLDER_THAN), (CATEGORY_AS_OF, CATEGORY_VERSION, CATEGORY_OLDER_THAN),
)  # fmt: skip


class Reckoned(NamedTuple):
    """What the rules saw of an activity that is in the books, and what became of each of them."""

    facts: Facts
    told: list[Told]


def reckoned(version: Version, sale: Sale) -> Reckoned:
    """The numbers behind `why`, by the same reckoning; returns taken off."""
    facts = facts_left(version, sale, sale.steps.returned)
    room = sale.steps.room or version.compiled.full_room
    return Reckoned(facts, told_by(version.program, facts, room))


def why(
    version: Version, sale: Sale, voice: Voice = PLAIN, named: Named | None = None
) -> list[str]:
    """Why an activity that is in the books earned what it earned, returns taken off.

    Shape: `Sale(activity, steps)` with the version that decided (`terms.numbered(steps.version)`);
    `named` says what a rule promises that has no words of its own.
    For a return pass the sale's activity with the return's steps: it tells what is left.
    """
    facts, told = reckoned(version, sale)
    given, carried = sale.steps.given, sale.steps.carried
    program = in_language(version.program, voice.language)
    if named is not None:
        rules = (
            rule if rule.says else replace(rule, says=named(program, rule, voice))
            for rule in program.rules
        )
        program = replace(program, rules=tuple(rules))
    desk = _Desk(program, voice, _cut(version, sale.steps, told))
    said = _sentences(desk, told, given, carried, facts)
    paid = sale.activity.body.paid_in
    return said if paid is None else [_paid(program, paid, voice), *said]


def _cut(version: Version, steps: Steps, told: Sequence[Told]) -> set[str]:
    """The wallets that keep remainders of which a budget cut something off: then, and only then,
    the activity stands for less than its rules gave. What comes back later is said so too."""
    found = set()
    for wallet in version.compiled.wallets:
        if wallet.id not in steps.stands:
            continue
        exact = sum((told[place].given for place in wallet.rules), Fraction(0))
        at_first = not steps.times and not any(steps.returned)
        if at_first or Fraction(steps.stands[wallet.id], wallet.grid) < exact:
            found.add(wallet.id)
    return found


def _paid(program: Program, paid: PaidIn, voice: Voice) -> str:
    """What was paid in another currency, and the rate at which it counts."""
    ours, theirs = decimals(program.currency), decimals(paid.currency)
    rate = Fraction(paid.counts, paid.per) * Fraction(10**theirs, 10**ours)
    return voice.say(
        "why.paid",
        paid=voice.money(text_of(paid.amount_minor, theirs), paid.currency),
        one=f"1 {paid.currency}",
        counts=f"{quantity_text(rate, 0, voice)} {program.currency}",
    )


class _Desk:
    """Puts the numbers of one program into its phrases."""

    def __init__(self, program: Program, voice: Voice, cut: Collection[str] = ()) -> None:
        """Of the wallets that keep remainders a budget cut something off those in `cut`."""
        self.program = program
        self._voice = voice
        self._cut_off = cut

    def counting(self, facts: Facts, told: Sequence[Told]) -> list[str]:
        """How much of a purchase counts, by each definition that a rule of its kind may use."""
        if not facts.lines or all(one.why == "other_kind" for one in told):
            return []
        scale, currency = decimals(self.program.currency), self.program.currency
        free = sum(line.free for line in facts.lines)
        return ([self._voice.say("why.free", n=free)] if free else []) + [
            self._voice.say(
                "why.counted" if name == _STANDARD else "why.counts",
                amount=self._voice.money(text_of(total(facts, place), scale), currency),
                definition=name,
            )
            for place, name in enumerate(self.program.qualifying)
        ]

    def reckoned(self, facts: Facts) -> list[str]:
        """Of which day, and by which way, what was reckoned of the member is, where rules asked;
        and that it was too old to count, where it was."""
        found = [
            (str(facts.member[on]), str(facts.member.get(way, "")), int(facts.member.get(older, 0)))
            for on, way, older in _RECKONED
            if on in facts.member
        ]
        return [
            self._voice.say(
                "why.too_old" if most else "why.reckoned",
                on=self._voice.day(on), way=way or "–", age=self._voice.span(most, "day"),
            )
            for on, way, most in dict.fromkeys(found)
        ]  # fmt: skip

    def no_rule(self, kind: str) -> str:
        """That nothing is promised for this kind of activity."""
        return self._voice.say("why.no_rule", kind=self._voice.word(f"kind.{kind}", kind))

    def rule(self, told: Told, rule: Rule) -> str:
        """The sentence about one rule."""
        words = {
            "rule": rule.says or rule.id,
            "wallet": self._name(rule.wallet, _counted(told)),
            "worth": self._said(told.worth, rule.wallet),
            # Only where it is given does the name stand beside it.
            "given": (self._said if told.why == "given" else self._quantity)(
                told.given, rule.wallet
            ),
            "limits": self._limits(rule),
            "group": rule.group or "",
            "days": self._days(rule),
            "by": self._voice.number(str(rule.award.by))
            if isinstance(rule.award, Multiply)
            else "",
            "missed": missed_in_words(self.program, told.missed, self._voice),
        }
        key: str = told.why
        if key == "given" and isinstance(rule.award, Multiply):
            key = "times"
        if key == "outdone":
            key = f"outdone_{self.program.stacking.base}"
        return self._voice.say(f"why.{key}", **words)

    def sum(self, wallet: str, exact: Fraction, units: int) -> str:
        """What comes of a wallet in the end, and how it became whole."""
        rounding = self.program.wallets[wallet].rounding
        words = {
            "wallet": self._name(wallet, exact),
            "exact": self._quantity(exact, wallet),
            "units": self._quantity(Fraction(units), wallet),
            "way": self._voice.say(f"why.{rounding.mode}"),
        }
        budget = self._cut(wallet, exact, units)
        if budget:
            return self._voice.say(f"why.{self._whose(wallet)}", **words, budget=budget)
        if exact == units:
            words |= {"units": self._said(Fraction(units), wallet)}
            return self._voice.say("why.whole" if units else "why.nothing", **words)
        if rounding.carry or rounding.scope == "day":
            return self._voice.say("why.kept", **words)
        key = "rounded" if rounded(exact, rounding) == units else "whole"
        return self._voice.say(f"why.{key}", **words)

    def _whose(self, wallet: str) -> str:
        """Which phrase says what left no more: what one activity may give, what all may get, what
        each may, or several of these."""
        of = self._kinds(wallet)
        return _WHOSE[next(iter(of))] if len(of) == 1 else "both_budgets"

    def _kinds(self, wallet: str) -> set[str]:
        mine = (budget for budget in self.program.budgets if budget.wallet == wallet)
        return {"activity" if budget.per == "activity" else budget.of for budget in mine}

    def _cut(self, wallet: str, exact: Fraction, units: int) -> str:
        """The budgets that left less than the rules gave; nothing where they left enough."""
        rounding = self.program.wallets[wallet].rounding
        mine = [budget for budget in self.program.budgets if budget.wallet == wallet]
        keeps = rounding.carry or rounding.scope == "day"
        enough = wallet not in self._cut_off if keeps else rounded(exact, rounding) <= units
        if not mine or enough:
            return ""
        name = self._name(wallet)
        return ", ".join(self._budget(budget, name) for budget in mine)

    def _budget(self, budget: Budget, name: str) -> str:
        """A budget in words; where some are of all and some of each, those of all say so."""
        said = self._voice.say(
            "why.limit_points",
            points=self._voice.number(str(budget.points)),
            wallet=name,
            per=self._voice.say(f"per.{budget.per}"),
        )
        of_all = budget.of == "everyone" and budget.per != "activity"
        mixed = of_all and len(self._kinds(budget.wallet)) > 1
        return self._voice.say("why.everyone", limit=said) if mixed else said

    def _name(self, wallet: str, count: Fraction | None = None) -> str:
        kept = self.program.wallets[wallet]
        if count is None:
            return kept.name or wallet
        # What never ends reads as any fraction does.
        text = text_of(floor(count), kept.scale) if count.denominator == 1 else "0.5"
        return name_after(kept, wallet, text, self._voice.plural)

    def _said(self, exact: Fraction, wallet: str) -> str:
        """A quantity beside the wallet's name; nothing where the name says it itself."""
        kept = self.program.wallets[wallet]
        if exact.denominator == 1 and says_its_number(
            kept, text_of(floor(exact), kept.scale), self._voice.plural
        ):
            return ""
        return self._quantity(exact, wallet)

    def _quantity(self, exact: Fraction, wallet: str) -> str:
        return quantity_text(exact, self.program.wallets[wallet].scale, self._voice)

    def _limits(self, rule: Rule) -> str:
        said = [self._limit(limit, rule.wallet) for limit in rule.limits]
        rests = rule.cooldown
        if rests is not None:
            said.append(rest_in_words(rests, self._voice))
        return ", ".join(said)

    def _limit(self, limit: Limit, wallet: str) -> str:
        said = self._limit_alone(limit, wallet)
        return self._voice.say("why.everyone", limit=said) if limit.of == "everyone" else said

    def _limit_alone(self, limit: Limit, wallet: str) -> str:
        per = self._voice.say(f"per.{limit.per}")
        if limit.points is not None:
            name = self._name(wallet)
            points = self._voice.number(str(limit.points))
            return self._voice.say("why.limit_points", points=points, wallet=name, per=per)
        key = "limit_once" if limit.times == 1 else "limit_times"
        times = self._voice.number(str(limit.times))
        return self._voice.say_count(f"why.{key}", limit.times or 0, times=times, per=per)

    def _days(self, rule: Rule) -> str:
        bounds = (("from", rule.from_on), ("until", rule.until_on))
        return ", ".join(
            self._voice.say(f"why.{key}", **{f"{key}_on": self._voice.day(day)})
            for key, day in bounds
            if day is not None
        )


def rest_in_words(rests: Cooldown, voice: Voice) -> str:
    """How long a rule rests: "once a day", "not again before 3 days are over"."""
    if rests.days == 1:
        return voice.say("rests.day")
    if rests.days is not None:
        return voice.say("rests.days", count=voice.span(rests.days, "day"))
    hours = rests.hours or 0
    return voice.say_count("rests.hours", hours, count=voice.number(str(hours)))


def amount_in_words(program: Program, wallet: str, units: int, voice: Voice = PLAIN) -> str:
    """So much of a wallet with its name: `7 Points`, `1 Coffee stamp`.

    Units: at the wallet's scale. A wallet that this program does not know is named as it is.
    """
    kept = program.wallets.get(wallet)
    if kept is None:
        return f"{units} {wallet}"
    number, name = counted(kept, wallet, text_of(units, kept.scale), voice)
    return f"{number} {name}".strip()


def _counted(told: Told) -> Fraction | None:
    """The quantity beside which a sentence about a rule names the wallet."""
    if told.why == "given":
        return told.given
    return told.worth if told.why in ("limited", "outdone") else None


def quantity_text(exact: Fraction, scale: int, voice: Voice = PLAIN) -> str:
    """A quantity as people write it: `19.99`, `24`, or `about 3.333333` where it never ends.

    Units: `exact` in the wallet's smallest quantity, 10^-scale of what is shown.
    """
    fine = exact * 10**_FINE
    number = floor(fine)
    text = text_of(number, scale + _FINE)
    shortest = len(text) - _FINE  # what the wallet's own decimals need is always written
    text = text[:shortest] + text[shortest:].rstrip("0")
    text = voice.number(text.removesuffix("."))
    return text if number == fine else voice.say("why.about", number=text)
