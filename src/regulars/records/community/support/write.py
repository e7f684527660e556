"""Keep service cases and what is noted of them."""

from __future__ import annotations

from regulars.base.tx import Tx, Write
from regulars.records.community.support.types import CaseNote, SupportCase

_OPEN = """
insert into service_case (program_id, case_id, member_id, subject, reason, store, priority, tier,
                          state, opened_at, opened_by, due_at)
values ($1::int, $2::uuid, $3::uuid, $4::text, $5::text, $6::text, $7::smallint, $8::text, 'open',
        $9::timestamptz, $10::text, $11::timestamptz)
"""
_CLOSE = """
update service_case set state = 'closed', outcome = $3::text, closed_at = $4::timestamptz,
       closed_by = $5::text, booked = $6::bool
 where program_id = $1::int and case_id = $2::uuid and state = 'open'
"""
_NOTE = """
insert into case_note (program_id, case_id, note_id, says, made_at, made_by)
values ($1::int, $2::uuid, $3::uuid, $4::text, $5::timestamptz, $6::text)
"""


def begin(tx: Tx, one: SupportCase) -> list[Write]:
    """This case is open from now on."""
    return [Write(_OPEN, (
        tx.program_id, one.case_id, one.member_id, one.subject, one.reason, one.store,
        one.priority, one.tier, one.opened_at, one.opened_by, one.due_at,
    ))]  # fmt: skip


def close(tx: Tx, one: SupportCase) -> list[Write]:
    """This case is over."""
    return [Write(_CLOSE, (
        tx.program_id, one.case_id, one.outcome, one.closed_at, one.closed_by, one.booked,
    ))]  # fmt: skip


def note(tx: Tx, one: CaseNote) -> list[Write]:
    """This was said or done."""
    return [Write(_NOTE, (
        tx.program_id, one.case_id, one.note_id, one.says, one.made_at, one.made_by,
    ))]  # fmt: skip
