"""May this program file be published: its form, its sense, its numbers, its examples."""

from __future__ import annotations

from regulars.engine.checking.cases import failing
from regulars.engine.checking.working import too_much_work
from regulars.engine.compiling.compile import compile_program
from regulars.engine.compiling.grid import too_fine
from regulars.records.program.problems import Finding, Problem, ProgramFault
from regulars.records.program.reading import Admitted, Reading, in_order, problems_of, read
from regulars.records.program.types import Program


def look_over(reading: Reading) -> list[Problem]:
    """Everything that is wrong or odd in a program that was read, errors first, then by line.

    Order: examples are only run on a program that could otherwise be published.
    """
    problems = problems_of(reading)
    if any(problem.severity == "error" for problem in problems):
        return problems
    found = (
        uncountable(reading.program)
        or list(too_much_work(reading.program))
        or failing(compile_program(reading.program))
    )
    return in_order([*problems, *(reading.marks.problem(finding) for finding in found)])


def admit(text: str | bytes) -> Admitted:
    """The program in this text when it may be published, with the warnings about it.

    Faults: ProgramFault with every error found; an example that fails is one.
    """
    reading = read(text)
    problems = look_over(reading)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise ProgramFault(errors)
    return Admitted(reading.program, tuple(problems))


def uncountable(program: Program) -> list[Finding]:
    """Rules whose numbers the engine could not count exactly on a very large purchase."""
    places = {rule.id: place for place, rule in enumerate(program.rules)}
    return [Finding(("rules", places[fine.rule], "award"), fine.says) for fine in too_fine(program)]
