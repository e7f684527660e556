"""The rules of a version as the kernel takes them: the very text that tills run, made plain.

The generated function of a version reads a basket; for a sale of which only the amount is known
there is one line of one piece without a name. What follows from that is put into the text once,
words become numbers, and what is left are whole numbers that a compiler can take.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from regulars.engine.compiling.compile import Compiled
from regulars.engine.qualify import qualify
from regulars.engine.replaying.kernel.asking import asked_by, kinds_of, looked_up
from regulars.records.activity.types import Body

PLAIN: Final = ("day", "weekday", "hour", "tier")
CODED: Final = ("channel", "store")
_ARGUMENTS: Final = (*PLAIN, *CODED, "asked", "amount", "room", "out")
_BASKET: Final = ("first", "last", "skus", "categories", "pieces", "frees", "worths", "extras")
_LINED: Final = (*PLAIN, *CODED, "asked", *_BASKET, "room", "out")
_OF_A_LINE: Final = {"sku": "skus", "category": "categories", "quantity": "pieces", "free": "frees"}


class NotPlain(Exception):
    """The kernel cannot take this; says why."""


def counted(compiled: Compiled) -> tuple[bool, ...]:
    """Per qualifying definition: does a sale without lines count for it at all?"""
    found = qualify(compiled.qualifying, Body(), 100)
    if any(found.extras) or any(each not in (0, 100) for each in found.lines[0]):
        raise NotPlain("a definition counts a part of a sale without lines")
    return tuple(each == 100 for each in found.lines[0])


def write(compiled: Compiled, kinds: Sequence[str], words: Mapping[str, Sequence[str]]) -> str:
    """The source of `evaluate(kind, day, …, room, out)`; `words` are channels and stores by code.

    Refuses: NotPlain where a rule looks at what a sale of one amount does not have a number for.
    """
    known: dict[str, Any] = compiled.evaluate.__globals__
    names, asked = kinds_of(compiled), asked_by(compiled)
    text, calls = [], []
    for node in ast.parse(compiled.source).body:
        if isinstance(node, ast.FunctionDef) and node.name in names:
            kind = names[node.name]
            if kind not in kinds:
                continue
            plain = _Plain(known, words, counted(compiled) if kind == "purchase" else ())
            text.append(_written(plain, looked_up(node, asked)))
            call = f"{node.name}({', '.join(_ARGUMENTS)})"
            calls.append(f"    if kind == {kinds.index(kind)}:\n        {call}")
    head = f"def evaluate(kind, {', '.join(_ARGUMENTS)}):\n    out[:] = 0\n"
    return "\n\n".join([*text, head + "\n".join(calls)]) + "\n"


def write_baskets(
    compiled: Compiled, kinds: Sequence[str], words: Mapping[str, Sequence[str]]
) -> tuple[str, dict[str, Any]]:
    """The source of `evaluate` for sales with lines, from `first` to before `last` in columns; and
    the tables it asks whether a word is among others.

    Refuses: NotPlain where a rule looks at what no column has.
    """
    known: dict[str, Any] = compiled.evaluate.__globals__
    names, asked = kinds_of(compiled), asked_by(compiled)
    text, calls, lined = [], [], _Lined(known, words)
    for node in ast.parse(compiled.source).body:
        if isinstance(node, ast.FunctionDef) and names.get(node.name) in kinds:
            text.append(_written(lined, looked_up(node, asked)))
            call = f"{node.name}({', '.join(_LINED)})"
            calls.append(f"    if kind == {kinds.index(names[node.name])}:\n        {call}")
    head = f"def evaluate(kind, {', '.join(_LINED)}):\n    out[:] = 0\n"
    return "\n\n".join([*text, head + "\n".join(calls)]) + "\n", lined.tables


def _written(plain: _Plain, node: ast.FunctionDef) -> str:
    return ast.unparse(ast.fix_missing_locations(plain.visit(node)))


class _Plain(ast.NodeTransformer):
    """Puts in what is known of a sale without lines; of another kind there is not even one."""

    def __init__(
        self, known: Mapping[str, Any], words: Mapping[str, Sequence[str]], lines: tuple[bool, ...]
    ) -> None:
        self._known = known
        self._words = words
        self._lines = lines
        self.arguments: Sequence[str] = _ARGUMENTS

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        arguments = [ast.arg(name) for name in self.arguments]
        node.args = ast.arguments([], arguments, None, [], [], None, [])
        self.generic_visit(node)
        return node

    def visit_Assign(self, node: ast.Assign) -> Any:
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Name) and target.id == "extras":
            return None
        if isinstance(value, ast.Attribute):
            if value.attr not in PLAIN + CODED:
                raise NotPlain(f"a rule asks for the {value.attr} of an activity")
            return None
        return self.generic_visit(node)

    def visit_For(self, node: ast.For) -> Any:
        if not self._lines:
            return None
        return [self.visit(each) for each in node.body]

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in ("sku", "category"):
            return ast.Constant("")
        if node.id == "quantity":
            return ast.Constant(1)
        if node.id == "free":
            return ast.Constant(0)
        if node.id in self._known and type(self._known[node.id]) is int:
            return ast.Constant(self._known[node.id])
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.value, ast.Name) and node.value.id == "extras":
            return ast.Constant(0)
        if isinstance(node.value, ast.Name) and node.value.id == "amounts":
            place: Any = node.slice
            counts = self._lines[place.value]
            return ast.Name("amount", ast.Load()) if counts else ast.Constant(0)
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        if isinstance(node.op, ast.Not) and isinstance(node.operand, ast.Attribute):
            return ast.Constant(not self._lines)
        self.generic_visit(node)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        if not isinstance(node.ops[0], ast.In | ast.NotIn):
            self.generic_visit(node)
            return node
        asked, among = node.left, node.comparators[0]
        if not isinstance(asked, ast.Name) or not isinstance(among, ast.Name):
            raise NotPlain("a rule asks for an attribute")
        wanted = self._known[among.id]
        if asked.id in ("sku", "category"):
            found = self.among(asked, among)
            return ast.UnaryOp(ast.Not(), found) if isinstance(node.ops[0], ast.NotIn) else found
        if asked.id not in CODED:
            raise NotPlain(f"a rule asks which {asked.id} it is")
        codes = [code for code, word in enumerate(self._words[asked.id]) if word in wanted]
        tests: list[ast.expr] = [ast.parse(f"{asked.id} == {c}", mode="eval").body for c in codes]
        return ast.BoolOp(ast.Or(), [ast.Constant(False), *tests]) if tests else ast.Constant(False)

    def among(self, asked: ast.Name, among: ast.Name) -> ast.expr:
        """Whether a line's word is among some: the only line has none."""
        return ast.Constant("" in self._known[among.id])

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if not isinstance(node.func, ast.Name) or not node.func.id.endswith("_steps"):
            raise NotPlain("a rule asks for an attribute")
        self.generic_visit(node)
        return node

    def visit_Return(self, node: ast.Return) -> Any:
        parts: Any = node.value
        return [
            ast.parse(f"out[{place}] = {ast.unparse(self.visit(part))}").body[0]
            for place, part in enumerate(parts.elts)
        ]


class _Lined(_Plain):
    """Puts columns in the place of a basket; its lines are read where they lie."""

    def __init__(self, known: Mapping[str, Any], words: Mapping[str, Sequence[str]]) -> None:
        super().__init__(known, words, ())
        self.arguments = _LINED
        self.tables: dict[str, Any] = {}
        """By name: per code of a word, whether it is among those that are asked for."""

    def visit_For(self, node: ast.For) -> Any:
        node.target = ast.Name("line", ast.Store())
        node.iter = ast.parse("range(first, last)", mode="eval").body
        node.body = [self.visit(each) for each in node.body]
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in _OF_A_LINE:
            return ast.parse(f"{_OF_A_LINE[node.id]}[line]", mode="eval").body
        if node.id in self._known and type(self._known[node.id]) is int:
            return ast.Constant(self._known[node.id])
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        place: Any = node.slice
        if isinstance(node.value, ast.Name) and node.value.id == "amounts":
            return ast.parse(f"worths[line, {place.value}]", mode="eval").body
        self.generic_visit(node)
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        if isinstance(node.op, ast.Not) and isinstance(node.operand, ast.Attribute):
            return ast.parse("first == last", mode="eval").body
        self.generic_visit(node)
        return node

    def among(self, asked: ast.Name, among: ast.Name) -> ast.expr:
        """Whether a line's word is among some: a look into a table, however many there are."""
        wanted, name = self._known[among.id], f"{among.id}_{asked.id}"
        self.tables[name] = np.array([word in wanted for word in self._words[asked.id]] or [False])
        return ast.parse(f"{name}[{_OF_A_LINE[asked.id]}[line]]", mode="eval").body
