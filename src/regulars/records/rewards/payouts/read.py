"""Read bank accounts and pay-outs; who was merged into somebody is read as a part of them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.alone import Alone, waiting_for
from regulars.base.tx import Tx
from regulars.records.rewards.payouts.types import BankAccount, Payout, PayoutReturn, PayoutRun

# Of somebody into whom others were merged their own account counts, else the one told last.
_KNOWN = """
    select distinct on (coalesce(a.into_id, b.member_id))
           coalesce(a.into_id, b.member_id) as stands_as, b.holder, b.iban, b.bic, b.set_at,
           b.usable, b.why
      from bank_account b
      left join member_alias a on a.program_id = b.program_id and a.member_id = b.member_id
     where b.program_id = $1
     order by coalesce(a.into_id, b.member_id), (a.into_id is null) desc, b.set_at desc
"""
_DUE = f"""
with known as ({_KNOWN})
select k.stands_as as member_id
  from known k
  join balance l on l.program_id = $1 and l.member_id = k.stands_as and l.wallet = $2
  join member m on m.program_id = $1 and m.member_id = k.stands_as
 where k.usable and l.available >= $3 and l.debt = 0 and m.state <> all($4::text[])
   and ($6::uuid is null or k.stands_as > $6)
 order by 1 limit $5
"""  # noqa: S608
_ACCOUNTS = f"select * from ({_KNOWN}) as known where stands_as = any($2::uuid[])"  # noqa: S608
_ALONE = waiting_for(Alone.PAYOUTS)
_RUN = """
select run_id, version, wallet, made_at, execute_on, currency, from_name, from_iban, from_bic,
       says, payouts, total_minor, reference, actor
  from payout_run
 where program_id = $1 and ($2::uuid is null or run_id = $2)
   and ($3::uuid is null or run_id < $3)
 order by run_id desc limit $4
"""
_PAYOUT = """
select p.run_id, p.place, p.member_id, p.redemption_id, p.amount_minor, p.holder, p.iban, p.bic,
       case when r.redemption_id is null then 'paid' else 'returned' end as state
  from payout p
  left join payout_return r using (program_id, member_id, redemption_id)
"""
_OF_RUN = f"{_PAYOUT} where p.program_id = $1 and p.run_id = $2 order by p.place"
_SOME = f"{_PAYOUT} where p.program_id = $1 and p.redemption_id = any($2::uuid[])"
_RETURNS = """
select return_id, member_id, redemption_id, reference, code, reason, at, entry_id, amount_minor,
       actor
  from payout_return
 where program_id = $1 and redemption_id = any($2::uuid[])
"""


async def alone(tx: Tx) -> None:
    """Nobody else pays out in this program until this transaction ends."""
    await tx.fetch(_ALONE, tx.program_id)


async def due(
    tx: Tx, asked: tuple[int, int, Sequence[str]], most: int, after: UUID | None = None
) -> list[UUID]:
    """Members with a usable account and enough to be had, in the order of their ids.

    Shape: `asked` are wallet, least amount and states that are left out.
    """
    rows = await tx.fetch(_DUE, tx.program_id, *asked, most, after)
    return [row["member_id"] for row in rows]


async def accounts(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, BankAccount]:
    """Where the money of these members goes, by whom they stand under now."""
    rows = await tx.fetch(_ACCOUNTS, tx.program_id, member_ids) if member_ids else ()
    found = (BankAccount(*row.values()) for row in rows)
    return {one.member_id: one for one in found}


async def runs(
    tx: Tx, run_id: UUID | None = None, before: UUID | None = None, most: int = 1
) -> list[PayoutRun]:
    """One run, or those before one, newest first."""
    rows = await tx.fetch(_RUN, tx.program_id, run_id, before, most)
    return [PayoutRun(*row.values()) for row in rows]


async def of_run(tx: Tx, run_id: UUID) -> list[Payout]:
    """What each member got in a run, in the order of the bank's file."""
    return [Payout(*row.values()) for row in await tx.fetch(_OF_RUN, tx.program_id, run_id)]


async def some(tx: Tx, redemption_ids: Sequence[UUID]) -> dict[UUID, Payout]:
    """These pay-outs, by what the bank calls them."""
    rows = await tx.fetch(_SOME, tx.program_id, redemption_ids) if redemption_ids else ()
    found = (Payout(*row.values()) for row in rows)
    return {one.redemption_id: one for one in found}


async def returns(tx: Tx, redemption_ids: Sequence[UUID]) -> list[PayoutReturn]:
    """What of these pay-outs came back."""
    rows = await tx.fetch(_RETURNS, tx.program_id, redemption_ids) if redemption_ids else ()
    return [PayoutReturn(*row.values()) for row in rows]
