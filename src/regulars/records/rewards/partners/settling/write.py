"""Keep settlements, what partners answered, and where settlements are put."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import astuple

from regulars.base.tx import Tx, Write
from regulars.records.rewards.partners.settling.types import Answer, Settlement, SettlementPlan

_SETTLE = f"""
insert into partner_settlement (program_id, {", ".join(Settlement.__struct_fields__)})
select $1::int, $2::uuid, $3::uuid, $4::int, $5::int, $6::int, $7::timestamptz, $8::timestamptz,
       $9::bigint, $10::bigint, $11::bigint, $12::bigint, $13::bigint, $14::bigint, $15::bigint,
       $16::timestamptz, $17::text
"""
_ANSWERS = """
insert into partner_answer (program_id, entry_id, partner_id, answer, reason, answered_at, actor)
select $1::int, a.* from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[],
                                $7::text[]) as a
"""
_PLAN = """
insert into settlement_plan (program_id, partner_id, every, place, address, endpoint, region,
                             account, keys, host_key, format, state, put_number, put_at, next_at,
                             failures, problem, version)
values ($1::int, $2::uuid, $3::text, $4::text, $5::text, $6::text, $7::text, $8::text, $9::bytea,
        $10::text, $11::text, $12::text, $13::int, $14::timestamptz, $15::timestamptz, $16::int,
        $17::text, $18::int)
    on conflict (program_id, partner_id) do update
   set every = excluded.every, place = excluded.place, address = excluded.address,
       endpoint = excluded.endpoint, region = excluded.region, account = excluded.account,
       keys = excluded.keys, host_key = excluded.host_key, format = excluded.format,
       state = excluded.state, put_number = excluded.put_number, put_at = excluded.put_at,
       next_at = excluded.next_at, failures = excluded.failures, problem = excluded.problem,
       version = excluded.version
"""
_END = "delete from settlement_plan where program_id = $1::int and partner_id = $2::uuid"


def settle(tx: Tx, one: Settlement) -> Write:
    """Keep a settlement."""
    return Write(_SETTLE, (tx.program_id, *astuple(one)))


def answer(tx: Tx, answers: Sequence[Answer]) -> list[Write]:
    """Keep what partners said of lines, each once."""
    if not answers:
        return []
    columns = [[getattr(one, name) for one in answers] for name in Answer.__struct_fields__]
    return [Write(_ANSWERS, (tx.program_id, *columns))]


def plan(tx: Tx, one: SettlementPlan) -> Write:
    """The plan as it is now; the row is held, or new."""
    return Write(_PLAN, (tx.program_id, *astuple(one)))


def end(tx: Tx, partner_id: UUID) -> Write:
    """A partner gets no settlements by itself any more; the keys are gone."""
    return Write(_END, (tx.program_id, partner_id))
