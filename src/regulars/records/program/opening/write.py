"""Keep what was typed while setting up and how a shop looks; found the first program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from regulars.base.tx import Tx, Write

_TYPE = """
insert into setup_step (program_id, step, answers, revision, changed_at)
values ($1::int, $2::text, $3::text::jsonb, 1, $4::timestamptz)
    on conflict (program_id, step) do update
   set answers = excluded.answers, revision = setup_step.revision + 1,
       changed_at = excluded.changed_at
 where setup_step.answers <> excluded.answers
"""
_FORGET = "delete from setup_step where program_id = $1::int"
_LOOK = """
insert into shop_look (program_id, accent, logo, revision, changed_at, changed_by)
values ($1::int, $2::text, $3::bytea, 1, $4::timestamptz, $5::text)
    on conflict (program_id) do update
   set accent = excluded.accent, logo = excluded.logo, revision = shop_look.revision + 1,
       changed_at = excluded.changed_at, changed_by = excluded.changed_by
"""
_FENCE = "select set_config('regulars.program_id', $1::text, true)"
_FOUND = "select found_first_program($1::text) as program_id"
_START = "select start_for_real($1::uuid[]) as program_id"


def type_step(tx: Tx, step: str, answers: Mapping[str, str]) -> list[Write]:
    """Keep what was typed at a step, in place of what was typed there before."""
    told = msgspec.json.encode(dict(answers)).decode()
    return [Write(_TYPE, (tx.program_id, step, told, tx.now))]


def forget_steps(tx: Tx) -> list[Write]:
    """What was typed is used: forget it."""
    return [Write(_FORGET, (tx.program_id,))]


def keep_look(tx: Tx, accent: str, logo: bytes | None, by: str) -> list[Write]:
    """The shop looks like this from now on."""
    return [Write(_LOOK, (tx.program_id, accent, logo, tx.now, by))]


async def found_first(tx: Tx, slug: str) -> int | None:
    """The number of the first program of this installation; nothing where there is one already.

    Order: this transaction is about that program from here on.
    """
    return await _moved(tx, (await tx.fetch(_FOUND, slug))[0]["program_id"])


async def start_for_real(tx: Tx, stay: Sequence[UUID]) -> int:
    """The new number of a made-up program without its people; of its staff these stay.

    Order: this transaction is about the new number from here on.
    """
    number = await _moved(tx, (await tx.fetch(_START, list(stay)))[0]["program_id"])
    assert number is not None
    return number


async def _moved(tx: Tx, program_id: int | None) -> int | None:
    if program_id is not None:
        await tx.fetch(_FENCE, str(program_id))
        tx.program_id = program_id
    return program_id
