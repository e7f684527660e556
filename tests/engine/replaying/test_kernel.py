"""The kernel and the fold come to the same, row by row and member by member."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.engine.random_programs import DAYS, random_program
from tests.engine.replaying.besides import with_besides
from tests.flows.plans.lives import lived
from tests.model.programs import written
from tests.turns import NIGHTLY

from regulars.engine.calendar import day_starts_at
from regulars.engine.checking.admission import admit
from regulars.engine.compiling.compile import Compiled, compile_program
from regulars.engine.compiling.grid import is_bonus
from regulars.engine.compiling.lookups import Table
from regulars.engine.replaying.fold import Fold, alone
from regulars.engine.replaying.kernel import running
from regulars.engine.replaying.kernel.besides.numbers import has
from regulars.engine.replaying.kernel.columns import columns_of
from regulars.engine.replaying.kernel.running import Kernel
from regulars.engine.replaying.kernel.stepping import ACTIVITY, RETURN
from regulars.engine.replaying.kernel.summing import refused_of
from regulars.engine.replaying.kernel.writing import NotPlain
from regulars.engine.replaying.tally import Tally
from regulars.engine.terms import Terms
from regulars.records.activity.happening import Happening
from regulars.records.activity.types import Activity, Body
from regulars.records.program import types as t
from regulars.records.program.problems import ProgramFault
from regulars.records.program.reading import read_program
from regulars.records.program.templates import load_template

START = datetime(2024, 1, 1, 9, tzinfo=UTC)


def history(
    chance: Random, wallets: list[str], members: int = 5, rows: int = 40
) -> list[Happening]:
    """Visits, sales of one amount and redemptions at once, over some three years."""
    found = []
    for number in range(members):
        member, at = UUID(int=number + 1), START
        for place in range(chance.randint(1, rows)):
            at += timedelta(minutes=chance.choice((0, 30, 1000, 20_000, 90_000, 400_000)))
            id_ = UUID(int=(number + 1) * 10_000 + place)
            if chance.random() < 0.2:
                told = {"member_id": member, "now": at, "at": at, "cause_id": id_}
                told |= {"wallet": chance.choice(wallets), "units": chance.randint(1, 60)}
                found += [Happening(what="hold", **told), Happening(what="release", **told)]
                continue
            activity = Activity(
                id_, member, chance.choice(("purchase", "purchase", "visit", "review")), "till",
                "", None, at, chance.choice(("mitte", "")), chance.choice(("app", "till", "")),
                chance.choice((0, 99, 1000, 2550, 15_000, 60_000)), Body(), "",
            )  # fmt: skip
            found.append(
                Happening(what="activity", member_id=member, now=at, at=at, activity=activity)
            )
    return found


def asked_about(chance: Random, compiled: Compiled, rows: list[Happening]) -> list[Happening]:
    """The rows, with attributes and details such as the rules of a program ask for, at random, and
    visits as any other kind of activity it knows."""
    names: set[str] = set()
    values: set = {0, 3, True, "gold"}
    for one in compiled.constants:
        if isinstance(one, str):
            names.add(one)
        elif isinstance(one, frozenset):
            values |= {each[1] if isinstance(each, tuple) else each for each in one}
        elif isinstance(one, Table):
            names |= set(one.by)
            values |= {value for row in one.rows for value in row.values if value}
    some, kinds = (
        sorted(values, key=repr),
        [*sorted(compiled.rules_on.keys() - {"purchase", "return"}), "visit"],
    )

    def told(at: datetime) -> dict:
        words = [*some, *some, *DAYS[:4], at.strftime("%m-%d")]
        return {name: chance.choice(words) for name in sorted(names) if chance.random() < 0.7}

    def asked(one: Happening) -> Happening:
        activity = one.activity
        if activity is None:
            return one
        kind = chance.choice(kinds) if activity.kind == "visit" else activity.kind
        body = replace(activity.body, details=told(one.at))
        activity = replace(activity, kind=kind, body=body)
        return replace(one, attributes=told(one.at), activity=activity)

    return [asked(one) for one in rows]


def plant(monkeypatch: pytest.MonkeyPatch, text: str, name: str, bug: tuple[str, str]) -> None:
    """Break one of the kernel's fixed texts in one place."""
    (healthy, broken), there = bug, getattr(running, text)
    assert there.count(healthy) == 1, f"{name}: renew it"
    monkeypatch.setattr(running, text, there.replace(healthy, broken))


END = date(2070, 1, 1).toordinal()


def both(terms: Terms, rows: list[Happening], *, compiled: bool) -> tuple[dict, dict]:
    """What kernel and fold say of this history, in the same words."""
    return by_kernel(terms, rows, compiled=compiled), by_fold(terms, rows)


def by_kernel(terms: Terms, rows: list[Happening], *, compiled: bool) -> dict:
    version = terms.versions[0]
    columns = columns_of(version, rows)
    ran = Kernel(version, columns, compiled=compiled).run(columns, END)
    names, ladder = list(version.program.wallets), [None, *version.compiled.tiers]
    columns.refused = refused_of(columns, ran)
    refused = ran.refused if len(ran.refused) else ran.stood * 0
    return {
        "gave": {
            (rows[columns.places[row]].activity.activity_id, names[w]): int(ran.gave[row, w])
            for row, w in zip(*ran.gave.nonzero(), strict=True)
        },
        "has": {
            (member, names[w]): tuple(ran.balances[m, w].tolist())
            for m, member in enumerate(columns.members)
            for w in range(len(names))
            if ran.balances[m, w].any()
        },
        "stood": {
            rows[place].activity.activity_id: ladder[ran.stood[row]]
            for row, place in enumerate(columns.places)
            if columns.rows["what"][row] in (ACTIVITY, RETURN) and not refused[row]
        },
        "left_out": [one for _, one in columns.left],
        "tiers": {m: ladder[ran.tiers[at]] for at, m in enumerate(columns.members)},
        "expired": {n: int(ran.expired[:, w].sum()) for w, n in enumerate(names)},
        "cancelled": int(ran.cancelled.sum()),
        "issued": int(ran.gave.clip(0).sum() + ran.reached.sum()),
        "short": int(ran.short.sum()),
        "returned": int(ran.took.sum()),
        "fired": {
            rule: (int(times), int(units), int(back))
            for rule, (times, units, back) in zip(version.compiled.rules, ran.fired, strict=True)
            if times
        },
    }


def by_fold(terms: Terms, rows: list[Happening]) -> dict:
    version = terms.versions[0]
    names = list(version.program.wallets)
    fold = Fold(terms, Tally(0, 10**7)).run(rows, day_starts_at(version.zone, END))
    return {
        "gave": {(c.activity_id, w): n for c in fold.tally.came for w, n in c.units.items() if n},
        "has": {
            (m, terms.wallet_names[code]): (b.available, b.debt, b.pending)
            for m, state in fold.states.items()
            for code, b in state.balances.items()
            if b.available or b.debt or b.pending
        },
        "stood": {c.activity_id: c.tier for c in fold.tally.came},
        "left_out": fold.left_out,
        "tiers": {m: state.tier for m, state in fold.states.items()},
        "expired": {name: fold.tally.total(name, "expired") for name in names},
        "cancelled": sum(fold.tally.total(name, "cancelled") for name in names),
        "issued": sum(fold.tally.total(name, "issued") for name in names),
        "short": sum(fold.tally.total(name, "short") for name in names),
        "returned": sum(fold.tally.total(name, "returned") for name in names),
        "fired": {rule: (one.times, one.units, one.back) for rule, one in fold.tally.rules.items()},
    }


def template(name: str) -> Terms:
    return alone(compile_program(read_program(load_template(name))), START - timedelta(days=9999))


def ladder(chance: Random, tiers: t.Tiers, wallets: dict[str, t.Wallet]) -> t.Tiers:
    """A ladder of any kind that the kernel knows; a wallet that counts for it becomes one of
    status."""
    measure = chance.choice(("spend", "visits", "status", "activities"))
    wallet = chance.choice(list(wallets)) if measure == "status" else None
    if wallet is not None:
        wallets[wallet] = replace(wallets[wallet], kind="status", expiry=None)
    much = {"spend": 100, "visits": 2, "status": 40, "activities": 1}[measure]
    return replace(
        some_by_invitation(chance, tiers), measure=measure, wallet=wallet,
        kinds=("visit", "review") if measure == "activities" else (),
        steps=tuple(replace(step, at=much * at) for at, step in enumerate(
            tiers.steps, chance.choice((0, 1))
        )),
        window=chance.choice(("calendar_year", "rolling", "anniversary", "ever")),
        rolling_days=chance.choice((30, 60, 365)),
        valid=chance.choice(("window_end", "next_window_end", "for_ever")),
        downgrade=chance.choice(("one_step", "full")),
        grace_days=chance.choice((0, 0, 20)),
        crossing_earns=chance.choice(("old_tier", "new_tier")),
        returned_credit=chance.choice(("at_period_end", "never", "revoke_now", "revoke_now")),
    )  # fmt: skip


def some_by_invitation(chance: Random, tiers: t.Tiers) -> t.Tiers:
    """The ladder with steps that credit alone does not reach."""
    steps = [
        replace(one, by=chance.choice(("credit", "credit", "invitation")) if at else "credit")
        for at, one in enumerate(tiers.steps)
    ]
    return replace(tiers, steps=tuple(steps))


def plainer(chance: Random, program: t.Program) -> t.Program:
    """The program without what the kernel was not written for."""
    ends = [t.Expiry("1 month", "month"), t.Expiry("40 days", "day"), None]
    wallets = {
        name: replace(
            wallet, pending=None, spends="soonest_expiring", expiry=chance.choice(ends),
            rounding=replace(wallet.rounding, step=1, carry=False, scope="line" if wallet.rounding.scope == "line" else "basket"),
        )
        for name, wallet in program.wallets.items()
    }  # fmt: skip
    tiers = None if program.tiers is None else ladder(chance, program.tiers, wallets)
    rules = tuple(
        replace(
            rule, limits=agreed(rule.limits), cooldown=None, until_on=None,
            needs_base=rule.needs_base and is_bonus(rule),
        )
        for rule in program.rules
    )  # fmt: skip
    standard = {"standard": t.Qualifying(), **program.qualifying}
    return replace(
        program, wallets=wallets, tiers=tiers, rules=rules, budgets=(), cases=(),
        qualifying=standard,
    )  # fmt: skip


def agreed(limits: tuple[t.Limit, ...]) -> tuple[t.Limit, ...]:
    """The limits of a rule as one may write them: one of each kind, and alike in what follows."""
    alike = {(one.per, one.times is None): one for one in limits}
    return tuple(replace(one, of="member", on_exceed=limits[0].on_exceed) for one in alike.values())


def agreeing(
    seeds: range,
    told: Callable[[Random, list[str]], list[Happening]],
    *,
    besides: bool = False,
) -> list[dict]:
    """What the histories of these seeds come to under random programs, kernel and fold agreeing;
    of those the kernel takes."""
    found = []
    for seed in seeds:
        chance = Random(seed)
        before = random_program(chance)
        program = plainer(chance, before)
        if besides:
            program = with_besides(chance, program, before)
        source = written(program)
        try:
            compiled = compile_program(admit(source).program)
        except ProgramFault:
            continue
        terms = alone(compiled, START - timedelta(days=9999))
        try:
            rows = told(chance, list(compiled.program.wallets))
            rows = lived(chance, terms.versions[0], asked_about(chance, compiled, rows))
            ours, theirs = both(terms, rows, compiled=False)
        except NotPlain:
            continue
        found.append(theirs | {"has_besides": has(terms.versions[0])})
        assert ours == theirs, (seed, source)
    return found


def test_random_programs_come_to_the_same() -> None:
    assert len(agreeing(range(300 if NIGHTLY else 20), history)) >= 8


@pytest.mark.parametrize("name", ["bench", "bronze-silver-gold", "coffee-shop"])
def test_templates_come_to_the_same_uncompiled(name: str) -> None:
    terms = template(name)
    rows = history(Random(3), list(terms.versions[0].program.wallets), members=30, rows=80)
    ours, theirs = both(terms, rows, compiled=False)
    assert theirs["gave"]
    assert ours == theirs


@pytest.mark.in_turns(2)
@pytest.mark.slow
@pytest.mark.parametrize("name", ["bench", "bronze-silver-gold"])
def test_templates_come_to_the_same_in_machine_code(name: str) -> None:
    terms = template(name)
    rows = history(Random(4), list(terms.versions[0].program.wallets), members=60, rows=80)
    ours, theirs = both(terms, rows, compiled=True)
    assert theirs["gave"]
    assert ours == theirs


LATER_WORDS = """
regulars: 1
program: words
name: Words
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 60 days, round_up_to: day}, negative: debt, comes_back: {days: 14}}
qualifying: {standard: {points_paid: in}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
tiers: {steps: [{id: bronze, at: 0}, {id: silver, at: "500.00"}]}
rewards:
  - {id: cup, name: A cup, price: {points: 20}}
benefits:
  - {id: lounge, name: The lounge, tier: silver, allowance: {times: 2, per: year}}
"""


def test_words_about_returns_and_benefits_change_nothing_the_kernel_decides() -> None:
    compiled = compile_program(admit(LATER_WORDS.encode()).program)
    terms = alone(compiled, START - timedelta(days=9999))
    ours, theirs = both(terms, history(Random(5), ["points"], members=30), compiled=False)
    assert theirs["gave"]
    assert theirs["expired"]["points"]
    assert ours == theirs


def test_what_was_told_late_is_left_to_the_fold_by_name() -> None:
    terms = template("bench")
    rows = history(Random(6), list(terms.versions[0].program.wallets), members=2)
    at = next(place for place, one in enumerate(rows) if one.what == "activity")
    late = replace(rows[at], now=rows[at].now + timedelta(days=3))
    with pytest.raises(NotPlain, match="something was told late"):
        columns_of(terms.versions[0], [*rows[:at], late, *rows[at + 1 :]])
