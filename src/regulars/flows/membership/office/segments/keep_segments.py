"""Somebody keeps a segment, drops it, or puts members on a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, Forbidden, Invalid, Refused
from regulars.base.tx import Tx, Write
from regulars.engine.segments.setting import setting_of
from regulars.engine.terms import Terms
from regulars.flows.membership.office.segments.commands import (
    DropSegment,
    KeepSegment,
    Listed,
    ListMembers,
    ListOutcome,
    SegmentCommand,
    SegmentOutcome,
)
from regulars.flows.membership.office.segments.desk import FORBIDDEN, may, nothing, the_list
from regulars.insight.segments.knowing import ground, known
from regulars.records.access.staff.write import Done, acted
from regulars.records.outbox.campaigns import read as campaigns
from regulars.records.outbox.campaigns.journeys import read as journeys
from regulars.records.program.changes.choices import read as choices
from regulars.records.program.changes.offers import read as offers
from regulars.records.program.changes.segments import read as segments
from regulars.records.program.changes.segments import write
from regulars.records.program.changes.segments.conditions import Condition
from regulars.records.program.changes.segments.ground import Ground
from regulars.records.program.changes.segments.reading import check, read, stands_on, written
from regulars.records.program.changes.segments.types import Segment
from regulars.records.program.problems import Finding

MOST: Final = 200
"""Segments of a program."""
AT_ONCE: Final = 10_000
"""Members put on a list by one command."""
_CODE: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

_FIRST: Final = {
    "segments": "Other segments stand on it; change or drop those first",
    "campaigns": "Campaigns go to it; stop or drop those first",
    "journeys": "Journeys ask for it; change or end those first",
    "offers": "Offers are given to it; close or drop those first",
    "choices": "Offers are chosen for it; close or drop those first",
}
"""What is to be done before it can be dropped, by what uses it."""


async def keep_segments(
    tx: Tx, terms: Terms, batch: Sequence[SegmentCommand]
) -> list[SegmentOutcome]:
    """Each of these is kept or dropped, one after the other; the same said again changes nothing.

    Refuses: `segment_in_use` to drop one that another stands on, or to which a campaign goes.
    Faults, each for its own item: `invalid` at a field, `not_found`, `forbidden`.
    """
    await write.hold(tx)
    return [await _one(tx, terms, command) for command in batch]


async def list_members(tx: Tx, _terms: Terms, batch: Sequence[ListMembers]) -> list[ListOutcome]:
    """Each of these members is on the list, or is not; done again it changes nothing.

    Order: who is erased, or stands under another member, is left out. Who is on it counts in the
    segment some seconds later.
    Faults, each for its own item: `not_found`, `invalid` where it is no list, `forbidden`.
    """
    await write.hold(tx)
    return [await _listed(tx, command) for command in batch]


async def _one(tx: Tx, terms: Terms, command: SegmentCommand) -> SegmentOutcome:
    if not await may(tx, command.by):
        return Forbidden(FORBIDDEN)
    there = await segments.segment(tx, command.code)
    if isinstance(command, DropSegment):
        return await _dropped(tx, terms, command, there)
    wrong = _ill(command, there)
    if wrong is not None:
        return wrong
    if there is None and len(await segments.segments(tx)) >= MOST:
        return Invalid(f"There are {MOST} segments; drop one first", field="/code")
    condition = None if command.kind == "list" else await _condition(tx, terms, command)
    if isinstance(condition, Fault):
        return condition
    kept = await _kept(tx, command, there, condition)
    if there is not None and kept.saved != there.saved:
        others = used_by(kept.code, await ground(tx, setting_of(terms, tx.now)))
        await tx.write(write.anew(tx, others))
    return kept


async def _condition(tx: Tx, terms: Terms, command: KeepSegment) -> Condition | Fault:
    condition, found = read(command.condition)
    if condition is None:
        return fault_of(found[0])
    found = check(condition, await known(tx, setting_of(terms, tx.now), command.code))
    return fault_of(found[0]) if found else condition


def fault_of(found: Finding) -> Fault:
    """What is wrong with a condition, at its place in what was sent."""
    place = "".join(f"/{step}" for step in ("condition", *found.path))
    facts = {"mend": found.mend} if found.mend else {}
    return Invalid(str(found.says), field=place, **facts)


async def _kept(
    tx: Tx, command: KeepSegment, there: Segment | None, condition: Condition | None
) -> Segment:
    kept = None if condition is None else written(condition)
    name = command.name.strip()
    if there is None:
        saved = None if command.draft else 1
        now = Segment(
            tx.new_id(), command.code, name, command.kind, 1, saved, tx.now, command.by.actor,
            tx.now, tells=bool(command.tells),
        )  # fmt: skip
        fresh = True
    else:
        (latest,) = await segments.versions(tx, there.segment_id, 1)
        fresh = latest.condition != kept
        version = there.version + fresh
        saved = there.saved if command.draft else version
        tells = there.tells if command.tells is None else command.tells
        now = replace(
            there, name=name, version=version, saved=saved, changed_at=tx.now, tells=tells
        )
        if replace(now, changed_at=there.changed_at) == there:
            return there
    writes = list(write.keep(tx, now))
    if not now.tells:
        writes += write.silent(tx, now)
    if fresh:
        writes += write.keep_version(tx, now, kept, command.by.actor)
    await tx.write([*writes, *_noted(tx, command, there, now)])
    return now


def _noted(tx: Tx, command: KeepSegment, there: Segment | None, now: Segment) -> Sequence[Write]:
    before, after = ({} if one is None else _told(one) for one in (there, now))
    changed = {name for name in after if before.get(name) != after[name]}
    was, then = ({name: one[name] for name in one if name in changed} for one in (before, after))
    did = "segment.drafted" if command.draft else "segment.saved"
    return acted(tx, [Done(command.by, did, "segment", now.code, before=was, after=then)])


def _told(one: Segment) -> dict[str, Any]:
    return {"name": one.name, "version": str(one.version), "tells": one.tells}


async def uses_of(tx: Tx, terms: Terms, there: Segment) -> dict[str, list[str]]:
    """What stands on it, goes to it, asks for it or is given by it, by kind: the codes of each."""
    return {
        "segments": used_by(there.code, await ground(tx, setting_of(terms, tx.now))),
        "campaigns": list(await campaigns.of_segment(tx, there.segment_id)),
        "journeys": list(await journeys.naming(tx, there.code)),
        "offers": list(await offers.of_segment(tx, there.segment_id)),
        "choices": list(await choices.of_segment(tx, there.segment_id)),
    }


async def _in_use(tx: Tx, terms: Terms, there: Segment) -> Refused | None:
    """Why it cannot be dropped."""
    for name, some in (await uses_of(tx, terms, there)).items():
        if some:
            return Refused("segment_in_use", _FIRST[name], {name: some})
    return None


async def _dropped(
    tx: Tx, terms: Terms, command: DropSegment, there: Segment | None
) -> SegmentOutcome:
    if there is None:
        return nothing(command.code)
    no = await _in_use(tx, terms, there)
    if no is not None:
        return no
    await write.hold_members(tx)
    done = Done(command.by, "segment.dropped", "segment", there.code, before=_told(there))
    await tx.write([*write.drop(tx, there), *acted(tx, [done])])
    return there


def used_by(code: str, there: Ground) -> list[str]:
    """The codes of saved segments that stand on this one."""
    return sorted(one for one in there.segments if code in stands_on(one, there))


async def _listed(tx: Tx, command: ListMembers) -> ListOutcome:
    there = await the_list(tx, command.by, command.code)
    if isinstance(there, Fault):
        return there
    ids: set[UUID] = set(command.member_ids)
    if not 0 < len(ids) <= AT_ONCE:
        return Invalid("Say for whom", field="/member_ids", mend=f"1 to {AT_ONCE} members at once")
    change = write.put if command.adds else write.take
    changed = await change(tx, there, sorted(ids))
    if changed:
        did = "segment.listed" if command.adds else "segment.unlisted"
        await tx.write(
            acted(tx, [Done(command.by, did, "segment", there.code, after={"members": changed})])
        )
    return Listed(changed, await segments.listed(tx, there.segment_id))


def _ill(command: KeepSegment, there: Segment | None) -> Fault | None:
    if len(command.code) > 40 or _CODE.fullmatch(command.code) is None:
        mend = "Small letters, digits and hyphens, up to 40: gold-and-slipping"
        return Invalid("This cannot be the code of a segment", field="/code", mend=mend)
    name = command.name.strip()
    if not (0 < len(name) <= 80 and name.isprintable()):
        return Invalid("Say in up to 80 letters who they are", field="/name")
    if there is not None and there.kind != command.kind:
        return Invalid("a list stays a list and a condition one", field="/kind")
    if command.kind == "list" and command.condition is not None:
        return Invalid("a list has no condition; leave it out", field="/condition")
    if command.kind == "list" and command.draft:
        return Invalid("a list is never a draft", field="/draft")
    return None
