"""A file is looked at without touching, or brought over: the import of the command line."""

from __future__ import annotations

import os
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from regulars.base.faults import Invalid
from regulars.runtime.importing.asking import Wanted
from regulars.runtime.importing.reading import GATHERED_TWICE, POINTS_TWICE
from regulars.runtime.importing.run import Outcome, run_import
from regulars.runtime.problems import SetupProblem
from regulars.runtime.working.errands.order import Order, Telling
from regulars.surfaces.connect.moving.lines import Source
from regulars.surfaces.connect.moving.mapping import read_mapping
from regulars.surfaces.console.errands.shelf import file_of, slips_of

_SLUG: Final = "select slug from program where program_id = $1"
_CODES: Final = {POINTS_TWICE: "points_twice", GATHERED_TWICE: "gathered_twice"}
MOST_REFUSALS: Final = 20


class BringFile(msgspec.Struct, frozen=True):
    """One more file that is brought over with the first."""

    upload: str
    file: str
    named: str


class BringAsk(msgspec.Struct, frozen=True):
    """Which file, by which mapping, and what is allowed."""

    upload: str
    file: str
    named: str
    """Which of the mapping's files it is."""
    mapping: str
    leave_out: bool = False
    earn: bool = False
    more: tuple[BringFile, ...] = ()


async def bring(order: Order, telling: Telling) -> dict[str, Any]:
    """Look at a file, or bring it over; what it comes to, and what became of its lines.

    Faults: Invalid for a file that is not as its mapping says.
    """
    ask = msgspec.convert(order.ask, BringAsk)
    upload_id = UUID(ask.upload)
    sources = _sources(order, (BringFile(ask.upload, ask.file, ask.named), *ask.more))
    connection = await asyncpg.connect(order.owner)
    try:
        slug = await connection.fetchval(_SLUG, order.program_id)
    finally:
        await connection.close()
    wanted = Wanted(
        program=slug,
        sources=sources,
        mapping=read_mapping(ask.mapping),
        mapping_text=ask.mapping,
        dry=order.kind == "check",
        leave_out=ask.leave_out,
        activities_earn=ask.earn,
        workers=min(2, os.cpu_count() or 1),
        slips=slips_of(order.root, order.program_id, upload_id, order.errand_id),
    )
    try:
        outcome = await run_import(order.addresses, wanted, telling)
    except SetupProblem as problem:
        raise Invalid(f"{problem.what} {problem.remedy}".rstrip(".")) from None
    return _told(outcome, wanted)


def _sources(order: Order, files: tuple[BringFile, ...]) -> tuple[Source, ...]:
    """The files as the import reads them. Faults: Invalid where one is gone."""
    found = []
    for number, one in enumerate(files):
        path = file_of(order.root, order.program_id, UUID(one.upload), one.file)
        if not path.is_file():
            raise Invalid("this file is not here any more; bring it again")
        found.append(Source(path, one.named, number))
    return tuple(found)


def _told(outcome: Outcome, wanted: Wanted) -> dict[str, Any]:
    """What is kept of it: counts and control totals, nobody's name."""
    refusals = [
        "wrong_lines" if str(wanted.slips) in one else _CODES.get(one, one)
        for one in outcome.refusals
    ]
    return {
        "lines": outcome.lines,
        "left_aside": outcome.left_aside,
        "wrong": outcome.wrong,
        "refusals": refusals[:MOST_REFUSALS],
        "taken": outcome.taken,
        "known": outcome.known,
        "left_out": outcome.left_out,
        "mistakes": [one.report for one in outcome.mistakes[:MOST_REFUSALS]],
        "was_done": outcome.was_done,
        "went_on": outcome.went_on,
        "totals": outcome.before,
        "slips": wanted.slips.is_file(),
    }
