"""What became of a record of a till: in the books, there already, set aside, or dismissed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.tills.commands import EndOutcome, EndRecord, taken
from regulars.records.activity import read as activities
from regulars.records.tills import read, write
from regulars.records.tills.types import TillRecord, principal_of

FORGETS: Final = frozenset({"member_erased"})
"""Reasons for which nothing of the text is kept."""
LONGEST_REASON: Final = 500


async def end_records(tx: Tx, terms: Terms, batch: Sequence[EndRecord]) -> list[EndOutcome]:
    """Each of these records ends as was said; one that ended before stays as it ended.

    Order: records are locked in the order of their ids.
    Keeps: `duplicate` in place of `applied` where what it became was in the books by another
    record, or by somebody else than this till. Whether a record is the first cannot be told from
    the answer of the books, since after a crash the first one is told again too; it is told from
    whose activity it is. The text goes with `applied` and `duplicate`; hash and signature stay.
    Faults: `not_found`; `invalid` for dismissing without a reason, or what is in the books.
    """
    kept = await read.records(tx, [one.record_id for one in batch], lock=True)
    subjects = [one.subject_id for one in batch if one.subject_id is not None]
    taken_by = await read.effects(tx, subjects)
    by_others = await _by_others(tx, batch, kept)
    changed: dict[UUID, TillRecord] = {}
    outcomes: list[EndOutcome] = []
    for command in batch:
        record = kept.get(command.record_id)
        fault = _ill(command, record)
        if fault is not None or record is None:
            outcomes.append(fault or NotFound("There is no such record"))
            continue
        again = record.state in ("applied", "duplicate", "dismissed")
        if not again:
            record = _ended(tx, command, record, taken_by, by_others)
            kept[record.record_id] = changed[record.record_id] = record
        outcomes.append(taken(record, again=again))
    await tx.write(write.end(tx, list(changed.values())))
    return outcomes


async def _by_others(
    tx: Tx, batch: Sequence[EndRecord], kept: Mapping[UUID, TillRecord]
) -> set[UUID]:
    """Records of activities that somebody else than their till told first."""
    told = {
        command.record_id: command.subject_id
        for command in batch
        if command.subject_id is not None and command.record_id in kept
    }
    actors = await activities.actors(tx, sorted(set(told.values())))
    return {
        id_
        for id_, subject in told.items()
        # A cashier's name may stand before the till's.
        if subject in actors
        and actors[subject].rpartition(" ")[2] != principal_of(kept[id_].till_id)
    }


def _ill(command: EndRecord, record: TillRecord | None) -> Fault | None:
    if record is None:
        return NotFound("There is no such record; look at the list again", field="/record_id")
    if command.outcome != "dismissed":
        return None
    if not 0 < len(command.reason.strip()) <= LONGEST_REASON:
        return Invalid("Say why nothing shall come of it", field="/reason")
    if record.state in ("applied", "duplicate"):
        says = "It is in the books; take it back by a return or a correction"
        return Invalid(says, field="/record_id")
    return None


def _ended(
    tx: Tx,
    command: EndRecord,
    record: TillRecord,
    taken_by: dict[UUID, UUID],
    by_others: set[UUID],
) -> TillRecord:
    subject = command.subject_id
    state = command.outcome
    ended = replace(
        record,
        state=state,
        reason=command.reason,
        says=command.says,
        member_id=command.member_id or record.member_id,
        subject_id=subject,
        ended_at=tx.now,
        ended_by=command.actor,
    )
    if state == "applied":
        assert subject is not None, command
        first = taken_by.setdefault(subject, record.record_id) == record.record_id
        if not first or record.record_id in by_others:
            ended = replace(ended, state="duplicate")
            if first:
                del taken_by[subject]
    if ended.state in ("applied", "duplicate") or command.reason in FORGETS:
        ended = replace(ended, signed="", whom="")
    return ended
