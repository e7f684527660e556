"""The door of a program file: text in, a checked program or a list of what to mend out."""

from __future__ import annotations

from msgspec import Struct

from regulars.records.program.checks import check
from regulars.records.program.parsing.grouping import with_stores
from regulars.records.program.parsing.nodes import parse
from regulars.records.program.parsing.shapes import convert
from regulars.records.program.problems import Marks, Problem, ProgramFault
from regulars.records.program.types import Program


class Reading(Struct, frozen=True):
    """A program as its file says it, and where each part of it stands."""

    program: Program
    marks: Marks


class Admitted(Struct, frozen=True):
    """A program that may be published, and what its owner should look at first."""

    program: Program
    warnings: tuple[Problem, ...]


def read(text: str | bytes) -> Reading:
    """The program in this text, with the line of each part; only its form is judged.

    Faults: ProgramFault with every problem found.
    """
    tree = parse(text)
    if tree.problems:
        raise ProgramFault(in_order(tree.problems))
    program, found = convert(tree.value)
    if program is None:
        raise ProgramFault(in_order([tree.marks.problem(finding) for finding in found]))
    return Reading(with_stores(program), tree.marks)


def read_program(text: str | bytes) -> Program:
    """The program in this text; only its form is judged, `admit` also judges its sense."""
    return read(text).program


def admit(text: str | bytes) -> Admitted:
    """The program in this text when nothing in it is wrong, with the warnings about it.

    Faults: ProgramFault with every error found, of form or of sense.
    """
    reading = read(text)
    problems = problems_of(reading)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise ProgramFault(errors)
    return Admitted(reading.program, tuple(problems))


def problems_of(reading: Reading) -> list[Problem]:
    """Everything the checks find in a program that was read, errors first, then by line."""
    return in_order([reading.marks.problem(finding) for finding in check(reading.program)])


def in_order(problems: list[Problem]) -> list[Problem]:
    """Errors before warnings, each by its place in the file."""
    return sorted(problems, key=lambda p: (p.severity == "warning", p.line, p.column, p.path))
