"""The programs the model is played with: those a shop would take, awkward ones, and random ones."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

import msgspec
from msgspec.structs import replace
from tests.engine.random_programs import random_program
from tests.model.beside.choosing.ladders import laddered

from regulars.base.money import decimals
from regulars.engine.changing.objections import objections
from regulars.engine.checking.admission import admit
from regulars.engine.compiling.compile import Compiled, compile_program
from regulars.records.program import types as t
from regulars.records.program.problems import ProgramFault
from regulars.records.program.reading import read_program
from regulars.records.program.templates import load_template

_ANY: Final = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = (
    "Europe/Berlin", "Europe/Berlin", "America/New_York", "America/St_Johns", "Asia/Kathmandu",
    "Australia/Lord_Howe", "Pacific/Apia", "America/Santiago", "UTC",
)  # fmt: skip
TEMPLATES = ("coffee-shop", "bronze-silver-gold", "bench")
_HERE = Path(__file__).parent
FILES = {
    path.stem: path for part in ("awkward", "beside") for path in (_HERE / part).glob("*.yaml")
}
AWKWARD = tuple(sorted(FILES))
BESIDE = tuple(name for name in AWKWARD if FILES[name].parent.name == "beside")
# Those of one thing each come so often, as only in them it can happen: memberships in no other.
LADDERED = tuple(f"laddered-{n}" for n in range(20))
PLAIN = (*TEMPLATES, *AWKWARD, *AWKWARD, *BESIDE * 14, *(f"random-{n}" for n in range(30)))
PLAIN += LADDERED
NAMES = (*PLAIN, *(f"random-{n}" for n in range(100, 130)))
"""The last ones may spend the oldest or newest points first, half of them let points wait."""


@cache
def source_of(name: str, zone: str) -> str:
    """The program file of this name, for a shop in this zone."""
    if name in TEMPLATES:
        program = read_program(load_template(name))
        return written(replace(program, zone=zone, cases=()))
    if name in AWKWARD:
        text = FILES[name].read_text("utf-8")
        return text.replace("zone: Europe/Berlin", f"zone: {zone}")
    kind, number = name.split("-")
    return _random(int(number), zone, several=kind == "laddered")


@cache
def compiled(source: str) -> Compiled:
    """A program file as the engine runs it, made once."""
    return compile_program(read_program(source))


def written(program: t.Program) -> str:
    """A program as its file."""
    return msgspec.json.encode(program).decode()


def unbound(program: t.Program) -> str:
    """A program whose limits and remainders never bind: who got what does not hang on them.

    Nothing lapses and nothing is refused, as that is not to be decided again (semantics A13).
    """
    rules = tuple(replace(rule, limits=(), cooldown=None) for rule in program.rules)
    wallets = {name: _unbound(wallet) for name, wallet in program.wallets.items()}
    return written(replace(program, rules=rules, budgets=(), wallets=wallets, cases=()))


def _unbound(wallet: t.Wallet) -> t.Wallet:
    scope = "line" if wallet.rounding.scope == "line" else "basket"
    negative = "never" if wallet.kind == "status" else "debt"
    return replace(
        wallet,
        expiry=None,
        notice=None,
        inactivity=None,
        comes_back=None,
        negative=negative,
        pending=None,
        rounding=replace(wallet.rounding, carry=False, scope=scope),
    )


def _random(number: int, zone: str, *, several: bool = False) -> str:
    for seed in range(number * 1000, number * 1000 + 1000):
        rng = Random(seed)
        program = _dressed(rng, random_program(rng), zone, number >= 100)
        if number % 2:
            program = _moving(rng, program)
        if number >= 115:
            program = replace(program, wallets=_waiting(rng, program.wallets))
        if number % 3 == 0:
            program = _lively(Random(seed), program)
        if several:
            program = laddered(rng, program)
        if _publishable(program):
            return written(program)
    raise AssertionError(number)


def _publishable(program: t.Program) -> bool:
    """Whether a shop would publish it without accepting anything by name."""
    try:
        return not any(problem.code for problem in admit(written(program)).warnings)
    except ProgramFault:
        return False


def _dressed(rng: Random, program: t.Program, zone: str, any_order: bool) -> t.Program:
    """A random program with expiry, debts, tiers and rewards of every kind."""
    wallets = {name: _wallet(rng, wallet, any_order) for name, wallet in program.wallets.items()}
    first = rng.choice((0, 1, 1))
    tiers = program.tiers and replace(
        program.tiers,
        measure=rng.choice(("spend", "spend", "visits")),
        steps=tuple(
            t.Tier(step.id, 2 * place + first) for place, step in enumerate(program.tiers.steps)
        ),
        qualifying=rng.choice(list(program.qualifying)),
        window=rng.choice(("calendar_year", "rolling", "anniversary", "ever")),
        rolling_days=rng.choice((1, 7, 30)),
        valid=rng.choice(("window_end", "next_window_end", "for_ever")),
        downgrade=rng.choice(("one_step", "full")),
        grace_days=rng.choice((0, 0, 1, 10)),
        crossing_earns=rng.choice(("old_tier", "new_tier")),
        returned_credit=rng.choice(("revoke_now", "at_period_end", "never")),
    )
    qualifying = {name: _qualifying(rng) for name in program.qualifying}
    rewards = tuple(
        _reward(rng, name, list(wallets), bool(tiers)) for name in ("cup", "bag", "cap")
    )
    return replace(
        program, zone=zone, wallets=wallets, tiers=tiers, rewards=rewards, qualifying=qualifying
    )


def _moving(rng: Random, program: t.Program) -> t.Program:
    """The same program, in which points may also move by hand."""
    wallets = {
        name: replace(
            wallet,
            transfers=rng.choice((None, t.Transfers(), t.Transfers(limit=t.TransferLimit(20, "week")))),
            write_off_after="10 days" if wallet.negative == "debt" and rng.random() < 0.5 else None,
        )
        for name, wallet in program.wallets.items()
    }  # fmt: skip
    blocked = t.Blocked(rng.random() < 0.3, rng.random() < 0.3, rng.random() < 0.3)
    return replace(program, wallets=wallets, blocked=blocked, household=t.Household())


def _wallet(rng: Random, wallet: t.Wallet, any_order: bool) -> t.Wallet:
    ends = rng.choice((
        None, t.Expiry("10 days", "none"), t.Expiry("36 hours", "none"), t.Expiry("1 day", "day"),
        t.Expiry("1 week", "week"), t.Expiry("1 month", "month"), t.Expiry("1 year", "quarter"),
    ))  # fmt: skip
    return replace(
        wallet,
        expiry=ends,
        negative=rng.choice(("never", "never", "debt", "refuse")),
        spends=rng.choice(("oldest", "newest")) if any_order else "soonest_expiring",
    )


def _waiting(rng: Random, wallets: dict[str, t.Wallet]) -> dict[str, t.Wallet]:
    """The same wallets, whose points wait in one way or the other."""
    ways = (
        None, t.ForDuration("2 days"), t.ForDuration("1 month"), t.UntilDate("2026-03-29"),
        t.UntilDate("2027-01-01"), t.UntilEvent("3 days"), t.UntilEvent("30 hours"),
    )  # fmt: skip
    return {name: replace(wallet, pending=rng.choice(ways)) for name, wallet in wallets.items()}


def _lively(rng: Random, program: t.Program) -> t.Program:
    """The same program, where what comes back lives a while, and what points paid may count."""
    wallets = {
        name: replace(wallet, comes_back=t.ComesBack(rng.choice((1, 2, 9))))
        if wallet.expiry is not None and wallet.kind != "status"
        else wallet
        for name, wallet in program.wallets.items()
    }
    qualifying = {
        name: replace(one, points_paid=rng.choice(("in", "out")))
        for name, one in program.qualifying.items()
    }
    return replace(program, wallets=wallets, qualifying=qualifying)


def _qualifying(rng: Random) -> t.Qualifying:
    only, without = rng.random() < 0.15, rng.random() < 0.3
    return t.Qualifying(
        only_categories=("coffee", "cake") if only else (),
        except_categories=("gift-card",) if without else (),
        except_skus=("c2",) if rng.random() < 0.15 else (),
        only_skus=("c1", "b1") if only and without else (),
        order_discounts=rng.choice(("none", "pro_rata", "full")),
        tax=rng.choice(("in", "out")),
        shipping=rng.choice(("in", "out")),
        tips=rng.choice(("in", "out")),
    )


def _reward(rng: Random, name: str, wallets: list[str], tiers: bool) -> t.Reward:
    priced = rng.sample(wallets, rng.randint(1, min(2, len(wallets))))
    per = rng.choice(("day", "week", "month", "year", "ever"))
    return t.Reward(
        id=name,
        name=name,
        price={wallet: rng.choice((1, 2, 5, 20)) for wallet in priced},
        stock=rng.choice((None, None, 1, 3)),
        limit=t.RewardLimit(rng.choice((1, 2)), per) if rng.random() < 0.4 else None,
        tier=rng.choice(("bronze", "silver")) if tiers and rng.random() < 0.3 else None,
        stores=("mitte",) if rng.random() < 0.2 else (),
        from_on="2026-03-05" if rng.random() < 0.1 else None,
        until_on="2027-01-01" if rng.random() < 0.1 else None,
        hold_for=rng.choice(("15 minutes", "1 hour", "1 day", "10 days", "1 month")),
    )


@cache
def changed(source: str, number: int) -> str:
    """The next version of a program: other rates, limits, prices, tiers or ends.

    What rounding keeps is counted in parts of a point; a version that needs other parts begins
    anew, so such a change is left out here.
    """
    before = read_program(source)
    for seed in range(number * 100, number * 100 + 100):
        program = _varied(Random(seed), before)
        try:
            admit(written(program))
        except ProgramFault:
            continue
        # Nobody could publish that; looked_after/coming_over draws what is rare here.
        if objections(before, program, (_ANY, _ANY)):
            continue
        if _grids(program) == _grids(before):
            return written(program)
    return source


def priced(source: str, which: int, fee: str) -> str:
    """The same program, in which one of its plans has another fee."""
    program = read_program(source)
    place = which % len(program.plans)
    fee = fee if decimals(program.currency) else fee.partition(".")[0]
    plans = tuple(
        replace(plan, fee=fee) if n == place else plan for n, plan in enumerate(program.plans)
    )
    return written(replace(program, plans=plans))


def _grids(program: t.Program) -> dict[str, int]:
    return {w.id: w.grid for w in compile_program(program).wallets if w.keeps != "no"}


def _varied(rng: Random, program: t.Program) -> t.Program:
    rules = list(program.rules)
    place = rng.randrange(len(rules))
    rule, award = rules[place], rules[place].award
    ways = ("points", "limits", "drop", "tiers", "steps", "price", "ends")
    more = ("ladders", "ladders") if program.ladders else ()
    what = rng.choice((*ways, *more))
    program = replace(program, changeover=t.Changeover())  # what was said, was said once
    if what == "limits" and rule.cooldown is not None:
        rests = t.Cooldown(hours=rng.choice((1, 5))) if rng.random() < 0.5 else t.Cooldown(days=2)
        rules[place] = replace(rule, cooldown=rests)
    elif what == "points" and hasattr(award, "points"):
        rules[place] = replace(rule, award=replace(award, points=rng.choice((1, 2, 5))))
    elif what == "limits":
        limit = t.Limit(per=rng.choice(("day", "month", "ever")), points=rng.choice((1, 7, 30)))
        rules[place] = replace(rule, limits=(limit,))
    elif what == "drop" and len(rules) > 1:
        del rules[place]
    elif what == "tiers" and program.tiers:
        steps = tuple(replace(step, at=3 * n + 2) for n, step in enumerate(program.tiers.steps))
        tiers = replace(program.tiers, steps=steps, grace_days=2)
        program = replace(program, tiers=tiers, changeover=_plan(rng, program.tiers, tiers))
    elif what == "steps" and program.tiers:
        tiers = _other_steps(rng, program.tiers)
        program = replace(program, tiers=tiers, changeover=_plan(rng, program.tiers, tiers))
    elif what == "ladders":
        program = replace(program, ladders=_other_ladder(rng, program.ladders))
    elif what == "price":
        cheap = tuple(replace(one, price=dict.fromkeys(one.price, 3)) for one in program.rewards)
        program = replace(program, rewards=cheap)
    elif what == "ends":
        spans = {
            name: replace(wallet, expiry=t.Expiry("2 days", "day"))
            if wallet.kind == "points"
            else wallet
            for name, wallet in program.wallets.items()
        }
        program = replace(program, wallets=spans)
    return replace(program, rules=tuple(rules))


def _other_ladder(rng: Random, ladders: dict[str, t.Ladder]) -> dict[str, t.Ladder]:
    """One of the further ladders is steeper or flatter from now on, or looks another way."""
    name = rng.choice(sorted(ladders))
    ladder = ladders[name]
    by = rng.choice((1, 2, 4))
    steps = [
        replace(step, at=step.at + by * n) if isinstance(step.at, int) else step
        for n, step in enumerate(ladder.steps, 1)
    ]  # an amount of money stays as it is written
    other = replace(ladder, steps=tuple(steps))
    if rng.random() < 0.4:
        other = replace(other, downgrade=rng.choice(("one_step", "full")), grace_days=2)
    return ladders | {name: other}


def _plan(rng: Random, before: t.Tiers, after: t.Tiers) -> t.Changeover:
    """How whoever stands on the ladder comes over to the next one."""
    members = rng.choice(("keep", "upgrade_only", "step_by_step", "full"))
    dated = members in ("keep", "step_by_step") and rng.random() < 0.5
    there = [step.id for step in after.steps]
    removed = {step.id: rng.choice(there) for step in before.steps if step.id not in there}
    until = rng.choice(("2027-01-01", "2028-11-15", "2031-03-25")) if dated else None
    return t.Changeover(members, until, removed)


def _other_steps(rng: Random, tiers: t.Tiers) -> t.Tiers:
    """A step is taken off the ladder where no rule names it, or one at 0 is put under it."""
    steps = list(tiers.steps)
    if len(steps) > 1 and rng.random() < 0.5:
        del steps[rng.randrange(len(steps))]
    elif steps[0].at not in (0, "0"):
        steps.insert(0, t.Tier("everybody", 0))
    return replace(tiers, steps=tuple(steps))
