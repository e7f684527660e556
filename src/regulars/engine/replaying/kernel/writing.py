"""The rules of a version for sales of one amount: the very text that tills run, made plain.

The generated function of a version reads a basket; for a sale of which only the amount is known
there is one line of one piece without a name. What follows from that is put into the text once,
words become numbers, and what is left are whole numbers that a compiler can take.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any, Final

from regulars.engine.compiling.compile import Compiled
from regulars.engine.qualify import qualify
from regulars.records.activity.types import Body

PLAIN: Final = ("day", "weekday", "hour", "tier")
CODED: Final = ("channel", "store")
_ARGUMENTS: Final = (*PLAIN, *CODED, "amount", "room", "out")


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
    names = {function.__name__: kind for kind, function in known["KINDS"].items()}
    text, calls = [], []
    for node in ast.parse(compiled.source).body:
        if isinstance(node, ast.FunctionDef) and node.name in names:
            kind = names[node.name]
            if kind not in kinds:
                continue
            plain = _Plain(known, words, counted(compiled) if kind == "purchase" else ())
            text.append(ast.unparse(ast.fix_missing_locations(plain.visit(node))))
            call = f"{node.name}({', '.join(_ARGUMENTS)})"
            calls.append(f"    if kind == {kinds.index(kind)}:\n        {call}")
    head = f"def evaluate(kind, {', '.join(_ARGUMENTS)}):\n    out[:] = 0\n"
    return "\n\n".join([*text, head + "\n".join(calls)]) + "\n"


class _Plain(ast.NodeTransformer):
    """Puts in what is known of a sale without lines; of another kind there is not even one."""

    def __init__(
        self, known: Mapping[str, Any], words: Mapping[str, Sequence[str]], lines: tuple[bool, ...]
    ) -> None:
        self._known = known
        self._words = words
        self._lines = lines

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        arguments = [ast.arg(name) for name in _ARGUMENTS]
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
            return ast.Constant("" in wanted)
        if asked.id not in CODED:
            raise NotPlain(f"a rule asks which {asked.id} it is")
        codes = [code for code, word in enumerate(self._words[asked.id]) if word in wanted]
        tests: list[ast.expr] = [ast.parse(f"{asked.id} == {c}", mode="eval").body for c in codes]
        return ast.BoolOp(ast.Or(), [ast.Constant(False), *tests]) if tests else ast.Constant(False)

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
