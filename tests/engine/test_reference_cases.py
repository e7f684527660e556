"""Every example in every ready-made program earns exactly what it says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.engine.facts import FactLine, Facts
from regulars.engine.qualify import qualify
from regulars.engine.reference.interpreter import Reference
from regulars.records.activity.types import Body, Line
from regulars.records.program.reading import read_program
from regulars.records.program.templates import load_template, template_names
from regulars.records.program.types import Case, Program

CASES = [
    pytest.param(program, case, id=f"{program.program}: {case.says}")
    for program in map(read_program, map(load_template, template_names()))
    for case in program.cases
]


def facts_of(program: Program, case: Case) -> Facts:
    """The facts of an example: what of each line counts, by each definition of the program."""
    given: dict[str, Any] = case.given
    at = datetime.fromisoformat(given["at"])
    scale = decimals(program.currency)
    sold = tuple(
        Line(
            units(line["amount"], scale),
            line.get("sku", ""),
            line.get("category", ""),
            line.get("quantity", 1),
            discount_minor=units(line.get("discount", 0), scale),
            tax_minor=units(line.get("tax", 0), scale),
        )
        for line in given.get("lines", ())
    )
    whole = units(given["amount"], scale) if "amount" in given else None
    counted = qualify(tuple(program.qualifying.values()), Body(lines=sold), whole)
    amounts = counted.lines
    if whole is not None:
        sold = (Line(whole),)
    lines = tuple(
        FactLine(line.sku, line.category, line.quantity, counts)
        for line, counts in zip(sold, amounts, strict=True)
    )
    steps = [step.id for step in program.tiers.steps] if program.tiers else []
    return Facts(
        kind=given["kind"],
        day=at.toordinal(),
        weekday=at.weekday(),
        hour=at.hour,
        channel=given.get("channel", ""),
        store=given.get("store", ""),
        tier=steps.index(case.tier) + 1 if case.tier else 0,
        lines=lines,
        extras=counted.extras,
        member={**case.member, **{f"plan:{plan}": "yes" for plan in case.plans}},
        details=given.get("details", {}),
    )


def full_room(program: Program) -> list[int]:
    """What limits leave to a member of whom nothing is known yet."""
    return [
        units(limit.points, program.wallets[rule.wallet].scale)
        if limit.points is not None
        else limit.times or 0
        for rule in program.rules
        for limit in rule.limits
    ]


@pytest.mark.parametrize(("program", "case"), CASES)
def test_an_example_earns_exactly_what_it_says(program: Program, case: Case) -> None:
    judge = Reference(program)
    exact = judge.evaluate(facts_of(program, case), full_room(program))
    earned = {name: judge.settle(name, exact).units for name in program.wallets}
    said = {
        name: units(case.earns.get(name, 0), wallet.scale)
        for name, wallet in program.wallets.items()
    }
    assert earned == said


def test_every_template_has_examples() -> None:
    assert {param.values[0].program for param in CASES} == set(template_names())
