"""Programs whose rules would keep a till waiting: so much may be done for a large basket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from regulars.engine.compiling.compile import wanted_by
from regulars.records.program.problems import Finding, shown
from regulars.records.program.types import Program

MOST_STEPS: Final = 2_000
"""Questions and sums for each line of a basket; a thousand lines then take some 30 ms."""
MOST_DEFINITIONS: Final = 16
"""Each of them goes over the whole basket once."""


def too_much_work(program: Program) -> Iterator[Finding]:
    """Where a program asks for so much that the largest basket would take too long.

    Example: 500 rules that each count the pieces of one article are 1,000 steps; one rule that
    names 500 articles is two.
    """
    if len(program.qualifying) > MOST_DEFINITIONS:
        name = list(program.qualifying)[MOST_DEFINITIONS]
        says = f"more than {MOST_DEFINITIONS} ways of counting a purchase"
        yield Finding(("qualifying", name), says, "let rules share them")
    past = next((place for place, steps in wanted_by(program) if steps > MOST_STEPS), None)
    if past is not None:
        says = f"with rule {shown(program.rules[past].id)} too much is asked of every line sold"
        mend = "name goods by category, not one by one, or let rules share the same lists of goods"
        yield Finding(("rules", past), says, mend)
