"""Examples beside a program, brought in line after somebody changed what it gives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from regulars.base.decimals import text_of
from regulars.engine.checking.cases import Trial, tried_of
from regulars.engine.compiling.compile import compile_program
from regulars.records.program.reading import read_program
from regulars.records.program.templates.fitting import USUAL, Place, fitted, with_rate
from regulars.records.program.templates.speaking import spoken
from regulars.records.program.types import Program

_EARNS: Final = re.compile(r"^    earns: \{.*\}$", re.MULTILINE)


def with_true_examples(source: str) -> str:
    """The same file; each example says what its rules give now.

    Assumes: `earns` of each example is written on one line, as our own templates do.
    """
    program = read_program(source)
    trial = Trial(compile_program(program))
    earned = iter([tried_of(trial, one).units for one in program.cases])
    assert len(_EARNS.findall(source)) == len(program.cases), program.program
    return _EARNS.sub(lambda one: _written(one[0], program, next(earned)), source)


def opening(template: str, slug: str, place: Place, rate: int = USUAL) -> str:
    """The file a shop opens with: a ready-made program in its language and money, as generous as
    it chose.

    Faults: NotFound for a name that no template has.
    """
    return with_true_examples(
        spoken(with_rate(fitted(template, slug, place), rate, place.currency))
    )


def _written(line: str, program: Program, units: Mapping[str, int]) -> str:
    told = []
    for wallet, amount in units.items():
        text = text_of(amount, program.wallets[wallet].scale)
        told.append(f'{wallet}: "{text}"' if "." in text else f"{wallet}: {text}")
    return f"    earns: {{{', '.join(told)}}}"
