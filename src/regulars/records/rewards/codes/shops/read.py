"""Look up which shop has the codes of a program, and how each stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.rewards.codes.shops.types import TWICE, CodeShop, ShopCode, Wanted
from regulars.records.rewards.types import Promised

_SHOP = "select inlet_id, since, read_to, changed_by from code_shop where program_id = $1::int"
_COLUMNS = "s.code_id, s.inlet_id, s.state, s.said, s.there_id, s.tries, s.problem, s.changed_at"
_BESIDE = """
  left join reward_code c on c.program_id = s.program_id and c.code_id = s.code_id
  left join redemption r on r.program_id = s.program_id and r.redemption_id = c.redemption_id
  left join code_run u on u.program_id = s.program_id and u.run_id = c.run_id
"""
# Ids tell in order when codes were issued; so only those of late are looked through.
_NEW = """
select c.code_id, c.code, c.printed
  from reward_code c
  left join redemption r on r.program_id = c.program_id and r.redemption_id = c.redemption_id
  left join code_run u on u.program_id = c.program_id and u.run_id = c.run_id
 where c.program_id = $1::int and c.code_id >= $2::uuid and c.issued_at >= $3::timestamptz
   and c.state = 'issued' and c.printed = '' and (r.redemption_id is not null or u.kind = 'issued')
   and (c.ends_at is null or c.ends_at > $4::timestamptz)
   and not exists (select from shop_code s
                    where s.program_id = c.program_id and s.code_id = c.code_id)
 order by c.code_id limit $5::int
"""
# Used elsewhere, withdrawn, or gone with whoever had it.
_OVER = """
select s.code_id from shop_code s
  left join reward_code c on c.program_id = s.program_id and c.code_id = s.code_id
 where s.program_id = $1::int and s.state in ('made', 'wanted')
   and (c.code_id is null or c.state <> 'issued')
 order by s.code_id limit $2::int
"""
_DUE = f"""
select {_COLUMNS} from shop_code s
 where s.program_id = $1::int and s.try_at <= $2::timestamptz
 order by s.try_at, s.code_id limit $3::int
   for update skip locked
"""  # noqa: S608
_ABOUT = f"""
select {_COLUMNS}, c.member_id, c.issued_at, c.ends_at,
       coalesce(r.terms, case when u.kind = 'issued' then u.terms end)::text as terms
  from shop_code s {_BESIDE}
 where s.program_id = $1::int and s.code_id = any($2::uuid[])
 order by s.code_id
"""  # noqa: S608
_COUNTS = """
select state, count(*) as n from shop_code
 where program_id = $1::int and inlet_id = $2::uuid group by state
"""
_FAILED = f"""
select {_COLUMNS} from shop_code s
 where s.program_id = $1::int and s.inlet_id = $2::uuid
   and (s.state = 'failed' or s.problem = $4::text)
 order by s.code_id desc limit $3::int
"""  # noqa: S608
_THERE = """
select c.code from reward_code c
  join shop_code s on s.program_id = c.program_id and s.code_id = c.code_id
 where c.program_id = $1::int and c.code = any($3::text[]) and s.inlet_id = $2::uuid
   and c.state = 'issued'
 order by c.code
"""
# Used by anybody but an order of this shop, which is told again and again; or withdrawn.
_OVER_HERE = """
select s.code_id from reward_code c
  join shop_code s on s.program_id = c.program_id and s.code_id = c.code_id
 where c.program_id = $1::int and c.code = any($3::text[]) and s.inlet_id = $2::uuid
   and c.state in ('used', 'withdrawn') and c.actor <> $4::text
 order by s.code_id
"""
_WAITING = """
select code_id from shop_code
 where program_id = $1::int and code_id = any($2::uuid[]) and state = 'wanted'
"""
_terms = msgspec.json.Decoder(Promised).decode
_NAMES = ShopCode.__struct_fields__


async def shop(tx: Tx) -> CodeShop | None:
    """The shop that has the codes of this program."""
    rows = await tx.fetch(_SHOP, tx.program_id)
    return CodeShop(**dict(rows[0])) if rows else None


async def new(tx: Tx, one: CodeShop, from_id: UUID, most: int) -> Sequence[Mapping[str, Any]]:
    """Codes that were issued from that id on, of which the shop does not know yet."""
    return await tx.fetch(_NEW, tx.program_id, from_id, one.since, tx.now, most)


async def over(tx: Tx, most: int) -> list[UUID]:
    """Codes the shop has or is to have, which are used, withdrawn or gone by now."""
    return [row["code_id"] for row in await tx.fetch(_OVER, tx.program_id, most)]


async def due(tx: Tx, most: int) -> list[ShopCode]:
    """What is to be done now, held; what somebody else holds is left out."""
    return [_row(row) for row in await tx.fetch(_DUE, tx.program_id, tx.now, most)]


async def about(tx: Tx, ids: Sequence[UUID]) -> list[Wanted]:
    """All that is to be said of these there."""
    rows = await tx.fetch(_ABOUT, tx.program_id, list(ids)) if ids else []
    return [
        Wanted(
            _row(row),
            row["member_id"],
            None if row["terms"] is None else _terms(row["terms"]),
            row["issued_at"],
            row["ends_at"],
        )
        for row in rows
    ]


async def counts(tx: Tx, inlet_id: UUID) -> dict[str, int]:
    """By state, how many codes of this shop are in it."""
    rows = await tx.fetch(_COUNTS, tx.program_id, inlet_id)
    return {row["state"]: row["n"] for row in rows}


async def failed(tx: Tx, inlet_id: UUID, most: int) -> list[ShopCode]:
    """Codes this shop does not take, or that were used twice, the newest first."""
    return [_row(row) for row in await tx.fetch(_FAILED, tx.program_id, inlet_id, most, TWICE)]


async def issued_there(tx: Tx, inlet_id: UUID, codes: Sequence[str]) -> list[str]:
    """Which of these are codes of ours that this shop has, or is to have, and nobody used."""
    rows = await tx.fetch(_THERE, tx.program_id, inlet_id, list(codes))
    return [row["code"] for row in rows]


async def over_here(tx: Tx, inlet_id: UUID, codes: Sequence[str], but: str) -> list[UUID]:
    """Which of these this shop has, and were used or withdrawn by somebody else than this one."""
    rows = await tx.fetch(_OVER_HERE, tx.program_id, inlet_id, list(codes), but)
    return [row["code_id"] for row in rows]


async def prepared(tx: Tx, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Which of these codes the shop is to have and has not yet."""
    rows = await tx.fetch(_WAITING, tx.program_id, list(ids)) if ids else []
    return frozenset(row["code_id"] for row in rows)


def _row(row: Mapping[str, Any]) -> ShopCode:
    return ShopCode(**{name: row[name] for name in _NAMES})
