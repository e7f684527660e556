"""The programs the model is played with: those a shop would take, awkward ones, and random ones."""

from __future__ import annotations

from functools import cache
from random import Random

import msgspec
from msgspec.structs import replace
from tests.engine.random_programs import random_program

from regulars.engine.admission import admit
from regulars.engine.compile import compile_program
from regulars.records.program import types as t
from regulars.records.program.problems import ProgramFault
from regulars.records.program.reading import read_program
from regulars.records.program.templates import load_template

ZONES = (
    "Europe/Berlin", "Europe/Berlin", "America/New_York", "America/St_Johns", "Asia/Kathmandu",
    "Australia/Lord_Howe", "Pacific/Apia", "America/Santiago", "UTC",
)  # fmt: skip
HEAD = "regulars: 1\nprogram: {name}\nname: {name}\ncurrency: EUR\nzone: {zone}\n"

# Points end by the hour; what was spent is owed; three thirds are kept and make a point.
OWING = (
    HEAD
    + """
wallets:
  points:
    rounding: {{carry: true}}
    expiry: {{after: 10 days, round_up_to: none}}
    negative: debt
  stamps: {{kind: stamps, expiry: {{after: 1 month, round_up_to: month}}, negative: debt}}
rules:
  - {{id: third, on: purchase, wallet: points, award: {{give: per_amount, points: 1, per: "3.00"}}}}
  - {{id: cup, on: purchase, wallet: stamps,
      award: {{give: per_item, points: 1, every: 2, categories: [coffee]}}}}
  - {{id: visit, on: visit, wallet: points, award: {{give: fixed, points: 3}},
      limits: [{{per: day, times: 2}}]}}
rewards:
  - {{id: cup, name: A cup, price: {{points: 2}}, hold_for: 1 day}}
  - {{id: both, name: Both, price: {{points: 1, stamps: 1}}, stock: 3}}
"""
)
# No return of what was spent; a bonus that a smaller basket gains; limits of every period.
REFUSING = (
    HEAD
    + """
wallets:
  points: {{negative: refuse, scale: 1, rounding: {{mode: half_up}},
           expiry: {{after: 36 hours, round_up_to: day}}}}
  stamps: {{kind: stamps}}
stacking: {{base: sum}}
rules:
  - {{id: euro, on: purchase, wallet: points, award: {{give: per_amount, points: 1, per: "1.00"}},
      limits: [{{per: day, points: 25}}, {{per: month, points: 80}}]}}
  - {{id: small, on: purchase, wallet: points, award: {{give: fixed, points: 4, stage: bonus}},
      when: {{if: amount, at_most: "8.00"}}, limits: [{{per: week, times: 3}}]}}
  - {{id: cup, on: purchase, wallet: stamps, award: {{give: per_item, points: 1,
      categories: [coffee]}},
      limits: [{{per: year, points: 9, on_exceed: reject}}]}}
  - {{id: cake, on: purchase, wallet: stamps, award: {{give: per_item, points: 2,
      categories: [cake]}},
      limits: [{{per: day, points: 5, on_exceed: fall_through}}, {{per: ever, points: 20,
          on_exceed: fall_through}}]}}
rewards:
  - {{id: cup, name: A cup, price: {{points: "6.0"}}, limit: {{times: 2, per: week}}}}
  - {{id: one, name: The only one, price: {{stamps: 2}}, stock: 1, hold_for: 2 hours}}
"""
)
# What is earned in a day is rounded together; lines are rounded by themselves.
DAILY = (
    HEAD
    + """
wallets:
  points: {{rounding: {{mode: half_even, scope: day, step: 5}}, negative: debt,
           expiry: {{after: 1 week, round_up_to: week}}}}
  stamps: {{rounding: {{mode: ceil, scope: line}}, expiry: {{after: 3 months,
      round_up_to: quarter}}}}
stacking: {{multipliers: multiplicative}}
rules:
  - {{id: euro, on: purchase, wallet: points, award: {{give: per_amount, points: 2, per: "3.00"}}}}
  - {{id: app, on: purchase, wallet: points, award: {{give: multiply, by: "1.5"}},
      when: {{if: channel, in: [app]}}}}
  - {{id: early, on: purchase, wallet: points, award: {{give: multiply, by: "1.25"}},
      when: {{if: hour, from: 0, until: 12}}}}
  - {{id: piece, on: purchase, wallet: stamps, award: {{give: per_amount, points: 1, per: "7.00"}}}}
rewards:
  - {{id: cup, name: A cup, price: {{points: 5}}}}
  - {{id: both, name: Both, price: {{points: 5, stamps: 2}}, hold_for: 3 days}}
"""
)
# The purchase that crosses earns at the new tier; what is returned costs the tier at once.
CLIMBING = (
    HEAD
    + """
wallets:
  points: {{expiry: {{after: 1 month, round_up_to: none}}}}
rules:
  - {{id: euro, on: purchase, wallet: points, award: {{give: per_amount, points: 1, per: "1.00"}}}}
  - {{id: silver, on: purchase, wallet: points, award: {{give: multiply, by: 2}},
      when: {{if: tier, at_least: silver}}}}
  - {{id: gold, on: purchase, wallet: points, award: {{give: multiply, by: 3}}, when: {{if: tier,
      at_least: gold}}}}
tiers:
  window: rolling
  rolling_days: 30
  valid: window_end
  crossing_earns: new_tier
  returned_credit: revoke_now
  downgrade: one_step
  steps: [{{id: silver, at: "20.00"}}, {{id: gold, at: "60.00"}}]
rewards:
  - {{id: cup, name: A cup, price: {{points: 10}}, tier: silver}}
"""
)
# Visits since the member's anniversary make the tier; credit that is returned stays.
VISITING = (
    HEAD
    + """
wallets:
  points: {{rounding: {{mode: half_up, step: 10}}}}
rules:
  - {{id: euro, on: purchase, wallet: points, award: {{give: per_amount, points: 7, per: "1.00"}}}}
  - {{id: friend, on: purchase, wallet: points, award: {{give: fixed, points: 5, stage: bonus}},
      needs_base: true,
      when: {{if: tier, at_least: friend}}}}
  - {{id: visit, on: visit, wallet: points, award: {{give: fixed, points: 10}},
      limits: [{{per: month, points: 30}}]}}
tiers:
  measure: visits
  window: anniversary
  valid: window_end
  grace_days: 3
  returned_credit: never
  steps: [{{id: guest, at: 2}}, {{id: friend, at: 4}}, {{id: host, at: 6}}]
rewards:
  - {{id: cup, name: A cup, price: {{points: 30}}, limit: {{times: 1, per: day}}, stores: [mitte]}}
"""
)
# Status credit makes the tier, and a return takes it back.
STATUS = (
    HEAD
    + """
wallets:
  points: {{rounding: {{carry: true, step: 2}}}}
  status: {{kind: status}}
rules:
  - {{id: euro, on: purchase, wallet: points, award: {{give: per_amount, points: 1, per: "1.50"}}}}
  - {{id: status, on: purchase, wallet: status, award: {{give: per_amount, points: 1,
      per: "2.00"}}}}
  - {{id: review, on: review, wallet: status, award: {{give: fixed, points: 3}},
      limits: [{{per: month, times: 1}}]}}
tiers:
  measure: status
  wallet: status
  window: calendar_year
  valid: next_window_end
  returned_credit: revoke_now
  grace_days: 30
  steps: [{{id: silver, at: 10}}, {{id: gold, at: 25}}]
rewards:
  - {{id: cup, name: A cup, price: {{points: 8}}, tier: silver, stock: 2, limit: {{times: 2,
      per: month}}}}
"""
)
TEMPLATES = ("coffee-shop", "bronze-silver-gold", "bench")
AWKWARD = {
    "owing": OWING, "refusing": REFUSING, "daily": DAILY, "climbing": CLIMBING,
    "visiting": VISITING, "status": STATUS,
}  # fmt: skip
PLAIN = (*TEMPLATES, *AWKWARD, *AWKWARD, *(f"random-{n}" for n in range(30)))
NAMES = (*PLAIN, *(f"random-{n}" for n in range(100, 115)))
"""The last ones may spend the oldest or newest points first."""


@cache
def source_of(name: str, zone: str) -> str:
    """The program file of this name, for a shop in this zone."""
    if name in TEMPLATES:
        program = read_program(load_template(name))
        return written(replace(program, zone=zone, cases=()))
    if name in AWKWARD:
        return AWKWARD[name].format(name=name, zone=zone)
    return _random(int(name.split("-")[1]), zone)


def written(program: t.Program) -> str:
    """A program as its file."""
    return msgspec.json.encode(program).decode()


def _random(number: int, zone: str) -> str:
    for seed in range(number * 1000, number * 1000 + 1000):
        rng = Random(seed)
        program = _dressed(rng, random_program(rng), zone, number >= 100)
        try:
            admit(written(program))
        except ProgramFault:
            continue
        return written(program)
    raise AssertionError(number)


def _dressed(rng: Random, program: t.Program, zone: str, any_order: bool) -> t.Program:
    """A random program with expiry, debts, tiers and rewards of every kind."""
    wallets = {name: _wallet(rng, wallet, any_order) for name, wallet in program.wallets.items()}
    tiers = program.tiers and replace(
        program.tiers,
        measure=rng.choice(("spend", "spend", "visits")),
        steps=tuple(
            t.Tier(step.id, 2 * place + 1) for place, step in enumerate(program.tiers.steps)
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


def _qualifying(rng: Random) -> t.Qualifying:
    return t.Qualifying(
        only_categories=("coffee", "cake") if rng.random() < 0.15 else (),
        except_categories=("gift-card",) if rng.random() < 0.3 else (),
        except_skus=("c2",) if rng.random() < 0.15 else (),
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
        if _grids(program) == _grids(before):
            return written(program)
    return source


def _grids(program: t.Program) -> dict[str, int]:
    return {w.id: w.grid for w in compile_program(program).wallets if w.keeps != "no"}


def _varied(rng: Random, program: t.Program) -> t.Program:
    rules = list(program.rules)
    place = rng.randrange(len(rules))
    rule, award = rules[place], rules[place].award
    what = rng.choice(("points", "limits", "drop", "tiers", "price", "ends"))
    if what == "points" and not isinstance(award, t.Multiply):
        rules[place] = replace(rule, award=replace(award, points=rng.choice((1, 2, 5))))
    elif what == "limits":
        limit = t.Limit(per=rng.choice(("day", "month", "ever")), points=rng.choice((1, 7, 30)))
        rules[place] = replace(rule, limits=(limit,))
    elif what == "drop" and len(rules) > 1:
        del rules[place]
    elif what == "tiers" and program.tiers:
        steps = tuple(replace(step, at=3 * n + 2) for n, step in enumerate(program.tiers.steps))
        program = replace(program, tiers=replace(program.tiers, steps=steps, grace_days=2))
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
