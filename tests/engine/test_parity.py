"""The compiled rules and the slow reference say the same, whatever the program."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engine.random_programs import cases, random_facts, random_program, random_room

from regulars.engine.compiling.compile import Compiled, Evaluate, compile_program, load
from regulars.engine.deciding import settle as settle_module
from regulars.engine.deciding.settle import settle
from regulars.engine.facts import Facts
from regulars.engine.reference.interpreter import Reference
from regulars.records.program.types import Program

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def exactly(compiled: Compiled, grains: list[int]) -> list[Fraction]:
    """Grains as the reference counts: fractions of a unit of each rule's wallet."""
    grids = [compiled.wallets[wallet].grid for wallet in compiled.wallet_of]
    return [Fraction(given, grid) for given, grid in zip(grains, grids, strict=True)]


def differences(
    compiled: Compiled,
    seen: tuple[Facts, list[int], int],
    evaluate: Evaluate | None = None,
    settled: Callable[..., Any] = settle,
) -> list[str]:
    """Everything in which the compiled engine and the reference disagree about one activity."""
    facts, room, part = seen
    reference = Reference(compiled.program)
    grains = (evaluate or compiled.evaluate)(facts, room)
    expected = reference.evaluate(facts, room)
    if exactly(compiled, grains) != expected:
        return [f"evaluate: {exactly(compiled, grains)} is not {expected}"]
    found = []
    for wallet in compiled.wallets:
        remainder = _reachable(wallet, part)
        ours = settled(wallet, [grains[i] for i in wallet.rules], remainder)
        theirs = reference.settle(wallet.id, expected, Fraction(remainder, wallet.grid))
        parts = tuple(theirs.per_rule[i] for i in wallet.rules)
        same = (ours.units, Fraction(ours.remainder, wallet.grid), tuple(ours.parts)) == (
            theirs.units,
            theirs.remainder,
            parts,
        )
        if not same:
            found.append(f"settle {wallet}: {ours} is not {theirs}")
    return found


def _reachable(wallet: Any, part: int) -> int:
    """A remainder an earlier activity can have left: below one step, negative if it rounded up."""
    size = wallet.grid * wallet.step
    if wallet.mode == "floor":
        return part % size
    if wallet.mode == "ceil":
        return -(part % size)
    return part % size - size // 2


def random_cases(seeds: range) -> Iterator[tuple[Compiled, tuple[Facts, list[int], int]]]:
    """Thousands of cases by seed: each program meets a dozen activities."""
    for seed in seeds:
        rng = Random(seed)
        program = random_program(rng)
        compiled = compile_program(program)
        for _ in range(12):
            facts, room = random_facts(rng, program), random_room(rng, program)
            yield compiled, (facts, room, rng.randrange(10**6))


@PATIENT
@given(cases(), st.integers(0, 10**6))
def test_compiled_rules_give_what_the_reference_gives(
    case: tuple[Program, Facts, list[int]], part: int
) -> None:
    program, facts, room = case
    assert differences(compile_program(program), (facts, room, part)) == []


def test_thousands_of_seeded_cases_agree_and_most_rules_give_something() -> None:
    given_something = 0
    for compiled, seen in random_cases(range(600)):
        assert differences(compiled, seen) == [], compiled.source
        given_something += any(compiled.evaluate(seen[0], seen[1]))
    assert given_something > 2500, "the random programs have become too strict to prove anything"


# --- controls: a check that cannot fail is a defect ------------------------------------------


def _rewrite(pattern: str, by: str) -> Callable[[str], str]:
    return lambda source: re.sub(pattern, by, source)


def _swap(text: str, by: str) -> Callable[[str], str]:
    return lambda source: source.replace(text, by)


RULE_FAULTS = {
    "a limit forgets its grid": _rewrite(r"(room\[\d+\]) \* \d+", r"\1"),
    "a limit binds one too early": _rewrite(r"> (room\[\d+\])", r">= \1"),
    "times are not looked at": _rewrite(r"(room\[\d+\]) <= 0", r"\1 <= -1"),
    "the best rule is the last of equals": _rewrite(r"(g\d+ >) (b\d: b\d = )", r"\1= \2"),
    "an upper bound is left out": _rewrite(r"<= (\d+)\)", r"< \1)"),
    "a lower bound is left out": _rewrite(r"\((\d+) <= ", r"(\1 < "),
    "weekdays are shifted by one": _rewrite(r">> weekday", ">> weekday + 1"),
    "the first line is skipped": _rewrite(r"in facts\.lines:", "in facts.lines[1:]:"),
    "shipping is forgotten": _rewrite(r"= extras\[(\d)\]", "= 0"),
    "article numbers are not looked at": _rewrite(r"( in K\d+) or sku in K\d+", r"\1"),
    "yes counts as one": _rewrite(r"\(type\((v\d+)\), v\d+\) in (K\d+)",
                                  r"any(x == \1 for _, x in \2)"),
    "a multiplier multiplies the last one": _rewrite(r"(m\d) \+= g\d+", r"\1 += 0"),
    "a tier must be exceeded": _rewrite(r"tier >= ", "tier > "),
    "broken sets count": _rewrite(r"(s\d+) // (\d+)", r"-(-\1 // \2)"),
    "a rule needs no base": _rewrite(r"b\d > 0", "True"),
    "the last of equals gives in a group": _rewrite(r"if (g\d+) > most", r"if \1 >= most"),
    "a lower priority is not asked": _rewrite(r"if most == 0:", "if most < 0:"),
    "all of a group give": _rewrite(r"if best != (\d+): g\1 = 0", "pass"),
    "multipliers of a group add up": _rewrite(r"not \((?:[^()]|\([^()]*\))*\)", "True"),
    "any code will do": _rewrite(r"details\.get\((K\d+)\) in (K\d+)", r"details.get(\1) is not None"),
    "what was paid is held against our bounds": _rewrite(r"currency not in K\d+ and ", ""),
    "an anniversary comes a day late": _rewrite(r"(near_anniversary\(.*?, )day", r"\1day - 1"),
    "days are counted from the next one": _rewrite(r"(days_since\(.*?, )day", r"\1day - 1"),
    "a table's number does not matter": _rewrite(r"told_number\([^()]*\) \* ", ""),
    "a table's dates do not matter": _rewrite(r"(grains_of\(K\d+, details), day", r"\1, 739000"),
    "everything came back and yet it gives": _rewrite(r"s\d+ > 0 or not", "s0 >= 0 or not"),
}  # fmt: skip

SETTLE_FAULTS = {
    "the remainder is dropped": _swap("= remainder if wallet.keeps", "= 0 if wallet.keeps"),
    "the remainder is not kept": _swap("grains - units * wallet.grid", "0"),
    "steps are ignored": _swap("wallet.grid * wallet.step)", "wallet.grid)"),
    "ties go to the largest id": _swap("(*wallet.ties, nobody)", "(*wallet.ties[::-1], nobody)"),
    "ties go to nobody": _swap("(*wallet.ties, nobody)", "(nobody, *wallet.ties)"),
    "spare points go to the smallest": _swap("reverse=True", "reverse=False"),
    "a part may pass its limit": _swap("min(parts[i], -(-given[i] // wallet.grid))", "parts[i]"),
    "one rule may pass its limit": _swap("min(units, -(-given // wallet.grid))", "units"),
}


@pytest.mark.in_turns(3)
@pytest.mark.parametrize("fault", RULE_FAULTS)
def test_a_fault_planted_in_the_generated_rules_is_found(fault: str) -> None:
    for compiled, seen in random_cases(range(1000)):
        source = RULE_FAULTS[fault](compiled.source)
        if source == compiled.source:
            continue
        evaluate = load(source, compiled.constants)
        if differences(compiled, seen, evaluate):
            return
    pytest.fail(f"nobody noticed: {fault}")


@pytest.mark.parametrize("fault", SETTLE_FAULTS)
def test_a_fault_planted_in_the_rounding_is_found(fault: str) -> None:
    healthy = inspect.getsource(settle_module)
    source = SETTLE_FAULTS[fault](healthy)
    assert source != healthy, "the planted fault no longer fits the text; renew it"
    names: dict[str, Any] = {"__name__": "planted"}
    exec(compile(source, "<planted>", "exec"), names)
    broken = SimpleNamespace(**names)
    for compiled, seen in random_cases(range(1000)):
        if differences(compiled, seen, settled=broken.settle):
            return
    pytest.fail(f"nobody noticed: {fault}")
