"""Read imports, what waits in their lanes, and their slips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.imports import checks, staging
from regulars.records.imports.types import Brought, Import, Lane, Moved, Part, Slip, WaitingLine

_BY_FINGERPRINT = """
select import_id, fingerprint, files, mapping, totals::text as totals, begun_at, done_at
  from import where program_id = $1::int and fingerprint = $2::bytea
"""
_BY_ID = """
select import_id, fingerprint, files, mapping, totals::text as totals, begun_at, done_at
  from import where program_id = $1::int and import_id = $2::uuid
"""
_LATEST = """
select i.import_id, i.files, i.mapping, i.begun_at, i.done_at, coalesce(sum(l.taken), 0)::bigint
           as taken, coalesce(sum(l.known), 0)::bigint as known,
       coalesce(sum(l.left_out), 0)::bigint as left_out, coalesce(sum(l.rows), 0)::bigint as rows,
       u.begun_at is not null as undoing, u.done_at as undone_at
  from import i left join import_lane l using (program_id, import_id)
  left join import_undo u using (program_id, import_id)
 where i.program_id = $1::int
 group by i.program_id, i.import_id, u.begun_at, u.done_at
 order by i.begun_at desc, i.import_id limit $2::int
"""
_HAD = (Part.LOTS, Part.BALANCES, Part.LIMITS, Part.PROGRESS, Part.HAD)
_MOVED = """
select exists(select from import where program_id = $1::int and done_at is null) as going_on,
       max(i.begun_at) as last
  from import i join import_lane l using (program_id, import_id)
 where i.program_id = $1::int and l.part = any($2::smallint[]) and l.rows > 0
"""
_LANES = """
select part, lane, rows, place, taken, known, left_out from import_lane
 where program_id = $1::int and import_id = $2::uuid order by part, lane
"""
# Locked, so that two who book the same lane wait for each other and never book a line twice.
_HOLD_LANE = """
select part, lane, rows, place, taken, known, left_out from import_lane
 where program_id = $1::int and import_id = $2::uuid and part = $3::smallint
   and lane = $4::smallint
   for update
"""
_NEXT = """
select place, member_key, file, line, packed from import_row
 where program_id = $1::int and import_id = $2::uuid and part = $3::smallint
   and lane = $4::smallint and place > $5::bigint
 order by place limit $6::int
"""
_SLIPS = """
select slip, file, line, "column", wrong, mend, report from import_slip
 where program_id = $1::int and import_id = $2::uuid and slip > $3::bigint
 order by slip limit $4::int
"""
_OPENED = """
select c.name as wallet, sum(greatest(-p.amount, 0))::bigint as points,
       sum(greatest(p.amount, 0))::bigint as owed
  from entry e
  join posting p using (program_id, member_id, entry_id)
  join program_code c on c.program_id = p.program_id and c.kind = 'wallet' and c.code = p.wallet
 where e.program_id = $1::int and e.kind = 'open' and e.cause_id = $2::uuid and p.account = 18
   and e.reason <> 'import taken back'
 group by c.name
"""
_TIERED = """
select to_tier as tier, count(*) as members from tier_move
 where program_id = $1::int and reason = 'brought_over' and cause_id = $2::uuid group by to_tier
"""
_RECORDED = """
select kind, count(*) as activities, sum(amount_minor)::bigint as minor from activity
 where program_id = $1::int and actor = $2::text group by kind
"""
_USED = """
select case when split_part(c.name, ':', 1) in ('credit', 'came-back', 'milestone',
                                                'milestone-given', 'milestone-lapsed', 'board',
                                                'draw')
            then 'progress.' else 'limits.' end || split_part(c.name, ':', 1) as name,
       count(*) as times
  from used_before u
  join program_code c on c.program_id = u.program_id and c.kind = 'counter' and c.code = u.counter
 where u.program_id = $1::int and u.import_id = $2::uuid group by 1
union all
select 'stock.' || s.reward, s.remaining
  from gone_before g join reward_stock s using (program_id, reward)
 where g.program_id = $1::int and g.import_id = $2::uuid
union all
select 'codes.' || c.reward || '.' || c.state, count(*)
  from code_run r join reward_code c using (program_id, run_id)
 where r.program_id = $1::int and r.actor = $3::text group by c.reward, c.state
union all
select 'had.' || kind, count(*) from came_along
 where program_id = $1::int and import_id = $2::uuid group by kind
"""

_GROUPS = """
select part, label, count(*) as lines, sum(units)::bigint as units from staged
 group by part, label order by part, label
"""
_EXPIRING = """
select label as wallet, to_char(ends at time zone $1::text, 'YYYY-MM') as month,
       sum(units)::bigint as units
  from staged where part in (5, 7) and ends is not null
   and (part = 5 or not exists (select from staged where part = 5))
 group by 1, 2 order by 1, 2
"""
_KNOWN = f"""
select (select count(*) from staged s
          join once o on o.program_id = $1::int and o.key = s.key
         where (s.part in (1, 6, 8) or {checks.LOTS_BY_BALANCES})
           and (s.content is null or o.content in (s.content, {checks.FORGOTTEN})))
     + (select count(*) from (select key, content, row_number() over (partition by key) as n
                                from staged where part = 5) s
          left join once o on o.program_id = $1::int and o.key = s.key
         where s.n > 1 or o.content in (s.content, {checks.FORGOTTEN}))
     + (select count(*) from ({checks.TIERS_HERE}) t where t.the_same) as lines
"""  # noqa: S608 - statements of ours
_TIMES = "select min(at) as first, max(at) as last from staged where part = 6"


async def by_fingerprint(tx: Tx, fingerprint: bytes) -> Import | None:
    """The import of exactly these files, if there was one."""
    rows = await tx.fetch(_BY_FINGERPRINT, tx.program_id, fingerprint)
    return _import(rows[0]) if rows else None


async def by_id(tx: Tx, import_id: UUID) -> Import | None:
    """The import with this id."""
    rows = await tx.fetch(_BY_ID, tx.program_id, import_id)
    return _import(rows[0]) if rows else None


async def latest(tx: Tx, most: int) -> list[Brought]:
    """What was brought over, the latest first."""
    return [Brought(**row) for row in await tx.fetch(_LATEST, tx.program_id, most)]


async def moved(tx: Tx) -> Moved:
    """Whether something is being brought over, and when what members had elsewhere last was."""
    rows = await tx.fetch(_MOVED, tx.program_id, list(_HAD))
    return Moved(rows[0]["going_on"], rows[0]["last"])


async def lanes(tx: Tx, import_id: UUID) -> list[Lane]:
    """How far every lane is."""
    return [Lane(*row.values()) for row in await tx.fetch(_LANES, tx.program_id, import_id)]


async def hold_lane(tx: Tx, import_id: UUID, part: int, lane: int) -> Lane:
    """This lane, held until the transaction ends."""
    rows = await tx.fetch(_HOLD_LANE, tx.program_id, import_id, part, lane)
    return Lane(*rows[0].values())


async def waiting(tx: Tx, import_id: UUID, lane: Lane, most: int) -> list[WaitingLine]:
    """The next lines of a lane."""
    args = (tx.program_id, import_id, lane.part, lane.lane, lane.place, most)
    return [WaitingLine(*row.values()) for row in await tx.fetch(_NEXT, *args)]


async def slips(tx: Tx, import_id: UUID, after: int, most: int) -> tuple[list[Slip], int]:
    """Some of the slips of an import, and the last one's number."""
    rows = await tx.fetch(_SLIPS, tx.program_id, import_id, after, most)
    found = [Slip(*list(row.values())[1:]) for row in rows]
    return found, rows[-1]["slip"] if rows else after


async def arrived(tx: Tx, import_id: UUID, actor: str) -> dict[str, Any]:
    """What the books say an import brought: points per wallet, tiers, activities per kind, and what
    was used, by the names under which the files are added up."""
    opened = await tx.fetch(_OPENED, tx.program_id, import_id)
    tiered = await tx.fetch(_TIERED, tx.program_id, import_id)
    recorded = await tx.fetch(_RECORDED, tx.program_id, actor)
    used = await tx.fetch(_USED, tx.program_id, import_id, actor)
    return {
        "points": {row["wallet"]: row["points"] for row in opened if row["points"]},
        "owed": {row["wallet"]: row["owed"] for row in opened if row["owed"]},
        "tiers": {row["tier"]: row["members"] for row in tiered},
        "activities": {row["kind"]: row["activities"] for row in recorded},
        "amount_minor": sum(row["minor"] for row in recorded),
        "used": {row["name"]: row["times"] for row in used},
    }


def _import(row: Mapping[str, Any]) -> Import:
    told = dict(row) | {"totals": msgspec.json.decode(row["totals"])}
    return Import(**told)


async def add_up(tx: Tx, zone: str) -> dict[str, Any]:
    """Members, names, consents, tiers, points per wallet and month of lapse, and activities."""
    groups: dict[int, dict[str, tuple[int, int]]] = {}
    for row in await tx.fetch(_GROUPS):
        groups.setdefault(row["part"], {})[row["label"]] = (row["lines"], row["units"])
    lines = {part: {label: n for label, (n, _) in group.items()} for part, group in groups.items()}
    lots = groups.get(5) or groups.get(7) or {}
    times = (await tx.fetch(_TIMES))[0]
    expiring: dict[str, dict[str, int]] = {}
    for row in await tx.fetch(_EXPIRING, zone):
        expiring.setdefault(row["wallet"], {})[row["month"]] = row["units"]
    return {
        "members": sum(lines.get(1, {}).values()),
        "identifiers": sum(lines.get(2, {}).values()),
        "consents": lines.get(3, {}),
        "tiers": lines.get(4, {}),
        "points": {wallet: units for wallet, (_, units) in lots.items()},
        "owed": {wallet: units for wallet, (_, units) in groups.get(8, {}).items()},
        "used": _used(groups),
        "expiring": expiring,
        "activities": lines.get(6, {}),
        "amount_minor": sum(units for _, units in groups.get(6, {}).values()),
        "named": True,  # lots without a number were named by what they are, and not by their line
        "first_at": times["first"],
        "last_at": times["last"],
    }


def _used(groups: dict[int, dict[str, tuple[int, int]]]) -> dict[str, int]:
    """Lines of limits and of what was gathered; what is left of rewards; codes by their state."""
    found = {}
    for part in (Part.LIMITS, Part.PROGRESS):
        for label, (lines, _) in groups.get(part, {}).items():
            found[f"{part.name.lower()}.{label}"] = lines
    for part in (Part.STOCK, Part.CODES, Part.HAD):
        for label, (_, units) in groups.get(part, {}).items():
            found[f"{part.name.lower()}.{label.replace(' ', '.')}"] = units
    return found


async def known(tx: Tx) -> int:
    """How many lines on their way in tell what is in the books already."""
    return int((await tx.fetch(_KNOWN, tx.program_id))[0]["lines"])


async def staged_slips(tx: Tx, files: Sequence[str], after: int, most: int) -> list[Slip]:
    """Some of what is wrong with lines on their way in, in the order of files and lines."""
    rows = await tx.fetch(staging.SOME_SLIPS, list(files), after, most)
    return [Slip(*row.values()) for row in rows]
