"""Somebody brings a file of members who are to be on a list, or off it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from regulars.base.faults import Fault, Invalid, UnknownMember
from regulars.base.tx import Tx
from regulars.engine.segments.listing import WrongLine
from regulars.engine.terms import Terms
from regulars.flows.membership.office.segments.commands import BringList, BringOutcome, Brought
from regulars.flows.membership.office.segments.desk import the_list
from regulars.records.access.staff.write import Done, acted
from regulars.records.members import read as members
from regulars.records.program.changes.segments import read as segments
from regulars.records.program.changes.segments import write

MOST_LINES: Final = 100_000
"""Lines of one file."""


async def bring_lists(tx: Tx, terms: Terms, batch: Sequence[BringList]) -> list[BringOutcome]:
    """Whoever a file names is on a list, or off it; done again it changes nothing.

    Order: with one line that names nobody nothing is changed, and each such line is told; with
    `partly` the others are put all the same. Named twice is as once.
    Faults, each for its own item: `not_found`, `invalid` where it is no list or too long,
    `forbidden`.
    """
    await write.hold(tx)
    return [await _brought(tx, terms, command) for command in batch]


async def _brought(tx: Tx, terms: Terms, command: BringList) -> BringOutcome:
    there = await the_list(tx, command.by, command.code)
    if isinstance(there, Fault):
        return there
    if len(command.lines) > MOST_LINES:
        mend = f"Bring it in files of up to {MOST_LINES} lines"
        return Invalid("This file has too many lines", field="/lines", mend=mend)
    ids, unknown = await _whom(tx, terms, command)
    wrong = tuple(sorted((*command.wrong, *unknown), key=lambda one: one.at))
    if wrong and not command.partly:
        return Brought(0, await segments.listed(tx, there.segment_id), wrong, done=False)
    changed = 0
    if ids:
        change = write.put if command.adds else write.take
        changed = await change(tx, there, sorted(ids))
    if changed:
        did = "segment.listed" if command.adds else "segment.unlisted"
        told = Done(command.by, did, "segment", there.code, after={"members": changed})
        await tx.write(acted(tx, [told]))
    return Brought(changed, await segments.listed(tx, there.segment_id), wrong)


async def _whom(tx: Tx, terms: Terms, command: BringList) -> tuple[set[UUID], list[WrongLine]]:
    country = terms.versions[-1].program.country
    found = await members.whom(tx, country, [one.ref for one in command.lines])
    ids, unknown = set[UUID](), list[WrongLine]()
    for line, who in zip(command.lines, found, strict=True):
        if isinstance(who, UUID):
            ids.add(who)
        else:
            why = "unknown" if isinstance(who, UnknownMember) else "misspelt"
            unknown.append(WrongLine(line.at, line.said, why))
    return ids, unknown
