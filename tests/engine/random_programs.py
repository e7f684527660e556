"""Random programs over the whole tree, random activities and rooms for them.

Each maker takes a `random.Random`, so a seed names a case for ever; `programs()` and `cases()` are
Hypothesis strategies over the same makers.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from regulars.base.decimals import text_of
from regulars.base.money import decimals
from regulars.engine.compiling.asked import RUNS, plan_known_as
from regulars.engine.compiling.compile import columns_of
from regulars.engine.facts import FactLine, Facts
from regulars.records.program import types as t

CATEGORIES = ("coffee", "beans", "cake", "gift-card", "", "it's \"],[0]*9#", "x\ny")
SKUS = ("c1", "c2", "b1", "", "True", "1")
STORES = ("mitte", "altona", "s'); raise SystemExit #")
CHANNELS = ("till", "web", "app")
KINDS = (*("purchase",) * 8, "visit", "review")
VALUES = (True, False, 0, 1, 2, "1", "0", "True", "gold", "", -1, 2**31)
ATTRIBUTES = ("vip", "age", "city", "day")
DAYS = (
    "1990-07-06",
    "2000-02-29",
    "2026-02-27",
    "2026-02-28",
    "2026-03-01",
    "2026-07-06",
    "2026-12-31",
    "2027-01-01",
    "12-31",
    "02-29",
    "02-30",
    "20260301",
    "2026-W10-7",
    "day",
)
PLANS = (
    t.Plan("plus", "Plus", "10.00", "month", grace="7 days"),
    t.Plan("club", "Club", "10.00", "month", grace="9 days", meanwhile="frozen", pause="1 month"),
)
TIERS = ("bronze", "silver", "gold")
EDGE_DAYS = ("2026-02-28", "2026-03-01", "2026-07-06", "2026-12-31", "2027-01-01")


def random_program(rng: Random) -> t.Program:
    """A legal program; small numbers most of the time, so that rules meet and limits bind."""
    currency = rng.choice(("EUR", "EUR", "JPY", "KWD"))
    wallets = {name: _wallet(rng) for name in ("points", "stamps", "status")[: rng.randint(1, 3)]}
    names = rng.choice((("standard",), ("standard", "net"), ("net", "gross"), ("a", "standard")))
    tiers = rng.random() < 0.7
    frame = {
        "scale": decimals(currency),
        "wallets": wallets,
        "definitions": names,
        "tiers": TIERS if tiers else (),
    }
    ids = [f"r{i}" for i in range(rng.randint(2, 9))]
    rng.shuffle(ids)
    return t.Program(
        regulars=1,
        program="random",
        name="Random",
        currency=currency,
        zone="Europe/Berlin",
        wallets=wallets,
        qualifying={name: t.Qualifying() for name in names},
        stacking=t.Stacking(
            rng.choice(("best", "first", "sum")), rng.choice(("additive", "multiplicative"))
        ),
        rules=tuple(_rule(rng, frame, name) for name in ids),
        tiers=_tiers() if tiers else None,
        plans=PLANS,
    )


def random_facts(rng: Random, program: t.Program) -> Facts:
    """An activity the program may or may not know what to do with; sometimes partly returned."""
    day = date.fromisoformat(rng.choice(EDGE_DAYS)) + timedelta(rng.choice((-1, 0, 0, 1, 40)))
    kind = rng.choice((*KINDS, *KINDS, "unheard-of"))
    count = len(program.qualifying)
    lines = tuple(_line(rng, count) for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 6))))
    if kind == "purchase" and lines and rng.random() < 0.1:
        lines = tuple(line._replace(quantity=0, amounts=(0,) * count, free=0) for line in lines)
    bought = kind == "purchase"
    return _paid_in(
        program,
        Facts(
            kind=kind,
            day=day.toordinal(),
            weekday=day.weekday(),
            hour=rng.choice((0, 7, 8, 9, 12, 17, 23)),
            channel=rng.choice((*CHANNELS, "")),
            store=rng.choice((*STORES, "")),
            tier=rng.randint(0, 3) if program.tiers else 0,
            lines=lines if bought else (),
            extras=tuple(_amount(rng) for _ in range(count))
            if bought and rng.random() < 0.4
            else (),
            member=_attributes(rng),
            details=_attributes(rng),
        ),
    )


def _paid_in(program: t.Program, facts: Facts) -> Facts:
    """The same, in another currency now and then, with what was paid; beside the stream."""
    aside = Random(repr((facts.day, facts.lines, facts.extras)))
    runs = {plan_known_as(one.id): RUNS for one in PLANS if aside.random() < 0.5}
    facts = replace(facts, member={**facts.member, **runs})
    told = {"code": aside.choice(("SUMMER24", "SUN", "B1", 1)), "code_of": "voucher"}
    named = {name: said for name, said in told.items() if aside.random() < 0.3}
    facts = replace(facts, details={**facts.details, **named})
    facts = replace(facts, currency=aside.choice(("", "", "USD", "JOD", "GBP")))
    if columns_of(program) == len(program.qualifying):
        return facts
    lines = [
        line._replace(amounts=(*line.amounts, _amount(aside) if line.quantity else 0))
        for line in facts.lines
    ]
    extras = (*facts.extras, _amount(aside)) if facts.extras else ()
    return replace(facts, lines=tuple(lines), extras=extras)


def random_room(rng: Random, program: t.Program) -> list[int]:
    """What is free in each limit, rules in file order; often nothing or just not enough."""
    room = []
    for rule in program.rules:
        for limit in rule.limits:
            if limit.times is not None:
                room.append(rng.choice((0, 1, limit.times)))
            else:
                room.append(rng.choice((0, 1, 2, 5, rng.randint(0, 300), 10**9)))
        room += [rng.choice((0, 1))] if rule.cooldown else []
    return room


def programs() -> st.SearchStrategy[t.Program]:
    """Hypothesis: any program."""
    return st.randoms(use_true_random=False).map(random_program)


def cases() -> st.SearchStrategy[tuple[t.Program, Facts, list[int]]]:
    """Hypothesis: a program, an activity for it and what is free in its limits."""

    def case(rng: Random) -> tuple[t.Program, Facts, list[int]]:
        program = random_program(rng)
        return program, random_facts(rng, program), random_room(rng, program)

    return st.randoms(use_true_random=False).map(case)


def _wallet(rng: Random) -> t.Wallet:
    mode = rng.choice(("floor", "floor", "ceil", "half_up", "half_even"))
    rounding = t.Rounding(
        mode=mode,
        scope=rng.choice(("basket", "basket", "line", "day")),
        step=rng.choice((1, 1, 1, 1, 5, 10, 100)),
        carry=mode == "floor" and rng.random() < 0.4,
    )
    return t.Wallet(scale=rng.choice((0, 0, 0, 1, 2)), rounding=rounding)


def _tiers() -> t.Tiers:
    steps = tuple(t.Tier(name, 100 * (place + 1)) for place, name in enumerate(TIERS))
    return t.Tiers(steps=steps)


def _decimal(rng: Random, scale: int, most: int) -> str | int:
    if scale == 0 or rng.random() < 0.4:
        return rng.randint(1, most)
    return text_of(rng.randint(1, most * 10**scale), scale)


def _names(rng: Random, words: tuple[str, ...], least: int) -> tuple[str, ...]:
    return tuple(rng.sample(words, rng.randint(least, min(3, len(words)))))


def _goods(rng: Random) -> tuple[tuple[str, ...], tuple[str, ...]]:
    kind = rng.randint(0, 4)
    return (
        _names(rng, CATEGORIES, 1) if kind in (1, 3) else (),
        _names(rng, SKUS, 1) if kind in (2, 3) else (),
    )


def _rule(rng: Random, frame: dict[str, Any], name: str) -> t.Rule:
    wallet = rng.choice(list(frame["wallets"]))
    scale = frame["wallets"][wallet].scale
    award, group = _award(rng, frame, scale), None
    if rng.random() < 0.35:
        group = rng.choice(("a", "b"))
        # Equal ones meet often, so that it is seen who goes first.
        award = rng.choice((award, t.Fixed(5), t.Fixed(5, stage="bonus")))
    return t.Rule(
        id=name,
        on=rng.choice(KINDS),
        wallet=wallet,
        award=award,
        when=_condition(rng, frame, 3) if rng.random() < 0.4 else None,
        from_on=rng.choice(EDGE_DAYS) if rng.random() < 0.15 else None,
        until_on=rng.choice(EDGE_DAYS) if rng.random() < 0.15 else None,
        limits=tuple(_limit(rng, scale) for _ in range(rng.choice((0, 0, 0, 1, 1, 2, 3)))),
        needs_base=rng.random() < 0.25,
        group=group,
        priority=rng.choice((0, 0, 1, 2)),
        cooldown=_cooldown(award),
    )


def _cooldown(award: t.Award) -> t.Cooldown | None:
    # Beside the stream of chances, so that everything else stays as it was.
    aside = Random(repr(award))
    if aside.random() < 0.85:
        return None
    hours, days = aside.choice(((1, None), (30, None), (None, 1), (None, 3)))
    return t.Cooldown(hours, days)


def _award(rng: Random, frame: dict[str, Any], scale: int) -> t.Award:
    stage = rng.choice(("base", "base", "base", "bonus"))
    kind = rng.choice(("amount", "amount", "amount", "item", "fixed", "times", "times", "table"))
    if kind == "table":
        return _table(rng, scale, stage)
    if kind == "amount":
        categories, skus = _goods(rng)
        return t.PerAmount(
            points=_decimal(rng, scale, 12),
            per=rng.choice((1, 3, 7, _decimal(rng, frame["scale"], 5))),
            qualifying=rng.choice(frame["definitions"]),
            only_categories=categories,
            only_skus=skus,
            stage=stage,
        )
    if kind == "item":
        categories, skus = _goods(rng)
        points = _decimal(rng, scale, 30)
        return t.PerItem(points, categories, skus, every=rng.choice((1, 1, 2, 3)), stage=stage)
    if kind == "fixed":
        return t.Fixed(_decimal(rng, scale, 30), stage=stage)
    return t.Multiply(rng.choice((1, 2, 3, "1.5", "1.25", "1.1", "2.000001", "1.333")))


def _table(rng: Random, scale: int, stage: t.Stage) -> t.ByTable:
    by = _names(rng, ATTRIBUTES, 1)
    values = ("*", "*", "true", "1", "gold", "", "False", "2")
    rows = tuple(
        t.TableRow(
            tuple(rng.choice(values) for _ in by),
            rng.choice((0, _decimal(rng, rng.choice((scale, 2)), 9))),
            from_on=rng.choice(EDGE_DAYS) if rng.random() < 0.2 else None,
            until_on=rng.choice(EDGE_DAYS) if rng.random() < 0.2 else None,
        )
        for _ in range(rng.randint(1, 5))
    )
    return t.ByTable(by, rows, rng.choice((None, "age", "vip")), rng.choice((1, 1, 2, 3)), stage)


def _limit(rng: Random, scale: int) -> t.Limit:
    per = rng.choice(("activity", "day", "week", "month", "year", "ever"))
    exceed = rng.choice(("clip", "reject", "fall_through"))
    if rng.random() < 0.35:
        return t.Limit(per=per, times=rng.randint(1, 3), on_exceed=exceed)
    return t.Limit(per=per, points=_decimal(rng, scale, 60), on_exceed=exceed)


def _condition(rng: Random, frame: dict[str, Any], depth: int) -> t.Condition:
    kind = rng.randint(0, 16)
    if kind < 5 and depth:
        parts = tuple(_condition(rng, frame, depth - 1) for _ in range(rng.randint(1, 3)))
        return (t.All(parts), t.AnyOf(parts), t.All(parts), t.Not(parts[0]), t.Not(parts[0]))[kind]
    return _leaf(rng, frame, kind % 10)


def _leaf(rng: Random, frame: dict[str, Any], kind: int) -> t.Condition:
    if kind == 0:
        low = _decimal(rng, frame["scale"], 20) if rng.random() < 0.8 else None
        high = _decimal(rng, frame["scale"], 40) if rng.random() < 0.4 else None
        return t.AmountIs(low, high, _apart((low, high, frame["scale"])))
    if kind == 1:
        return t.BasketHas(
            *_goods(rng),
            quantity=rng.choice((None, None, 1, 2, 3)),
            amount=_decimal(rng, frame["scale"], 9) if rng.random() < 0.5 else None,
        )
    if kind == 2 and frame["tiers"]:
        return t.TierIs(rng.choice(frame["tiers"]))
    if kind == 3:
        return t.HourIs(rng.choice((0, 8, 9, 17)), rng.choice((8, 10, 12, 24)))
    if kind == 4:
        return t.DatesAre(
            rng.choice((None, *EDGE_DAYS)) if rng.random() < 0.8 else None,
            rng.choice((None, *EDGE_DAYS)) if rng.random() < 0.5 else None,
        )
    return _word_leaf(rng, kind)


def _word_leaf(rng: Random, kind: int) -> t.Condition:
    if kind == 5:
        return t.ChannelIs(_names(rng, CHANNELS, 1))
    if kind == 6:
        return t.StoreIs(_names(rng, STORES, 1))
    if kind == 7:
        days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        return t.WeekdayIs(tuple(rng.sample(days, rng.randint(1, 5))))
    values = tuple(rng.sample(VALUES, rng.randint(1, 4)))
    if kind == 8:
        detail = t.DetailIs(rng.choice(ATTRIBUTES), values)
        return _code_leaf(Random(repr(detail))) or detail
    if rng.random() < 0.6:
        return _day_leaf(rng)
    member = t.MemberIs(rng.choice(ATTRIBUTES), values)
    return _plan_leaf(Random(repr(member))) or member


def _plan_leaf(aside: Random) -> t.PlanIs | None:
    """Whether a plan runs in place of an attribute now and then, beside the stream of chances."""
    return t.PlanIs(aside.choice(PLANS).id) if aside.random() < 0.4 else None


def _code_leaf(aside: Random) -> t.CodeIs | None:
    """A code in place of a detail now and then, beside the stream of chances."""
    if aside.random() < 0.7:
        return None
    if aside.random() < 0.3:
        return t.CodeIs(of="voucher")
    return t.CodeIs(tuple(aside.sample(("sum-mer 24", "SUN", "b1"), aside.choice((1, 2)))))


def _day_leaf(rng: Random) -> t.Condition:
    if rng.random() < 0.4:
        around = (rng.choice((0, 0, 1, 3, 60)), rng.choice((0, 0, 1, 3, 60)))
        return t.AnniversaryIs("day", *around)
    return t.DaysSince("day", rng.choice((0, 0, 1, 1, 31)), rng.choice((None, 1, 2, 32, 366)))


def _attributes(rng: Random) -> dict[str, bool | int | str]:
    return {
        name: rng.choice(DAYS if name == "day" and rng.random() < 0.8 else VALUES)
        for name in ATTRIBUTES
        if rng.random() < 0.6
    }


def _amount(rng: Random) -> int:
    return rng.choice((0, 1, 99, 100, 333, 999, 1000, rng.randint(0, 5000), rng.randint(0, 10**6)))


def _apart(said: tuple[str | int | None, str | int | None, int]) -> dict[str, t.AmountBounds]:
    """Bounds for other currencies, beside the stream of chances."""
    aside = Random(repr(said))
    names = aside.sample(("USD", "JOD", "KRW"), aside.choice((0, 0, 1, 2)))
    return {
        name: t.AmountBounds(
            _decimal(aside, decimals(name), 20) if aside.random() < 0.8 else None,
            _decimal(aside, decimals(name), 40) if aside.random() < 0.5 else None,
        )
        for name in names
    }


def _line(rng: Random, definitions: int) -> FactLine:
    # A line of which every piece came back has quantity 0 and amounts 0.
    quantity = rng.choice((0, 1, 1, 2, 3, 7))
    amounts = tuple(_amount(rng) if quantity else 0 for _ in range(definitions))
    free = rng.choice((0, 0, 0, quantity, quantity // 2))
    return FactLine(rng.choice(SKUS), rng.choice(CATEGORIES), quantity, amounts, free)
