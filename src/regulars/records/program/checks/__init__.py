"""What a program must hold beyond its form: names that exist, numbers that fit, rules that can
fire."""

from __future__ import annotations

from regulars.records.program.problems import Finding
from regulars.records.program.types import Program


def check(program: Program) -> list[Finding]:
    """Everything that is wrong or odd in this program, in the order of its parts."""
    return []
