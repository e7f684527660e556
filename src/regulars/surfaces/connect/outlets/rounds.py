"""One round of telling a system of members: what is to be sent, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.flows.inlets.outlets.tell_members import Settle, Taken, tried_alone
from regulars.records.outbox.hooks.outlets.types import Answering, Came, Due, failing
from regulars.surfaces.connect.catching.asking import NotTold
from regulars.surfaces.connect.outlets.mapping import MembersMap
from regulars.surfaces.connect.outlets.records import digest_of, record_of
from regulars.surfaces.connect.outlets.telling import Heard, NotTaken, Record

LOCKED_S: Final = 15
"""So long after somebody else held a row there, its member is tried again; then twice as long."""


class Round(Struct, frozen=True):
    """Members that were taken: of some nothing is to be told, of the others a record each."""

    taken: Taken
    now: datetime
    quiet: tuple[Came, ...]
    records: tuple[Record, ...]
    digests: Mapping[UUID, UUID]

    @property
    def due(self) -> dict[UUID, Due]:
        """Those that were taken, by their ids."""
        return {one.member_id: one for one in self.taken.due}


def begun(taken: Taken, by: MembersMap, now: datetime) -> Round:
    """What is to be sent.

    Keeps: whom it was never sent it is not told to forget; who is as it knows is not told again,
    unless somebody asked for that.
    """
    quiet, records, digests = list[Came](), list[Record](), dict[UUID, UUID]()
    for due, seen in zip(taken.due, taken.seen, strict=True):
        if due.told is None and (seen.gone or seen.silent):
            quiet.append(Came(due.member_id, due.changed, "gone"))
            continue
        record = record_of(seen, due.changed, by)
        digests[due.member_id] = digest_of(record, by, taken.outlet.address)
        if digests[due.member_id] == due.told and not due.anew:
            quiet.append(Came(due.member_id, due.changed, "same"))
        else:
            records.append(record)
    return Round(taken, now, tuple(quiet), tuple(records), digests)


def silent(one: Round) -> Settle:
    """Nothing had to be sent: how it answered last stays."""
    outlet = one.taken.outlet
    how = Answering(outlet.next_at, outlet.failures, outlet.problem)
    return Settle(outlet.inlet_id, one.quiet, how)


def heard(one: Round, answer: Heard) -> Settle:
    """It has these, but for those it says it does not take."""
    outlet, due = one.taken.outlet, one.due
    gone = {seen.member_id for seen in one.taken.seen if seen.gone}
    came = list(one.quiet)
    for record, refusal in zip(one.records, answer.refused, strict=True):
        id_, changed = record.member_id, record.version
        if refusal is None:
            digest = one.digests[id_]
            came.append(Came(id_, changed, "gone" if id_ in gone else "told", digest))
        elif refusal.passes:
            came.append(tried_alone(due[id_], outlet, refusal.problem, pause_s=LOCKED_S))
        else:
            said = (refusal.code, refusal.field, refusal.problem)
            came.append(Came(id_, changed, "refused", due[id_].told, *said))
    how = Answering(one.now + timedelta(seconds=answer.rest_s))
    return Settle(outlet.inlet_id, tuple(came), how)


def not_taken(one: Round, why: NotTaken) -> Settle:
    """It takes none of these: each is tried alone, so that one of them holds up no other."""
    outlet, due = one.taken.outlet, one.due
    came = list(one.quiet)
    for record in one.records:
        if why.fell or len(one.records) > 1:
            came.append(tried_alone(due[record.member_id], outlet, why.why))
        else:
            id_, told = record.member_id, due[record.member_id].told
            came.append(Came(id_, record.version, "refused", told, why.code, why.field, why.why))
    how = failing(outlet, why.why, one.now) if why.fell else Answering(one.now)
    return Settle(outlet.inlet_id, tuple(came), how)


def not_told(one: Round, why: NotTold) -> Settle:
    """It cannot be told anything now: all of it waits, and nobody's tries count."""
    outlet, due = one.taken.outlet, one.due
    later = [
        Came(record.member_id, record.version, "later", tries=due[record.member_id].tries)
        for record in one.records
    ]
    rests = Answering(one.now + timedelta(seconds=why.wait_s), outlet.failures, outlet.problem)
    how = rests if why.wait_s else failing(outlet, why.why, one.now)
    return Settle(outlet.inlet_id, (*one.quiet, *later), how)
