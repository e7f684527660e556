"""Keep bank accounts, runs of pay-outs, and what a bank sent back."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.rewards.payouts.types import BankAccount, Payout, PayoutReturn, PayoutRun

_SET = """
insert into bank_account (program_id, member_id, holder, iban, bic, set_at)
select $1::int, b.* from unnest($2::bank_account_row[]) as b
    on conflict (program_id, member_id)
    do update set holder = excluded.holder, iban = excluded.iban, bic = excluded.bic,
                  set_at = excluded.set_at, usable = true, why = ''
"""
_DROP = """
delete from bank_account
 where program_id = $1::int
   and member_id = any(array(
        select unnest($2::uuid[]) union all
        select a.member_id from member_alias a
         where a.program_id = $1::int and a.into_id = any($2::uuid[])))
"""
_RUN = """
insert into payout_run (program_id, run_id, version, wallet, made_at, execute_on, currency,
                        from_name, from_iban, from_bic, says, payouts, total_minor, reference,
                        actor)
select $1::int, $2::uuid, $3::int, $4::int, $5::timestamptz, $6::date, $7::text, $8::text,
       $9::text, $10::text, $11::text, $12::int, $13::bigint, $14::text, $15::text
"""
_PAYOUTS = """
insert into payout (program_id, member_id, redemption_id, run_id, place, amount_minor, holder,
                    iban, bic)
select $1::int, p.* from unnest($2::payout_row[]) as p
"""
_RETURNS = """
insert into payout_return (program_id, member_id, redemption_id, return_id, reference, code,
                           reason, at, entry_id, amount_minor, actor)
select $1::int, r.* from unnest($2::payout_return_row[]) as r
"""
# Only the account the money came back from: one that was told since is another one.
_SPOIL = """
update bank_account set usable = false, why = s.why
  from unnest($2::uuid[], $3::text[], $4::text[]) as s (member_id, iban, why)
 where bank_account.program_id = $1::int and bank_account.iban = s.iban
   and (bank_account.member_id = s.member_id
        or bank_account.member_id in (select a.member_id from member_alias a
                                       where a.program_id = $1 and a.into_id = s.member_id))
"""


def set_accounts(tx: Tx, accounts: Sequence[BankAccount]) -> list[Write]:
    """Keep where these members' money goes from now on."""
    last = {one.member_id: one for one in accounts}
    rows = [(one.member_id, one.holder, one.iban, one.bic, one.set_at) for one in last.values()]
    return [Write(_SET, (tx.program_id, rows))] if rows else []


def drop_accounts(tx: Tx, member_ids: Sequence[UUID]) -> list[Write]:
    """Forget the accounts of these members, and of those who were merged into them."""
    return [Write(_DROP, (tx.program_id, list(member_ids)))] if member_ids else []


def keep_run(tx: Tx, run: PayoutRun, payouts: Sequence[Payout]) -> list[Write]:
    """Keep a run with everything that was paid in it."""
    head = (
        run.run_id, run.version, run.wallet, run.made_at, run.execute_on, run.currency,
        run.from_name, run.from_iban, run.from_bic, run.says, run.payouts, run.total_minor,
        run.reference, run.actor,
    )  # fmt: skip
    rows = [
        (
            one.member_id, one.redemption_id, one.run_id, one.place, one.amount_minor, one.holder,
            one.iban, one.bic,
        )
        for one in payouts
    ]  # fmt: skip
    return [Write(_RUN, (tx.program_id, *head)), Write(_PAYOUTS, (tx.program_id, rows))]


def keep_returns(
    tx: Tx, returns: Sequence[PayoutReturn], spoilt: Sequence[tuple[UUID, str, str]]
) -> list[Write]:
    """Keep what came back, and that nothing more goes to these accounts: whose, which and why."""
    rows = [
        (
            one.member_id, one.redemption_id, one.return_id, one.reference, one.code, one.reason,
            one.at, one.entry_id, one.amount_minor, one.actor,
        )
        for one in returns
    ]  # fmt: skip
    writes = [Write(_RETURNS, (tx.program_id, rows))] if rows else []
    columns = [list(column) for column in zip(*spoilt, strict=True)]
    return writes + ([Write(_SPOIL, (tx.program_id, *columns))] if spoilt else [])
