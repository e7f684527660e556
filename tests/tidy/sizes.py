"""Rules about size: what does not fit on a screen is not read to its end."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.tidy.source import FunctionNode, Offence, Rule, Source, everywhere, in_house

LONGEST_FUNCTION = 60
LONGEST_FILE = 400
LONGEST_TEST_FILE = 500
MOST_PARAMETERS = 6
WIDEST_LINE = 100
DEEPEST_NESTING = 4
_BLOCKS = (
    ast.If,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.With,
    ast.AsyncWith,
    ast.Try,
    ast.TryStar,
    ast.Match,
)


def long_functions(source: Source) -> Iterator[Offence]:
    for node in source.functions():
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if lines > LONGEST_FUNCTION:
            yield Offence(node.lineno, f"{node.name} has {lines} lines")


def long_files(source: Source) -> Iterator[Offence]:
    lines = source.text.count("\n")
    most = LONGEST_TEST_FILE if source.place.startswith("tests/") else LONGEST_FILE
    if lines > most:
        yield Offence(lines, f"{lines} lines")


def many_parameters(source: Source) -> Iterator[Offence]:
    for node in source.functions():
        given = node.args
        every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
        own = [arg for arg in every if arg.arg not in ("self", "cls")]
        if len(own) > MOST_PARAMETERS:
            yield Offence(node.lineno, f"{node.name} takes {len(own)} parameters")


def wide_lines(source: Source) -> Iterator[Offence]:
    tables = [] if in_house(source) else list(_tables(source))
    for number, line in enumerate(source.text.splitlines(), 1):
        if len(line) > WIDEST_LINE and not any(number in lines for lines in tables):
            yield Offence(number, f"{len(line)} characters")


def _tables(source: Source) -> Iterator[range]:
    """Lines of tables that tests lay out by hand: one case in a line is easier to read."""
    lines = source.text.splitlines()
    for node in source.nodes:
        end = getattr(node, "end_lineno", None)
        if isinstance(node, ast.stmt) and end and lines[end - 1].endswith("# fmt: skip"):
            yield range(node.lineno, end)


def deep_nesting(source: Source) -> Iterator[Offence]:
    for node in source.functions():
        yield from _too_deep(node.body, 0, node)


def _too_deep(body: list[ast.stmt], depth: int, inside: FunctionNode) -> Iterator[Offence]:
    for statement in body:
        if not isinstance(statement, _BLOCKS):
            continue
        if depth == DEEPEST_NESTING:
            yield Offence(statement.lineno, f"{inside.name} nests deeper than {DEEPEST_NESTING}")
            continue
        for part in _bodies(statement):
            # `elif` stands inside `else`, but nobody reads it as one step deeper.
            chained = isinstance(statement, ast.If) and part is statement.orelse and _elif(part)
            yield from _too_deep(part, depth if chained else depth + 1, inside)


def _elif(part: list[ast.stmt]) -> bool:
    return len(part) == 1 and isinstance(part[0], ast.If)


def _bodies(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        part = getattr(statement, name, None)
        if part:
            yield part
    for each in [*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())]:
        yield each.body


def _nested(depth: int) -> str:
    lines = ["def walk(x):"]
    lines += ["    " * (step + 1) + "if x:" for step in range(depth)]
    return "\n".join([*lines, "    " * (depth + 1) + "return x", ""])


def _with_lines(count: int) -> str:
    return "def long():\n" + "    pass\n" * count


RULES = (
    Rule(
        "a function has at most 60 lines",
        everywhere,
        long_functions,
        breaks=(_with_lines(60),),
        keeps=(_with_lines(59),),
    ),
    Rule(
        "a file has at most 400 lines, of tests 500",
        everywhere,
        long_files,
        breaks=("pass\n" * 401,),
        keeps=("pass\n" * 400,),
    ),
    Rule(
        "a function takes at most 6 parameters",
        in_house,
        many_parameters,
        breaks=("def f(self, a, b, c, d, e, *, f, g): ...",),
        keeps=("def f(self, a, b, c, d, *, e, f): ...",),
    ),
    Rule(
        "a line has at most 100 characters",
        everywhere,
        wide_lines,
        breaks=("#" * 101,),
        keeps=("#" * 100,),
    ),
    Rule(
        "blocks nest at most 4 deep",
        everywhere,
        deep_nesting,
        breaks=(_nested(5),),
        keeps=(_nested(4), "def f(x):\n    if x: return 1\n" + "    elif x: return 2\n" * 6),
    ),
)
