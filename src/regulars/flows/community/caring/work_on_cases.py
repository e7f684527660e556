"""A member's trouble is opened, noted on and closed; how it ended is an activity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, MembersMoved, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import askings, kept, settle_followers, sort_out
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.named import find_named
from regulars.flows.commands import RecordActivity
from regulars.flows.community.allowed import forbidden, unknown_place, wrong
from regulars.flows.community.caring.commands import (
    CaseOutcomeTold,
    CaseTold,
    CloseCase,
    CloseOutcome,
    NoteCase,
    NoteOutcome,
    NoteTold,
    OpenCase,
)
from regulars.flows.recording.record_activities import record_activities
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.activity.types import Body
from regulars.records.community.support import read, write
from regulars.records.community.support.rules import ill_case, ill_note, priority_of
from regulars.records.community.support.types import (
    HOURS,
    MOST_NOTES,
    PRIORITIES,
    CaseNote,
    SupportCase,
)
from regulars.records.members.types import MemberRef, erased_refused
from regulars.records.once.write import keep

KIND: Final = "case-closed"
"""What rules call it, as they do when a CRM tells it."""
SOURCE: Final = "regulars-cases"
MOST_OPEN: Final = 50
"""Open cases of one member."""


async def open_cases(tx: Tx, terms: Terms, batch: Sequence[OpenCase]) -> list[CaseOutcomeTold]:
    """Each of these is open from now on, once; somebody should answer by an hour that its priority
    says, which without a word is that of the member's tier.

    Refuses: `cases_open` where so many are open already, `member_erased`. Faults: unknown member,
    `forbidden`, `invalid` at a field.
    """
    asked = askings("open_case", batch, lambda _: None)
    await sort_out(tx, asked, CaseTold)
    fresh = [item for item in asked if item.open]
    found = await find_named(tx, terms, fresh, lambda one: one.member, "/member")
    states = await hold_members(tx, terms, found.values()) if found else {}
    for item in [one for one in fresh if one.open]:
        state = states[found[item.place]]
        no = await _cannot(tx, terms, item.command, state)
        if no is not None:
            item.outcome = no
            continue
        one = _begun(tx, terms, item.command, state)
        says = item.command.says.strip()
        note = CaseNote(one.case_id, tx.new_id(), says, tx.now, one.opened_by)
        await tx.write([*write.begin(tx, one), *_acted(tx, item.command.by, "case.opened", one)])
        if says:
            await tx.write(write.note(tx, note))
        item.outcome = CaseTold(one.case_id, one.member_id, one.state, one.priority)
        await tx.write(keep(tx, kept(item, one.member_id, one.case_id)))
    return settle_followers(asked)


async def note_cases(tx: Tx, terms: Terms, batch: Sequence[NoteCase]) -> list[NoteOutcome]:
    """Each of these is noted, once; also once the case is over, as somebody may write again.

    Order: the members are held first, then the cases, as an erasure does it.
    Refuses: `case_full`. Faults: `forbidden`, `not_found`, `invalid` at the text.
    """
    asked = askings("note_case", batch, lambda _: None)
    await sort_out(tx, asked, NoteTold)
    fresh = [item for item in asked if item.open]
    cases, _ = await _hold(tx, terms, [item.command.case_id for item in fresh])
    noted = await read.notes(tx, list(cases))
    for item in fresh:
        command = item.command
        one = cases.get(command.case_id)
        no: Any = await forbidden(tx, command.by, Permission.MEMBERS_WRITE)
        no = no or wrong(ill_note(command.says)) or _gone(one)
        if no is None and len(noted[command.case_id]) >= MOST_NOTES:
            no = Refused("case_full", "So much was noted already", {"most": MOST_NOTES})
        if no is not None or one is None:
            item.outcome = no
            continue
        note = CaseNote(
            command.case_id, tx.new_id(), command.says.strip(), tx.now, _who(command.by)
        )  # fmt: skip
        noted[command.case_id].append(note)
        await tx.write(write.note(tx, note))
        item.outcome = NoteTold(note.case_id, note.note_id)
        await tx.write(keep(tx, kept(item, one.member_id, command.case_id)))
    return settle_followers(asked)


async def close_cases(tx: Tx, terms: Terms, batch: Sequence[CloseCase]) -> list[CloseOutcome]:
    """Each of these is over; said again, nothing changes.

    Order: the member is held first, then the case. That it was closed is recorded before it is.
    Keeps: it is one activity, `case-closed`, with its outcome, reason and priority as details, as
    a CRM would tell it; for whoever is blocked or erased by then there is none.
    Refuses: `case_over` for another outcome than it ended with. Faults: `forbidden`, `not_found`,
    what recording says.
    """
    return [await _close(tx, terms, command) for command in batch]


async def _close(tx: Tx, terms: Terms, command: CloseCase) -> CloseOutcome:
    no = await forbidden(tx, command.by, Permission.MEMBERS_WRITE)
    if no is not None:
        return no
    cases, states = await _hold(tx, terms, [command.case_id])
    one = cases.get(command.case_id)
    if one is None or one.state == "forgotten":
        return NotFound("there is no such case", field="/case_id")
    if one.state == "closed":
        if one.outcome == command.outcome:
            return one
        return Refused("case_over", "It ended otherwise already", {"outcome": one.outcome})
    now = replace(
        one, state="closed", outcome=command.outcome, closed_at=tx.now,
        closed_by=_who(command.by),
    )  # fmt: skip
    if states[one.member_id].state not in ("blocked", "erased"):
        (done,) = await record_activities(tx, terms, [happened(now)])
        if isinstance(done, Fault | Refused):
            return done
        now = replace(now, booked=True)
    await tx.write([*write.close(tx, now), *_acted(tx, command.by, "case.closed", now)])
    return now


async def _hold(
    tx: Tx, terms: Terms, ids: Sequence[UUID]
) -> tuple[dict[UUID, SupportCase], Mapping[UUID, MemberState]]:
    """These cases, and before them whom they are of. Faults: MembersMoved when a merge came, or was
    undone, in between."""
    there = await read.by_id(tx, ids)
    whom = {one.member_id for one in there.values() if one.state != "forgotten"}
    states = await hold_members(tx, terms, whom) if whom else {}
    cases = await read.hold(tx, list(there))
    if any(one.state != "forgotten" and one.member_id not in states for one in cases.values()):
        raise MembersMoved
    return cases, states


def happened(one: SupportCase) -> RecordActivity:
    """What rules see: how it ended, what it was about, how urgent it was."""
    details: dict[str, Any] = {"outcome": one.outcome, "priority": PRIORITIES[one.priority - 1]}
    if one.reason:
        details["reason"] = one.reason
    return RecordActivity(
        kind=KIND,
        member=MemberRef(id=one.member_id),
        source=SOURCE,
        external_id=one.case_id.hex,
        store=one.store,
        channel="service",
        body=Body(details=details),
    )


async def _cannot(
    tx: Tx, terms: Terms, command: OpenCase, state: MemberState
) -> Fault | Refused | None:
    no: Any = await forbidden(tx, command.by, Permission.MEMBERS_WRITE)
    no = no or (erased_refused() if state.state == "erased" else None)
    ill = ill_case(command.subject.strip(), command.reason)
    ill = ill or (ill_note(command.says) if command.says.strip() else None)
    ill = ill or await unknown_place(tx, terms, (command.store, ()), ("", ()))
    no = no or wrong(ill)
    if no is None and command.priority not in (None, *PRIORITIES):
        no = Invalid("high, raised or normal", field="/priority")
    if no is not None:
        return no  # type: ignore[no-any-return]
    if await read.open_of(tx, state.member_id) >= MOST_OPEN:
        return Refused("cases_open", "So many of theirs are open already", {"most": MOST_OPEN})
    return None


def _begun(tx: Tx, terms: Terms, command: OpenCase, state: MemberState) -> SupportCase:
    ladder = terms.at(tx.now).program.tiers
    urgent = priority_of([step.id for step in ladder.steps] if ladder else [], state.tier)
    if command.priority is not None:
        urgent = PRIORITIES.index(command.priority) + 1
    due_at = tx.now + timedelta(hours=HOURS[urgent - 1])
    return SupportCase(
        tx.new_id(), state.member_id, command.subject.strip(), command.reason, command.store,
        urgent, state.tier or "", "open", "", tx.now, _who(command.by), due_at,
    )  # fmt: skip


def _gone(one: SupportCase | None) -> Fault | None:
    if one is None or one.state == "forgotten":
        return NotFound("there is no such case", field="/case_id")
    return None


def _who(by: By) -> str:
    return by.actor or "api"


def _acted(tx: Tx, by: By, did: str, one: SupportCase) -> list[Any]:
    """Of staff it is noted who did it; of a system its key stands beside the case."""
    if not by.staff_id:
        return []
    return acted(tx, [Done(by, did, "member", one.member_id.hex)])
