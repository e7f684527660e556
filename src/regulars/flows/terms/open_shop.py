"""A shop is opened: what is typed on the way is kept, and the first program is founded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.records.program.opening import write
from regulars.records.program.opening.types import NO_PROGRAM

MOST_FIELDS: Final = 20
LONGEST: Final = 300


async def type_step(tx: Tx, step: str, answers: Mapping[str, str]) -> None:
    """Keep what somebody typed at a step of setting up.

    Order: of two pages that are open at once the later one counts, step by step.
    Faults: Invalid for more than a form of ours has.
    """
    long = any(len(name) > LONGEST or len(value) > LONGEST for name, value in answers.items())
    if len(answers) > MOST_FIELDS or long:
        raise Invalid(f"more than {LONGEST} characters; shorten it")
    await tx.write(write.type_step(tx, step, answers))


async def found_shop(tx: Tx, slug: str) -> int | None:
    """The number of the first program of an installation, and nothing where there is one.

    Order: what was typed before there was a program is forgotten with it; the transaction goes on
    as one of the new program, which is published in it.
    Assumes: a transaction of no program.
    """
    assert tx.program_id == NO_PROGRAM, tx.program_id
    await tx.write(write.forget_steps(tx))
    return await write.found_first(tx, slug)
