"""What can be answered where a function of the source is asked: read out of the source itself.

A function leads to whatever it names: other functions, the methods of a class, what a constant
holds. So more is reached than ever happens, never less, but for what is called by the name of a
method alone. What is named only to be told apart (`isinstance`, `except`, `case`) or as a type
does not count.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import regulars
from regulars.base.faults import Fault

Node = tuple[str, str]
"""Module and name of something at its top."""
_SOURCE: Final = Path(regulars.__file__).parent


class Reads(NamedTuple):
    """What one thing of the source names, and the codes it answers itself."""

    names: frozenset[Node]
    codes: frozenset[str]


def _module_of(file: Path) -> str:
    parts = file.relative_to(_SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@lru_cache(maxsize=1)
def trees() -> Mapping[str, ast.Module]:
    """Every module of the source."""
    return {_module_of(one): ast.parse(one.read_text("utf-8")) for one in _SOURCE.rglob("*.py")}


@cache
def tops(module: str) -> Mapping[str, list[ast.stmt]]:
    """What is defined at the top of a module, by its name."""
    found: dict[str, list[ast.stmt]] = {}
    for one in trees()[module].body:
        named: list[Any] = []
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.setdefault(one.name, []).append(one)
        elif isinstance(one, ast.Assign):
            named = one.targets
        elif isinstance(one, ast.AnnAssign):
            named = [one.target]
        for target in named:
            for part in ast.walk(target):
                if isinstance(part, ast.Name):
                    found.setdefault(part.id, []).append(one)
    return found


@cache
def imports(module: str) -> Mapping[str, Node]:
    """What a module names of others; a module as a whole has no name in it."""
    found: dict[str, Node] = {}
    for one in ast.walk(trees()[module]):
        if not isinstance(one, ast.ImportFrom) or not (one.module or "").startswith("regulars"):
            continue
        for each in one.names:
            whole = f"{one.module}.{each.name}"
            here = (whole, "") if whole in trees() else (str(one.module), each.name)
            found[each.asname or each.name] = here
    return found


def where(module: str, name: str) -> Node | None:
    """Where something is defined that a module names; nothing for what is not ours."""
    if name in tops(module):
        return (module, name)
    there = imports(module).get(name)
    if there is None or not there[1]:
        return there
    return where(*there) if there[0] in trees() else None


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """Everything in this that is done, or handed on to be done."""
    yield node
    skipped: list[Any] = []
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        skipped = [node.returns, *node.args.args, *node.args.kwonlyargs]
    elif isinstance(node, ast.AnnAssign):
        skipped = [node.annotation]
    elif isinstance(node, ast.ExceptHandler):
        skipped = [node.type]
    elif isinstance(node, ast.match_case):
        skipped = [node.pattern]
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "isinstance":
        skipped = node.args[1:]
    for child in ast.iter_child_nodes(node):
        if child not in skipped:
            yield from _parts(child)


def _named(module: str, part: ast.AST) -> Node | None:
    if isinstance(part, ast.Name):
        found = where(module, part.id)
        return found if found and found[1] else None
    if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
        whole = imports(module).get(part.value.id, ("", "?"))
        return where(whole[0], part.attr) if not whole[1] else None
    return None


@lru_cache(maxsize=1)
def faults() -> Mapping[Node, str]:
    """The code of every fault there is."""

    def below(kind: type[Fault]) -> Iterator[type[Fault]]:
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    return {(one.__module__, one.__name__): one.code for one in below(Fault)}


@cache
def reads(node: Node) -> Reads:
    """What something of the source names and answers."""
    module, name = node
    named, codes = set[Node](), set[str]()
    for one in tops(module)[name]:
        for part in _parts(one):
            if isinstance(part, ast.Call) and getattr(part.func, "id", "") == "Refused":
                told = ast.unparse(part.args[0])
                codes.add(str(eval(told, vars(importlib.import_module(module)))))
            there = _named(module, part)
            if there is None or there == node:
                continue
            if there in faults():
                codes.add(faults()[there])
            else:
                named.add(there)
    return Reads(frozenset(named), frozenset(codes))


def reached(begin: Node, leaves_out: frozenset[str] = frozenset()) -> dict[str, list[str]]:
    """Every code that can be answered from here, each with a way to it, from its end.

    `leaves_out` are names, as `module.name` by the module's last part, that are not followed.
    """
    came, found = _walked(begin, leaves_out), dict[str, list[str]]()
    for here in came:
        for code in sorted(reads(here).codes - found.keys()):
            found[code] = list(_way(came, here))
    return found


def leads_to(begin: Node) -> set[str]:
    """The names of everything that is reached from here."""
    return {short(one) for one in _walked(begin, frozenset())}


@cache
def _walked(begin: Node, leaves_out: frozenset[str]) -> Mapping[Node, Node | None]:
    """Everything that is reached from here, each by what it was reached from first."""
    came: dict[Node, Node | None] = {begin: None}
    todo = [begin]
    while todo:
        here = todo.pop()
        for one in sorted(reads(here).names - came.keys()):
            if short(one) not in leaves_out:
                came[one] = here
                todo.append(one)
    return came


def _way(came: Mapping[Node, Node | None], node: Node) -> Iterator[str]:
    at: Node | None = node
    while at is not None:
        yield short(at)
        at = came[at]


def short(node: Node) -> str:
    """A name with the last part of its module."""
    return f"{node[0].rpartition('.')[2]}.{node[1]}"
