"""Keep errands, how far they are, and which files were brought."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from regulars.base.alone import Alone, waiting_for
from regulars.base.tx import Tx, Write
from regulars.records.errands.types import Errand, State, Upload

_LOCK = waiting_for(Alone.ERRANDS)
_ASK = """
insert into errand (program_id, errand_id, kind, title, ask, asked_by, asked_at)
values ($1::int, $2::uuid, $3::text, $4::text, $5::text::jsonb, $6::text, $7::timestamptz)
"""
_STOP = """
update errand set stop = true, state = case state when 'waiting' then 'stopped' else state end,
                  ended_at = case state when 'waiting' then $3::timestamptz end
 where program_id = $1::int and errand_id = $2::uuid and state in ('waiting', 'running')
"""
_FORGET = """
delete from errand
 where program_id = $1::int and errand_id = $2::uuid and state not in ('waiting', 'running')
"""
_TAKE = """
update errand set state = 'running', tries = tries + 1, begun_at = $3::timestamptz, stage = '',
                  total = 0, done = 0
 where program_id = $1::int and errand_id = $2::uuid and state = 'waiting'
returning tries
"""
_TELL = """
update errand set stage = $4::text, total = $5::bigint, done = $6::bigint
 where program_id = $1::int and errand_id = $2::uuid and state = 'running'
   and tries = $3::integer
returning 1
"""
_END = """
update errand set state = $4::text, says = $5::text, outcome = $6::text::jsonb,
                  ended_at = $7::timestamptz
 where program_id = $1::int and errand_id = $2::uuid and state = 'running'
   and tries = $3::integer
returning 1
"""
_PUT_BACK = """
update errand set state = 'waiting', stage = '', falls = falls + $4::int
 where program_id = $1::int and errand_id = $2::uuid and state = 'running'
   and tries = $3::integer
"""
_KEEP = """
insert into upload (program_id, upload_id, name, bytes, choices, kept_by, kept_at)
values ($1::int, $2::uuid, $3::text, $4::bigint, $5::text::jsonb, $6::text, $7::timestamptz)
"""
_CHOOSE = """
update upload set choices = $3::text::jsonb where program_id = $1::int and upload_id = $2::uuid
"""
_DROP = "delete from upload where program_id = $1::int and upload_id = $2::uuid"


async def hold_errands(tx: Tx) -> None:
    """Let nobody else ask for errands of this program until this transaction ends."""
    await tx.fetch(_LOCK, tx.program_id)


def ask(tx: Tx, e: Errand) -> list[Write]:
    """Keep what is asked for."""
    args = (e.errand_id, e.kind, e.title, _json(e.ask), e.asked_by, e.asked_at)
    return [Write(_ASK, (tx.program_id, *args))]


def stop(tx: Tx, errand_id: UUID) -> list[Write]:
    """Ask for its end; one that waits has ended."""
    return [Write(_STOP, (tx.program_id, errand_id, tx.now))]


def forget(tx: Tx, errand_id: UUID) -> list[Write]:
    """Forget what came of it."""
    return [Write(_FORGET, (tx.program_id, errand_id))]


async def take(tx: Tx, errand_id: UUID) -> int | None:
    """Begin with it; the number of the attempt, or nothing where it does not wait any more."""
    rows = await tx.fetch(_TAKE, tx.program_id, errand_id, tx.now)
    return rows[0]["tries"] if rows else None


async def tell(tx: Tx, errand_id: UUID, tries: int, how_far: tuple[str, int, int]) -> bool:
    """Keep how far it is: stage, steps in all, steps done; whether this attempt may go on."""
    return bool(await tx.fetch(_TELL, tx.program_id, errand_id, tries, *how_far))


async def end(
    tx: Tx, errand_id: UUID, tries: int, came: tuple[State, str, dict[str, Any] | None]
) -> bool:
    """Keep what came of it: state, why it failed, the outcome; whether this attempt might."""
    state, says, outcome = came
    packed = None if outcome is None else _json(outcome)
    return bool(
        await tx.fetch(_END, tx.program_id, errand_id, tries, state, says[:2000], packed, tx.now)
    )


def put_back(tx: Tx, errand_id: UUID, tries: int, falls: int) -> list[Write]:
    """Nobody does it any more: it waits again; `falls` is 1 where its program fell by itself."""
    return [Write(_PUT_BACK, (tx.program_id, errand_id, tries, falls))]


def keep_upload(tx: Tx, u: Upload) -> list[Write]:
    """Keep that a file lies there."""
    args = (u.upload_id, u.name, u.bytes, _json(u.choices), u.kept_by, u.kept_at)
    return [Write(_KEEP, (tx.program_id, *args))]


def choose(tx: Tx, upload_id: UUID, choices: dict[str, Any]) -> list[Write]:
    """Keep which column is which field."""
    return [Write(_CHOOSE, (tx.program_id, upload_id, _json(choices)))]


def drop_upload(tx: Tx, upload_id: UUID) -> list[Write]:
    """The file is gone, or goes."""
    return [Write(_DROP, (tx.program_id, upload_id))]


def _json(told: dict[str, Any]) -> str:
    return msgspec.json.encode(told).decode()
