"""What a program is warned of that gives more than is careful, and what ends that in time."""

from __future__ import annotations

import pytest

from regulars.records.program.checks import check
from regulars.records.program.checks.caution.ends import small_sale
from regulars.records.program.checks.caution.worths import worths_of
from regulars.records.program.reading import problems_of, read, read_program

HEAD = """\
regulars: 1
program: careful
name: Careful
currency: EUR
zone: Europe/Berlin
"""
PER_EURO = "give: per_amount, points: 1, per: 1"
FIVE_OFF = "id: off, name: Five off, price: {points: 500}, worth: 5"
"""A point is worth a cent: a point for each euro is one per cent."""


def codes(**parts: str) -> list[str]:
    """The names of what a program with these parts is warned of, one after the other."""
    said = {
        "wallets": "points: {}",
        "rules": f"{{id: p, on: purchase, wallet: points, award: {{{PER_EURO}}}}}",
        "rewards": f"{{{FIVE_OFF}}}",
    }
    text = HEAD
    for name, part in {**said, **parts}.items():
        text += f"{name}: {{{part}}}\n" if name in _MAPPINGS else f"{name}: [{part}]\n"
    found = check(read_program(text))
    assert [one for one in found if one.severity == "error"] == []
    return sorted(one.code for one in found if one.code)


_MAPPINGS = ("wallets", "paying", "paying_out", "referral", "tiers")


def rule(award: str, more: str = "", on: str = "purchase") -> str:
    return f"{{id: p, on: {on}, wallet: points, award: {{{award}}}{more}}}"


ALL_OF_IT = "give: per_amount, points: 100, per: 1"
"""A hundred per cent."""
TEN_TIMES = "give: per_amount, points: 1000, per: 1"
"""A zero too many: ten times the sale."""
MUCH = "give: fixed, points: 1000"
"""10.00, where 3.00 of a small sale are careful."""


WORTHS: list[tuple[dict[str, str], int]] = [
    ({"rewards": "{id: off, name: O, price: {points: 1}, gives: {kind: discount, off: 1}}"}, 1),
    ({"rewards": "", "paying": "wallet: points, points: 1, per: 1"}, 1),
    (
        {"rewards": "{id: o, name: O, price: {points: 900}, worth: 1, or: [{price: {points: 1}}]}"},
        1,
    ),
    ({"wallets": "points: {kind: cashback, scale: 2}", "rewards": ""}, 1),
    ({"rewards": "{id: o, name: O, price: {points: 1}, worth: 1, money: 1}"}, 0),
    ({"rewards": "{id: o, name: O, price: {points: 10}, gives: {kind: discount, percent: 50}}"}, 1),
    (
        {
            "rewards": "{id: o, name: O, price: {points: 10}, "
            "gives: {kind: discount, percent: 50, at_most: 2}}"
        },
        0,
    ),
    ({"rewards": "{id: o, name: O, price: {points: 100}, gives: {kind: discount, percent: 5}}"}, 0),
]


@pytest.mark.parametrize(("parts", "code"), WORTHS)
def test_points_are_worth_what_is_had_for_them_wherever_they_are_spent(
    parts: dict[str, str], code: int
) -> None:
    assert [one for one in codes(**parts) if ":" in one] == ["share:p"] * code


def limits(of: str) -> str:
    return f", limits: [{{{of}}}]"


SHARES: list[tuple[str, str, str, list[str]]] = [
    # what is given, what more the rule says, budgets, and what is warned of
    (ALL_OF_IT, "", "", ["share:p"]),
    (ALL_OF_IT, limits("per: month, points: 9000"), "", []),
    (ALL_OF_IT, limits("per: month, points: 9001"), "", ["share:p"]),
    (ALL_OF_IT, limits("per: activity, points: 300"), "", []),
    (ALL_OF_IT, limits("per: activity, points: 301"), "", ["share:p"]),
    (ALL_OF_IT, limits("per: month, points: 9001, of: everyone"), "", []),
    (ALL_OF_IT, limits("per: month, times: 4"), "", []),
    (ALL_OF_IT, limits("per: ever, times: 1000000"), "", ["share:p"]),
    (ALL_OF_IT, limits("per: month, times: 42857, of: everyone"), "", ["share:p"]),
    (TEN_TIMES, limits("per: year, times: 1"), "", ["share:p"]),
    (TEN_TIMES, ", cooldown: {days: 30}", "", ["share:p"]),
    (ALL_OF_IT, ", cooldown: {days: 7}", "", []),
    (ALL_OF_IT, ", cooldown: {hours: 1}", "", ["share:p"]),
    ("give: per_amount, points: 40, per: 1", ", cooldown: {days: 2}", "", ["share:p"]),
    (ALL_OF_IT, "", "id: b, wallet: points, per: month, points: 200000", []),
    (ALL_OF_IT, "", "id: b, wallet: points, per: month, points: 9000000", ["share:p"]),
    (ALL_OF_IT, "", "id: b, wallet: points, per: month, points: 200000000", ["share:p"]),
    (ALL_OF_IT, "", "id: b, wallet: points, per: activity, points: 100000000", ["share:p"]),
    (ALL_OF_IT, "", "id: b, wallet: points, per: day, points: 300, of: member", []),
    (MUCH, "", "", ["unbounded:p"]),
    (MUCH, limits("per: month, times: 9"), "", []),
    (MUCH, limits("per: month, times: 10"), "", ["unbounded:p"]),
    (MUCH, ", cooldown: {days: 3}", "", ["unbounded:p"]),
    (MUCH, ", cooldown: {days: 4}", "", []),
]


@pytest.mark.parametrize(("award", "more", "budget", "warned"), SHARES)
def test_a_limit_or_a_budget_ends_a_share_where_it_is_narrow_enough(
    award: str, more: str, budget: str, warned: list[str]
) -> None:
    parts = {"budgets": f"{{{budget}}}"} if budget else {}
    assert codes(rules=rule(award, more), **parts) == warned


PRIZE = "prize: {wallet: points, points: 1000}"
CHALLENGED, STREAKED, REACHED, USED, BROUGHT = (
    [f"unbounded:{name}"]
    for name in ("challenges.c", "streaks.s", "milestones.m", "benefits.b", "referral")
)


def challenge(said: str, prize: str = PRIZE) -> dict[str, str]:
    return {"challenges": f"{{id: c, name: C, {said}, {prize}}}"}


def streak(length: int) -> dict[str, str]:
    steps = f"milestones: [{{length: {length}, {PRIZE}}}]"
    return {"streaks": f"{{id: s, name: S, every: day, {steps}}}"}


def milestone(at: int, more: str = "", step: str = "") -> dict[str, str]:
    steps = f"steps: [{{at: {at}, points: 1000{step}}}]"
    return {"milestones": f"{{id: m, name: M, wallet: points, {steps}{more}}}"}


def benefit(points: int, more: str = "") -> dict[str, str]:
    gives = f"gives: {{wallet: points, points: {points}}}"
    return {"benefits": f"{{id: b, name: B, {gives}{more}}}"}


def plan(points: int) -> dict[str, str]:
    gives = f"gives: {{wallet: points, points: {points}}}"
    return {"plans": f"{{id: plus, name: Plus, fee: 10, {gives}}}"}


def friends(said: str) -> dict[str, str]:
    return {"referral": f"wallet: points, amount: 20, {said}"}


TABLE = "give: by_table, by: [fare], rows: [{is: [J], points: %d}, {is: [Y], points: 1}], of: km"
UNEVEN = "referrer: {points: 1100}, newcomer: {points: 1000}"
DEEDS: list[tuple[dict[str, str], list[str]]] = [
    ({"rules": rule(MUCH, on="visit")}, ["unbounded:p"]),
    ({"rules": rule("give: fixed, points: 300", on="visit")}, []),
    ({"rules": rule(MUCH, limits("per: month, times: 9"), on="visit")}, []),
    (
        {
            "rules": rule("give: fixed, points: 200", on="visit")
            + ", {id: m, on: visit, wallet: points, award: {give: multiply, by: 2}}"
        },
        ["unbounded:p"],
    ),
    ({"rules": rule(MUCH, on="review"), "advocacy": "{on: review, name: R}"}, ["unbounded:p"]),
    (
        {"rules": rule(MUCH, on="review"), "advocacy": "{on: review, name: R, moderated: 2 weeks}"},
        [],
    ),
    # by the piece: a small sale is 10.00
    ({"rules": rule("give: per_item, points: 1001, skus: [tv]")}, ["unbounded:p"]),
    ({"rules": rule("give: per_item, points: 1000, skus: [tv]")}, []),
    ({"rules": rule("give: per_item, points: 2000, skus: [tv], every: 2")}, []),
    ({"rules": rule(TABLE % 1001, on="flight")}, ["unbounded:p"]),
    ({"rules": rule(TABLE % 1000, on="flight")}, []),
    ({"rules": rule(TABLE % 9000, limits("per: month, points: 900"), on="flight")}, []),
    # games
    (challenge("target: 3, every: day"), CHALLENGED),
    (challenge("target: 4, every: day"), []),
    (challenge("target: 1, every: week"), []),
    (challenge("target: 1, within: 3 days"), CHALLENGED),
    (challenge("target: 1, every: day, in_all: 100"), []),
    (challenge("target: 40, every: day, measure: spend"), []),
    (challenge("target: 30, every: day, measure: spend"), CHALLENGED),
    (
        {
            **challenge("target: 1, every: day", "prize: {reward: mug}"),
            "rewards": f"{{{FIVE_OFF}}}, {{id: mug, name: M, price: {{points: 900}}, worth: 9}}",
        },
        CHALLENGED,
    ),
    (
        challenge("target: 4, every: day, joins: opt_in, together: {most: 4, each: 1}"),
        CHALLENGED,
    ),
    (streak(3), STREAKED),
    (streak(4), []),
    (milestone(3, step=", again: true"), REACHED),
    (milestone(4, step=", again: true"), []),
    (milestone(3, ", per: day"), REACHED),
    (milestone(3), []),
    (milestone(1, ", per: month, budget: 90000", ", again: true"), []),
    # uses, fees and friends
    (benefit(301), USED),
    (benefit(1000, ", allowance: {times: 9, per: month}"), []),
    (benefit(100, ", allowance: {times: 9, per: day}"), USED),
    (plan(1001), ["share:plans.plus"]),
    (plan(1000), []),
    (friends("referrer: {points: 1001}, newcomer: {points: 1000}"), BROUGHT),
    (friends("referrer: {points: 1000}, newcomer: {points: 1000}"), []),
    (friends(f"{UNEVEN}, most: {{per: year, times: 1}}"), []),
    (friends(f"{UNEVEN}, most: {{per: day, times: 9}}"), BROUGHT),
    (
        friends("referrer: {points: 2001}, newcomer: {points: 2001}, most: {per: year, times: 1}"),
        BROUGHT,
    ),
    (friends("referrer: {points: 9000, budget: {per: month, points: 900000}}"), []),
    (friends("referrer: {points: 1}, milestones: [{friends: 1, points: 200000}]"), BROUGHT),
]


@pytest.mark.parametrize(("parts", "warned"), DEEDS)
def test_what_is_had_without_a_purchase_is_looked_at_however_it_is_given(
    parts: dict[str, str], warned: list[str]
) -> None:
    assert codes(**parts) == warned


@pytest.mark.parametrize(
    "bounded",
    [
        f"rules: [{rule('give: fixed, points: 350', limits('per: day, times: 1'), on='visit')}]",
        f"referral: {{wallet: points, {UNEVEN}, most: {{per: day, times: 9}}}}",
    ],
)
def test_what_is_bounded_too_wide_is_not_said_to_have_no_end(bounded: str) -> None:
    text = f"{HEAD}wallets: {{points: {{}}}}\nrewards: [{{{FIVE_OFF}}}]\n{bounded}\n"
    (one,) = (one for one in check(read_program(text)) if one.code.startswith("unbounded"))
    assert "limits and budgets too wide" in str(one.says)


def test_a_percentage_off_is_worth_what_it_takes_off_a_small_sale() -> None:
    off = "{id: o, name: O, price: {points: 1}, gives: {kind: discount, percent: 50}}"
    program = read_program(f"{HEAD}wallets: {{points: {{}}}}\nrewards: [{off}]\n")
    assert worths_of(program) == {}
    assert worths_of(program, small_sale(program)) == {"points": 500}


GIVES = "wallet: points, award: {give: fixed, points: 1}"


def told(text: str) -> list[tuple[str, str]]:
    found = problems_of(read(f"{HEAD}wallets: {{points: {{}}}}\n{text}\n"))
    return [(one.where, one.mend) for one in found if "is spelled almost like it" in one.says]


SLIPS: list[tuple[str, list[tuple[str, str]]]] = [
    (f"rules: [{{id: a, on: purchse, {GIVES}}}]", [("rules.a.on", "did you mean purchase?")]),
    (f"rules: [{{id: a, on: purhcase, {GIVES}}}]", [("rules.a.on", "did you mean purchase?")]),
    (
        f"rules: [{{id: a, on: visits, {GIVES}}}]\nadvocacy: [{{on: visits, name: V}}]",
        [],
    ),
    (
        f"rules: [{{id: a, on: flight, {GIVES}}}, {{id: b, on: flight, {GIVES}}},"
        f" {{id: c, on: fligth, {GIVES}}}]",
        [("rules.c.on", "did you mean flight?")],
    ),
    (
        "store_groups: {city: [berlin, airport, hall-1, shop-a]}\n"
        f"rules: [{{id: a, on: visit, {GIVES},"
        " when: {if: store, in: [airpot, hall-2, shop-b, city]}}]",
        [("rules.a.when.in", "did you mean airport?")],
    ),
]


@pytest.mark.parametrize(("text", "slips"), SLIPS)
def test_a_name_one_letter_off_is_told_where_nothing_else_has_it(
    text: str, slips: list[tuple[str, str]]
) -> None:
    assert told(text) == slips


def test_a_small_sale_is_about_ten_euros_in_every_money_unless_said() -> None:
    yen = HEAD.replace("EUR", "JPY") + "wallets: {points: {}}\n"
    assert small_sale(read_program(yen)) == 1000
    assert small_sale(read_program(f"{yen}caution: {{small_sale: 500}}\n")) == 500
    assert small_sale(read_program(f"{HEAD}wallets: {{points: {{}}}}\n")) == 1000
