"""The page of events: everything we tell the world about a member."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from regulars import engine
from regulars.runtime.reference.markdown import page, table

_ABOUT = """
Each is written to the `outbox` in the transaction of what it tells of. `sequence` is the version of
the member's standing: by it one member's events are put in order. Ids are plain UUIDs,
quantities whole numbers of the wallet's smallest unit. Types and fields are only ever added.
"""


def events_page() -> str:
    """Every type of event with the fields of its payload."""
    rows = sorted(
        (f"`{kind}`", ", ".join(f"`{field}`" for field in fields))
        for name in _modules()
        for kind, fields in events_in(name)
    )
    return page("Events", "src/regulars/engine", [_ABOUT, table(("type", "payload"), rows)])


def events_in(module_name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The events that the functions of a module make, with the fields of their payload."""
    module = importlib.import_module(module_name)
    assert module.__file__ is not None, module_name
    tree = ast.parse(Path(module.__file__).read_text("utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    for function in functions:
        for call in _calls(function, "Event"):
            for written in _written(call.args[2], function, tree):
                for kind in _kinds(written, vars(module)):
                    yield kind, _fields(call, function)


def _calls(inside: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(inside):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == name:
            yield node


def _written(node: ast.expr, inside: ast.FunctionDef, tree: ast.Module) -> Iterator[ast.expr]:
    """The type where it is written: here, or where this function is called with it."""
    if not isinstance(node, ast.Name):
        yield node
        return
    place = [each.arg for each in inside.args.args].index(node.id)
    for call in _calls(tree, inside.name):
        yield call.args[place]


def _kinds(node: ast.expr, names: dict[str, object]) -> Iterator[str]:
    """`points.earned` as it stands; `reward.{ending.outcome}` once for each Outcome there is."""
    if isinstance(node, ast.JoinedStr):
        first, last = node.values
        assert isinstance(last, ast.FormattedValue), ast.unparse(node)
        alias = ast.unparse(last.value).rsplit(".", 1)[-1].capitalize()
        begins = ast.literal_eval(first)
        yield from (f"{begins}{outcome}" for outcome in get_args(names[alias]))
    else:
        yield ast.literal_eval(node)


def _fields(call: ast.Call, inside: ast.FunctionDef) -> tuple[str, ...]:
    """The keys of the payload, written in the call or put together before it."""
    for part in (call, inside):
        for node in ast.walk(part):
            keys = node.keys if isinstance(node, ast.Dict) else []
            if keys and all(isinstance(key, ast.Constant) for key in keys):
                return tuple(str(key.value) for key in keys if isinstance(key, ast.Constant))
    raise AssertionError(f"no payload found in {inside.name}")


def _modules() -> Iterator[str]:
    for found in pkgutil.walk_packages(engine.__path__, f"{engine.__name__}."):
        yield found.name
