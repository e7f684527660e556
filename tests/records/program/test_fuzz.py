"""Whatever is thrown at the reader: a program or a fault with a place, soon, and nothing else."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from regulars.engine.checking.admission import look_over
from regulars.records.program.checks import check
from regulars.records.program.parsing.nodes import parse
from regulars.records.program.problems import ProgramFault
from regulars.records.program.reading import problems_of, read
from regulars.records.program.templates import load_template, template_names
from regulars.records.program.types import Program

TEMPLATES = [load_template(name) for name in sorted(template_names(), key=lambda n: n != "bench")]
SOON = settings(
    deadline=5_000,  # milliseconds; what grows without end takes longer on any machine
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def try_to_read(text: str | bytes) -> None:
    """The only two ends there may be; a program that is read can also be checked."""
    try:
        reading = read(text)
        problems = problems_of(reading)
        assert isinstance(reading.program, Program)
    except ProgramFault as fault:
        problems = list(fault.problems)
        assert problems
    assert all(p.line >= 1 and p.column >= 1 and p.says for p in problems)


@SOON
@given(some.text(max_size=2000))
def test_any_text(text: str) -> None:
    try_to_read(text)


@SOON
@given(some.binary(max_size=2000))
def test_any_bytes(data: bytes) -> None:
    try_to_read(data)


MARKS = some.sampled_from([*"[]{}:,-&*!|>%@`'\"#?\t\n \0~<", "<<: ", "---\n", "!!int ", "..."])


@SOON
@given(some.lists(MARKS | some.text(max_size=4), max_size=400).map("".join))
def test_any_marks_that_mean_something_to_yaml(text: str) -> None:
    try_to_read(text)


@SOON
@given(
    some.sampled_from(TEMPLATES),
    some.lists(
        some.tuples(some.integers(0, 6000), some.integers(0, 40), MARKS | some.text(max_size=12)),
        min_size=1,
        max_size=4,
    ),
)
def test_templates_with_letters_changed(text: str, edits: list[tuple[int, int, str]]) -> None:
    for at, length, put in edits:
        text = text[:at] + put + text[at + length :]
    try_to_read(text)


LEAVES = (
    some.none()
    | some.booleans()
    | some.integers(-(10**20), 10**20)
    | some.floats()
    | some.text(max_size=10)
    | some.sampled_from(
        ["points", "0.5", "2026-02-30", "gold", "all", "fixed", "99999999999.999999"]
    )
)
VALUES = some.recursive(
    LEAVES,
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=8), inner),
    max_leaves=12,
)
TREES: list[Any] = [parse(text).value for text in TEMPLATES]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a tree of plain values."""
    steps = value.items() if isinstance(value, dict) else []
    steps = enumerate(value) if isinstance(value, list) else steps
    return [path, *(p for step, inner in steps for p in places(inner, (*path, step)))]


def changed(value: Any, path: tuple[Any, ...], put: Any) -> Any:
    """The tree with another value at one place."""
    if not path:
        return put
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], put)
    return copy


@SOON
@given(some.data())
def test_templates_with_values_changed(data: some.DataObject) -> None:
    tree = data.draw(some.sampled_from(TREES))
    for _ in range(data.draw(some.integers(1, 3))):
        path = data.draw(some.sampled_from(places(tree)))
        tree = changed(tree, path, data.draw(VALUES))
    try_to_read(json.dumps(tree))


@settings(SOON, max_examples=30)
@given(some.integers(1, 60), some.sampled_from(["all", "any", "not"]))
def test_conditions_nested_ever_deeper(depth: int, tag: str) -> None:
    when: Any = {"if": "hour", "from": 1, "until": 2}
    for _ in range(depth):
        when = {"if": "not", "that": when} if tag == "not" else {"if": tag, "of": [when, when]}
        if len(json.dumps(when)) > 10_000:
            break
    tree = {**TREES[0], "rules": [{**TREES[0]["rules"][0], "when": when}]}
    try_to_read(json.dumps(tree))


def test_a_program_with_every_alternative_is_checked_soon() -> None:
    """A bounded amount of work, however the alternatives are combined."""
    leaf = [{"if": "not", "that": {"if": "amount", "at_least": n, "at_most": n}} for n in range(32)]
    wide = {"if": "any", "of": [{"if": "all", "of": leaf} for _ in range(32)]}
    tree = {**TREES[0], "rules": [{**TREES[0]["rules"][0], "when": wide}]}
    assert check(read(json.dumps(tree)).program) == []


def wallets_named() -> dict[tuple[Any, ...], tuple[Any, tuple[Any, ...]]]:
    """Each kind of place where a program names a wallet, once, with one that does."""
    shapes: dict[tuple[Any, ...], tuple[Any, tuple[Any, ...]]] = {}
    for plain in TREES:
        name = next(iter(plain["wallets"]))
        cap = {"id": "cap", "per": "day", "points": 5, "wallet": name}
        pays = {"wallet": name, "points": 1, "per": 1}
        tree = {**plain, "budgets": [*plain.get("budgets", ()), cap], "paying": pays}
        for path in places(tree):
            if path[-1:] == ("wallet",):
                shapes.setdefault(
                    tuple(step for step in path if isinstance(step, str)), (tree, path)
                )
    return shapes


def test_a_wallet_that_is_not_there_is_told_wherever_it_is_named() -> None:
    shapes = wallets_named()
    assert {("rules", "wallet"), ("budgets", "wallet"), ("paying", "wallet")} <= shapes.keys()
    for tree, path in shapes.values():
        found = look_over(read(json.dumps(changed(tree, path, "nobody-has-it"))))
        errors = [one for one in found if one.severity == "error"]
        assert any('"nobody-has-it"' in one.says for one in errors), path
        assert all(one.mend for one in errors), path
