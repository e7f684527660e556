"""Look up the devices of members."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.outbox.delivery.devices.types import PushDevice

# Whoever was merged into a member has their devices with that one's, unless they took their word
# back: it was theirs, and a merge undoes no withdrawal.
_OF: Final = """
select coalesce(a.into_id, d.member_id) as stands, d.device_id, d.member_id, d.endpoint,
       d.receives, d.secret, d.name, d.kept_at
  from push_device d
  left join member_alias a on a.program_id = d.program_id and a.member_id = d.member_id
 where d.program_id = $1::int and d.member_id = any(array(
       select unnest($2::uuid[]) union all
       select member_id from member_alias
        where program_id = $1::int and into_id = any($2::uuid[])))
   and (a.into_id is null or 'withdrawn' is distinct from (
       select c.state from consent c
        where c.program_id = $1::int and c.member_id = d.member_id and c.channel = 'push'
        order by c.changed_at desc limit 1))
 order by d.kept_at, d.device_id
"""


async def of(tx: Tx, ids: Collection[UUID]) -> dict[UUID, tuple[PushDevice, ...]]:
    """Of each of these members their devices, the one kept first before the others; who has none
    is left out."""
    found: dict[UUID, list[PushDevice]] = {}
    for row in await tx.fetch(_OF, tx.program_id, sorted(ids)) if ids else ():
        stands, *told = row.values()
        found.setdefault(stands, []).append(PushDevice(*told))
    return {who: tuple(some) for who, some in found.items()}
