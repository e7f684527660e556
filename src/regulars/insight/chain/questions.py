"""What is asked of the tables: every link beside its row as it is now, and rows without a link."""

from __future__ import annotations

from typing import Final

from regulars.records.seal.canonical import KINDS, PARTS, Sealed, plain, secret

# Index scans only: tables that were never analysed look small, and a subquery per row that scans a
# whole table would never end. No nested loops for the same reason.
SETTINGS: Final = """
set local search_path = public;
set local timezone = 'UTC';
set local statement_timeout = 0;
set local idle_in_transaction_session_timeout = 0;
set local enable_seqscan = off;
set local enable_nestloop = off;
set local work_mem = '128MB';
set local jit = off;
"""


def _now(kind: Sealed) -> str:
    return f"""
select {kind.code} as kind, {kind.subject} as subject_id, {kind.member} as member_id,
       {plain(kind)} as plain,
       case when s.salt is not null then {secret(kind, "s.salt")} end as secret,
       s.erased_at is not null as erased
  from {kind.table} r
  {kind.beside}
  left join seal_salt s on s.program_id = r.program_id and s.member_id = {kind.member}
 where r.program_id = $1
"""  # noqa: S608  (made of our own constants)


def _left(table: str) -> str:
    return f"select from {table} t where t.program_id = c.program_id"


LINKS: Final = f"""
select l.position, l.kind, l.subject_id, l.member_id, l.secret as kept, l.hash,
       d.plain, d.secret, d.erased
  from seal_link l
  left join ({" union all ".join(_now(kind) for kind in KINDS)}) as d
    on d.kind = l.kind and d.subject_id = l.subject_id and d.member_id = l.member_id
 where l.program_id = $1
 order by l.position
"""  # noqa: S608  (made of our own constants)
# A sandbox that ended, and a demo that began for real, leave their chain and nothing else. Where a
# single sealed row is left, the program did not end: it was taken away. Whoever ends a sandbox, or
# begins it anew, leaves its number with what was done in its program: what staff did is gone
# through once for all of them.
CHAINS: Final = f"""
with gone as materialized (
    select distinct on (a.before ->> 'number') a.before ->> 'number' as number,
           a.about_id || ' ' || to_char(a.at at time zone 'UTC', 'YYYY-MM-DD') as sandbox
      from staff_act a
     where a.did in ('sandbox.ended', 'sandbox.renewed')
     order by a.before ->> 'number', a.at
)
select coalesce(p.program_id, c.program_id) as program_id, coalesce(p.slug, '') as slug, c.chain_id,
       (select count(*) from seal_salt s
         where s.program_id = coalesce(p.program_id, c.program_id)
           and s.erased_at is not null) as erased,
       p.program_id is null and not exists (
           {" union all ".join(map(_left, dict.fromkeys(kind.table for kind in KINDS)))}
       ) as ended,
       o.sandbox
  from program p
  full join seal_chain c on c.program_id = p.program_id
  left join gone o on o.number = c.program_id::text
 order by 1
"""  # noqa: S608  (made of our own constants)
LINKS_ALONE: Final = """
select position, hash from seal_link where program_id = $1 order by position
"""
CHECKPOINTS: Final = """
select size, head, sealed_at, key_id, signature
  from seal_checkpoint where program_id = $1 order by size
"""
# A broken chain is left behind by the others, and waits from a transaction of its own on.
REACH: Final = """
select coalesce((r.behind ->> ($1::int)::text)::bigint, r.below_tx) as below_tx,
       r.cluster = (select system_identifier from pg_control_system())
         and coalesce((r.behind ->> ($1::int)::text)::bigint, 0) >= 0 as here,
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next_tx
  from seal_reach r
"""


def _unsealed(kind: Sealed) -> str:
    return f"""
select '{kind.table}' as table_name, {kind.subject} as subject_id, {kind.member} as member_id,
       r.{kind.since} as since
  from {kind.table} r
 where r.program_id = $1 and r.{kind.since} is not null
   and not exists (select from seal_link l
                    where l.program_id = r.program_id and l.kind = {kind.code}
                      and l.subject_id = {kind.subject} and l.member_id = {kind.member})
"""  # noqa: S608  (made of our own constants)


UNSEALED: Final = " union all ".join(_unsealed(kind) for kind in KINDS)


def _stray(table: str, subject: str, rows: str) -> str:
    letter, _, _ = subject.partition(".")
    return f"""
select '{table}' as table_name, {subject} as subject_id, {letter}.member_id
  from {rows} and {letter}.program_id = $1
"""  # noqa: S608  (made of our own constants)


STRAYS: Final = " union all ".join(_stray(table, *found) for table, found in PARTS.items())
