"""Erase a member, and set aside what is told of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.members.erasure.types import Late

_ERASE = "select erase_member($1, $2, $3, $4, $5, $6::uuid[], $7::bytea[], $8::text[]) as done"
_GIVEN = "select set_config('regulars.erasing_given', $1, true)"
_ASIDE = """
insert into quarantine (program_id, quarantine_id, key, member_id, about, reason, kind, source,
                        external_id, store, occurred_at, amount_minor, actor, recorded_at)
select $1::int, q.id, q.key, q.member_id, q.about, 'erased', q.kind, q.source, q.external_id,
       q.store, q.occurred_at, q.amount_minor, q.actor, $2::timestamptz
  from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[],
              $10::text[], $11::timestamptz[], $12::bigint[], $13::text[])
       as q (id, key, member_id, about, kind, source, external_id, store, occurred_at,
             amount_minor, actor)
 order by q.key
    on conflict (program_id, key) do nothing
"""


async def erase(
    tx: Tx,
    member_id: UUID,
    number: str,
    by: tuple[str, datetime, Sequence[str], Sequence[str]],
    packed: Mapping[UUID, bytes],
) -> bool:
    """Take everything personal of a member whose standing is locked; False when it was gone.

    Shape: `by` is who asked, when, what else the member is known as, and how they are called by
    given name; `number` takes the loyalty number's place; `packed` are the trails that had
    something personal, without it.
    Order: a statement of its own, as it changes many tables (migration, `erase_member`).
    """
    actor, erased_at, known, given = by
    ids, trails = list(packed), list(packed.values())
    what = (tx.now, actor, number, ids, trails, list(known))
    await tx.fetch(_GIVEN, "\n".join(given))
    rows = await tx.fetch(_ERASE, member_id, erased_at, *what)
    return bool(rows[0]["done"])


def set_aside(tx: Tx, late: Sequence[Late]) -> list[Write]:
    """Keep what was told of erased members apart from the books; told again, it is there once."""
    once = {one.key: one for one in late}
    if not once:
        return []
    rows = [
        (
            tx.new_id(), one.key, one.member_id, one.about, one.kind, one.source, one.external_id,
            one.store, one.occurred_at, one.amount_minor, one.actor,
        )
        for one in once.values()
    ]  # fmt: skip
    return [Write(_ASIDE, (tx.program_id, tx.now, *map(list, zip(*rows, strict=True))))]
