"""Read settlements, their lines, what partners answered, and where they are put."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.rewards.partners.settling.types import (
    Answer,
    Reconciled,
    SettledLine,
    Settlement,
    SettlementPlan,
)

_COLUMNS = ", ".join(Settlement.__struct_fields__)
_LAST = f"""
select distinct on (partner_id) {_COLUMNS} from partner_settlement
 where program_id = $1 and partner_id = any($2::uuid[]) order by partner_id, number desc
"""  # noqa: S608
_PAGE = f"""
select {_COLUMNS} from partner_settlement
 where program_id = $1 and partner_id = $2 and ($3::int is null or number < $3)
 order by number desc limit $4
"""  # noqa: S608
_ONE = f"""
select {_COLUMNS} from partner_settlement
 where program_id = $1 and partner_id = $2 and number = $3
"""  # noqa: S608
_FIRST_AFTER = """
select min(number) as number from partner_settlement
 where program_id = $1 and partner_id = $2 and until_at > $3
"""
_SUMS = """
select kind, sum(amount_minor)::bigint as minor, max(step) as step from partner_entry
 where program_id = $1 and partner_id = $2 and step > $3 and booked_at < $4
 group by kind
"""
_LINES = """
select e.step, e.entry_id, e.kind, e.external_id, coalesce(m.external_id, '') as known_as,
       coalesce(r.external_id, '') as takes_back, e.occurred_at, e.booked_at, e.wallet, e.units,
       e.moved, c.price_minor, c.per_units, e.amount_minor, e.balance_minor, a.answer,
       coalesce(a.reason, '') as reason, coalesce(d.decision, '') as decided
  from partner_entry e
  left join partner_contract c on c.program_id = e.program_id and c.contract_id = e.contract_id
  left join partner_entry r on r.program_id = e.program_id and r.entry_id = e.reverses
  left join partner_claim_match m on m.program_id = e.program_id and m.entry_id = e.entry_id
                                 and m.external_id <> e.external_id
                                 and m.matched_at <= $6
  left join partner_answer a on a.program_id = e.program_id and a.entry_id = e.entry_id
  left join partner_dispute t on t.program_id = e.program_id and t.entry_id = e.entry_id
  left join partner_decision d on d.program_id = e.program_id and d.about_id = t.dispute_id
 where e.program_id = $1 and e.partner_id = $2 and e.step > $3 and e.step <= $4
 order by e.step limit $5
"""
# Of what a partner was told first by a settlement; of a dispute it opened beside it, too.
_RECONCILED = """
select count(*) filter (where answer = 'accepted') as accepted,
       coalesce(sum(amount_minor) filter (where answer = 'accepted'), 0)::bigint
           as accepted_minor,
       count(*) filter (where answer = 'disputed') as disputed,
       coalesce(sum(amount_minor) filter (where answer = 'disputed'), 0)::bigint
           as disputed_minor,
       count(*) filter (where answer = 'disputed' and decision is null) as undecided,
       count(*) filter (where answer = 'disputed' and decision = 'granted') as granted,
       count(*) filter (where answer is null and asked) as unanswered,
       coalesce(sum(amount_minor) filter (where answer is null and asked), 0)::bigint
           as unanswered_minor,
       count(*) filter (where answer is null and not asked) as unasked
  from (select e.amount_minor, e.kind in ('accrual', 'redemption') as asked,
               case when t.dispute_id is not null then 'disputed' else a.answer end as answer,
               d.decision
          from partner_entry e
          left join partner_answer a on a.program_id = e.program_id and a.entry_id = e.entry_id
          left join partner_dispute t on t.program_id = e.program_id and t.entry_id = e.entry_id
          left join partner_decision d on d.program_id = e.program_id
                                      and d.about_id = t.dispute_id
         where e.program_id = $1 and e.partner_id = $2 and e.step > $3 and e.step <= $4) l
"""
_ANSWERS = """
select entry_id, partner_id, answer, reason, answered_at, actor from partner_answer
 where program_id = $1 and entry_id = any($2::uuid[])
"""
_PLANS = f"""
select {", ".join(SettlementPlan.__struct_fields__)} from settlement_plan
 where program_id = $1 and ($2::uuid is null or partner_id = $2)
"""  # noqa: S608
_DUE = """
select partner_id from settlement_plan
 where program_id = $1 and state = 'active' and next_at <= $2 order by next_at
"""


async def last(tx: Tx, partner_ids: Sequence[UUID]) -> dict[UUID, Settlement]:
    """The last settlement of each of these partners."""
    rows = await tx.fetch(_LAST, tx.program_id, list(partner_ids))
    return {row["partner_id"]: _of(Settlement, row) for row in rows}


async def page(tx: Tx, partner_id: UUID, before: int | None, most: int) -> list[Settlement]:
    """Settlements of a partner, the newest first."""
    rows = await tx.fetch(_PAGE, tx.program_id, partner_id, before, most)
    return [_of(Settlement, row) for row in rows]


async def one(tx: Tx, partner_id: UUID, number: int) -> Settlement | None:
    """This settlement."""
    rows = await tx.fetch(_ONE, tx.program_id, partner_id, number)
    return _of(Settlement, rows[0]) if rows else None


async def first_after(tx: Tx, partner_id: UUID, since: datetime) -> int | None:
    """The number of the first settlement that ends after an instant."""
    rows = await tx.fetch(_FIRST_AFTER, tx.program_id, partner_id, since)
    number: int | None = rows[0]["number"]
    return number


async def sums(
    tx: Tx, partner_id: UUID, after_step: int, until_at: datetime
) -> tuple[Mapping[str, int], int]:
    """By kind what was booked behind a step and before an instant, and its last step."""
    rows = await tx.fetch(_SUMS, tx.program_id, partner_id, after_step, until_at)
    to_step = max((row["step"] for row in rows), default=after_step)
    return {row["kind"]: int(row["minor"]) for row in rows}, to_step


async def lines(
    tx: Tx, one: Settlement, after: int | None = None, most: int = 5_000
) -> list[SettledLine]:
    """Some lines of a settlement, behind a step."""
    begins = one.after_step if after is None else after
    told = (one.partner_id, begins, one.to_step, most, one.made_at)
    rows = await tx.fetch(_LINES, tx.program_id, *told)
    return [_of(SettledLine, row) for row in rows]


async def reconciled(tx: Tx, one: Settlement) -> Reconciled:
    """How far a settlement is answered."""
    (row,) = await tx.fetch(_RECONCILED, tx.program_id, one.partner_id, one.after_step, one.to_step)
    return Reconciled(**{name: int(row[name]) for name in Reconciled.__struct_fields__})


async def answers(tx: Tx, entry_ids: Sequence[UUID]) -> dict[UUID, Answer]:
    """What partners said of these lines."""
    rows = await tx.fetch(_ANSWERS, tx.program_id, list(entry_ids))
    return {row["entry_id"]: _of(Answer, row) for row in rows}


async def plan(tx: Tx, partner_id: UUID, *, held: bool = False) -> SettlementPlan | None:
    """When and where a partner gets its settlements; held, nobody else changes it meanwhile."""
    rows = await tx.fetch(_PLANS + (" for update" if held else ""), tx.program_id, partner_id)
    return _of(SettlementPlan, rows[0]) if rows else None


async def due(tx: Tx) -> list[UUID]:
    """Partners that are to get a settlement now."""
    return [row["partner_id"] for row in await tx.fetch(_DUE, tx.program_id, tx.now)]


def _of(kind: Any, row: Mapping[str, Any]) -> Any:
    return kind(**{name: row[name] for name in kind.__struct_fields__})
