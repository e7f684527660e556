"""What a program must hold beyond its form: names exist, numbers fit, promises can be kept."""

from __future__ import annotations

from regulars.records.program.checks.caution.prudence import prudence
from regulars.records.program.checks.caution.slips import slips
from regulars.records.program.checks.changing import changing
from regulars.records.program.checks.climbing import climbing
from regulars.records.program.checks.giving import giving
from regulars.records.program.checks.languages import languages
from regulars.records.program.checks.names import names
from regulars.records.program.checks.numbers import numbers
from regulars.records.program.checks.opening import opening
from regulars.records.program.checks.playing.advocacy import advocacy
from regulars.records.program.checks.playing.challenges import challenges
from regulars.records.program.checks.playing.draws import draws
from regulars.records.program.checks.playing.leaderboards import leaderboards
from regulars.records.program.checks.playing.milestones import milestones
from regulars.records.program.checks.playing.referring import referring
from regulars.records.program.checks.promises import promises
from regulars.records.program.checks.reach import reach
from regulars.records.program.checks.spending.abroad import abroad
from regulars.records.program.checks.spending.choosing import choosing
from regulars.records.program.checks.spending.coding import coding
from regulars.records.program.checks.spending.currencies import currencies
from regulars.records.program.checks.spending.fairness import fairness
from regulars.records.program.checks.spending.having import having
from regulars.records.program.checks.spending.paying import paying
from regulars.records.program.checks.spending.paying_out import paying_out
from regulars.records.program.checks.spending.proving import proving
from regulars.records.program.problems import Finding
from regulars.records.program.types import Program

CHECKS = (
    names, numbers, promises, reach, giving, opening, having, choosing, paying, paying_out,
    proving, climbing, changing, referring, challenges, milestones, leaderboards, draws, advocacy,
    languages, coding, currencies, abroad, prudence, fairness, slips,
)  # fmt: skip


def check(program: Program) -> list[Finding]:
    """Everything that is wrong or odd in this program, part by part.

    A program without an error here can be run; warnings are for its owner to judge.
    """
    return [finding for judge in CHECKS for finding in judge(program)]
