"""What rules ask of a member's attributes and of an activity's details, as columns of numbers.

Only texts are asked about there, and of texts machine code knows nothing. So each such question is
taken out of the tills' own source as it stands, answered by it once per row while a history is
read, and what is left of the rules looks up the answer.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct

from regulars.engine.compiling.compile import Compiled
from regulars.engine.compiling.lookups import FUNCTIONS

LARGEST: Final = 1 << 62
_OWNERS: Final = ("member", "details")
_NUMBERS: Final = ("grains_of", "told_number", "days_since")
"""Functions that answer with a number; others say yes or no."""
Answer = Callable[[Mapping[str, Any], Mapping[str, Any], int], tuple[int, ...]]


class Asked(Struct):
    """The questions of a version in order, and per kind of activity what answers them all."""

    questions: tuple[str, ...]
    answers: dict[str, Answer]

    def of(
        self, kind: str, member: Mapping[str, Any], details: Mapping[str, Any], day: int
    ) -> tuple[int, ...]:
        """The answers for one activity; 0 for what its kind does not ask."""
        answer = self.answers.get(kind)
        return answer(member, details, day) if answer else (0,) * len(self.questions)


def kinds_of(compiled: Compiled) -> dict[str, str]:
    """By the name of each generated function the kind of activity it is for."""
    known: dict[str, Any] = compiled.evaluate.__globals__
    return {function.__name__: kind for kind, function in known["KINDS"].items()}


def asked_by(compiled: Compiled) -> Asked:
    """What the rules of a version ask of members and details."""
    names, by_kind = kinds_of(compiled), {}
    places: dict[str, int] = {}
    for node in ast.parse(compiled.source).body:
        if isinstance(node, ast.FunctionDef) and node.name in names:
            taken = _Taken(places)
            taken.visit(node)
            by_kind[names[node.name]] = taken.seen
    questions = tuple(places)
    answers = {
        kind: _answer([each if each in seen else "0" for each in questions], compiled)
        for kind, seen in by_kind.items()
        if seen
    }
    return Asked(questions, answers)


def looked_up(node: ast.FunctionDef, asked: Asked) -> ast.FunctionDef:
    """A generated function that looks up the answers in `asked` instead of asking."""
    found: ast.FunctionDef = _Taken({each: at for at, each in enumerate(asked.questions)}).visit(
        node
    )
    return found


def _answer(questions: list[str], compiled: Compiled) -> Answer:
    names = dict(compiled.evaluate.__globals__)
    text = f"def answer(member, details, day):\n    return ({', '.join(questions)},)\n"
    exec(text, names)  # noqa: S102  (the very text that tills run, ADR 0011)
    answer: Answer = names["answer"]
    return answer


class _Taken(ast.NodeTransformer):
    """Takes questions out and puts their places in; new ones are given the next place."""

    def __init__(self, places: dict[str, int]) -> None:
        self._places = places
        self._asides: dict[str, ast.expr] = {}
        self.seen: set[str] = set()

    def visit_Assign(self, node: ast.Assign) -> Any:
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Name) and target.id in _OWNERS:
            return None
        if isinstance(target, ast.Name) and _is_got(value):
            self._asides[target.id] = value
            return None
        self.generic_visit(node)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        if isinstance(node.ops[0], ast.In) and self._asks(node.left):
            return self._yes(node)
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            return self._place(node) if node.func.id in _NUMBERS else self._yes(node)
        self.generic_visit(node)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        if _is_number(node.left) and _is_number(node.right):
            # Multiplied where numbers have no end, so that too large a product is seen.
            return self._place(node)
        self.generic_visit(node)
        return node

    def _asks(self, node: ast.expr) -> bool:
        names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        return bool(names & (set(_OWNERS) | self._asides.keys()))

    def _yes(self, node: ast.expr) -> ast.expr:
        return ast.Compare(self._place(node), [ast.NotEq()], [ast.Constant(0)])

    def _place(self, node: ast.expr) -> ast.expr:
        text = ast.unparse(_Written(self._asides).visit(node))
        self.seen.add(text)
        at = self._places.setdefault(text, len(self._places))
        return ast.parse(f"asked[{at}]", mode="eval").body


class _Written(ast.NodeTransformer):
    """Puts what was worked out beforehand back where it is used."""

    def __init__(self, asides: Mapping[str, ast.expr]) -> None:
        self._asides = asides

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self._asides.get(node.id, node)


def _is_got(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in _OWNERS
    )


def _is_number(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _NUMBERS
    )
