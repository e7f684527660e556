"""The hook by which an organization hears what happens as journals: begun, moved, and over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.outbox.hooks.outlets.journals.types import TYPES
from regulars.records.outbox.hooks.read import Reach
from regulars.records.outbox.hooks.types import SALESFORCE

# One that was over begins anew: what happened meanwhile is none of its business.
_MAKE: Final = """
insert into hook (program_id, hook_id, name, url, form, made_at, made_by, changed_at)
values ($1::int, $2::uuid, $3::text, $4::text, $5::text, $6::timestamptz, $7::text,
        $6::timestamptz)
    on conflict (program_id, hook_id) do update
   set url = excluded.url, state = 'active', reason = '', failures = 0, failing_since = null,
       rest_until = null, changed_at = excluded.changed_at
"""
_WISH: Final = """
insert into hook_wish (program_id, hook_id, type, from_tx)
select $1::int, $2::uuid, t.type, $3::bigint from unnest($4::text[]) as t (type)
"""
# What journals are about since a later edition, for who was told before there was one.
_WISH_MORE: Final = """
insert into hook_wish (program_id, hook_id, type, from_tx)
select $1::int, $2::uuid, t.type, $3::bigint from unnest($4::text[]) as t (type)
 where not exists (select from hook_wish w where w.program_id = $1::int and w.hook_id = $2::uuid
                      and w.type = t.type)
"""
_BEGIN: Final = """
insert into hook_reach (program_id, hook_id, below_tx, after_id, cluster, looked_at, floor_at)
values ($1::int, $2::uuid, $3::bigint, $4::uuid, $5::bigint, $6::timestamptz, $7::timestamptz)
    on conflict (program_id, hook_id) do update
   set below_tx = excluded.below_tx, after_id = excluded.after_id, cluster = excluded.cluster,
       looked_at = excluded.looked_at, floor_at = excluded.floor_at
"""
_WAKE: Final = """
update hook set url = $3::text, state = case when state = 'disabled' then 'active' else state end,
       reason = '', failures = 0, failing_since = null, rest_until = null
 where program_id = $1::int and hook_id = $2::uuid
"""
# The line of a member that waits for its next try is due once somebody mended what was wrong.
_DUE: Final = """
update hook_line set try_at = least(try_at, $3::timestamptz)
 where program_id = $1::int and hook_id = $2::uuid and done < planned and try_at < 'infinity'
"""
_FOLLOW: Final = """
update hook set state = $3::text
 where program_id = $1::int and hook_id = $2::uuid and state = $4::text
"""
_OVER: Final = (
    "update hook set state = 'deleted' where program_id = $1::int and hook_id = $2::uuid",
    "delete from hook_wish where program_id = $1::int and hook_id = $2::uuid",
    "delete from hook_replay where program_id = $1::int and hook_id = $2::uuid",
)


def begin(tx: Tx, place: tuple[str, str], made_by: str, reach: Reach) -> list[Write]:
    """What happens from there on is told at this address; `place` is its name and address."""
    own = (tx.program_id, reach.hook_id)
    return [
        Write(_MAKE, (*own, *place, SALESFORCE, tx.now, made_by)),
        Write(_WISH, (*own, reach.below_tx, list(TYPES))),
        Write(
            _BEGIN,
            (*own, reach.below_tx, reach.after_id, reach.cluster, tx.now, reach.floor_at),
        ),
    ]


def wake(tx: Tx, inlet_id: UUID, address: str, from_tx: int) -> list[Write]:
    """It is told at this address, at once where it was left alone; of what it did not hear of
    yet, from there on."""
    own = (tx.program_id, inlet_id)
    more = Write(_WISH_MORE, (*own, from_tx, list(TYPES)))
    return [Write(_WAKE, (*own, address)), Write(_DUE, (*own, tx.now)), more]


def follow(tx: Tx, inlet_id: UUID, *, paused: bool) -> list[Write]:
    """It waits while its source does, and goes on with it; nothing that happens is lost."""
    states = ("paused", "active") if paused else ("active", "paused")
    return [Write(_FOLLOW, (tx.program_id, inlet_id, *states))]


def over(tx: Tx, inlet_ids: Sequence[UUID]) -> list[Write]:
    """Nothing of what happens is told there any more."""
    return [Write(one, (tx.program_id, id_)) for id_ in inlet_ids for one in _OVER]
