"""A rule as a sentence: the shop's own words, or words made from the rule itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from regulars.engine.words.counting import counted
from regulars.engine.words.explain import rest_in_words
from regulars.engine.words.voice import PLAIN, Voice
from regulars.records.program.parts.measuring import names_of
from regulars.records.program.types import (
    All,
    AmountBounds,
    AmountIs,
    AnniversaryIs,
    AnyOf,
    BasketHas,
    ByTable,
    ChannelIs,
    CodeIs,
    Condition,
    DatesAre,
    DaysSince,
    DetailIs,
    Fixed,
    HourIs,
    Limit,
    MemberIs,
    Multiply,
    Not,
    PerAmount,
    PerItem,
    PlanIs,
    Program,
    Rule,
    StoreIs,
    TierIs,
    WeekdayIs,
)


class _Desk(NamedTuple):
    """The program whose rule it is, and the voice that says it."""

    program: Program
    voice: Voice
    inside: bool = False
    """Whether an owner reads it, who knows what groups and ranks are."""

    def wallet(self, wallet: str) -> str:
        return self.program.wallets[wallet].name or wallet

    def counted(self, wallet: str, points: str | int) -> dict[str, str]:
        kept = self.program.wallets[wallet]
        number, name = counted(kept, wallet, str(points), self.voice)
        return {"points": number, "wallet": name}

    def number(self, value: str | int) -> str:
        return self.voice.number(str(value))

    def money(self, amount: str | int) -> str:
        return self.voice.money(str(amount), self.program.currency)


def rule_in_words(
    program: Program, rule: Rule, voice: Voice = PLAIN, *, inside: bool = False
) -> str:
    """What a rule promises, as a sentence for members; inside, for those who write rules.

    Example: "Points × 1.5 on Saturday or Sunday, at most 200 Points a month".
    """
    if rule.says:
        return rule.says
    desk = _Desk(program, voice, inside)
    when = [] if rule.when is None else [_condition(desk, rule.when)]
    if rule.from_on is not None or rule.until_on is not None:
        when.append(_between(desk, rule.from_on, rule.until_on))
    promise = _award(desk, rule)
    if when:
        promise = voice.say("rule.when", award=promise, when=" ".join(when))
    for said in _bounds_of(desk, rule):
        promise = voice.say("rule.limits", promise=promise, limits=said)
    return promise


def _bounds_of(desk: _Desk, rule: Rule) -> Iterator[str]:
    """What bounds a promise, in the order of the file: how often, beside what, for how long."""
    voice = desk.voice
    for limit in rule.limits:
        yield _limit(desk, rule, limit)
    if rule.cooldown is not None:
        yield rest_in_words(rule.cooldown, voice)
    if rule.needs_base:
        yield voice.say("rule.needs_base", wallet=desk.wallet(rule.wallet))
    if rule.group is not None and not desk.inside:
        yield voice.say("rule.apart")
    elif rule.group is not None:
        key = "rule.priority" if rule.priority else "rule.group"
        yield voice.say(key, group=rule.group, n=desk.number(rule.priority))
    if rule.ends_on is not None:
        yield voice.say("rule.lapses_on", day=voice.day(rule.ends_on))
    if rule.expiry is not None:
        yield voice.say("rule.lives", span=_span(desk, rule.expiry.after))


def _span(desk: _Desk, words: str) -> str:
    """A length of time as the file writes it: "10 days"."""
    count, unit = words.split()
    short = {"hour": "h", "minute": "min"}.get(unit.removesuffix("s"))
    if short is not None:
        return f"{desk.number(count)} {short}"
    return desk.voice.span(count, unit.removesuffix("s"))


def _award(desk: _Desk, rule: Rule) -> str:
    award, voice = rule.award, desk.voice
    if isinstance(award, Multiply):
        by = desk.number(award.by)
        return voice.say("rule.multiply", wallet=desk.wallet(rule.wallet), by=by)
    if isinstance(award, ByTable):
        key = "rule.by_table" if award.of is None else "rule.by_table_of"
        names = voice.all_of(award.by)
        return voice.say(key, wallet=desk.wallet(rule.wallet), names=names, what=award.of)
    words = desk.counted(rule.wallet, award.points)
    if isinstance(award, PerAmount):
        of = [*award.only_categories, *award.only_skus]
        words |= {"per": desk.money(award.per), "what": voice.any_of(of)}
        return voice.say("rule.per_amount_of" if of else "rule.per_amount", **words)
    if isinstance(award, PerItem):
        what = voice.any_of([*award.categories, *award.skus]) or voice.say("rule.piece")
        words |= {"what": what, "every": desk.number(award.every)}
        return voice.say("rule.per_items" if award.every > 1 else "rule.per_item", **words)
    assert isinstance(award, Fixed), award
    return voice.say("rule.fixed", kind=voice.word(f"kind.{rule.on}", rule.on), **words)


def _condition(desk: _Desk, condition: Condition) -> str:
    if isinstance(condition, All):
        return desk.voice.all_of([_condition(desk, part) for part in condition.of])
    if isinstance(condition, AnyOf):
        return desk.voice.any_of([_condition(desk, part) for part in condition.of])
    if isinstance(condition, Not):
        return desk.voice.say("rule.unless", that=_condition(desk, condition.that))
    say: Callable[[_Desk, Any], str] = _SAYS[type(condition)]
    return say(desk, condition)


def _amount(desk: _Desk, asked: AmountIs) -> str:
    ours = _bounds(desk, asked, desk.program.currency)
    others = [_bounds(desk, one, name) for name, one in asked.in_currency.items()]
    if not (ours and others):
        return ours or desk.voice.any_of(others)
    return desk.voice.say("rule.amount_apart", ours=ours, others=desk.voice.any_of(others))


def _bounds(desk: _Desk, asked: AmountIs | AmountBounds, currency: str) -> str:
    low, high = (
        None if said is None else desk.voice.money(str(said), currency)
        for said in (asked.at_least, asked.at_most)
    )
    if low is None and high is None:
        return ""
    key = "between" if low and high else "from" if low else "to"
    return desk.voice.say(f"rule.amount_{key}", low=low, high=high)


def _basket(desk: _Desk, asked: BasketHas) -> str:
    what = desk.voice.any_of([*asked.categories, *asked.skus])
    if asked.amount is not None:
        return desk.voice.say("rule.basket_money", what=what, amount=desk.money(asked.amount))
    return desk.voice.say("rule.basket_pieces", what=what, n=asked.quantity or 1)


def _tier(desk: _Desk, asked: TierIs) -> str:
    names = names_of(desk.program)
    return desk.voice.say("rule.tier", tier=names.get(asked.at_least, asked.at_least))


def _dates(desk: _Desk, asked: DatesAre) -> str:
    return _between(desk, asked.from_on, asked.until_on)


def _between(desk: _Desk, from_on: str | None, until_on: str | None) -> str:
    first, last = (None if day is None else desk.voice.day(day) for day in (from_on, until_on))
    if first is None and last is None:
        return ""
    key = "days" if first and last else "from" if first else "before"
    return desk.voice.say(f"rule.{key}", from_on=first, until_on=last)


def _hour(desk: _Desk, asked: HourIs) -> str:
    return desk.voice.say("rule.hours", from_=asked.from_, until=asked.until)


def _weekday(desk: _Desk, asked: WeekdayIs) -> str:
    days = [desk.voice.say(f"word.{day}") for day in asked.in_]
    return desk.voice.say("rule.weekdays", days=desk.voice.any_of(days))


def _channel(desk: _Desk, asked: ChannelIs) -> str:
    return desk.voice.say("rule.channels", names=desk.voice.any_of(asked.in_))


def _store(desk: _Desk, asked: StoreIs) -> str:
    return desk.voice.say("rule.stores", names=desk.voice.any_of(asked.in_))


def _member(desk: _Desk, asked: MemberIs) -> str:
    return desk.voice.say("rule.member", name=asked.attribute, values=_values(desk, asked.in_))


def _detail(desk: _Desk, asked: DetailIs) -> str:
    return desk.voice.say("rule.detail", name=asked.detail, values=_values(desk, asked.in_))


def _code(desk: _Desk, asked: CodeIs) -> str:
    # The words themselves are for those who were told them, not for everybody who reads rules.
    if asked.of is None:
        return desk.voice.say("rule.code")
    names = {reward.id: reward.name for reward in desk.program.rewards}
    return desk.voice.say("rule.code_of", reward=names.get(asked.of, asked.of))


def _plan(desk: _Desk, asked: PlanIs) -> str:
    names = {one.id: one.name for one in desk.program.plans}
    return desk.voice.say("rule.plan", name=names.get(asked.runs, asked.runs))


def _anniversary(desk: _Desk, asked: AnniversaryIs) -> str:
    key = "anniversary_near" if asked.days_before or asked.days_after else "anniversary"
    days = (asked.days_before, asked.days_after)
    before, after = (desk.voice.span(n, "day") for n in days)
    return desk.voice.say(f"rule.{key}", name=asked.attribute, before=before, after=after)


def _days_since(desk: _Desk, asked: DaysSince) -> str:
    key = "days_since" if asked.before is None else "days_since_before"
    least, before = (desk.voice.span(n or 0, "day") for n in (asked.at_least, asked.before))
    return desk.voice.say(f"rule.{key}", name=asked.attribute, least=least, before=before)


def _values(desk: _Desk, values: Sequence[bool | int | str]) -> str:
    said = [
        desk.voice.say("word.true" if value else "word.false")
        if isinstance(value, bool)
        else str(value)
        for value in values
    ]
    return desk.voice.any_of(said)


def _limit(desk: _Desk, rule: Rule, limit: Limit) -> str:
    per = desk.voice.say("rule.in_all" if limit.per == "ever" else f"per.{limit.per}")
    if limit.points is not None:
        words = desk.counted(rule.wallet, limit.points)
        said = desk.voice.say("rule.at_most_points", per=per, **words)
    else:
        times = limit.times or 0
        said = desk.voice.say_count("rule.at_most_times", times, times=desk.number(times), per=per)
    return desk.voice.say("why.everyone", limit=said) if limit.of == "everyone" else said


_SAYS: Final[dict[type, Any]] = {
    AmountIs: _amount,
    BasketHas: _basket,
    TierIs: _tier,
    DatesAre: _dates,
    HourIs: _hour,
    WeekdayIs: _weekday,
    ChannelIs: _channel,
    StoreIs: _store,
    MemberIs: _member,
    DetailIs: _detail,
    CodeIs: _code,
    PlanIs: _plan,
    AnniversaryIs: _anniversary,
    DaysSince: _days_since,
}
