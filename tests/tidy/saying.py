"""Rules about what source says of itself: docstrings, promises, assertions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.tidy.source import FunctionNode, Offence, Rule, Source, everywhere, in_house

# Written in two halves, so that this file does not speak of itself.
_LATER = re.compile(r"#.*\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
_ENDS = (".", "?", "!", "…", ":", ".)", ".”")


def says_for_people(source: Source) -> bool:
    """In what is shipped; the doctor's checks have for docstring what the doctor prints."""
    return in_house(source) and source.place != "src/regulars/runtime/checking/checks.py"


def without_sentence(source: Source) -> Iterator[Offence]:
    yield from _sentence(source.tree, "the file", 1)
    for node in _public(source.tree.body):
        yield from _sentence(node, node.name, node.lineno)
        if isinstance(node, ast.ClassDef) and not _is_protocol(node):
            for method in _public(node.body):
                if not _says_enough_by_name(method):
                    yield from _sentence(method, f"{node.name}.{method.name}", method.lineno)


def _public(body: list[ast.stmt]) -> Iterator[FunctionNode | ast.ClassDef]:
    for node in body:
        if isinstance(node, FunctionNode | ast.ClassDef) and not node.name.startswith("_"):
            yield node


def _is_protocol(node: ast.ClassDef) -> bool:
    return any("Protocol" in ast.unparse(base) for base in node.bases)


def _says_enough_by_name(node: FunctionNode | ast.ClassDef) -> bool:
    """A body of one or two lines is as short as any sentence about it."""
    return not isinstance(node, ast.ClassDef) and len(node.body) <= 2


def _sentence(
    node: ast.Module | FunctionNode | ast.ClassDef, name: str, line: int
) -> Iterator[Offence]:
    said = ast.get_docstring(node)
    if said is None:
        if not isinstance(node, ast.Module) or node.body:
            yield Offence(line, f"{name} does not say what it is for")
        return
    first = said.split("\n\n", maxsplit=1)[0].strip()
    if not first.endswith(_ENDS) or first[:1].islower():
        yield Offence(line, f"{name}: the docstring does not begin with a sentence")


def put_off(source: Source) -> Iterator[Offence]:
    for number, line in enumerate(source.text.splitlines(), 1):
        if _LATER.search(line):
            yield Offence(number, "do it now, or write it down where work is planned")


def empty_assertions(source: Source) -> Iterator[Offence]:
    for node in source.of(ast.Assert):
        test = node.test
        if isinstance(test, ast.Constant) or (isinstance(test, ast.Tuple) and test.elts):
            yield Offence(node.lineno, "this assertion cannot fail")


def idle_tests(source: Source) -> Iterator[Offence]:
    for node in source.functions():
        if node.name.startswith("test_") and all(_is_idle(each) for each in node.body):
            yield Offence(node.lineno, f"{node.name} tests nothing")


def _is_idle(statement: ast.stmt) -> bool:
    constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return constant or isinstance(statement, ast.Pass)


_GOOD = '"""What this file is for."""\n\n\ndef spend(lot):\n    """Take points from a lot."""\n'

SAID_ONCE = (
    "this person's data were erased on request",
    "this member is blocked; ask the owner of the program",
    "nobody here has this id; check it for a slip",
)
"""What many flows say, and `records/members/types.py` has a constructor for."""


def says_by_hand(source: Source) -> bool:
    """In what is shipped, but where these constructors stand."""
    return in_house(source) and source.place != "src/regulars/records/members/types.py"


def said_again(source: Source) -> Iterator[Offence]:
    for node in source.of(ast.Constant):
        if node.value in SAID_ONCE:
            yield Offence(node.lineno, "ask records.members.types for these words")


_CONSOLE = "src/regulars/surfaces/console/"
NO_REFUSALS = frozenset(("note", "one", "record"))
"""What else has something to say: a note above a form, a slip of a program, a record of a till."""


def tells_staff(source: Source) -> bool:
    return source.place.startswith(_CONSOLE)


def told_raw(source: Source) -> Iterator[Offence]:
    compared = {id(part) for node in source.of(ast.Compare) for part in ast.walk(node)}
    for node in source.of(ast.Attribute):
        refusal = isinstance(node.value, ast.Name) and node.value.id not in NO_REFUSALS
        if node.attr == "says" and refusal and id(node) not in compared:
            yield Offence(node.lineno, "a flow speaks English: ask here.told, or told_to")


RULES = (
    Rule(
        "why something was not done is told in the reader's language",
        tells_staff,
        told_raw,
        breaks=(
            "wrong = {'': fault.says}",
            "wrong = here.reader.say(outcome.says)",
            "says = _THERE if taken else joined.says",
        ),
        keeps=(
            "wrong = {'': here.told(fault)}",
            "if fault.says != NOT_THERE:\n    raise fault",
            "shown = [one.says for one in slips]",
        ),
        place=f"{_CONSOLE}planted.py",
    ),
    Rule(
        "of the erased, the blocked and the unknown everybody speaks by the same constructor",
        says_by_hand,
        said_again,
        breaks=tuple(f"no = Refused('code', {words!r})" for words in SAID_ONCE),
        keeps=("no = erased_refused()", "no = nobody('/id')"),
    ),
    Rule(
        "what is public says in a sentence what it is for",
        says_for_people,
        without_sentence,
        breaks=(
            _GOOD.replace('    """Take points from a lot."""', "    return lot"),
            _GOOD.replace("Take points from a lot.", "takes points"),
            _GOOD.removeprefix('"""What this file is for."""'),
        ),
        keeps=(_GOOD, _GOOD.replace("Take points from a lot.", "Take points.\n\n    Order: first")),
    ),
    Rule(
        "nothing is put off",
        everywhere,
        put_off,
        breaks=("x = 1  # TO" + "DO later",),
        keeps=("x = 1  # a list of things", "currency = 'XX" + "X'"),
    ),
    Rule(
        "an assertion can fail",
        everywhere,
        empty_assertions,
        breaks=("assert True", "assert (x, 'why')"),
        keeps=("assert x, 'why'", "assert (x), 'why'"),
    ),
    Rule(
        "a test tests something",
        everywhere,
        idle_tests,
        breaks=('def test_it():\n    """It works."""\n    ...',),
        keeps=("def test_it():\n    check()",),
    ),
)
