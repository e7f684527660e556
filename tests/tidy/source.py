"""The source of the house as its rules see it: files, trees, names."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple, TypeVar

ROOT = Path(__file__).parents[2]
HOUSE = "src/regulars/"
Node = TypeVar("Node", bound=ast.AST)
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+")


class Source:
    """One Python file: its place from the root, its text and its tree."""

    def __init__(self, place: str, text: str) -> None:
        self.place = place
        self.text = text

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.place)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @property
    def stages(self) -> tuple[str, ...]:
        """The folders below `src/regulars`: ("records", "ledger"); nothing outside of it."""
        if not self.place.startswith(HOUSE):
            return ()
        return tuple(self.place.removeprefix(HOUSE).split("/")[:-1]) or ("",)

    @property
    def name(self) -> str:
        return self.place.rsplit("/", 1)[-1]

    def of(self, *kinds: type[Node]) -> Iterator[Node]:
        return (node for node in self.nodes if isinstance(node, kinds))

    def functions(self) -> Iterator[FunctionNode]:
        for node in self.nodes:
            if isinstance(node, FunctionNode):
                yield node


class Offence(NamedTuple):
    """One place where a rule is broken."""

    line: int
    says: str


class Rule(NamedTuple):
    """One rule of the house, with texts that break it and texts that keep it."""

    name: str
    holds_in: Callable[[Source], bool]
    find: Callable[[Source], Iterable[Offence]]
    breaks: tuple[str, ...]
    keeps: tuple[str, ...]
    place: str = "src/regulars/engine/planted.py"
    """Where these texts are said to stand."""


@cache
def sources() -> tuple[Source, ...]:
    """Every Python file of the house, its tests and its benchmarks."""
    found = (
        path
        for top in ("src", "tests", "bench")
        for path in sorted((ROOT / top).rglob("*.py"))
        if not any(part.startswith((".", "__pycache__")) for part in path.relative_to(ROOT).parts)
    )
    return tuple(Source(str(path.relative_to(ROOT)), path.read_text("utf-8")) for path in found)


def everywhere(_: Source) -> bool:
    """In all Python files."""
    return True


def in_house(source: Source) -> bool:
    """In what is shipped."""
    return bool(source.stages)


def in_stages(*names: str) -> Callable[[Source], bool]:
    """In these folders of the house."""
    return lambda source: source.stages[:1] != () and source.stages[0] in names


def outside_runtime(source: Source) -> bool:
    """In what is shipped, where no clock, chance or environment is."""
    return in_house(source) and source.stages[0] not in ("runtime", "")


def is_pure(source: Source) -> bool:
    """In words and decisions: base, engine, and the rooms' types and logic."""
    if not source.stages or source.stages[0] not in ("base", "engine", "records"):
        return False
    return source.stages[0] != "records" or source.name not in ("read.py", "write.py")


def words(identifier: str) -> list[str]:
    """The words of a name: `EarlyBird_offer` is early, bird, offer."""
    return [word.lower() for word in _WORD.findall(identifier)]


def identifiers(source: Source) -> Iterator[tuple[int, str]]:
    """Every name this file gives to something, with its line; the file's own name first."""
    yield 1, source.name.removesuffix(".py")
    for node in source.nodes:
        if isinstance(node, FunctionNode | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr


def dotted(node: ast.AST) -> str:
    """`datetime.now` of an attribute as it is written; "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        left = dotted(node.value)
        return f"{left}.{node.attr}" if left else ""
    return ""


def imported(source: Source) -> Iterator[tuple[int, str]]:
    """Every module or name this file imports, with its line."""
    for node in source.nodes:
        if isinstance(node, ast.Import):
            for each in node.names:
                yield node.lineno, each.name
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or ""
