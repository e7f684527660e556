"""Keep codes: uploaded, issued one by one or many at once, used, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from regulars.base.tx import Tx, Write
from regulars.records.rewards.codes.types import Came, Closed, Made, Run

_RUN = """
insert into code_run (program_id, run_id, kind, reward, version, terms, times, actor, reason,
                      made_at)
values ($1::int, $2::uuid, $3::text, $4::text, $5::int, $6::text::jsonb, $7::int, $8::text,
        $9::text, $10::timestamptz)
"""
_UPLOAD = """
insert into reward_code (program_id, code_id, reward, code, printed, run_id, state)
select $1::int, u.code_id, $2::text, u.code, u.printed, $3::uuid, 'free'
  from unnest($4::uuid[], $5::text[], $6::text[]) as u (code_id, code, printed)
"""
_ISSUE = """
insert into reward_code (program_id, code_id, member_id, reward, code, printed, run_id, state,
                         issued_at, ends_at)
select $1::int, u.code_id, u.member_id, $2::text, u.code, '', $3::uuid, 'issued', $4::timestamptz,
       $5::timestamptz
  from unnest($6::uuid[], $7::text[], $8::uuid[]) as u (code_id, code, member_id)
"""
_RUNS = """
insert into code_run (program_id, run_id, kind, reward, version, terms, times, actor, reason,
                      made_at)
select $1::int, r.run_id, r.kind, r.reward, r.version, r.terms::jsonb, r.times, r.actor, r.reason,
       $2::timestamptz
  from unnest($3::uuid[], $4::text[], $5::text[], $6::int[], $7::text[], $8::int[], $9::text[],
              $10::text[]) as r (run_id, kind, reward, version, terms, times, actor, reason)
"""
_BRING = """
insert into reward_code (program_id, code_id, member_id, reward, code, printed, run_id, state,
                         issued_at, ends_at, closed_at)
select $1::int, c.code_id, c.member_id, c.reward, c.code, c.printed, c.run_id, c.state,
       c.issued_at, c.ends_at, c.closed_at
  from unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[],
              $9::timestamptz[], $10::timestamptz[], $11::timestamptz[])
       as c (run_id, reward, code_id, member_id, code, printed, state, issued_at, ends_at,
             closed_at)
"""
_MADE = """
insert into reward_code (program_id, code_id, member_id, reward, code, printed, redemption_id,
                         state, issued_at, ends_at)
select $1::int, c.code_id, c.member_id, c.reward, c.code, '', c.redemption_id, 'issued',
       c.issued_at, c.ends_at
  from unnest($2::code_issued_row[]) as c
"""
_HANDED = """
update reward_code set state = 'issued', member_id = c.member_id, redemption_id = c.redemption_id,
                       issued_at = c.issued_at, ends_at = c.ends_at
  from unnest($2::code_handed_row[]) as c
 where reward_code.program_id = $1::int and reward_code.code_id = c.code_id
"""
_CLOSE = """
update reward_code set state = c.state, closed_at = c.closed_at, store = c.store,
                       channel = c.channel, actor = c.actor, reason = c.reason
  from unnest($2::code_closed_row[]) as c
 where reward_code.program_id = $1::int and reward_code.code_id = c.code_id
"""
_CAME_BACK = """
update reward_code set state = 'withdrawn', closed_at = $3::timestamptz,
                       reason = 'came back with a return'
 where program_id = $1::int and redemption_id = any($2::uuid[]) and state = 'issued'
"""
_encode = msgspec.json.Encoder().encode


def keep_run(tx: Tx, run: Run) -> Write:
    """Keep that codes came at once."""
    terms = _encode(run.promised).decode()
    return Write(
        _RUN,
        (
            tx.program_id, run.run_id, run.kind, run.reward, run.version, terms, run.times,
            run.actor, run.reason, run.made_at,
        ),
    )  # fmt: skip


def upload(tx: Tx, run: Run, codes: Sequence[tuple[str, str]]) -> Write:
    """Lay these codes into the pool of a reward: each folded, and as it was written."""
    ids = [tx.new_id() for _ in codes]
    return Write(
        _UPLOAD,
        (
            tx.program_id, run.reward, run.run_id, ids, [code for code, _ in codes],
            [printed for _, printed in codes],
        ),
    )  # fmt: skip


def issue(
    tx: Tx, run: Run, codes: Sequence[str], members: Sequence[UUID | None], ends_at: datetime | None
) -> Write:
    """Keep codes that were issued at once, each for a member or for whoever shows it."""
    ids = [tx.new_id() for _ in codes]
    return Write(
        _ISSUE,
        (tx.program_id, run.reward, run.run_id, run.made_at, ends_at, ids, codes, members),
    )


def bring(tx: Tx, came: Sequence[tuple[Run, Sequence[Came]]]) -> list[Write]:
    """Keep codes as they stood in another installation, run by run."""
    if not came:
        return []
    runs = [
        (r.run_id, r.kind, r.reward, r.version, _encode(r.promised).decode(), r.times, r.actor,
         r.reason)
        for r, _ in came
    ]  # fmt: skip
    rows = [
        (r.run_id, r.reward, c.code_id, c.member_id, c.code, c.printed, c.state, c.issued_at,
         c.ends_at, c.closed_at)
        for r, codes in came
        for c in codes
    ]  # fmt: skip
    return [
        Write(_RUNS, (tx.program_id, tx.now, *map(list, zip(*runs, strict=True)))),
        Write(_BRING, (tx.program_id, *map(list, zip(*rows, strict=True)))),
    ]


def hand_over(tx: Tx, made: Sequence[Made]) -> list[Write]:
    """Keep which codes were handed over: those we made, and those that lay in a pool."""
    writes = []
    fresh = [
        (c.code_id, c.member_id, c.reward, c.code, c.redemption_id, c.issued_at, c.ends_at)
        for c in made
        if c.code
    ]
    drawn = [
        (c.code_id, c.member_id, c.redemption_id, c.issued_at, c.ends_at)
        for c in made
        if not c.code
    ]
    if fresh:
        writes.append(Write(_MADE, (tx.program_id, fresh), rows=[row[0] for row in fresh]))
    if drawn:
        writes.append(Write(_HANDED, (tx.program_id, drawn), rows=[row[0] for row in drawn]))
    return writes


def close(tx: Tx, closed: Sequence[Closed]) -> list[Write]:
    """Keep that codes were used or withdrawn."""
    if not closed:
        return []
    rows = [
        (c.code_id, c.state, c.closed_at, c.store, c.channel, c.actor, c.reason) for c in closed
    ]
    return [Write(_CLOSE, (tx.program_id, rows), rows=[row[0] for row in rows])]


def take_back(tx: Tx, redemption_ids: Sequence[UUID]) -> list[Write]:
    """Withdraw the codes of redemptions whose sale came back; a used one stays used."""
    if not redemption_ids:
        return []
    return [Write(_CAME_BACK, (tx.program_id, redemption_ids, tx.now))]
