"""Staff keep lists and words beside members; what leaves the house as a file is written down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from regulars.base.faults import Fault, Forbidden, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.office.commands import (
    DropNote,
    DropView,
    KeepOffice,
    KeepView,
    OfficeKept,
    OfficeOutcome,
    TellTaken,
    WriteNote,
)
from regulars.records.access.office import read, write
from regulars.records.access.office.types import MemberNote, SavedView
from regulars.records.access.staff import read as staff_read
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import Staff
from regulars.records.access.staff.write import Done, acted
from regulars.records.members import read as members
from regulars.records.members.types import erased_fault, nobody

LONGEST_NOTE: Final = 2_000
LONGEST_NAME: Final = 60
LONGEST_QUERY: Final = 1_000
MOST_VIEWS: Final = 50
_NEEDS: Final = {
    KeepView: Permission.MEMBERS_READ,
    DropView: Permission.MEMBERS_READ,
    WriteNote: Permission.MEMBERS_WRITE,
    DropNote: Permission.MEMBERS_WRITE,
    TellTaken: Permission.MEMBERS_EXPORT,
}


async def keep_office(tx: Tx, terms: Terms, batch: Sequence[KeepOffice]) -> list[OfficeOutcome]:
    """Lists and notes are kept or taken away, and files that leave are written down.

    Faults, each for its own item: whose role does not; nothing said, or too much; no such list,
    note or member.
    """
    return [await _keep(tx, one) for one in batch]


async def _keep(tx: Tx, one: KeepOffice) -> OfficeOutcome:
    who = await staff_read.one_staff(tx, one.by.staff_id) if one.by.staff_id else None
    if who is None or not who.may(_NEEDS[type(one)]):
        return Forbidden("your role does not do this; ask an owner")
    return await _done(tx, one, who)


async def _done(tx: Tx, one: KeepOffice, who: Staff) -> OfficeOutcome:
    match one:
        case KeepView():
            answer = await _keep_view(tx, one, who)
        case DropView():
            others = who.may(Permission.MEMBERS_WRITE)
            gone = await write.drop_view(tx, one.view_id, who.staff_id, others)
            answer = OfficeKept() if gone else NotFound("there is no such list of yours")
        case WriteNote():
            answer = await _write_note(tx, one, who)
        case DropNote():
            answer = await _drop_note(tx, one, who)
        case TellTaken():
            about = "export" if one.what == "members" else "member"
            after = {"file": one.said}
            await tx.write(acted(tx, [Done(one.by, "members.taken", about, one.what, after=after)]))
            answer = OfficeKept()
    return answer


async def _keep_view(tx: Tx, one: KeepView, who: Staff) -> OfficeOutcome:
    name = one.name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        return Invalid("Give the list a name", field="/name", mend=f"1 to {LONGEST_NAME} letters")
    if len(one.query) > LONGEST_QUERY:
        return Invalid("this looks for too much to be kept", field="/query")
    if len(await read.views(tx, who.staff_id)) >= MOST_VIEWS:
        return Invalid("there are fifty lists; take one away first", field="/name")
    view = SavedView(tx.new_id(), who.staff_id, one.shared, name, one.query, tx.now)
    await tx.write(write.keep_view(tx, view))
    return OfficeKept(view.view_id)


async def _drop_note(tx: Tx, one: DropNote, who: Staff) -> OfficeOutcome:
    found = await read.note(tx, one.member_id, one.note_id)
    if found is None:
        return NotFound("there is no such note here")
    did = Done(one.by, "note.dropped", "member", one.member_id.hex)
    others = found.staff_id != who.staff_id  # one's own word is one's own to take back
    await tx.write(
        [*write.drop_note(tx, one.member_id, one.note_id), *acted(tx, [did] if others else [])]
    )
    return OfficeKept()


async def _write_note(tx: Tx, one: WriteNote, who: Staff) -> OfficeOutcome:
    says = one.says.strip()
    if not 0 < len(says) <= LONGEST_NOTE:
        mend = f"Write 1 to {LONGEST_NOTE} characters"
        return Invalid("Say something", field="/says", mend=mend)
    # Under the lock an erasure takes: a note that came second would outlive it.
    await members.lock(tx, [one.member_id])
    found: Fault | None = nobody()
    for member in (await members.members(tx, [one.member_id])).values():
        found = erased_fault() if member.state == "erased" else None
    if found is not None:
        return found
    note = MemberNote(tx.new_id(), one.member_id, who.staff_id, says, tx.now)
    await tx.write(write.write_note(tx, note))
    return OfficeKept(note.note_id)
