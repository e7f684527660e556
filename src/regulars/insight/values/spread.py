"""How values of the last night lie among members: by health, chance, worth, tier, store and RFM."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

import msgspec

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.records.standing.values.types import HEALTHS, WORTHS

Cut = Literal["all", "health", "part", "chance", "tier", "rfm", "store"]
CUTS: Final[tuple[Cut, ...]] = ("health", "part", "chance", "tier", "rfm", "store")
"""By what members can be taken apart: each is the first word of a group, as `tier:gold`."""
BANDS: Final = 10
"""Chances are shown in tenths; who comes for sure is in the last."""
# `least` leaves out what is null: of whom nothing is told would come for sure.
_BAND: Final = f"case when v.chance >= 0 then least(v.chance / {1_000 // BANDS}, {BANDS - 1}) end"
YEAR: Final = 365
"""So many days up to the night somebody ordered in a store, to be counted there."""
_RFM: Final = "(m.derived ->> 'value-recency') || (m.derived ->> 'value-frequency')"
OF: Final = {
    "health": "coalesce(v.health, '')",
    "part": "coalesce(v.worth, '')",
    "chance": f"coalesce(({_BAND})::text, '')",
    "tier": "coalesce(v.tier, s.tier, '')",
    "rfm": f"coalesce({_RFM}, '')",
}
# Whoever ordered in a store within the year that ended with the night; of no store everybody.
_THERE: Final = f"""
exists (select from member_day d
         where d.program_id = $1::int and d.member_id = v.member_id and d.store = {{store}}
           and d.orders > 0 and d.day > v.as_of - {YEAR} and d.day <= v.as_of)"""
VALUED: Final = """
  from member_value v
  join member m on m.program_id = $1::int and m.member_id = v.member_id
   and m.state not in ('erased', 'merged')
  left join standing s on s.program_id = $1::int and s.member_id = v.member_id
 where v.program_id = $1::int"""
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
  from (select v.* {VALUED} and v.member_id > $2::uuid and ($4::text is null or {{here}})
          and {{listed}}
         order by v.member_id limit $3::int) v
  left join member_orders o on o.program_id = $1::int and o.member_id = v.member_id
 order by v.member_id
"""  # noqa: S608 - a statement of ours


class Sum(NamedTuple):
    """So many members and what is said of them; `chances` and those below are of who is told of.

    Units: `chances` the sum of thousandths, `worth_minor` revenue of the next twelve months,
    nothing where nobody can say what anybody is worth.
    """

    cut: Cut
    name: str
    members: int
    told: int
    chances: int
    worth_minor: int | None
    strong: int
    steady: int
    slipping: int
    lost: int


COUNTED: Final = Sum._fields[2:]
"""What is counted and added up of each, in the order it is kept."""


class Night(NamedTuple):
    """What values came to on a night, as it was kept with its run."""

    as_of: date
    model: str
    sum: Sum


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
    tx: Tx, metric: str, group: str, page: tuple[UUID, int], store: str | None
) -> list[tuple[object, ...]]:
    """Members behind a figure of values, in order of their ids; their orders are all so far.

    Faults: Invalid where there is no such group.
    """
    here, said = _THERE.format(store="$4::text"), (*page, store)
    listed, counted, of = "true", "true", list[Any]()
    if metric in ("health_share", "expected_to_come"):
        listed = "v.chance is not null"
    if metric == "health_share":
        if group not in HEALTHS:
            raise Invalid(f"the group is one of {', '.join(HEALTHS)}", field="group")
        counted, of = "v.health = $5::text", [group]
    elif group:
        cut, name = cut_of(group)
        of = [name]
        listed = f"{OF[cut]} = $5::text" if cut != "store" else _THERE.format(store="$5::text")
    sql = _WHO.format(here=here, listed=listed, counted=counted)
    return [tuple(row.values()) for row in await tx.fetch(sql, tx.program_id, *said, *of)]


def _night(row: Any) -> Night:
    kept = msgspec.json.decode(row["spread"], type=dict[str, int | None])
    counted = (kept[one] for one in COUNTED)
    return Night(row["as_of"], row["model"], Sum("all", "", *counted))  # type: ignore[arg-type]
