"""A program version made ready to run: from the file's tree to one plain Python function.

The text of that function is generated (ADR 0011) and kept on `Compiled.source` for reading.
`emit_facts` writes how the activity is read, `emit_rules` what each rule gives.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from msgspec import Struct

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.engine.compiling.asked import codes_asked
from regulars.engine.compiling.emit_conditions import terms_of
from regulars.engine.compiling.emit_facts import Constants, Sheet, number
from regulars.engine.compiling.emit_rules import Desk, Placed, ask, rules_of_wallet
from regulars.engine.compiling.grid import STEPS, grid_of
from regulars.engine.compiling.lookups import FUNCTIONS
from regulars.engine.compiling.rates import Rates, bounds_apart, rates_of
from regulars.engine.facts import Facts
from regulars.records.program.types import (
    Cooldown,
    Limit,
    Measure,
    Period,
    Program,
    Qualifying,
    Rule,
    Tiers,
)

UNREACHED: Final = 2**62
"""More credit than anybody ever has."""
Evaluate = Callable[[Facts, Sequence[int]], list[int]]


class CompiledLimit(Struct, frozen=True):
    """One limit of one rule; its place in `Compiled.limits` is its place in `room`."""

    rule: int
    counts: Literal["points", "times"]
    per: Period
    full: int
    """The room while nothing of it is used, in wallet units or times."""
    shared: bool = False
    """Whether all members draw on it together."""
    rest: int = 0
    """Of a cooldown how many days, or minutes with `by_minutes`, lie between two times at least;
    then the period is that day or minute. 0 for every other limit."""
    by_minutes: bool = False


class CompiledBudget(Struct, frozen=True):
    """What one activity, all members together or each of them may get of one wallet; its room
    follows those of the limits."""

    id: str
    wallet: int
    """The place of the wallet in file order."""
    per: Period
    full: int
    rejects: bool
    shared: bool = True

    @property
    def counted(self) -> bool:
        """Whether what was given before matters; to one activity nothing else was given."""
        return self.per != "activity"


class CompiledWallet(Struct, frozen=True):
    """One wallet: how finely it is counted, how it rounds, and which rules fill it."""

    id: str
    scale: int
    grid: int
    mode: Literal["floor", "ceil", "half_up", "half_even"]
    step: int
    keeps: Literal["no", "day", "always"]
    """How long the remainder of rounding is kept for the member's next activity."""
    rules: tuple[int, ...]
    """Places of its rules, in file order; `settle` takes and gives grains in this order."""
    ties: tuple[int, ...]
    """Positions in `rules` by rule id: who comes first when remainders are equal."""


class Compiled(Struct, frozen=True):
    """A program version ready to run, with all that is worked out once per version."""

    program: Program
    source: str
    constants: tuple[Any, ...]
    evaluate: Evaluate
    """`evaluate(facts, room)`: the grains each rule gives, rules in file order."""
    rules: tuple[str, ...]
    wallet_of: tuple[int, ...]
    """The place of each rule's wallet in `wallets`."""
    rules_on: dict[str, tuple[int, ...]]
    """The rules considered for each kind of activity; other kinds earn nothing."""
    limits: tuple[CompiledLimit, ...]
    limits_on: dict[str, tuple[int, ...]]
    """The places of the limits that can bind for each kind of activity."""
    cooldowns_on: dict[str, tuple[int, ...]]
    """The places of those that are cooldowns; kinds without any are left out."""
    by_minutes: bool
    """Whether a rule rests for hours, so that the minute of an activity matters."""
    budgets: tuple[CompiledBudget, ...]
    full_room: tuple[int, ...]
    """Of every limit, then of every budget."""
    wallets: tuple[CompiledWallet, ...]
    wallet_places: dict[str, int]
    definitions: tuple[str, ...]
    """Names of the qualifying definitions, in the order of `FactLine.amounts`."""
    qualifying: tuple[Qualifying, ...]
    tiers: tuple[str, ...]
    tier_at: tuple[int, ...]
    """What each step of the ladder takes: minor units, visits or units of the status wallet."""
    tier_by: tuple[bool, ...] = ()
    """Of each step whether credit alone reaches it; others are by invitation."""
    for_life_at: tuple[int | None, ...] = ()
    """What each step takes of all credit ever to be kept for life, where it can be."""
    or_at: tuple[int, ...] = ()
    """What each step takes of the second measure, where there is one."""
    rates: Rates = {}
    """What other currencies count."""
    bounds_apart: bool = False
    """Whether amounts as they were paid stand behind those of the definitions, in their order."""
    codes: Mapping[str, frozenset[str]] = {}
    """By reward whose codes rules ask for, the rules that do."""

    def tier_of(self, credit: int, stood: int = 0) -> int:
        """The step of the ladder this much credit stands on; 0 is none.

        A step by invitation counts only for who stands on it already (`stood`).
        """
        # Less than nothing (a kept remainder was broken) stands where nothing does.
        return self.by_credit(bisect_right(self.tier_at, max(credit, 0)), stood)

    def by_credit(self, step: int, stood: int = 0) -> int:
        """The highest step up to this one that credit alone reaches, or that is stood on."""
        while step and step != stood and not self.tier_by[step - 1]:
            step -= 1
        return step

    def below(self, step: int) -> int:
        """The next lower step that credit alone reaches; 0 is none."""
        lower = step - 1
        while lower > 0 and not self.tier_by[lower - 1]:
            lower -= 1
        return max(lower, 0)

    def for_life(self, credit: int) -> int:
        """The step that is never lost again with so much credit over all time; 0 is none."""
        steps = enumerate(self.for_life_at, 1)
        return max((step for step, at in steps if at is not None and at <= credit), default=0)


def compile_program(program: Program) -> Compiled:
    """Make a program version ready to run.

    Assumes: the program passed the checks of its room and `grid.too_fine` found nothing.
    """
    grids = {wallet: grid_of(program, wallet) for wallet in program.wallets}
    source, constants = _source(program, grids)
    wallet_places = {wallet: place for place, wallet in enumerate(program.wallets)}
    limits, budgets = _limits(program), _budgets(program, wallet_places)
    rules_on = _rules_on(program)
    return Compiled(
        program=program,
        source=source,
        constants=constants,
        evaluate=load(source, constants),
        rules=tuple(rule.id for rule in program.rules),
        wallet_of=tuple(wallet_places[rule.wallet] for rule in program.rules),
        rules_on=rules_on,
        limits=limits,
        limits_on={
            kind: _places(limits, rules, cooldowns=False) for kind, rules in rules_on.items()
        },
        cooldowns_on={
            kind: places
            for kind, rules in rules_on.items()
            if (places := _places(limits, rules, cooldowns=True))
        },
        by_minutes=any(limit.by_minutes for limit in limits),
        budgets=budgets,
        full_room=(*(each.full for each in limits), *(each.full for each in budgets)),
        wallets=tuple(_wallet(program, wallet, grids[wallet]) for wallet in program.wallets),
        wallet_places=wallet_places,
        definitions=tuple(program.qualifying),
        qualifying=tuple(program.qualifying.values()),
        rates=rates_of(program),
        bounds_apart=bounds_apart(program),
        codes=codes_asked(program),
        **ladder_asks(program, program.tiers),
    )


def ladder_asks(program: Program, tiers: Tiers | None) -> dict[str, Any]:
    """What the steps of a ladder are called and take, as the fields of `Compiled`."""
    steps = tiers.steps if tiers else ()
    return {
        "tiers": tuple(step.id for step in steps),
        "tier_at": tuple(_credit(program, tiers, step.at) for step in steps),
        "tier_by": tuple(step.by == "credit" for step in steps),
        "for_life_at": tuple(
            None if at is None else _credit(program, tiers, at)
            for at in (step.for_life_at for step in steps)
        ),
        "or_at": _or_at(program, tiers),
    }


def load(source: str, constants: Sequence[Any]) -> Evaluate:
    """The function that generated source describes.

    Keeps: the source holds no word a person wrote; those come in as `constants` only.
    """
    names: dict[str, Any] = {f"K{place}": value for place, value in enumerate(constants)}
    names |= {f"{mode}_steps": steps for mode, steps in STEPS.items()} | FUNCTIONS
    exec(compile(source, "<rules>", "exec"), names)  # noqa: S102  (ADR 0011: our own text only)
    evaluate: Evaluate = names["evaluate"]
    return evaluate


def _source(program: Program, grids: dict[str, int]) -> tuple[str, tuple[Any, ...]]:
    constants = Constants()
    placed = _placed(program.rules)
    text, table = [], []
    for place, kind in enumerate(_rules_on(program)):
        rules = [one for one in placed if one.rule.on == kind]
        text += _kind(f"kind_{place}", rules, program, (constants, grids))
        table.append(f"    {constants.name(kind)}: kind_{place},")
    text += ["KINDS = {", *table, "}", "", ""]
    nothing = f"[0] * {number(len(placed))}"
    text += [
        "def evaluate(facts, room):",
        "    rules = KINDS.get(facts.kind)",
        f"    return rules(facts, room) if rules else {nothing}",
    ]
    return "\n".join(text) + "\n", constants.values()


def _kind(
    name: str,
    rules: Sequence[Placed],
    program: Program,
    shared: tuple[Constants, dict[str, int]],
) -> list[str]:
    """The function for one kind of activity: read it once, then wallet after wallet."""
    constants, grids = shared
    sheet = Sheet(constants, columns_of(program))
    body = []
    for place, wallet in enumerate(program.wallets):
        own = [one for one in rules if one.rule.wallet == wallet]
        if own:
            desk = Desk(program, terms_of(program), sheet, place, grids[wallet])
            body += rules_of_wallet(own, desk)
    here = {one.place for one in rules}
    gives = ", ".join(f"g{i}" if i in here else "0" for i in range(len(program.rules)))
    lines = [*sheet.text(), *body, f"return [{gives}]"]
    return [f"def {name}(facts, room):", *(f"    {line}" for line in lines), "", ""]


def columns_of(program: Program) -> int:
    """How many amounts are kept of each line: one for each definition, and what was paid."""
    return len(program.qualifying) + bounds_apart(program)


def wanted_by(program: Program) -> Iterator[tuple[int, int]]:
    """After each rule, how much is done for each line of a basket by it and those before it.

    Shape: the rule's place, and steps; each kind of activity is counted by itself.
    """
    grids = {wallet: grid_of(program, wallet) for wallet in program.wallets}
    terms, places = terms_of(program), list(program.wallets)
    placed = _placed(program.rules)
    for kind in _rules_on(program):
        sheet = Sheet(Constants(), columns_of(program))
        for one in (one for one in placed if one.rule.on == kind):
            wallet = one.rule.wallet
            ask(one, Desk(program, terms, sheet, places.index(wallet), grids[wallet]))
            yield one.place, sheet.steps_each_line()


def _placed(rules: Sequence[Rule]) -> list[Placed]:
    placed, room = [], 0
    for place, rule in enumerate(rules):
        placed.append(Placed(place, room, rule))
        room += len(rule.limits) + (rule.cooldown is not None)
    return placed


def _places(
    limits: Sequence[CompiledLimit], rules: Sequence[int], *, cooldowns: bool
) -> tuple[int, ...]:
    return tuple(
        place
        for place, limit in enumerate(limits)
        if limit.rule in rules and bool(limit.rest) == cooldowns
    )


def _rules_on(program: Program) -> dict[str, tuple[int, ...]]:
    kinds: dict[str, list[int]] = {}
    for place, rule in enumerate(program.rules):
        kinds.setdefault(rule.on, []).append(place)
    return {kind: tuple(places) for kind, places in kinds.items()}


def _limits(program: Program) -> tuple[CompiledLimit, ...]:
    found: list[CompiledLimit] = []
    for place, rule in enumerate(program.rules):
        scale = program.wallets[rule.wallet].scale
        found += [_limit(place, limit, scale) for limit in rule.limits]
        found += [] if rule.cooldown is None else [_rest(place, rule.cooldown)]
    return tuple(found)


def _rest(rule: int, cooldown: Cooldown) -> CompiledLimit:
    """A cooldown is a limit of one time, whose period moves along with each time."""
    hours, days = cooldown.hours or 0, cooldown.days or 0
    return CompiledLimit(rule, "times", "ever", 1, rest=days or hours * 60, by_minutes=not days)


def _limit(rule: int, limit: Limit, scale: int) -> CompiledLimit:
    shared = limit.of == "everyone"
    if limit.points is not None:
        return CompiledLimit(rule, "points", limit.per, units(limit.points, scale), shared)
    assert limit.times is not None, limit
    return CompiledLimit(rule, "times", limit.per, limit.times, shared)


def _budgets(program: Program, places: dict[str, int]) -> tuple[CompiledBudget, ...]:
    return tuple(
        CompiledBudget(
            id=budget.id,
            wallet=places[budget.wallet],
            per=budget.per,
            full=units(budget.points, program.wallets[budget.wallet].scale),
            rejects=budget.on_exceed == "reject",
            shared=budget.of == "everyone" and budget.per != "activity",
        )
        for budget in program.budgets
    )


def _wallet(program: Program, wallet: str, grid: int) -> CompiledWallet:
    rounding = program.wallets[wallet].rounding
    rules = tuple(i for i, rule in enumerate(program.rules) if rule.wallet == wallet)
    return CompiledWallet(
        id=wallet,
        scale=program.wallets[wallet].scale,
        grid=grid,
        mode=rounding.mode,
        step=rounding.step,
        keeps="always" if rounding.carry else "day" if rounding.scope == "day" else "no",
        rules=rules,
        ties=tuple(sorted(range(len(rules)), key=lambda i: program.rules[rules[i]].id)),
    )


def _or_at(program: Program, tiers: Tiers | None) -> tuple[int, ...]:
    """What each step takes of the second measure: one that does not say what is reached with the
    next that does, and the last ones by no credit at all. What is everybody's stays so."""
    found, above = [], UNREACHED
    if tiers is None or tiers.or_by is None:
        return ()
    for step in reversed(tiers.steps):
        if step.or_at is not None:
            above = _credit(program, tiers.or_by, step.or_at)
        found.append(above if _credit(program, tiers, step.at) else 0)
    return tuple(reversed(found))


def _credit(program: Program, measure: Tiers | Measure | None, at: str | int) -> int:
    assert measure is not None
    return units(at, _credit_scale(program, measure))


def _credit_scale(program: Program, tiers: Tiers | Measure) -> int:
    if tiers.measure == "spend":
        return decimals(program.currency)
    if tiers.measure in ("visits", "activities", "friends"):
        return 0
    assert tiers.wallet is not None
    return program.wallets[tiers.wallet].scale
