"""Keep which shop has the codes of a program, and how each stands there."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.rewards.codes.shops.types import (
    LEASE,
    TWICE,
    CodeShop,
    Settled,
    try_again_at,
)

_CHOOSE = """
insert into code_shop (program_id, inlet_id, since, read_to, changed_by)
values ($1::int, $2::uuid, $3::timestamptz, $4::timestamptz, $5::text)
    on conflict (program_id) do update
   set inlet_id = excluded.inlet_id, since = excluded.since, read_to = excluded.read_to,
       changed_by = excluded.changed_by
"""
_READ = """
update code_shop set read_to = $2::timestamptz
 where program_id = $1::int and inlet_id = $3::uuid and read_to < $2::timestamptz
"""
_LEAVE = "delete from code_shop where program_id = $1::int"
_WANT = """
insert into shop_code (program_id, code_id, inlet_id, state, said, try_at, changed_at)
select $1::int, w.code_id, $2::uuid, 'wanted', w.said, $3::timestamptz, $3::timestamptz
  from unnest($4::uuid[], $5::text[]) as w (code_id, said)
    on conflict (program_id, code_id) do nothing
"""
# What was never tried there was never made there: it is over at once.
_END = """
update shop_code
   set state = case when state = 'wanted' and tries = 0 then 'ended' else 'ending' end,
       try_at = case when state = 'wanted' and tries = 0 then null else $2::timestamptz end,
       changed_at = $2::timestamptz
 where program_id = $1::int and code_id = any($3::uuid[]) and state in ('made', 'wanted')
"""
_TAKE = """
update shop_code set try_at = $2::timestamptz, tries = tries + 1
 where program_id = $1::int and code_id = any($3::uuid[])
"""
_SETTLE = """
update shop_code
   set state = $3::text, there_id = case when $4::text = '' then there_id else $4::text end,
       problem = case when problem = $9::text then problem else $5::text end,
       try_at = $6::timestamptz, changed_at = $7::timestamptz
 where program_id = $1::int and code_id = $2::uuid and tries = $8::int and try_at is not null
"""
_TWICE = """
update shop_code set problem = $3::text
 where program_id = $1::int and code_id = any($2::uuid[]) and problem <> $3::text
"""
_AGAIN = """
update shop_code set state = 'wanted', try_at = $2::timestamptz, problem = ''
 where program_id = $1::int and inlet_id = $3::uuid and state = 'failed'
"""


def choose(tx: Tx, one: CodeShop) -> list[Write]:
    """This shop has the codes of the program from now on."""
    return [Write(_CHOOSE, (tx.program_id, one.inlet_id, one.since, one.read_to, one.changed_by))]


def looked(tx: Tx, inlet_id: UUID) -> list[Write]:
    """All codes that were issued by now are listed, but those of transactions that still run."""
    return [Write(_READ, (tx.program_id, tx.now, inlet_id))]


def leave(tx: Tx) -> list[Write]:
    """No shop has codes that are issued from now on."""
    return [Write(_LEAVE, (tx.program_id,))]


def want(tx: Tx, inlet_id: UUID, codes: Sequence[tuple[UUID, str]]) -> list[Write]:
    """That shop is to have these codes, as they are read."""
    if not codes:
        return []
    columns = [list(column) for column in zip(*codes, strict=True)]
    return [Write(_WANT, (tx.program_id, inlet_id, tx.now, *columns), rows=columns[0])]


def end(tx: Tx, ids: Sequence[UUID]) -> list[Write]:
    """The shop is to have these no more."""
    return [Write(_END, (tx.program_id, tx.now, list(ids)), rows=ids)] if ids else []


def take(tx: Tx, ids: Sequence[UUID]) -> list[Write]:
    """Somebody tries these now, and for so long nobody else."""
    return [Write(_TAKE, (tx.program_id, tx.now + LEASE, list(ids)))] if ids else []


def settle(tx: Tx, found: Sequence[Settled]) -> list[Write]:
    """What came of each try, unless somebody else took it since."""
    return [
        Write(
            _SETTLE,
            (
                tx.program_id, one.code_id, one.state, one.there_id, one.problem,
                try_again_at(one, tx.now), tx.now, one.tries, TWICE,
            ),
        )
        for one in found
    ]  # fmt: skip


def used_twice(tx: Tx, codes: Sequence[UUID]) -> list[Write]:
    """These were over here, and an order of their shop names them all the same."""
    return [Write(_TWICE, (tx.program_id, list(codes), TWICE))] if codes else []


def again(tx: Tx, inlet_id: UUID) -> list[Write]:
    """What failed there is tried again."""
    return [Write(_AGAIN, (tx.program_id, tx.now, inlet_id))]
