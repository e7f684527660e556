"""The page of codes: every refusal and every fault that a caller may meet."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import regulars
from regulars.base.faults import Fault
from regulars.runtime.reference.markdown import first_sentence, page, table

_REFUSALS = """
## Refusals

The business says no. A refusal is a normal answer: nothing was booked, and asking the same again
gives the same answer until something changes. In braces stands what is filled in.
"""
_FAULTS = """
## Faults

The caller is wrong: the answer names the field and how to mend it. Nothing was done.
"""
_PARTS = ("base", "records", "engine", "flows", "insight", "surfaces")


def codes_page() -> str:
    """Every refusal and every fault with its code, which never changes once published."""
    refusals = sorted({row for file in _files() for row in refusals_in(file.read_text("utf-8"))})
    faults = sorted({(f"`{f.code}`", f.category, first_sentence(f.__doc__)) for f in _faults()})
    parts = [
        _REFUSALS,
        table(("code", "says"), refusals),
        _FAULTS,
        table(("code", "category", "meaning"), faults),
    ]
    return page("Refusals and faults", "the source", parts)


def refusals_in(source: str) -> Iterator[tuple[str, str]]:
    """Code and words of every refusal that a source makes."""
    tree = ast.parse(source)
    named = dict(_members_of_enums(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Refused":
            code, says = node.args[0], node.args[1]
            written = ast.unparse(code)
            assert isinstance(code, ast.Constant) or written in named, written
            yield f"`{named.get(written) or ast.literal_eval(code)}`", _words(says)


def _members_of_enums(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """`Refusal.MERGE_NEEDED` and what it stands for, of each class of constants in a file."""
    for node in tree.body:
        for line in node.body if isinstance(node, ast.ClassDef) else ():
            if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant):
                name = f"{getattr(node, 'name', '')}.{ast.unparse(line.targets[0])}"
                yield name, str(line.value.value)


def _words(node: ast.expr) -> str:
    """The text of an argument; what is worked out at that moment stands in braces."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_words, node.values))
    if isinstance(node, ast.FormattedValue):
        return "{" + ast.unparse(node.value).rsplit(".", 1)[-1] + "}"
    return "{" + ast.unparse(node) + "}"


def _files() -> Iterator[Path]:
    for part in _PARTS:
        yield from sorted((Path(regulars.__file__).parent / part).rglob("*.py"))


def _faults() -> Iterator[type[Fault]]:
    for part in _PARTS:
        package = importlib.import_module(f"regulars.{part}")
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(found.name)
    open_ends = [Fault]
    while open_ends:
        below = open_ends.pop().__subclasses__()
        open_ends += below
        # Faults that tests or other packages derive are not ours to publish.
        yield from (fault for fault in below if fault.__module__.startswith("regulars."))
