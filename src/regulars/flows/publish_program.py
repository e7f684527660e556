"""Publish a version of a program: from its effective instant on, it decides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from regulars.base.decimals import units
from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.engine.checking.admission import admit
from regulars.engine.compiling.compile import compile_program
from regulars.engine.terms import code_names
from regulars.records.program import read, write
from regulars.records.program.problems import Problem
from regulars.records.rewards.write import shelve

# One number per thing that is locked by name and not by row; the second number is the program.
_PUBLISHING = 7_302
_LOCK = f"select pg_advisory_xact_lock({_PUBLISHING}, $1::int)"


class Publication(Struct, frozen=True):
    """Which version is in force from when, and what its owner should look at."""

    version: int
    effective_from: datetime
    fresh: bool
    """False when the newest version said the same already."""
    warnings: tuple[Problem, ...] = ()


async def publish_program(
    tx: Tx, source: str, *, effective_from: datetime | None = None, by: str
) -> Publication:
    """Check a program file and publish it as the next version; the same file again does nothing.

    Faults: ProgramFault with every problem found; Invalid when the file names another program.
    """
    admitted = admit(source)
    await tx.fetch(_LOCK, tx.program_id)
    slug = await read.slug(tx)
    if admitted.program.program != slug:
        raise Invalid(
            f"this file is program {admitted.program.program}, but here is {slug}; "
            f"set `program: {slug}` or publish it under its own name",
            field="/program",
        )
    published = await read.versions(tx)
    if published and published[-1].source == source:
        last = published[-1]
        return Publication(last.version, last.effective_from, False, admitted.warnings)
    version, start = len(published) + 1, effective_from or tx.now
    compiled = compile_program(admitted.program)
    codes = _fresh_codes(await read.codes(tx), code_names(compiled))
    stock = {
        reward.id: units(reward.stock, 0)
        for reward in admitted.program.rewards
        if reward.stock is not None
    }
    await tx.write(
        write.publish(tx, version, start, source, by) + write.number(tx, codes) + shelve(tx, stock)
    )
    return Publication(version, start, True, admitted.warnings)


def _fresh_codes(
    known: dict[tuple[str, str], int], names: Iterable[tuple[str, str]]
) -> list[tuple[str, str, int]]:
    """Numbers for names that have none yet, counting on from the highest of their kind."""
    highest: dict[str, int] = {}
    for (kind, _), code in known.items():
        highest[kind] = max(highest.get(kind, 0), code)
    fresh = []
    for kind, name in names:
        if (kind, name) not in known:
            highest[kind] = highest.get(kind, 0) + 1
            fresh.append((kind, name, highest[kind]))
    return fresh
