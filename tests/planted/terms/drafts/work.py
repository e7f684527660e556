"""Bugs by which rules would keep a till waiting."""

from __future__ import annotations

from typing import Any, Final

from tests.planted.bug import Bug

_HEAD: Final = """\
regulars: 1
program: shop
name: Shop
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
"""

WORK = (
    Bug(
        "every line may be asked anything",
        "engine/checking/admission.py",
        "        or list(too_much_work(reading.program))\n",
        "",
        "checks.asks_too_much",
    ),
    Bug(
        "rounding by line costs as little as adding",
        "engine/compiling/emit_facts.py",
        'ROUNDING_STEPS if "_steps(" in wanted.term else 1',
        "1",
        "checks.rounds_too_often",
    ),
    Bug(
        "a multiplier that changes nothing keeps the next one from giving",
        "engine/compiling/emit_rules.py",
        "if rates[one.place] > 0:",
        "if rates[one.place] >= 0:",
        "checks.times_one_keeps_nobody",
    ),
    Bug(
        "a row behind one that fits everything is not told",
        "records/program/checks/promises.py",
        'product(*(("*", value) for value in row.is_))',
        "product(*((value,) for value in row.is_))",
        "checks.row_never_reached",
    ),
)


def _refused(rules: str, head: str = _HEAD) -> bool:
    from regulars.engine.checking.admission import admit
    from regulars.records.program.problems import ProgramFault

    try:
        admit(f"{head}rules:\n{rules}")
    except ProgramFault as fault:
        return any("too much is asked" in problem.says for problem in fault.problems)
    return False


def asks_too_much(shop: Any) -> None:
    rule = (
        "  - {{id: r{0}, on: purchase, wallet: points, award: {{give: per_item, points: 1, "
        "skus: [a{0}, b{0}], categories: [c{0}]}}, "
        "when: {{if: basket_has, skus: [d{0}], amount: 1, quantity: 2}}}}\n"
    )
    assert _refused("".join(rule.format(n) for n in range(480)))


def rounds_too_often(shop: Any) -> None:
    rule = (
        "  - {{id: r{0}, on: purchase, wallet: points, award: {{give: per_amount, "
        "points: {0}, per: 100}}}}\n"
    )
    head = _HEAD.replace("{points: {}}", "{points: {rounding: {scope: line}}}")
    assert _refused("".join(rule.format(n) for n in range(1, 300)), head)


def times_one_keeps_nobody(shop: Any) -> None:
    from regulars.engine.compiling.compile import compile_program
    from regulars.engine.facts import FactLine, Facts
    from regulars.records.program.reading import read_program

    times = "  - {{id: {0}, on: purchase, wallet: points, group: g, priority: {1}, award: {2}}}\n"
    rules = (
        "rules:\n  - {id: base, on: purchase, wallet: points, award: {give: fixed, points: 7}}\n"
        + times.format("one", 9, "{give: multiply, by: 1}")
        + times.format("two", 5, "{give: multiply, by: 2}")
    )
    compiled = compile_program(read_program(_HEAD + rules))
    facts = Facts("purchase", 740_000, 0, 12, lines=(FactLine("", "", 1, (100,)),))
    assert compiled.evaluate(facts, []) == [7, 0, 7]


def row_never_reached(shop: Any) -> None:
    from regulars.engine.checking.admission import admit

    rule = (
        "  - {id: r, on: flight, wallet: points, award: {give: by_table, by: [carrier], "
        'rows: [{is: ["*"], points: 1}, {is: [LH], points: 2}]}}\n'
    )
    (warned,) = admit(f"{_HEAD}rules:\n{rule}").warnings
    assert warned.path.endswith("rows[1]")


SLOW = {
    check.__name__: check
    for check in (asks_too_much, rounds_too_often, times_one_keeps_nobody, row_never_reached)
}
