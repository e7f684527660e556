"""Rewards, benefits, paying and households as sentences, made from what the program file says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from msgspec.structs import replace

from regulars.engine.rewarding.promise import told_there
from regulars.engine.words.counting import counted
from regulars.engine.words.voice import PLAIN, Voice
from regulars.records.program.parts.benefits import Allowance, AroundBirthday, Benefit, Plan
from regulars.records.program.parts.measuring import names_of
from regulars.records.program.parts.referring import Referral
from regulars.records.program.parts.rewards import (
    Code,
    Discount,
    Donation,
    FreePieces,
    Item,
    Payout,
    PayWithPoints,
    Reward,
    RewardLimit,
    Seat,
)
from regulars.records.program.types import Buyers, Minors, Program


def reward_terms_in_words(program: Program, reward: Reward, voice: Voice = PLAIN) -> str:
    """What a reward gives, for how much, and on what terms, as a sentence for members.

    Example: "The tenth is free: the cheapest coffee of the basket is free, for 9 Stamps".
    """
    gives = _gives(program, reward, voice)
    said = voice.say("reward.gives", name=reward.name, what=gives) if gives else reward.name
    ways = [(reward.price, reward.money), *((one.price, one.money) for one in reward.or_)]
    if reward.by == "shop":
        terms = [voice.say("reward.by_shop")]
    else:
        price = voice.any_of([_price(program, *way, voice) for way in ways])
        terms = [voice.say("reward.for", price=price)]
        names = names_of(program)
        for tier, one in reward.tier_prices.items():
            price = _price(program, one.price, one.money, voice)
            terms.append(voice.say("reward.for_tier", price=price, tier=names.get(tier, tier)))
    there = [_there(program, reward, name, voice) for name in reward.in_currency]
    return ", ".join([said, *terms, *_reward_terms(program, reward, voice), *there])


def _there(program: Program, reward: Reward, name: str, voice: Voice) -> str:
    """What a reward is where members pay in another currency."""
    gives = told_there(reward.gives, reward.in_currency[name])
    there, told = reward.in_currency[name], replace(program, currency=name)
    if isinstance(gives, Discount):
        parts = [_discount(told, gives, voice)]
    else:
        parts = [voice.say("reward.worth", amount=_money(told, there.worth, voice))]
    if str(there.money) not in ("0", "0.00"):
        price = _price(told, reward.price, there.money, voice)
        parts.append(voice.say("reward.for", price=price))
    return voice.say("reward.there", currency=name, what=", ".join(parts))


def _gives(program: Program, reward: Reward, voice: Voice) -> str:
    gives = reward.gives
    if gives is None:
        return ""
    if isinstance(gives, Code):
        return _code(program, reward, gives, voice)
    return _GIVES[type(gives)](program, gives, voice)


def _discount(program: Program, gives: Discount, voice: Voice) -> str:
    if gives.off is not None:
        said = voice.say("reward.off", amount=_money(program, gives.off, voice))
    else:
        said = voice.say("reward.percent_off", percent=voice.number(str(gives.percent)))
    if gives.at_most is not None:
        amount = _money(program, gives.at_most, voice)
        said = voice.say("reward.at_most", what=said, amount=amount)
    if gives.from_amount is not None:
        amount = _money(program, gives.from_amount, voice)
        said = voice.say("reward.from_amount", what=said, amount=amount)
    return said


def _item(_: Program, gives: Item, voice: Voice) -> str:
    piece = gives.sku or voice.say("rule.piece")
    return voice.say("game.items", n=voice.number(str(gives.quantity)), what=piece)


def _code(program: Program, reward: Reward, gives: Code, voice: Voice) -> str:
    if gives.valid_for is None:
        code = voice.say("reward.code")
    else:
        code = voice.say("reward.code_for", span=_span(gives.valid_for, voice))
    if gives.percent is None and gives.from_amount is None and not gives.skus:
        return code
    if gives.percent is None:
        said = voice.say("reward.off", amount=_money(program, reward.worth, voice))
    else:
        said = voice.say("reward.percent_off", percent=voice.number(str(gives.percent)))
    if gives.skus:
        said = voice.say("reward.on_goods", what=said, goods=voice.any_of(list(gives.skus)))
    if gives.from_amount is not None:
        amount = _money(program, gives.from_amount, voice)
        said = voice.say("reward.from_amount", what=said, amount=amount)
    return voice.say("reward.code_gives", code=code, what=said)


def _span(words: str, voice: Voice) -> str:
    count, unit = words.split()
    return voice.span(count, unit.removesuffix("s"))


def _seat(_: Program, gives: Seat, voice: Voice) -> str:
    if gives.begins is None:
        return voice.say("reward.seat_there")
    day, _at, clock = gives.begins.partition("T")
    return voice.say("reward.seat", day=voice.day(day), clock=clock)


def _donation(program: Program, gives: Donation, voice: Voice) -> str:
    amount = _money(program, gives.amount, voice)
    return voice.say("reward.donation", amount=amount, cause=gives.cause)


def _payout(program: Program, gives: Payout, voice: Voice) -> str:
    return voice.say("reward.paid_out", amount=_money(program, gives.amount, voice))


def _free(program: Program, gives: FreePieces, voice: Voice) -> str:
    what = voice.any_of([*gives.categories, *gives.skus]) or voice.say("rule.piece")
    key = f"reward.free_{gives.which}" + ("_some" if gives.pieces > 1 else "")
    said = voice.say(key, what=what, n=voice.number(str(gives.pieces)))
    if gives.up_to is None:
        return said
    return voice.say("reward.up_to", what=said, amount=_money(program, gives.up_to, voice))


_GIVES: Final[dict[type, Any]] = {
    Discount: _discount,
    Item: _item,
    Seat: _seat,
    Donation: _donation,
    Payout: _payout,
    FreePieces: _free,
}


def _reward_terms(program: Program, reward: Reward, voice: Voice) -> Iterator[str]:
    if reward.automatic:
        yield voice.say("reward.automatic")
    if reward.tier is not None:
        yield _from_tier(program, reward.tier, voice)
    if reward.choose_one is not None:
        yield _chosen(program, reward.choose_one, reward.limit, voice)
    if reward.limit is not None:
        yield _times(reward.limit, voice)


def benefit_in_words(program: Program, benefit: Benefit, voice: Voice = PLAIN) -> str:
    """What a benefit is and for whom, as a sentence for members.

    Example: "100 points, 100 Points each time, one of The set or 100 points a year".
    """
    if benefit.says:
        return voice.say("reward.gives", name=benefit.name, what=benefit.says)
    said = [benefit.name]
    if benefit.gives is not None:
        points = _points(program, benefit.gives.wallet, benefit.gives.points, voice)
        said.append(voice.say("benefit.gives", points=points))
    if benefit.tier is not None:
        said.append(_from_tier(program, benefit.tier, voice))
    if benefit.choose_one is not None:
        said.append(_chosen(program, benefit.choose_one, benefit.allowance, voice))
    if benefit.allowance is not None:
        said.append(_times(benefit.allowance, voice))
    return ", ".join([*said, *_how(benefit, voice)])


def _how(benefit: Benefit, voice: Voice) -> Iterator[str]:
    """Around which day, with whom and at which time it is used."""
    if benefit.birthday is not None:
        yield _around(benefit.birthday, voice)
    if benefit.guests is not None:
        most = benefit.guests.most
        yield voice.say_count("benefit.guests", most, n=voice.number(str(most)))
    if benefit.associate is not None:
        yield voice.say("benefit.associate")
    if benefit.appointments is not None:
        yield voice.say("benefit.by_appointment")
        if benefit.tier is not None or benefit.plan is not None:
            yield voice.say("benefit.booked_stays")


def _around(said: AroundBirthday, voice: Voice) -> str:
    before, after = (_span(f"{n} days", voice) for n in (said.days_before, said.days_after))
    key = {(0, 0): "", (1, 0): "_before", (0, 1): "_after", (1, 1): "_near"}[
        bool(said.days_before), bool(said.days_after)
    ]
    return voice.say(f"benefit.birthday{key}", before=before, after=after)


def plan_in_words(program: Program, plan: Plan, voice: Voice = PLAIN) -> str:
    """What a plan costs and what comes with it, as a sentence for members.

    Example: "Coffee pass, €19.00 a month: A filter coffee every day".
    """
    fee, per = _money(program, plan.fee, voice), voice.say(f"per.{plan.term}")
    told = voice.say("plan.fee", plan=plan.name, fee=fee, per=per)
    return voice.say("reward.gives", name=told, what=plan.says) if plan.says else told


def referral_in_words(program: Program, promise: Referral, voice: Voice = PLAIN) -> Iterator[str]:
    """What both sides get when a member brings a friend; nothing where neither gets points.

    Example: "Who brings a friend gets 50 Points, and the friend 30 Points".
    """
    sides = {"referrer": promise.referrer.points, "newcomer": promise.newcomer.points}
    got = {
        side: _points(program, promise.wallet, points, voice)
        for side, points in sides.items()
        if str(points) != "0"
    }
    if len(got) == len(sides):
        yield voice.say("referral.both", **got)
    else:
        for side, points in got.items():
            yield voice.say(f"referral.{side}", points=points)


def paying_in_words(program: Program, paying: PayWithPoints, voice: Voice = PLAIN) -> str:
    """How points pay for a part of a basket, as a sentence for members.

    Example: "100 Points pay €1.00 of a purchase, at most 50 %, and at least €5.00 of it is paid
    in money".
    """
    points = _points(program, paying.wallet, paying.points, voice)
    said = [voice.say("paying.says", points=points, amount=_money(program, paying.per, voice))]
    if paying.minimum is not None:
        least = _points(program, paying.wallet, paying.minimum, voice)
        said.append(voice.say("paying.minimum", points=least))
    if paying.at_most_percent < 100:
        said.append(voice.say("paying.percent", percent=voice.number(str(paying.at_most_percent))))
    if str(paying.leaves_at_least) not in ("0", "0.00"):
        amount = _money(program, paying.leaves_at_least, voice)
        said.append(voice.say("paying.leaves", amount=amount))
    return ", ".join([*said, *_pays_there(program, paying, voice)])


def _pays_there(program: Program, paying: PayWithPoints, voice: Voice) -> Iterator[str]:
    """How points pay in other currencies: as the program says, or at the rate of the day."""
    by_rate = []
    for name, pays in paying.in_currency.items():
        if pays.points is None or pays.per is None:
            by_rate.append(name)
            continue
        points = _points(program, paying.wallet, pays.points, voice)
        yield voice.say("paying.there", points=points, amount=voice.money(str(pays.per), name))
    if by_rate:
        yield voice.say("paying.at_rate", currencies=voice.all_of(by_rate))


def gift_in_words(program: Program, wallet: str, voice: Voice = PLAIN) -> str:
    """What a gift balance is good for, as a sentence for members."""
    return voice.say("wallet.gift", wallet=program.wallets[wallet].name or wallet)


def spender_in_words(program: Program, may: Buyers | Minors, voice: Voice = PLAIN) -> str:
    """What a company's buyers, or members under age, may spend, as a sentence.

    Example: "Each buyer spends at most 400 Points a month".
    """
    key = "household.buyers" if isinstance(may, Buyers) else "household.minors"
    points = [_points(program, wallet, most, voice) for wallet, most in may.points.items()]
    per = voice.say(f"per.{may.per}")
    if not points:
        return voice.say(f"{key}_said", per=per)
    return voice.say(key, points=voice.all_of(points), per=per)


def _price(program: Program, price: dict[str, Any], money: str | int, voice: Voice) -> str:
    parts = [_points(program, wallet, points, voice) for wallet, points in price.items()]
    if str(money) not in ("0", "0.00"):
        parts.append(_money(program, money, voice))
    return voice.all_of(parts)


def _points(program: Program, wallet: str, points: str | int, voice: Voice) -> str:
    number, name = counted(program.wallets[wallet], wallet, str(points), voice)
    return voice.say("game.points", points=number, wallet=name)


def _money(program: Program, amount: str | int, voice: Voice) -> str:
    return voice.money(str(amount), program.currency)


def _from_tier(program: Program, tier: str, voice: Voice) -> str:
    return voice.say("rule.tier", tier=names_of(program).get(tier, tier))


def _chosen(
    program: Program, word: str, times: RewardLimit | Allowance | None, voice: Voice
) -> str:
    others = [one.name for one in program.rewards if one.choose_one == word]
    others += [one.name for one in program.benefits if one.choose_one == word]
    per = "ever" if times is None else times.per
    said = voice.say("rule.in_all" if per == "ever" else f"per.{per}")
    return voice.say("reward.choose_one", names=voice.any_of(others), per=said)


def _times(limit: RewardLimit | Allowance, voice: Voice) -> str:
    times = voice.number(str(limit.times))
    if isinstance(limit, Allowance) and limit.good_for is not None:
        key = "benefit.good_once" if limit.times == 1 else "benefit.good_for"
        return voice.say_count(key, limit.times, times=times, span=_span(limit.good_for, voice))
    per = voice.say("rule.in_all" if limit.per == "ever" else f"per.{limit.per}")
    key = "why.limit_once" if limit.times == 1 else "rule.at_most_times"
    return voice.say_count(key, limit.times, times=times, per=per)
