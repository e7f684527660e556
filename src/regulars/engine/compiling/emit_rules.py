"""The second half of a compiled rule: what each rule gives, and how the rules of a wallet meet.

Stages (semantics C2): base → multipliers → bonuses → limits. `g3` are the grains of rule 3, `b0`
the base of wallet 0, `m0` what stacked multipliers made of it. Integers only.
Target: for numba, `room` times the grid could pass a machine word; clamp each room to 2^62 // grid
when it is loaded. The return list becomes writes into a row of an output array.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from regulars.engine.compiling.emit_conditions import (
    ALWAYS,
    Terms,
    between_days,
    condition,
    open_days,
)
from regulars.engine.compiling.emit_facts import Share, Sheet, goods, number
from regulars.engine.compiling.grid import is_base, is_bonus, rate_of, rates_of
from regulars.engine.compiling.lookups import Row, Table
from regulars.records.program.types import (
    ByTable,
    Fixed,
    Limit,
    Multiply,
    PerAmount,
    PerItem,
    Program,
    Rule,
)

RESTS: Final = Limit(per="ever", times=1, on_exceed="fall_through")
"""What a cooldown is to the rules: a base rule that rests leaves its place to the next best one."""


class Placed(NamedTuple):
    """A rule with its places: in the file, and of its first limit in the row of rooms."""

    place: int
    first_room: int
    rule: Rule


class Desk(NamedTuple):
    """What is at hand while the rules of one wallet for one kind of activity are written."""

    program: Program
    terms: Terms
    sheet: Sheet
    wallet: int
    grid: int


def rules_of_wallet(rules: Sequence[Placed], desk: Desk) -> list[str]:
    """All rules of one wallet for one kind of activity as lines of source, stage by stage."""
    base = [placed for placed in rules if is_base(placed.rule)]
    bonus = [placed for placed in rules if is_bonus(placed.rule)]
    times = [placed for placed in rules if isinstance(placed.rule.award, Multiply)]
    text = []
    for placed in base:
        text += _award(placed, desk) + _fall_through(placed, desk)
    text += _one_of_each_group(base)
    text += _meet(base, desk)
    text += _multiply(times, desk)
    for placed in bonus:
        text += _award(placed, desk)
    text += _one_of_each_group(bonus)
    for placed in rules:
        text += _limits(placed, desk)
    return text


def ask(placed: Placed, desk: Desk) -> None:
    """Put on the sheet what this rule wants to know of an activity, and nothing else."""
    if isinstance(placed.rule.award, Multiply):
        _tests(placed, desk)
    else:
        _award(placed, desk)


def _given_if(placed: Placed, tests: Sequence[str], gives: Sequence[str]) -> list[str]:
    """The rule gives this when all tests hold, else nothing."""
    binding = [test for test in tests if test != ALWAYS]
    if not binding:
        return list(gives)
    inner = [f"    {line}" for line in gives]
    return [f"g{placed.place} = 0", f"if {' and '.join(binding)}:", *inner]


def _tests(placed: Placed, desk: Desk) -> list[str]:
    rule = placed.rule
    when = ALWAYS if rule.when is None else condition(rule.when, desk.sheet, desk.terms)
    return [between_days(rule.from_on, rule.until_on, desk.sheet), when]


def _award(placed: Placed, desk: Desk) -> list[str]:
    rule = placed.rule
    tests = _tests(placed, desk)
    if is_bonus(rule) and rule.needs_base:
        tests.insert(0, f"b{desk.wallet} > 0")
    if isinstance(rule.award, Fixed | ByTable):
        # What came back as a whole earns nothing, however it was earned.
        tests.append(f"({desk.sheet.left()} > 0 or not facts.lines)")
    return _given_if(placed, tests, [f"g{placed.place} = {_contribution(rule, desk)}"])


def _contribution(rule: Rule, desk: Desk) -> str:
    award, sheet = rule.award, desk.sheet
    if isinstance(award, ByTable):
        return _from_table(rule, award, desk)
    grains = _grains(rule, desk)
    if isinstance(award, PerAmount):
        which = goods(award.only_categories, award.only_skus)
        definition = tuple(desk.program.qualifying).index(award.qualifying)
        rounding = desk.program.wallets[rule.wallet].rounding
        if rounding.scope == "line":
            share = Share(rounding.mode, grains, rounding.step * desk.grid)
            return sheet.rounded(which, definition, share)
        return _times(sheet.amount(which, definition), grains)
    if isinstance(award, PerItem):
        pieces = sheet.pieces(goods(award.categories, award.skus))
        return _times(_parts(pieces, award.every), grains)
    return number(grains)


def _from_table(rule: Rule, award: ByTable, desk: Desk) -> str:
    """The number that was told, times what the row that fits gives."""
    sheet = desk.sheet
    details, day = sheet.fact("details"), sheet.fact("day")
    rows = []
    for row, rate in zip(award.rows, rates_of(desk.program, rule), strict=True):
        grains = rate * desk.grid
        assert grains.denominator == 1, (rule.id, desk.grid)
        values = tuple(None if value == "*" else value for value in row.is_)
        rows.append(Row(values, *open_days(row.from_on, row.until_on), grains.numerator))
    table = sheet.constants.name(Table(award.by, tuple(rows)))
    found = f"grains_of({table}, {details}, {day})"
    if award.of is None:
        return found
    return f"told_number({details}, {sheet.constants.name(award.of)}) * {found}"


def _times(text: str, by: int) -> str:
    return text if by == 1 else f"{text} * {number(by)}"


def _parts(text: str, size: int) -> str:
    return text if size == 1 else f"{text} // {number(size)}"


def _grains(rule: Rule, desk: Desk) -> int:
    exact = rate_of(desk.program, rule) * desk.grid
    assert exact.denominator == 1, (rule.id, desk.grid)
    return exact.numerator


def _fall_through(placed: Placed, desk: Desk) -> list[str]:
    """A rule without room counts as not matching, so that the next best one gives."""
    return [
        f"if {_exceeds(placed, room, limit, desk)}: g{placed.place} = 0"
        for room, limit in _rooms(placed)
        if limit.on_exceed == "fall_through"
    ]


def _rooms(placed: Placed) -> list[tuple[str, Limit]]:
    limits = placed.rule.limits
    if placed.rule.cooldown is not None:
        limits = (*limits, RESTS)
    return [(f"room[{number(placed.first_room + i)}]", limit) for i, limit in enumerate(limits)]


def _exceeds(placed: Placed, room: str, limit: Limit, desk: Desk) -> str:
    if limit.points is None:
        return f"{room} <= 0"
    return f"g{placed.place} > {_times(room, desk.grid)}"


def _meet(base: Sequence[Placed], desk: Desk) -> list[str]:
    """Which base rules give when several match: the best, the first, or all of them."""
    total = f"b{desk.wallet}"
    if len(base) < 2 or desk.program.stacking.base == "sum":
        return [f"{total} = {' + '.join(f'g{placed.place}' for placed in base) or '0'}"]
    if desk.program.stacking.base == "first":
        return _first(base, total)
    return _best(sorted(base, key=lambda placed: placed.rule.id), total)


def _first(base: Sequence[Placed], total: str) -> list[str]:
    text = [f"{total} = g{base[0].place}"]
    for placed in base[1:]:
        text += [f"if {total}: g{placed.place} = 0", f"else: {total} = g{placed.place}"]
    return text


def _best(by_id: Sequence[Placed], total: str) -> list[str]:
    # In the order of their ids and strictly greater: of equal ones the smallest id gives.
    text = [f"{total} = g{by_id[0].place}", f"best = {number(by_id[0].place)}"]
    for placed in by_id[1:]:
        more = f"{total} = g{placed.place}; best = {number(placed.place)}"
        text.append(f"if g{placed.place} > {total}: {more}")
    return text + [f"if best != {number(placed.place)}: g{placed.place} = 0" for placed in by_id]


def _one_of_each_group(rules: Sequence[Placed]) -> list[str]:
    """Of the rules of a group that give something only one does: by priority, then who gives
    most, then by id."""
    groups: dict[str, list[Placed]] = {}
    for placed in rules:
        if placed.rule.group is not None:
            groups.setdefault(placed.rule.group, []).append(placed)
    return [line for own in groups.values() if len(own) > 1 for line in _one_of(own)]


def _one_of(group: Sequence[Placed]) -> list[str]:
    text = ["most = 0", f"best = {number(group[0].place)}"]
    ranks: dict[int, list[Placed]] = {}
    for placed in sorted(group, key=lambda placed: (-placed.rule.priority, placed.rule.id)):
        ranks.setdefault(placed.rule.priority, []).append(placed)
    for place, own in enumerate(ranks.values()):
        indent = "    " if place else ""
        text += ["if most == 0:"] if place else []
        text += [
            f"{indent}if g{one.place} > most: most = g{one.place}; best = {number(one.place)}"
            for one in own
        ]
    return text + [f"if best != {number(one.place)}: g{one.place} = 0" for one in group]


def _multiply(times: Sequence[Placed], desk: Desk) -> list[str]:
    """Each multiplier adds its share of the base, or of what the ones before it made of it."""
    stacked = desk.program.stacking.multipliers == "multiplicative"
    of = f"{'m' if stacked else 'b'}{desk.wallet}"
    text = [f"{of} = b{desk.wallet}"] if stacked and times else []
    chosen, choosing = _one_multiplier_of_each_group(times, desk)
    text += choosing
    for placed in sorted(times, key=lambda placed: placed.rule.id):
        rate = rate_of(desk.program, placed.rule)
        # Exact: the grid holds every multiplier's denominator; dividing first keeps it small.
        share = _times(_parts(of, rate.denominator), rate.numerator)
        gives = [f"g{placed.place} = {share}"]
        gives += [f"{of} += g{placed.place}"] if stacked else []
        tests = [f"b{desk.wallet} > 0"]
        name = chosen.get(placed.place)
        tests += _tests(placed, desk) if name is None else [f"{name} == {number(placed.place)}"]
        text += _given_if(placed, tests, gives)
    return text


def _one_multiplier_of_each_group(
    times: Sequence[Placed], desk: Desk
) -> tuple[dict[int, str], list[str]]:
    """Which multiplier of a group gives is known from the file: multipliers do not change.

    Shape: by place the name that holds the place of the one that gives; and the lines that find
    it. Each is asked once, so that a long group is as long a text and not its square.
    """
    groups: dict[str, list[Placed]] = {}
    for one in times:
        if one.rule.group is not None:
            groups.setdefault(one.rule.group, []).append(one)
    chosen, text = {}, []
    for own in groups.values():
        if len(own) < 2:
            continue
        name = f"one{own[0].place}"
        text.append(f"{name} = -1")
        rates = {one.place: rate_of(desk.program, one.rule) for one in own}
        for one in sorted(own, key=lambda at: (-at.rule.priority, -rates[at.place], at.rule.id)):
            chosen[one.place] = name
            tests = [f"{name} < 0", *(test for test in _tests(one, desk) if test != ALWAYS)]
            if rates[one.place] > 0:  # times 1 gives nothing, so it keeps nobody from giving
                text.append(f"if {' and '.join(tests)}: {name} = {number(one.place)}")
    return chosen, text


def _limits(placed: Placed, desk: Desk) -> list[str]:
    """What exceeds a limit is refused whole or cut off; both judge what the rule would give."""
    refused, cut = [], []
    for room, limit in _rooms(placed):
        if limit.points is None or limit.on_exceed != "clip":
            # A base rule that falls through was already judged before the rules met.
            if limit.on_exceed != "fall_through" or not is_base(placed.rule):
                refused.append(f"if {_exceeds(placed, room, limit, desk)}: g{placed.place} = 0")
        else:
            over = _exceeds(placed, room, limit, desk)
            cut.append(f"if {over}: g{placed.place} = {_times(room, desk.grid)}")
    return refused + cut
