"""What was booked lately in the whole shop, the latest first, with who did it and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.ledger.read import TOLD_AS

SPANS: Final = tuple(timedelta(minutes=one) for one in (15, 240, 2_880, 43_200))
"""So far back is looked, the shortest first, until a page is full."""
FAR_FOR_SOME: Final = timedelta(days=2)
"""No further at once where only some sorts are looked for: there may be none for long."""
# Ids grow with time and lie in their order, so a stretch of them is read and no more (ADR 0417).
_LATELY: Final = f"""
select e.entry_id, e.member_id, e.kind, e.occurred_at, e.recorded_at, e.actor, e.reason,
       m.given_name, m.family_name, m.number, p.wallets, p.accounts, p.amounts, a.store,
       a.external_id
  from (select * from entry
         where program_id = $1::int and entry_id >= $2::uuid and entry_id < $3::uuid
           and ($4::text[] is null or {TOLD_AS} = any($4::text[]))
         order by entry_id desc limit $5::int) e
  join member m on m.program_id = e.program_id and m.member_id = e.member_id
  join lateral (
       select array_agg(wallet order by line) wallets, array_agg(account order by line) accounts,
              array_agg(amount order by line) amounts
         from posting where program_id = e.program_id and member_id = e.member_id
                        and entry_id = e.entry_id) p on true
  left join activity a on a.program_id = e.program_id and a.activity_id = e.cause_id
                      and a.member_id = e.member_id
 order by e.entry_id desc
"""  # noqa: S608
_EARLIER: Final = """
select exists (select from activity where program_id = $1::int and activity_id < $2::uuid) as more
"""


class Lately(NamedTuple):
    """One entry, whose it is, and what brought it about."""

    entry_id: UUID
    member_id: UUID
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    reason: str
    given_name: str
    family_name: str
    number: str
    wallets: Sequence[int]
    accounts: Sequence[int]
    amounts: Sequence[int]
    store: str | None
    receipt: str | None


async def lately(
    tx: Tx, kinds: Sequence[str] | None, before: UUID | None, limit: int
) -> tuple[list[Lately], UUID | None]:
    """The entries before this one, the latest first, and where to go on; nothing at the end.

    Keeps: of some sorts no more than two days are looked through at once.
    """
    # As late as an id can be that is made now; what another machine made is a little later.
    latest = tx.new_id()
    end = before or UUID(int=(1 << 128) - 1)
    found: list[Lately] = []
    begin = end
    for span in SPANS:
        if kinds is not None and span > FAR_FOR_SOME:
            break
        begin = _earlier(before or latest, span)
        rows = await tx.fetch(_LATELY, tx.program_id, begin, end, kinds, limit + 1)
        found = [Lately(*row.values()) for row in rows]
        if len(found) > limit:
            return found[:limit], found[limit - 1].entry_id
    (row,) = await tx.fetch(_EARLIER, tx.program_id, begin)
    return found, begin if row["more"] else None


def _earlier(end: UUID, span: timedelta) -> UUID:
    """The smallest id of so long before this one."""
    return UUID(int=max(0, (end.int >> 80) - span // timedelta(milliseconds=1)) << 80)
