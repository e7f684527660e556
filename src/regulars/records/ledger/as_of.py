"""Balances along two times: as they were at an instant, as we knew it at another (semantics A13).

Everything comes from entries and their postings; nothing is kept for it and nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.ledger.types import Account, Balance

# Both bounds include their instant: an expiry is dated at the first instant at which the points
# are gone. Program-side accounts but `issued` (11) are left to the members' side they balance.
_BALANCES = """
select e.member_id, p.wallet, p.account, sum(p.amount)::bigint as points
  from entry e
  join posting p on p.program_id = e.program_id and p.member_id = e.member_id
                and p.entry_id = e.entry_id
 where e.program_id = $1 and e.member_id = any($2::uuid[])
   and p.account in (1, 2, 3, 4, 11)
   and ($3::timestamptz is null or e.occurred_at <= $3)
   and ($4::timestamptz is null or e.recorded_at <= $4)
 group by e.member_id, p.wallet, p.account
"""
_FIELDS: Final[dict[int, tuple[str, int]]] = {
    Account.AVAILABLE: ("available", 1),
    Account.PENDING: ("pending", 1),
    Account.HELD: ("held", 1),
    Account.DEBT: ("debt", -1),
    Account.ISSUED: ("earned", -1),
}


async def balances(
    tx: Tx,
    member_ids: Sequence[UUID],
    *,
    as_of: datetime | None = None,
    as_known: datetime | None = None,
) -> dict[UUID, dict[int, Balance]]:
    """What these members held at `as_of`, by what was booked until `as_known`, per wallet.

    Shape: wallets in which nothing had moved are left out. No bound means everything.
    Example: a sale of Monday told on Wednesday counts on Tuesday as known on Thursday, and does
    not as known on Tuesday.
    """
    found: dict[UUID, dict[int, Balance]] = {member_id: {} for member_id in member_ids}
    for row in await tx.fetch(_BALANCES, tx.program_id, member_ids, as_of, as_known):
        balance = found[row["member_id"]].setdefault(row["wallet"], Balance())
        field, sign = _FIELDS[row["account"]]
        setattr(balance, field, sign * row["points"])
    return found
