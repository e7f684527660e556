"""Segments asked anew: whether those are in them who fit, of some members of each program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID

import msgspec

from regulars.insight.segments.compiling import Asked
from regulars.insight.segments.counting import ids_of
from regulars.insight.segments.knowing import condition_of
from regulars.records.program.changes.segments.ground import (
    Ground,
    OnList,
    Plain,
    Setting,
    ground_of,
    plain,
)
from regulars.records.program.types import Program

SAMPLE: Final = 1_000
"""About so many members of each program are asked for; all of them where there are fewer."""
_HOW_MANY: Final = "select count(*) from member where program_id = $1::int"
# Which of them is another choice each time something was booked, so that in time all are.
_SOME: Final = """
with fresh as (
    select member_id from segment_touch where program_id = $1::int
     union select member_id from entry where program_id = $1::int and recorded_tx >= $2::bigint
     union select member_id from activity where program_id = $1::int and recorded_tx >= $2::bigint
     union select member_id from outbox where program_id = $1::int and recorded_tx >= $2::bigint
), passed as (
    select a.into_id as member_id from fresh f
      join member_alias a on a.program_id = $1::int and a.member_id = f.member_id
     union select member_id from fresh
)
select m.member_id from member m left join passed x using (member_id)
 where m.program_id = $1::int and x.member_id is null
   and mod(hashtextextended(m.member_id::text, $2::bigint), $3::bigint) = 0
"""


class Ruled(NamedTuple):
    """A version of a program, and the names of its wallets by their small number."""

    program: Program
    wallets: Mapping[int, str]


class Reader(Protocol):
    """A connection that sees every program."""

    async def fetch(self, query: str, *args: Any) -> Sequence[Mapping[str, Any]]: ...

    async def fetchval(self, query: str, *args: Any) -> Any: ...


async def asked_again(
    reader: Reader, rows: Sequence[Mapping[str, Any]], ruled: Mapping[tuple[int, int], Ruled]
) -> list[dict[str, Any]]:
    """Members who are in a segment and do not fit, or fit and are not in it.

    Shape: `rows` as of `asked_anew.sql`, by program; `ruled` by program and number of the version.
    Order: whoever something was said of since segments were last brought up is left out.
    """
    found: list[dict[str, Any]] = []
    for program_id, group in groupby(rows, key=lambda row: int(row["program_id"])):
        saved = list(group)
        some = await _some(reader, program_id, saved[0]["below_tx"])
        conditions = {row["code"]: _kept(row) for row in saved}
        for row in saved:
            by = ruled.get((program_id, row["filled_by"] or 0))
            if not row["stands"] or by is None or row["filled_on"] is None or not some:
                continue
            there = Setting(by.program, by.wallets, by.program.zone, row["filled_on"])
            base = ground_of(there, conditions)
            asked = Asked(_plain(base, row["code"]), base, there.zone)
            found += await _wrong(reader, row, asked, some)
    return found


async def _some(reader: Reader, program_id: int, below_tx: int) -> list[UUID]:
    many = await reader.fetchval(_HOW_MANY, program_id)
    rows = await reader.fetch(_SOME, program_id, below_tx, max(many // SAMPLE, 1))
    return [row["member_id"] for row in rows]


async def _wrong(
    reader: Reader, row: Mapping[str, Any], asked: Asked, some: Sequence[UUID]
) -> list[dict[str, Any]]:
    told = ids_of(asked, row["program_id"], some)
    at = len(told.args)
    sql = (
        f"with wanted as materialized ({told.sql}), inside as (select member_id "  # noqa: S608
        f"from segment_member where program_id = $1::int and segment_id = ${at + 1}::uuid "
        f"and member_id = any(${at + 2}::uuid[])) "
        "select member_id, w.member_id is not null as fits from wanted w "
        "full join inside i using (member_id) "
        "where w.member_id is null or i.member_id is null order by member_id"
    )
    rows = await reader.fetch(sql, *told.args, row["segment_id"], list(some))
    of = {"program_id": row["program_id"], "segment": row["code"]}
    return [of | {"member_id": one["member_id"], "fits": one["fits"]} for one in rows]


def _plain(base: Ground, code: str) -> Plain:
    said = base.segments[code]
    return OnList(said) if isinstance(said, UUID) else plain(said, base)


def _kept(row: Mapping[str, Any]) -> Any:
    if row["kind"] == "list":
        return row["segment_id"]
    return condition_of(msgspec.json.decode(row["condition"]))
