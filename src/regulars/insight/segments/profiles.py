"""What segments may know of a member, read for one or a few: what the pure question is asked of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.program.changes.segments.profile import DayHere, Profile
from regulars.records.program.parts.conditions import JOINED_ON

_MEMBERS: Final = """
select m.member_id, coalesce(m.attributes || m.derived, m.attributes)::text as attributes,
       (m.joined_at at time zone $3::text)::date as joined_on, s.tier
  from member m left join standing s using (program_id, member_id)
 where m.program_id = $1::int and m.member_id = any($2::uuid[]) and m.state = 'active'
"""
_TAGS: Final = """
select member_id, tag from member_tag where program_id = $1::int and member_id = any($2::uuid[])
"""
_CONSENTS: Final = """
select distinct on (member_id, channel) member_id, channel, state from consent
 where program_id = $1::int and member_id = any($2::uuid[])
 order by member_id, channel, changed_at desc
"""
_CONTACTS: Final = """
select distinct member_id, kind from identifier
 where program_id = $1::int and member_id = any($2::uuid[])
"""
_POINTS: Final = """
select member_id, wallet, available + held - debt as units from balance
 where program_id = $1::int and member_id = any($2::uuid[])
"""
_DAYS: Final = """
select member_id, day, store, orders > 0 as ordered, net_minor, (sales > 0 or visits > 0) as seen
  from member_day where program_id = $1::int and member_id = any($2::uuid[])
 order by member_id, day, store
"""
# Under which ids their rows may lie. As a list it is looked up; beside an `or` all rows are read.
_THEIRS: Final = """array(
               select unnest($2::uuid[]) union all
               select member_id from member_alias
                where program_id = $1::int and into_id = any($2::uuid[]))"""
_SCORES: Final = """
select distinct on (member_id, kind) member_id, kind, score from (
       select coalesce(l.into_id, a.member_id) as member_id, a.kind, a.occurred_at, a.activity_id,
              (a.body #>> '{details,score}')::numeric::bigint as score
         from activity a
         left join member_alias l on l.program_id = a.program_id and l.member_id = a.member_id
        where a.program_id = $1::int and a.kind in ('nps', 'csat')
          and a.member_id = any({theirs})
          and jsonb_typeof(a.body #> '{details,score}') = 'number'
          and not exists (select from activity r
                           where r.program_id = $1::int and r.sale_id = a.activity_id)
        union all
       select coalesce(l.into_id, a.member_id), v.kind, a.answered_at, a.invitation_id, a.score
         from survey_answer a
         join survey v on v.program_id = a.program_id and v.survey_id = a.survey_id
         left join member_alias l on l.program_id = a.program_id and l.member_id = a.member_id
        where a.program_id = $1::int and v.kind in ('nps', 'csat') and a.score is not null
          and a.member_id = any({theirs})) each_one
 where score between case kind when 'csat' then 1 else 0 end
                 and case kind when 'csat' then 5 else 10 end
 order by member_id, kind, occurred_at desc, activity_id desc
""".replace("{theirs}", _THEIRS)
_LISTS: Final = """
select coalesce(l.into_id, s.member_id) as member_id, s.segment_id from segment_listed s
  left join member_alias l on l.program_id = s.program_id and l.member_id = s.member_id
 where s.program_id = $1::int and s.member_id = any({theirs})
""".replace("{theirs}", _THEIRS)
_DID: Final = """
select coalesce(l.into_id, a.member_id) as member_id, a.kind,
       (a.occurred_at at time zone $3::text)::date as day, count(*) as times
  from activity a
  left join member_alias l on l.program_id = a.program_id and l.member_id = a.member_id
 where a.program_id = $1::int and a.member_id = any({theirs})
   and (a.kind = 'purchase' or not exists (
        select from activity r where r.program_id = $1::int and r.sale_id = a.activity_id))
 group by 1, 2, 3
""".replace("{theirs}", _THEIRS)
_GOODS: Final = """
select member_id, article, good, day, net_minor from member_good
 where program_id = $1::int and member_id = any($2::uuid[]) order by day
"""
_LAPSES: Final = """
select member_id, 1000 - chance as lapse, worth_minor from member_value
 where program_id = $1::int and member_id = any($2::uuid[])
"""
_CLUBS: Final = """
select distinct coalesce(l.into_id, p.member_id) as member_id, c.code
  from club_place p join club c on c.program_id = p.program_id and c.club_id = p.club_id
  left join member_alias l on l.program_id = p.program_id and l.member_id = p.member_id
 where p.program_id = $1::int and p.until is null and p.member_id = any({theirs})
""".replace("{theirs}", _THEIRS)
_PLANS: Final = """
select distinct coalesce(l.into_id, c.member_id) as member_id, c.plan from membership_clock c
  left join member_alias l on l.program_id = c.program_id and l.member_id = c.member_id
 where c.program_id = $1::int and c.member_id = any({theirs})
""".replace("{theirs}", _THEIRS)
_attributes = msgspec.json.Decoder(dict[str, bool | int | str]).decode


async def profiles(
    tx: Tx, ids: Sequence[UUID], wallets: Mapping[int, str], zone: str
) -> dict[UUID, Profile]:
    """What is known of these members; who is not active, or nobody, is left out.

    Shape: `wallets` are the names behind the small numbers. Units: of each wallet's scale.
    """
    beside = {name: await _by_member(tx, sql, ids) for name, sql in _BESIDE.items()}
    beside["did"] = await _by_member(tx, _DID, ids, zone)
    found = {}
    for row in await tx.fetch(_MEMBERS, tx.program_id, list(ids), zone):
        who = row["member_id"]
        had = {name: rows.get(who, []) for name, rows in beside.items()}
        found[who] = Profile(
            tier=row["tier"],
            attributes=_attributes(row["attributes"]) | {JOINED_ON: row["joined_on"].isoformat()},
            tags=frozenset(one["tag"] for one in had["tags"]),
            consents={one["channel"]: one["state"] for one in had["consents"]},
            contacts=frozenset(one["kind"] for one in had["contacts"]),
            points={
                wallets[one["wallet"]]: one["units"]
                for one in had["points"]
                if one["wallet"] in wallets
            },
            days=tuple(
                DayHere(one["day"], one["store"], one["ordered"], one["net_minor"], one["seen"])
                for one in had["days"]
            ),
            scores={one["kind"]: one["score"] for one in had["scores"]},
            lists=frozenset(one["segment_id"] for one in had["lists"]),
            did=_times(had["did"]),
            goods=_goods(had["goods"]),
            lapse=next((one["lapse"] for one in had["lapses"]), None),
            worth_minor=next((one["worth_minor"] for one in had["lapses"]), None),
            clubs=frozenset(one["code"] for one in had["clubs"]),
            plans=frozenset(one["plan"] for one in had["plans"]),
        )
    return found


def _times(rows: Sequence[Any]) -> dict[str, tuple[tuple[date, int], ...]]:
    """By kind, how often on which day."""
    found: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for one in rows:
        found[one["kind"]].append((one["day"], one["times"]))
    return {kind: tuple(days) for kind, days in found.items()}


def _goods(rows: Sequence[Any]) -> dict[tuple[bool, str], tuple[tuple[date, int], ...]]:
    """By good, on which days for how much."""
    found: dict[tuple[bool, str], list[tuple[date, int]]] = defaultdict(list)
    for one in rows:
        found[one["article"], one["good"]].append((one["day"], one["net_minor"]))
    return {good: tuple(days) for good, days in found.items()}


async def _by_member(tx: Tx, sql: str, ids: Sequence[UUID], *more: str) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in await tx.fetch(sql, tx.program_id, list(ids), *more):
        found[row["member_id"]].append(row)
    return found


_BESIDE: Final = {
    "tags": _TAGS,
    "consents": _CONSENTS,
    "contacts": _CONTACTS,
    "points": _POINTS,
    "days": _DAYS,
    "scores": _SCORES,
    "lists": _LISTS,
    "goods": _GOODS,
    "lapses": _LAPSES,
    "clubs": _CLUBS,
    "plans": _PLANS,
}
