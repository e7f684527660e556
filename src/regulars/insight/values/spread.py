"""How values of the last night lie among members: by health, chance, worth, tier, store and RFM."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

import msgspec

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.records.standing.values.types import HEALTHS, WORTHS, Value

Cut = Literal["all", "health", "part", "chance", "tier", "rfm", "store"]
CUTS: Final[tuple[Cut, ...]] = ("health", "part", "chance", "tier", "rfm", "store")
"""By what members can be taken apart: each is the first word of a group, as `tier:gold`."""
BANDS: Final = 10
"""Chances are shown in tenths; who comes for sure is in the last."""
# `least` leaves out what is null: of whom nothing is told would come for sure.
_BAND: Final = f"case when v.chance >= 0 then least(v.chance / {1_000 // BANDS}, {BANDS - 1}) end"
_RFM: Final = "(m.derived ->> 'value-recency') || (m.derived ->> 'value-frequency')"
_OF: Final = {
    "health": "coalesce(v.health, '')",
    "part": "v.worth",
    "chance": f"coalesce(({_BAND})::text, '')",
    "tier": "coalesce(s.tier, '')",
    "rfm": f"coalesce({_RFM}, '')",
}
# Whoever bought in the time in a store, each once; of no store everybody.
_THERE: Final = """
exists (select from member_day d
         where d.program_id = $1::int and d.member_id = v.member_id and d.store = {store}
           and d.orders > 0 and d.day >= {since}::date and d.day < {until}::date)"""
_HERE: Final = _THERE.format(store="$2::text", since="$3", until="$4")
_VALUED: Final = """
  from member_value v
  join member m on m.program_id = $1::int and m.member_id = v.member_id
   and m.state not in ('erased', 'merged')
  left join standing s on s.program_id = $1::int and s.member_id = v.member_id
 where v.program_id = $1::int"""
_SUMS: Final = """
       count(*) as members, count(v.chance) as told, coalesce(sum(v.chance), 0)::bigint as chances,
       coalesce(sum(v.worth_minor), 0)::bigint as worth_minor,
       count(*) filter (where v.health = 'strong') as strong,
       count(*) filter (where v.health = 'steady') as steady,
       count(*) filter (where v.health = 'slipping') as slipping,
       count(*) filter (where v.health = 'lost') as lost"""
# Everybody is read once; each way of taking them apart is a grouping of that.
_ALL: Final = f"""
with v as materialized (
    select v.member_id, v.chance, v.worth_minor, v.health, {_OF["health"]} as by_health,
           {_OF["part"]} as by_part, {_OF["chance"]} as by_chance, {_OF["tier"]} as by_tier,
           {_OF["rfm"]} as by_rfm
    {_VALUED} and ($2::text is null or {_HERE})
)
select case grouping(by_health, by_part, by_chance, by_tier, by_rfm)
            when 15 then 'health' when 23 then 'part' when 27 then 'chance' when 29 then 'tier'
            when 30 then 'rfm' else 'all' end as cut,
       coalesce(by_health, by_part, by_chance, by_tier, by_rfm, '') as name,
       {_SUMS}
  from v
 group by grouping sets ((), (by_health), (by_part), (by_chance), (by_tier), (by_rfm))
"""  # noqa: S608 - a statement of ours
_STORES: Final = f"""
select 'store' as cut, d.store as name, {_SUMS}
  from (select distinct store, member_id from member_day
         where program_id = $1::int and orders > 0 and day >= $3::date and day < $4::date
           and ($2::text is null or store = $2::text)) d
  join member_value v on v.program_id = $1::int and v.member_id = d.member_id
  join member m on m.program_id = $1::int and m.member_id = v.member_id
   and m.state not in ('erased', 'merged')
 group by d.store
"""  # noqa: S608 - a statement of ours
_NIGHTS: Final = """
select distinct on (date_trunc($4::text, as_of)) as_of, model, found -> 'spread' as spread
  from value_run
 where program_id = $1::int and as_of >= $2::date and as_of < $3::date and found ? 'spread'
 order by date_trunc($4::text, as_of), as_of desc
"""
_UNTIL: Final = """
select as_of, model, found -> 'spread' as spread from value_run
 where program_id = $1::int and as_of < $2::date and found ? 'spread'
 order by as_of desc limit 1
"""
_WHO: Final = f"""
select v.member_id, coalesce(o.orders, 0) as orders, coalesce(o.net_minor, 0)::bigint as net_minor,
       o.first_on, o.last_on, {{counted}} as counted
  from (select v.* {_VALUED} and v.member_id > $2::uuid and ($4::text is null or {{here}})
          and {{listed}}
         order by v.member_id limit $3::int) v
  left join member_orders o on o.program_id = $1::int and o.member_id = v.member_id
 order by v.member_id
"""  # noqa: S608 - a statement of ours


class Sum(NamedTuple):
    """So many members and what is said of them; `chances` and those below are of who is told of.

    Units: `chances` the sum of thousandths, `worth_minor` revenue of the next twelve months.
    """

    cut: Cut
    name: str
    members: int
    told: int
    chances: int
    worth_minor: int
    strong: int
    steady: int
    slipping: int
    lost: int


class Night(NamedTuple):
    """What values came to on a night, as it was kept with its run."""

    as_of: date
    model: str
    sum: Sum


async def spread(tx: Tx, store: str | None, days: tuple[date, date]) -> list[Sum]:
    """Everybody with a value, and each way of taking them apart; of one store, who bought there in
    these days. Order: by cut and name."""
    found = [
        *await tx.fetch(_ALL, tx.program_id, store, *days),
        *await tx.fetch(_STORES, tx.program_id, store, *days),
    ]
    return sorted((Sum(*row.values()) for row in found), key=lambda one: (one.cut, one.name))


async def nights(tx: Tx, days: tuple[date, date], part: str) -> list[Night]:
    """The last night of each `day`, `week` or `month` of these days."""
    return [_night(row) for row in await tx.fetch(_NIGHTS, tx.program_id, *days, part)]


async def night_before(tx: Tx, until: date) -> Night | None:
    """The last night before a day that kept what it came to."""
    rows = await tx.fetch(_UNTIL, tx.program_id, until)
    return _night(rows[0]) if rows else None


def cut_of(group: str) -> tuple[Cut, str]:
    """By what a group takes members apart, and its name. Faults: Invalid at `group`.

    Example: `tier:gold` are members on gold, `tier:` those on none; `rfm:51` who came last week for
    the first time.
    """
    word, apart, name = group.partition(":")
    cut = next((one for one in CUTS if one == word), None)
    known = {"health": (*HEALTHS, ""), "part": WORTHS, "chance": ("", *map(str, range(BANDS)))}
    if cut is None or not apart or (cut in known and name not in known[cut]):
        some = ", ".join(f"{one}:…" for one in CUTS)
        raise Invalid(f"write the group as one of {some}, such as health:slipping", field="group")
    return cut, name


async def who(
    tx: Tx, metric: str, group: str, page: tuple[UUID, int], store: str | None,
    days: tuple[date, date],
) -> list[tuple[object, ...]]:  # fmt: skip
    """Members behind a figure of values, in order of their ids; their orders are all so far.

    Faults: Invalid where there is no such group.
    """
    here, said = _THERE.format(store="$4::text", since="$5", until="$6"), (*page, store, *days)
    listed, counted, of = "true", "true", list[Any]()
    if metric in ("health_share", "expected_to_come"):
        listed = "v.chance is not null"
    if metric == "health_share":
        if group not in HEALTHS:
            raise Invalid(f"the group is one of {', '.join(HEALTHS)}", field="group")
        counted, of = "v.health = $7::text", [group]
    elif group:
        cut, name = cut_of(group)
        of = [name]
        listed = f"{_OF[cut]} = $7::text" if cut != "store" else _THERE.format(
            store="$7::text", since="$5", until="$6"
        )  # fmt: skip
    sql = _WHO.format(here=here, listed=listed, counted=counted)
    return [tuple(row.values()) for row in await tx.fetch(sql, tx.program_id, *said, *of)]


def _night(row: Any) -> Night:
    kept = msgspec.json.decode(row["spread"], type=dict[str, int])
    every = Sum("all", "", *(kept[name] for name in Sum._fields[2:]))
    return Night(row["as_of"], row["model"], every)


def summed(these: Sequence[Value]) -> dict[str, int]:
    """What some values of a night come to, as it is kept with its run."""
    said = [one.chance for one in these if one.chance is not None]
    found = {"members": len(these), "told": len(said), "chances": sum(said)}
    found["worth_minor"] = sum(one.worth_minor for one in these)
    return found | {name: sum(one.health == name for one in these) for name in HEALTHS}
