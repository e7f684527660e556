"""Keep as whom we come in at brokers that hear of events."""

from __future__ import annotations

from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.outbox.hooks.types import Entry

_KEEP = """
insert into hook_broker (program_id, hook_id, account, login, authority, keys)
values ($1::int, $2::uuid, $3::text, $4::text, $5::text, $6::bytea)
    on conflict (program_id, hook_id) do update
   set account = excluded.account, login = excluded.login, authority = excluded.authority,
       keys = excluded.keys
"""
_END = "delete from hook_broker where program_id = $1::int and hook_id = $2::uuid"


def keep(tx: Tx, hook_id: UUID, entry: Entry | None) -> list[Write]:
    """So we come in there from now on; no broker: nothing of it is left."""
    if entry is None:
        return [Write(_END, (tx.program_id, hook_id))]
    told = (entry.account, entry.login, entry.authority, entry.keys)
    return [Write(_KEEP, (tx.program_id, hook_id, *told))]
