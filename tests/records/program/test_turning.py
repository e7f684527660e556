"""Which promise gets better or worse: every quantity where it is plain, and the other way round."""

from __future__ import annotations

import pytest

from regulars.engine.changing.differences import differences
from regulars.records.program.reading import read_program

HEAD = """\
regulars: 1
program: s
name: S
currency: EUR
zone: Europe/Berlin
"""
TIERS = "tiers: {steps: [{id: low, at: 1}, {id: high, at: 2}]}\n"
RULE = """\
wallets: {points: {expiry: {after: 12 months}}}
rules: [{id: r, on: purchase, wallet: points, award: {award}{more}}]
"""
FIXED = "{give: fixed, points: 5}"


def rule(more: str, award: str = FIXED) -> str:
    return RULE.replace("{award}", award).replace("{more}", f", {more}" if more else "") + TIERS


def wallet(more: str) -> str:
    return f"wallets: {{points: {{{more}}}}}\n"


def part(line: str) -> str:
    return f"wallets: {{points: {{}}, stars: {{}}}}\n{TIERS}{line}\n"


def reward(more: str) -> str:
    return part(f"rewards: [{{id: r, name: R, price: {{points: 10}}{more}}}]")


def benefit(more: str) -> str:
    return part(f"benefits: [{{id: b, name: B{more}}}]")


def challenge(more: str) -> str:
    return part(f"challenges: [{{id: c, name: C, {more}}}]")


WIN = "prize: {wallet: points, points: 5}"
WORSE: list[tuple[str, str]] = [
    # rules
    (rule("limits: [{per: month, points: 200}]"), rule("limits: [{per: month, points: 100}]")),
    (rule("limits: [{per: month, points: 200}]"), rule("limits: [{per: year, points: 200}]")),
    (
        rule("limits: [{per: month, points: 200}]"),
        rule("limits: [{per: month, points: 200, of: everyone}]"),
    ),
    (rule(""), rule("limits: [{per: month, times: 1}]")),
    (
        rule("limits: [{per: day, points: 1000, of: everyone}, {per: day, points: 50}]"),
        rule("limits: [{per: day, points: 10, of: everyone}, {per: day, points: 40}]"),
    ),
    # goods: those of either list count
    (
        rule("when: {if: basket_has, categories: [a], skus: [x]}"),
        rule("when: {if: basket_has, categories: [a]}"),
    ),
    (
        rule("when: {if: basket_has, categories: [a], skus: [x]}"),
        rule("when: {if: basket_has, skus: [x]}"),
    ),
    (rule("when: {if: basket_has}"), rule("when: {if: basket_has, skus: [x]}")),
    (
        part("qualifying: {standard: {only_categories: [a], only_skus: [x]}}"),
        part("qualifying: {standard: {only_categories: [a]}}"),
    ),
    (benefit(", categories: [a], skus: [x]"), benefit(", skus: [x]")),
    (benefit(""), benefit(", skus: [x]")),
    (
        challenge(f"target: 3, every: week, counts: {{categories: [a], skus: [x]}}, {WIN}"),
        challenge(f"target: 3, every: week, counts: {{categories: [a]}}, {WIN}"),
    ),
    (
        rule("when: {if: amount, at_least: 25}"),
        rule("when: {if: amount, at_least: 50}"),
    ),
    (rule("when: {if: store, in: [a, b]}"), rule("when: {if: store, in: [a]}")),
    (
        rule("when: {if: store, in: [a]}"),
        rule("when: {if: all, of: [{if: store, in: [a]}, {if: hour, from: 8, until: 9}]}"),
    ),
    (
        rule("when: {if: any, of: [{if: store, in: [a]}, {if: hour, from: 8, until: 9}]}"),
        rule("when: {if: any, of: [{if: store, in: [a]}]}"),
    ),
    (
        rule("when: {if: not, that: {if: store, in: [a]}}"),
        rule("when: {if: not, that: {if: store, in: [a, b]}}"),
    ),
    (rule("when: {if: tier, at_least: low}"), rule("when: {if: tier, at_least: high}")),
    (rule("cooldown: {hours: 4}"), rule("cooldown: {hours: 8}")),
    (rule("until_on: 2028-01-01"), rule("until_on: 2027-06-01")),
    (rule(""), rule("until_on: 2027-06-01")),
    (rule(""), rule("from_on: 2027-06-01")),
    (rule(""), rule("expiry: {after: 10 days}")),
    (rule("ends_on: 2028-01-01"), rule("ends_on: 2027-06-01")),
    (
        rule("", "{give: per_amount, points: 2, per: 1}"),
        rule("", "{give: per_amount, points: 3, per: 2}"),
    ),
    (
        rule("", "{give: per_item, points: 1, categories: [a, b]}"),
        rule("", "{give: per_item, points: 1, categories: [a]}"),
    ),
    (
        rule("", "{give: by_table, by: [c], rows: [{is: [A], points: 2}]}"),
        rule("", "{give: by_table, by: [c], rows: [{is: [A], points: 1}]}"),
    ),
    # wallets, and what counts
    (wallet("transfers: {at_most: 500}"), wallet("transfers: {at_most: 100}")),
    (wallet("rounding: {mode: ceil}"), wallet("")),
    (wallet(""), wallet("pending: {until: duration, after: 14 days}")),
    (wallet("negative: debt, write_off_after: 1 year"), wallet("negative: debt")),
    (
        part("budgets: [{id: b, wallet: points, per: day, points: 5}]"),
        part("budgets: [{id: b, wallet: points, per: month, points: 5}]"),
    ),
    (
        part("qualifying: {standard: {except_categories: [a]}}"),
        part("qualifying: {standard: {except_categories: [a, b]}}"),
    ),
    (part("stacking: {base: sum}"), part("")),
    # rewards and benefits
    (reward(", stock: 100"), reward(", stock: 10")),
    (reward(", limit: {times: 3, per: month}"), reward(", limit: {times: 1, per: month}")),
    (reward(", tier: low"), reward(", tier: high")),
    (reward(", or: [{price: {stars: 1}}]"), reward("")),
    (reward(", gives: {kind: discount, off: 5}"), reward(", gives: {kind: discount, off: 4}")),
    (reward(""), reward(", until_on: 2027-01-01")),
    (
        benefit(", allowance: {times: 4, per: month}"),
        benefit(", allowance: {times: 2, per: month}"),
    ),
    (benefit(", tier: low"), benefit(", tier: high")),
    (benefit(""), benefit(", stores: [a]")),
    # games, friends, paying, joining, steps
    (challenge(f"target: 3, every: week, {WIN}"), challenge(f"target: 6, every: week, {WIN}")),
    (
        part("milestones: [{id: m, name: M, wallet: points, steps: [{at: 3, points: 5}]}]"),
        part("milestones: [{id: m, name: M, wallet: points, steps: [{at: 4, points: 5}]}]"),
    ),
    (
        part("referral: {wallet: points, referrer: {points: 50}}"),
        part("referral: {wallet: points, referrer: {points: 20}}"),
    ),
    (
        part("paying: {wallet: points, points: 100, per: 1}"),
        part("paying: {wallet: points, points: 200, per: 1}"),
    ),
    (part("join: {minimum_age: 16}"), part("join: {minimum_age: 18}")),
    (
        part("plans: [{id: p, name: P, fee: 1, trial: 30 days}]"),
        part("plans: [{id: p, name: P, fee: 1}]"),
    ),
    (
        part("ladders: {l: {measure: visits, steps: [{id: x, at: 1, for_life_at: 50}]}}"),
        part("ladders: {l: {measure: visits, steps: [{id: x, at: 1}]}}"),
    ),
]


def turns(before: str, after: str) -> list[str]:
    both = (read_program(HEAD + text) for text in (before, after))
    return [one.turn for one in differences(*both)]


@pytest.mark.parametrize(("more", "less"), WORSE)
def test_less_is_worse_and_the_other_way_round_better(more: str, less: str) -> None:
    assert (turns(more, less), turns(less, more)) == (["worse"], ["better"])


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (rule("limits: [{per: day, points: 5}]"), rule("limits: [{per: month, points: 50}]")),
        (rule("when: {if: store, in: [a]}"), rule("when: {if: store, in: [b]}")),
        (
            rule("limits: [{per: day, points: 1000, of: everyone}, {per: day, points: 50}]"),
            rule("limits: [{per: day, points: 10, of: everyone}, {per: day, points: 60}]"),
        ),
        (
            rule("when: {if: basket_has, categories: [a]}"),
            rule("when: {if: basket_has, skus: [x]}"),
        ),
        (rule("expiry: {after: 30 days}"), rule("expiry: {after: 1 month}")),
        (rule("ends_on: 2028-01-01"), rule("")),
        (challenge(f"target: 3, every: week, {WIN}"), challenge(f"target: 6, every: month, {WIN}")),
        (reward(", or: [{price: {stars: 1}}]"), reward(", or: [{price: {points: 9}}]")),
    ],
)
def test_what_nobody_can_weigh_is_different(one: str, two: str) -> None:
    assert (turns(one, two), turns(two, one)) == (["other"], ["other"])
