"""What a program must hold beyond its form: names exist, numbers fit, promises can be kept."""

from __future__ import annotations

from regulars.records.program.checks.giving import giving
from regulars.records.program.checks.names import names
from regulars.records.program.checks.numbers import numbers
from regulars.records.program.checks.promises import promises
from regulars.records.program.checks.reach import reach
from regulars.records.program.problems import Finding
from regulars.records.program.types import Program

CHECKS = (names, numbers, promises, reach, giving)


def check(program: Program) -> list[Finding]:
    """Everything that is wrong or odd in this program, part by part.

    A program without an error here can be run; warnings are for its owner to judge.
    """
    return [finding for judge in CHECKS for finding in judge(program)]
