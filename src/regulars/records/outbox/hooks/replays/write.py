"""Write down what is to be sent to hooks once more, and move their lines back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.outbox.following.read import FIRST
from regulars.records.outbox.hooks.replays.types import Piece, Replay

# Who asks again while it goes on begins anew, from the earlier instant.
_ASK = """
insert into hook_replay as r (program_id, hook_id, since, asked_at, after_id)
values ($1::int, $2::uuid, $3::timestamptz, $4::timestamptz, $5::uuid)
    on conflict (program_id, hook_id) do update
   set since = least(r.since, excluded.since), asked_at = excluded.asked_at,
       after_id = excluded.after_id, within_id = null, first = null, below = null, moved = 0
"""
# Whoever sends now has an old turn. A line that is not moved to its beginning yet is not due.
_BACK = """
update hook_line l set done = least(l.done, p.first - 1), turn = l.turn + 1, tries = 0,
       try_at = case when p.whole then $3::timestamptz else 'infinity' end
  from unnest($4::uuid[], $5::bigint[], $6::bool[]) as p (member_id, first, whole)
 where l.program_id = $1::int and l.hook_id = $2::uuid and l.member_id = p.member_id
"""
_ANEW = """
update hook_sending s set state = 'waiting', reason = '', settled_at = null, again_at = null,
       planned_at = $3::timestamptz
  from unnest($4::uuid[], $5::bigint[], $6::bigint[]) as p (member_id, first, below)
 where s.program_id = $1::int and s.hook_id = $2::uuid and s.member_id = p.member_id
   and s.position >= p.first and s.position < p.below
"""
_WENT = """
update hook_replay set after_id = $3::uuid, within_id = $4::uuid, first = $5::bigint,
       below = $6::bigint, moved = $7::bigint
 where program_id = $1::int and hook_id = $2::uuid
"""
_OVER = "delete from hook_replay where program_id = $1::int and hook_id = $2::uuid"


def ask(tx: Tx, hook_id: UUID, since: datetime) -> list[Write]:
    """Everything that happened since then is to be sent anew, each line in its order."""
    return [Write(_ASK, (tx.program_id, hook_id, since, tx.now, FIRST))]


def back(tx: Tx, hook_id: UUID, pieces: Sequence[Piece]) -> list[Write]:
    """Move these pieces back: they wait again.

    Assumes: the hook is held, and each piece ends where the line or the piece before it does.
    """
    if not pieces:
        return []
    members, firsts, belows, wholes = map(list, zip(*pieces, strict=True))
    here = (tx.program_id, hook_id, tx.now, members, firsts)
    return [Write(_BACK, (*here, wholes)), Write(_ANEW, (*here, belows))]


def went(tx: Tx, hook_id: UUID, replay: Replay) -> list[Write]:
    """It came so far."""
    within = replay.within or (None, None, None)
    return [Write(_WENT, (tx.program_id, hook_id, replay.after_id, *within, replay.moved))]


def over(tx: Tx, hook_id: UUID) -> list[Write]:
    """All of it is moved back, or nobody wants it any more."""
    return [Write(_OVER, (tx.program_id, hook_id))]
