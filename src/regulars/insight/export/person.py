"""Everything we hold of one person, by the same files as an export of the program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.insight.export.catalogue import File, files
from regulars.insight.export.selecting import Asked, select
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
        || jsonb_build_object('body', convert_from(t.body, 'UTF8')))::text as row
  from arrival t
 where t.program_id = $1 and t.arrival_id in (
       select arrival_id from arrival_activity where program_id = $1 and member_id = $2
       union all
       select g.arrival_id from activity a join arrival_activity g using (program_id, activity_id)
        where a.program_id = $1 and a.member_id = $2 and g.first)
"""
"""What other systems sent of somebody, for as long as it is kept."""
_OF_CAMPAIGNS = """
select (to_jsonb(t) - array['program_id', 'campaign_id', 'message_id', 'run_id', 'address',
                            'attempts', 'try_at', 'variant']
        || jsonb_build_object('name', c.name, 'channel',
                              coalesce(nullif(t.channel, ''), c.channel), 'step',
                              case when c.journey_id is not null then c.code end))::text as row
  from campaign_message t left join campaign c using (program_id, campaign_id)
 where t.program_id = $1 and t.member_id = $2
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

    Keeps: a table of a room we do not know is told as it is, so that nothing is left out.
    """
    tables = {row["name"]: row["of_members"] for row in await tx.fetch(_TABLES)}
    asked = Asked(tx.program_id, currency, member_id=member_id)
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
            told[table] = await _as_it_is(tx, table, member_id)
    if "campaign_message" in tables:
        rows = await tx.fetch(_OF_CAMPAIGNS, tx.program_id, member_id)
        told["campaign_message"] = [msgspec.json.decode(row["row"]) for row in rows]
    if "arrival" in tables:
        rows = await tx.fetch(_OF_ARRIVALS, tx.program_id, member_id)
        told["arrival"] = [msgspec.json.decode(row["row"]) for row in rows]
    return {name: rows for name, rows in told.items() if rows}


async def _as_it_is(tx: Tx, table: str, member_id: UUID) -> list[dict[str, Any]]:
    mine = "bill_id in (select bills_of($1, $2))" if table in OF_BILLS else "member_id = $2"
    sql = f"""select (to_jsonb(t) - 'program_id' - $3::text[])::text as row from "{table}" t
               where t.program_id = $1 and t.{mine}"""  # noqa: S608
    rows = await tx.fetch(sql, tx.program_id, member_id, list(KEYS.get(table, ())))
    return [msgspec.json.decode(row["row"]) for row in rows]


def _row(file: File, row: Mapping[str, Any]) -> dict[str, Any]:
    told = dict(row)
    for column in file.columns:
        value = told[column.name]
        if value is None or column.name == "member_id":
            del told[column.name]
        elif column.holds == "json":
            told[column.name] = msgspec.json.decode(value)
        elif column.holds == "packed":
            steps = unpack(bytes.fromhex(value))
            told[column.name] = {name: getattr(steps, name) for name in steps.__struct_fields__}
    return told
