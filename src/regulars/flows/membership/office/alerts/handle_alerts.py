"""Somebody says of an alert about a member that they looked after it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from regulars.base.faults import Fault, Forbidden, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.office.alerts.commands import HandleAlert, HandleOutcome
from regulars.records.access.staff import read as staff
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.benefits.associates import read as associates
from regulars.records.standing.alerts import read, write
from regulars.records.standing.alerts.types import (
    JUDGED,
    LONGEST_NOTE,
    LONGEST_SNOOZE,
    MemberAlert,
)

_MEND: Final = f"Write up to {LONGEST_NOTE} letters, or nothing"


async def handle_alerts(tx: Tx, terms: Terms, batch: Sequence[HandleAlert]) -> list[HandleOutcome]:
    """Each of these is marked as looked after, with a note; waits until a day; or neither any more.

    Order: as sent; the last word counts, and the same said again changes nothing. When somebody
    looked after it first stays, and so does the note where only a verdict comes. What became of the
    member goes on being looked at.
    Faults, each for its own item: `forbidden`, `not_found`, `invalid` at the note, at the
    verdict or at the day.
    """
    today = tx.now.astimezone(terms.at(tx.now).zone).date()
    return [await _one(tx, today, command) for command in batch]


async def _one(tx: Tx, today: date, command: HandleAlert) -> HandleOutcome:
    there = await read.alert(tx, today, command.alert_id)
    if not await _may(tx, command.by, there):
        return Forbidden("your role does not do this; ask an owner")
    note = command.note.strip()
    if len(note) > LONGEST_NOTE or "\0" in note:
        return Invalid("This note is too long, or no text", field="/note", mend=_MEND)
    if there is None:
        return NotFound("there is no such alert here", field="/alert_id")
    wrong = _ill_verdict(command, there) or _ill_day(today, command, there)
    if wrong is not None:
        return wrong
    return there if _same(command, there, note) else await _kept(tx, today, command, there)


def _same(command: HandleAlert, there: MemberAlert, note: str) -> bool:
    """Whether it stands so already."""
    if command.undone:
        return there.handled_at is None and there.snoozed_until is None
    if command.snooze_until is not None:
        return (there.snoozed_until, there.note) == (command.snooze_until, note)
    said = command.verdict or there.verdict  # whoever says nothing of it leaves what was said
    noted = note or (there.note if command.verdict else "")
    return there.handled_at is not None and (there.note, there.verdict) == (noted, said)


def _ill_verdict(command: HandleAlert, there: MemberAlert) -> Fault | None:
    """Why nobody can say so of it."""
    if command.verdict is None or there.kind in JUDGED:
        return None
    mend = "Leave it out: whether they come back says it"
    return Invalid("Nobody judges an alert about who slips", field="/verdict", mend=mend)


def _ill_day(today: date, command: HandleAlert, there: MemberAlert) -> Fault | None:
    """Why it cannot wait until then."""
    until = command.snooze_until
    if until is None or command.undone:
        return None
    if there.state not in ("open", "snoozed"):
        return Invalid("This waits for nobody any more", field="/until", mend="Open it again first")
    if not today < until <= today + timedelta(days=LONGEST_SNOOZE):
        mend = f"A day from tomorrow on, within {LONGEST_SNOOZE} days"
        return Invalid("It cannot wait until then", field="/until", mend=mend)
    return None


async def _kept(tx: Tx, today: date, command: HandleAlert, there: MemberAlert) -> HandleOutcome:
    note, id_ = command.note.strip(), there.alert_id
    if command.undone:
        did, writes = "member_alert.reopened", write.reopen(tx, id_)
    elif command.snooze_until is not None:
        did, writes = "member_alert.snoozed", write.snooze(tx, id_, command.snooze_until, note)
    else:
        did = "member_alert.handled"
        if command.verdict is not None and there.handled_at is not None and not note:
            note = there.note  # only judged: what was noted stays
        writes = write.handle(tx, id_, command.by.actor, note, command.verdict)
    # What was written stands beside the alert and goes with the member; the log has none of it.
    done = Done(command.by, did, "member", there.member_id.hex)
    await tx.write([*writes, *acted(tx, [done])])
    found = await read.alert(tx, today, id_)
    assert found is not None, there
    return found


async def _may(tx: Tx, by: By, there: MemberAlert | None) -> bool:
    """Whoever keeps members, and whoever looks after this one."""
    if by.staff_id is None:
        return True
    who = await staff.one_staff(tx, by.staff_id)
    if who is None or not who.is_active:
        return False
    if who.may(Permission.MEMBERS_WRITE):
        return True
    if there is None:
        return False
    after = (await associates.of(tx, [there.member_id])).get(there.member_id, [])
    return any(one.staff_id == who.staff_id and one.lasts(tx.now) for one in after)
