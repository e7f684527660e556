"""Everything we hold of one person, by the same files as an export of the program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.insight.export.catalogue import File, files
from regulars.insight.export.selecting import NOBODY, Asked, select
from regulars.records.members.unions import read as unions
from regulars.records.trail.types import unpack

_TABLES = """
select c.relname::text as name,
       exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'member_id'
                  and not a.attisdropped) as of_members
  from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
   and has_table_privilege(c.oid, 'SELECT')
"""
TOLD_OTHERWISE = frozenset({"once", "quarantine", "erasure", "member_alias"})
"""Tables with a member in them that say nothing more of a person: digests of requests, what is
kept only after they were erased, and as whom a merged one stands, which the merge tells."""


_OF_ARRIVALS = """
select (to_jsonb(t) - 'program_id' - 'key' - 'content'
        || jsonb_build_object('body', convert_from(t.body, 'UTF8'),
                              'member_id', w.who))::text as row
  from (select arrival_id, min(member_id::text) as who from (
            select arrival_id, member_id from arrival_activity
             where program_id = $1 and member_id = any($2::uuid[])
            union all
            select g.arrival_id, a.member_id
              from activity a join arrival_activity g using (program_id, activity_id)
             where a.program_id = $1 and a.member_id = any($2::uuid[]) and g.first) of_them
         group by arrival_id) w
  join arrival t on t.program_id = $1 and t.arrival_id = w.arrival_id
"""
"""What other systems sent of somebody, for as long as it is kept."""
_OF_CAMPAIGNS = """
select (to_jsonb(t) - array['program_id', 'campaign_id', 'message_id', 'run_id', 'address',
                            'attempts', 'try_at', 'variant']
        || jsonb_build_object('name', c.name, 'channel',
                              coalesce(nullif(t.channel, ''), c.channel), 'step',
                              case when c.journey_id is not null then c.code end))::text as row
  from campaign_message t left join campaign c using (program_id, campaign_id)
 where t.program_id = $1 and t.member_id = any($2::uuid[])
 order by coalesce(t.asked_at, c.queued_at, t.try_at), t.message_id
"""
"""What campaigns and journeys wrote to somebody, or did not and why: by name and way."""
KEYS = {"push_device": ("receives", "secret", "digest")}
"""Columns that open something and say nothing of a person: whoever has a file of theirs could
write to their browser in our name."""
OF_BILLS = frozenset({"bill", "bill_payment", "bill_refund"})
"""Tables of the bills of connected tills; whose they are follows from more than one column."""


async def person(tx: Tx, currency: str, member_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """What is kept of a person, file by file; files with nothing of them are left out.

    Shape: each row says of which record of theirs it is, since whoever was merged has several;
    they are told together, by whichever id is asked, as they are erased together (ADR 0930).
    Keeps: a table of a room we do not know is told as it is, so that nothing is left out.
    """
    mine = await _records_of(tx, member_id)
    tables = {row["name"]: row["of_members"] for row in await tx.fetch(_TABLES)}
    asked = Asked(tx.program_id, currency, members=mine)
    told: dict[str, list[dict[str, Any]]] = {}
    for file in files():
        if file.of_members and file.table in tables and file.name != "lots_ever":
            rows = await tx.fetch(select(file, asked))
            told[file.name] = [_row(file, row) for row in rows]
    known = {file.table for file in files()} | TOLD_OTHERWISE
    for table in sorted(
        name for name, of_members in tables.items() if of_members or name in OF_BILLS
    ):
        if table not in known and table != "campaign_message":
            told[table] = await _as_it_is(tx, table, mine)
    if "campaign_message" in tables:
        told["campaign_message"] = _bare(await tx.fetch(_OF_CAMPAIGNS, tx.program_id, mine))
    if "arrival" in tables:
        told["arrival"] = _bare(await tx.fetch(_OF_ARRIVALS, tx.program_id, mine))
    return {name: rows for name, rows in told.items() if rows}


async def _records_of(tx: Tx, member_id: UUID) -> tuple[UUID, ...]:
    """The record a person stands under now, and all that were merged into it."""
    stands = await unions.aliases(tx, [member_id])
    return await unions.family(tx, [stands.get(member_id, member_id)])


async def _as_it_is(tx: Tx, table: str, mine: Sequence[UUID]) -> list[dict[str, Any]]:
    whose = "member_id = any($2::uuid[])"
    if table in OF_BILLS:
        whose = "bill_id in (select bills_of($1, who) from unnest($2::uuid[]) as who)"
    sql = f"""select (to_jsonb(t) - 'program_id' - $3::text[])::text as row from "{table}" t
               where t.program_id = $1 and t.{whose}"""  # noqa: S608
    return _bare(await tx.fetch(sql, tx.program_id, mine, list(KEYS.get(table, ()))))


def _bare(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of a table as they are, but for whose they are, which is said as in files."""
    told = [msgspec.json.decode(row["row"]) for row in rows]
    for one in told:
        who = UUID(one.pop("member_id", None) or NOBODY.hex)
        if who != NOBODY:
            one["member_id"] = f"mem_{who.hex}"
    return told


def _row(file: File, row: Mapping[str, Any]) -> dict[str, Any]:
    told = dict(row)
    for column in file.columns:
        value = told[column.name]
        if value is None:
            del told[column.name]
        elif column.holds == "json":
            told[column.name] = msgspec.json.decode(value)
        elif column.holds == "packed":
            steps = unpack(bytes.fromhex(value))
            told[column.name] = {name: getattr(steps, name) for name in steps.__struct_fields__}
    return told
