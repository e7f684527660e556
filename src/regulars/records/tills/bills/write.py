"""Keep bills, what was paid, and which rewards are for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from regulars.base.tx import Tx, Write
from regulars.records.tills.bills.types import Bill, Payment, Refund

_OPEN: Final = """
insert into bill (program_id, bill_id, member_id, store, state, version, body, opened_at,
                     changed_at, closed_at)
select $1::int, r.bill_id, r.member_id, r.store, 'open', 1, r.body::jsonb, r.opened_at,
       r.opened_at, null
  from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[])
       as r (bill_id, member_id, store, body, opened_at)
"""
_CHANGE: Final = """
update bill b set member_id = r.member_id, body = r.body::jsonb, version = r.version,
                  changed_at = $2::timestamptz
  from unnest($3::uuid[], $4::uuid[], $5::text[], $6::int[])
       as r (bill_id, member_id, body, version)
 where b.program_id = $1::int and b.bill_id = r.bill_id and b.state = 'open'
"""
_PAID: Final = """
update bill set state = 'paid', version = version + 1, changed_at = $2::timestamptz,
                   closed_at = $2::timestamptz
 where program_id = $1::int and bill_id = any($3::uuid[]) and state = 'open'
"""
_PAY: Final = """
insert into bill_payment (program_id, payment_id, bill_id, state, kind, amount_minor, told,
                             store, made_at)
select $1::int, p.payment_id, p.bill_id, p.state, p.kind, p.amount, p.told::jsonb, p.store,
       $2::timestamptz
  from unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::text[])
       as p (payment_id, bill_id, state, kind, amount, told, store)
"""
_COMPLETE: Final = """
update bill_payment set state = 'completed'
 where program_id = $1::int and payment_id = any($2::uuid[]) and state = 'approved'
"""
_FOR: Final = """
insert into bill_reward (program_id, redemption_id, bill_id)
select $1::int, r.* from unnest($2::uuid[], $3::uuid[]) as r
"""
_CHANGED: Final = """
update bill set version = version + 1, changed_at = $2::timestamptz
 where program_id = $1::int and state = 'open'
   and bill_id in (select bill_id from bill_reward
                    where program_id = $1::int and redemption_id = any($3::uuid[]))
"""


_REFUND: Final = """
insert into bill_refund (program_id, refund_id, payment_id, bill_id, amount_minor, reason, store,
                         made_at)
select $1::int, r.* from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[], $6::text[],
                                $7::text[], $8::timestamptz[]) as r
"""


def open_bills(tx: Tx, bills: Sequence[Bill]) -> list[Write]:
    """Keep these new bills."""
    if not bills:
        return []
    rows = [(r.bill_id, r.member_id, r.store, _text(r.body), r.opened_at) for r in bills]
    return [Write(_OPEN, (tx.program_id, *map(list, zip(*rows, strict=True))))]


def change_bills(tx: Tx, bills: Sequence[Bill]) -> list[Write]:
    """These open bills are as they are here now."""
    if not bills:
        return []
    rows = [(r.bill_id, r.member_id, _text(r.body), r.version) for r in bills]
    return [Write(_CHANGE, (tx.program_id, tx.now, *map(list, zip(*rows, strict=True))))]


def pay_bills(tx: Tx, ids: Sequence[UUID]) -> list[Write]:
    """These bills are paid."""
    return [Write(_PAID, (tx.program_id, tx.now, list(ids)))] if ids else []


def keep_payments(tx: Tx, payments: Sequence[Payment]) -> list[Write]:
    """Keep these new payments."""
    if not payments:
        return []
    rows = [
        (p.payment_id, p.bill_id, p.state, p.kind, p.amount_minor, _text(p.told), p.store)
        for p in payments
    ]
    return [Write(_PAY, (tx.program_id, tx.now, *map(list, zip(*rows, strict=True))))]


def complete_payments(tx: Tx, ids: Sequence[UUID]) -> list[Write]:
    """These payments were taken."""
    return [Write(_COMPLETE, (tx.program_id, list(ids)))] if ids else []


def keep_refunds(tx: Tx, refunds: Sequence[Refund]) -> list[Write]:
    """Keep these new refunds."""
    if not refunds:
        return []
    rows = [
        (r.refund_id, r.payment_id, r.bill_id, r.amount_minor, r.reason, r.store, r.made_at)
        for r in refunds
    ]
    return [Write(_REFUND, (tx.program_id, *map(list, zip(*rows, strict=True))))]


def made_for(tx: Tx, rewards: Mapping[UUID, UUID]) -> list[Write]:
    """Keep for which bill each of these redemptions was made."""
    if not rewards:
        return []
    return [Write(_FOR, (tx.program_id, list(rewards), list(rewards.values())))]


def changed(tx: Tx, rewards: Sequence[UUID]) -> list[Write]:
    """The open bills that these redemptions were made for come to something else now.

    Order: after it is kept for which bills they were made.
    """
    return [Write(_CHANGED, (tx.program_id, tx.now, list(rewards)))] if rewards else []


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()
