"""Keep codes, referrals and milestones."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.members.referrals.types import Code, Milestone, Referral

_CODE = """
insert into referral_code (program_id, member_id, code, marks, made_at)
select $1::int, c.member_id, c.code, string_to_array(c.marks, ' '), $5::timestamptz
  from unnest($2::uuid[], $3::text[], $4::text[]) as c (member_id, code, marks)
"""
_NAME = """
insert into referral (program_id, member_id, referral_id, referrer_id, version, state, reason,
                      marks, counts_from, named_at, buys_until, looked_at, wallet, settled_at)
select $1::int, r.member_id, r.referral_id, r.referrer_id, r.version, r.state, r.reason,
       string_to_array(m.marks, ' '), r.counts_from, r.named_at, r.buys_until, r.named_at,
       r.wallet, case when r.state = 'rejected' then r.named_at end
  from unnest($2::referral_named_row[]) with ordinality as r
  join unnest($3::text[]) with ordinality as m (marks, place) on m.place = r.ordinality
"""
_MARKS = """
insert into referral_mark (program_id, mark, referral_id, member_id)
select $1::int, m.mark, m.referral_id, m.member_id
  from unnest($2::text[], $3::uuid[], $4::uuid[]) as m (mark, referral_id, member_id)
"""
# Looked up one by one and by its key, whatever is known of the table (`offset 0` keeps it so): a
# plan made while the table was small reads the whole of it for each batch, however it has grown.
_SETTLE = """
update referral r
   set state = s.state, reason = s.reason, looked_at = $3::timestamptz, sale_id = s.sale_id,
       due_at = s.due_at, settled_at = s.settled_at, retracted_at = s.retracted_at,
       referrer_units = s.referrer_units, newcomer_units = s.newcomer_units,
       referrer_entry = s.referrer_entry, newcomer_entry = s.newcomer_entry,
       referrer_back = s.referrer_back, newcomer_back = s.newcomer_back
  from unnest($2::referral_settled_row[]) as s
 cross join lateral (
       select ctid as place from referral
        where program_id = $1::int and referral_id = s.referral_id
       offset 0) as kept
 where r.ctid = kept.place
"""
_MILESTONE = """
insert into referral_milestone (program_id, member_id, entry_id, friends, wallet, units, given_at,
                                undone_at, undone_by)
select $1::int, m.* from unnest($2::referral_milestone_row[]) as m
"""
_UNDO = """
update referral_milestone m set undone_at = $4::timestamptz, undone_by = u.undone_by
  from unnest($2::uuid[], $3::uuid[], $5::uuid[]) as u (entry_id, undone_by, member_id)
 cross join lateral (
       select ctid as place from referral_milestone
        where program_id = $1::int and member_id = u.member_id and entry_id = u.entry_id
       offset 0) as kept
 where m.ctid = kept.place
"""


def give_codes(tx: Tx, codes: Sequence[Code]) -> list[Write]:
    """Keep members' codes."""
    if not codes:
        return []
    columns = [c.member_id for c in codes], [c.code for c in codes], [_joined(c) for c in codes]
    return [Write(_CODE, (tx.program_id, *columns, tx.now))]


def name(tx: Tx, named: Sequence[Referral]) -> list[Write]:
    """Keep that newcomers named a code, also where it was rejected."""
    if not named:
        return []
    rows = [
        (
            r.member_id, r.referral_id, r.referrer_id, r.version, r.state, r.reason,
            r.counts_from, r.named_at, r.buys_until, r.wallet,
        )
        for r in named
    ]  # fmt: skip
    marks = [(each, r.referral_id, r.member_id) for r in named for each in r.marks if not r.reason]
    writes = [Write(_NAME, (tx.program_id, rows, [_joined(r) for r in named]))]
    columns = [list(column) for column in zip(*marks, strict=True)]
    return writes + ([Write(_MARKS, (tx.program_id, *columns))] if marks else [])


def settle(tx: Tx, settled: Sequence[Referral]) -> list[Write]:
    """Keep what became of referrals, and that they were looked at."""
    if not settled:
        return []
    rows = [
        (
            r.referral_id, r.state, r.reason, r.sale_id, r.due_at, r.settled_at, r.retracted_at,
            r.referrer_units, r.newcomer_units, r.referrer_entry, r.newcomer_entry,
            r.referrer_back, r.newcomer_back,
        )
        for r in settled
    ]  # fmt: skip
    return [Write(_SETTLE, (tx.program_id, rows, tx.now))]


def give_milestones(tx: Tx, given: Sequence[Milestone]) -> list[Write]:
    """Keep what members got for so many friends."""
    if not given:
        return []
    rows = [
        (
            m.member_id, m.entry_id, m.friends, m.wallet, m.units, m.given_at, m.undone_at,
            m.undone_by,
        )
        for m in given
    ]  # fmt: skip
    return [Write(_MILESTONE, (tx.program_id, rows), rows=[m.entry_id for m in given])]


def undo_milestones(tx: Tx, undone: Sequence[tuple[Milestone, UUID | None]]) -> list[Write]:
    """Keep that these were taken back, and by which entries."""
    if not undone:
        return []
    ids, entries = [one.entry_id for one, _ in undone], [entry for _, entry in undone]
    whose = [one.member_id for one, _ in undone]
    return [Write(_UNDO, (tx.program_id, ids, entries, tx.now, whose), rows=ids)]


def _joined(one: Code | Referral) -> str:
    return " ".join(one.marks)
