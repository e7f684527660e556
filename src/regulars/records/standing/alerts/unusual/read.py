"""Which unusual days nothing is known of yet, and whether such a day came again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.standing.alerts.days.read import OF, Measure
from regulars.records.standing.alerts.types import WAITS, Reason

_UNSETTLED: Final = """
select a.alert_id, a.member_id, a.as_of, a.reasons, a.verdict, a.handled_at,
       m.state = 'merged' as gone
  from member_alert a join member m using (program_id, member_id)
 where a.program_id = $1::int and a.kind = 'unusual' and a.outcome is null and a.as_of < $2::date
   and a.alert_id > $3::uuid and ($4::uuid[] is null or a.alert_id = any($4::uuid[]))
 order by a.alert_id limit $5::int
"""
_AGAIN: Final[Mapping[Measure, str]] = {
    measure: f"""
select q.member_id, q.as_of,
       (select min(again.day) from (
            select d.day from {table} d
             where d.program_id = $1::int and {which} and d.member_id = q.member_id
               and d.day > q.as_of and d.day <= least(q.as_of + {WAITS}, $6::date)
             group by d.day having 2 * sum(d.{column}) >= q.have) again) as again,
       2 * coalesce((select sum(d.{column}) from {table} d
                      where d.program_id = $1::int and {which} and d.member_id = q.member_id
                        and d.day = q.as_of), 0) < q.have as taken_back
  from unnest($3::uuid[], $4::date[], $5::bigint[]) as q (member_id, as_of, have)
"""  # noqa: S608 - names of ours
    for measure, (table, column, which) in OF.items()
}
# Below: on no step, or on one that stands before theirs; who climbs on has left nothing.
_LEFT: Final = f"""
select q.member_id, q.as_of
  from unnest($2::uuid[], $3::date[], $4::text[]) as q (member_id, as_of, tier)
 where exists (select from tier_move t
                where t.program_id = $1::int and t.member_id = q.member_id
                  and coalesce(array_position($6::text[], t.to_tier), 0)
                      < coalesce(array_position($6::text[], q.tier), 1)
                  and t.recorded_at >= (q.as_of + 1)::timestamp at time zone $5::text
                  and t.recorded_at < (q.as_of + 1 + {WAITS})::timestamp at time zone $5::text)
"""  # noqa: S608 - a number of ours
_TRIED: Final = """
select unusual_tried, unusual_lasted from member_alert_day
 where program_id = $1::int order by day desc limit 1
"""


_LATELY: Final = """
select member_id, sorts from member_alert
 where program_id = $1::int and kind = 'unusual' and as_of > $2::date - 30
"""


class Unsettled(NamedTuple):
    """Somebody's unusual day of which nothing is known yet; `gone` where they were merged away."""

    alert_id: UUID
    member_id: UUID
    as_of: date
    reasons: tuple[Reason, ...]
    verdict: str | None
    handled_at: object
    gone: bool


class Since(NamedTuple):
    """The first day within 90 days on which they did at least half as much; and whether less than
    half of the day itself is left, as the rest came back."""

    again: date | None
    taken_back: bool


class Nights(NamedTuple):
    """Whom the rule would have told of on nights of the past, and of how many it came again."""

    tried: int = 0
    lasted: int = 0

    def and_(self, other: Nights) -> Nights:
        """Both together."""
        return Nights(self.tried + other.tried, self.lasted + other.lasted)


async def unsettled(tx: Tx, day: date, after: UUID, most: int) -> list[Unsettled]:
    """Unusual days before this one of which nothing is known yet, by alert: those after one."""
    return await _unsettled(tx, day, after, None, most)


async def unsettled_of(tx: Tx, day: date, alerts: Sequence[UUID]) -> list[Unsettled]:
    """Of these alerts those of which nothing is known yet."""
    return await _unsettled(tx, day, UUID(int=0), list(alerts), len(alerts))


async def _unsettled(
    tx: Tx, day: date, after: UUID, alerts: list[UUID] | None, most: int
) -> list[Unsettled]:
    rows = await tx.fetch(_UNSETTLED, tx.program_id, day, after, alerts, most)
    return [
        Unsettled(
            **{**row, "reasons": msgspec.json.decode(row["reasons"], type=tuple[Reason, ...])}
        )
        for row in rows
    ]


async def since(
    tx: Tx,
    measure: Measure,
    wallet: int | None,
    asked: Sequence[tuple[UUID, date, int]],
    until: date,
) -> dict[tuple[UUID, date], Since]:
    """What came by the end of a day of these: who, which day, and how much that was."""
    if not asked:
        return {}
    members, days, amounts = (list(column) for column in zip(*asked, strict=True))
    rows = await tx.fetch(
        _AGAIN[measure], tx.program_id, wallet, members, days, amounts, until
    )  # fmt: skip
    return {
        (row["member_id"], row["as_of"]): Since(row["again"], row["taken_back"]) for row in rows
    }


async def left(
    tx: Tx, asked: Sequence[tuple[UUID, date, str]], zone: str, steps: Sequence[str]
) -> set[tuple[UUID, date]]:
    """Who of these fell below the tier they had jumped to within 90 days, which are cut by this
    clock; `steps` from the lowest up."""
    if not asked:
        return set()
    members, days, tiers = (list(column) for column in zip(*asked, strict=True))
    rows = await tx.fetch(_LEFT, tx.program_id, members, days, tiers, zone, list(steps))
    return {(row["member_id"], row["as_of"]) for row in rows}


async def lately(tx: Tx, day: date) -> list[tuple[UUID, list[str]]]:
    """Whom was told of within the 30 days up to this one, and why."""
    rows = await tx.fetch(_LATELY, tx.program_id, day)
    return [(row["member_id"], row["sorts"]) for row in rows]


async def last_tried(tx: Tx) -> Nights:
    """How the rule did when it was tried last; nobody before that."""
    rows = await tx.fetch(_TRIED, tx.program_id)
    return Nights(*rows[0].values()) if rows else Nights()
