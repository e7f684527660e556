"""Keep choices, what they expect, and what was chosen for members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from regulars.base.alone import Alone, waiting_for
from regulars.base.tx import Tx, Write
from regulars.records.program.changes.choices.types import Choice, Expects, Made

_LOCK = waiting_for(Alone.CHOOSING)
_KEEP = """
insert into offer_choice (
       program_id, choice_id, code, name, segment_id, offers, nothing, explore_percent, days, state,
       version, made_at, made_by, opened_at, opened_by, closed_at, closed_by, line_minor)
values ($1::int, $2::uuid, $3::text, $4::text, $5::uuid, $6::uuid[], $7::bool, $8::int, $9::int,
        $10::text, $11::int, $12::timestamptz, $13::text, $14::timestamptz, $15::text,
        $16::timestamptz, $17::text, $18::bigint)
    on conflict (program_id, choice_id) do update
   set name = excluded.name, segment_id = excluded.segment_id, offers = excluded.offers,
       nothing = excluded.nothing, explore_percent = excluded.explore_percent,
       days = excluded.days, state = excluded.state, version = excluded.version,
       opened_at = excluded.opened_at, opened_by = excluded.opened_by,
       closed_at = excluded.closed_at, closed_by = excluded.closed_by,
       line_minor = excluded.line_minor
"""
_DROP = """
delete from offer_choice where program_id = $1::int and choice_id = $2::uuid and state = 'draft'
"""
_MADE = """
insert into offer_choice_made (program_id, choice_id, member_id, arm, best, chance, cell,
                               chosen_on, at)
select $1::int, $2::uuid, m.*, $8::date, $9::timestamptz
  from unnest($3::uuid[], $4::smallint[], $5::smallint[], $6::smallint[], $7::smallint[]) as m
    on conflict do nothing
"""
_EXPECTS = """
update offer_choice set expects = $3::text::jsonb, expects_on = $4::date
 where program_id = $1::int and choice_id = $2::uuid
"""
_REACHED = """
update offer_choice set chosen_after = $3::uuid, chosen_at = coalesce($4::timestamptz, chosen_at)
 where program_id = $1::int and choice_id = $2::uuid
"""


async def hold(tx: Tx) -> None:
    """Until this transaction is over nobody else keeps a choice or chooses for members."""
    await tx.fetch(_LOCK, tx.program_id)


def keep(tx: Tx, one: Choice) -> list[Write]:
    """This choice is as said from now on; how far it came stays."""
    args = (
        tx.program_id, one.choice_id, one.code, one.name, one.segment_id, list(one.offers),
        one.nothing, one.explore_percent, one.days, one.state, one.version, one.made_at,
        one.made_by, one.opened_at, one.opened_by, one.closed_at, one.closed_by, one.line_minor,
    )  # fmt: skip
    return [Write(_KEEP, args)]


def drop(tx: Tx, one: Choice) -> list[Write]:
    """It is gone; only what was never opened is."""
    return [Write(_DROP, (tx.program_id, one.choice_id))]


def made(tx: Tx, one: Choice, some: Sequence[Made], today: date) -> Write:
    """This was chosen for these members, with which chance."""
    columns = (
        [each.member_id for each in some], [each.arm for each in some],
        [each.best for each in some], [each.chance for each in some], [each.cell for each in some],
    )  # fmt: skip
    return Write(_MADE, (tx.program_id, one.choice_id, *columns, today, tx.now))


def expects(tx: Tx, one: Choice, found: Expects | None, today: date) -> Write:
    """So much is expected of each from now on; nothing: by chance alone."""
    said = None if found is None else msgspec.json.encode(found).decode()
    return Write(_EXPECTS, (tx.program_id, one.choice_id, said, today))


def reached(tx: Tx, one: Choice, after: UUID | None, at: datetime | None) -> Write:
    """All of its segment up to this member were looked at; all of it, where there is an instant."""
    return Write(_REACHED, (tx.program_id, one.choice_id, after, at))
