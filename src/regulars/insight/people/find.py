"""The next members who match, looking at so many and no more."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.insight.people import richest, visits
from regulars.insight.people.few import few
from regulars.insight.people.types import Found, Place, Wanted
from regulars.records.members.read import member_of

WINDOW: Final = 4_000
"""So many members are looked at for one page, at least; a later one begins where it ended."""
_ZERO: Final = UUID(int=0)
_LAST: Final = UUID(int=(1 << 128) - 1)
_MOST_UNITS: Final = str((1 << 63) - 1)
_EVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
_BEGUN: Final = datetime(1, 1, 2, tzinfo=UTC)

# Each row is looked at by its keys only, and only where the question is asked: who is found early
# keeps the rest from being looked at.
_COLUMNS: Final = """m.member_id, m.number, m.state, m.given_name, m.family_name, m.locale, m.zone,
       m.attributes, m.joined_at, m.recorded_at, m.at"""
_FITS: Final = """
   and m.joined_at >= $4::timestamptz and m.joined_at < $5::timestamptz
   and ($6::text = '' or m.state = $6::text)
   and ($7::text = '' or coalesce((select s.tier from standing s
            where s.program_id = $1 and s.member_id = m.member_id), '-') = $7::text)
   and (($9::bigint is null and $10::bigint is null) or coalesce((
            select b.available - b.debt from balance b
             where b.program_id = $1 and b.member_id = m.member_id and b.wallet = $8::smallint), 0)
         between coalesce($9::bigint, -9007199254740991)
             and coalesce($10::bigint, 9007199254740991))
   and ($11::timestamptz is null or exists (
            select from lot l where l.program_id = $1 and l.member_id = m.member_id
               and l.wallet = $8::smallint and l.remaining > 0 and l.expires_at > $17::timestamptz
               and l.expires_at < $11::timestamptz))
   and ($12::text = '' or coalesce((
            select c.state from consent c
             where c.program_id = $1 and c.member_id = m.member_id and c.channel = $12::text
             order by c.changed_at desc limit 1), 'withdrawn') = $13::text)
   and ($14::timestamptz is null or coalesce((
            select a.occurred_at from activity a
             where a.program_id = $1 and a.member_id = m.member_id
               and a.member_id <> '00000000-0000-0000-0000-000000000000'
             order by a.occurred_at desc limit 1) >= $14::timestamptz, false))
   and ($15::timestamptz is null or coalesce((
            select a.occurred_at from activity a
             where a.program_id = $1 and a.member_id = m.member_id
               and a.member_id <> '00000000-0000-0000-0000-000000000000'
             order by a.occurred_at desc limit 1) < $15::timestamptz, true))
   and ($16::text = '' or starts_with(lower(m.given_name), lower($16::text))
        or starts_with(lower(m.family_name), lower($16::text))
        or starts_with(lower(m.given_name || ' ' || m.family_name), lower($16::text)))
   and ($20::text = '' or exists (select from member_tag t where t.program_id = $1
            and t.tag = $20::text and t.member_id = m.member_id))
   and ($21::text = '' or m.derived ->> 'value-category' = $21::text)
"""


_NAME: Final = '(lower(given_name) collate "C")'


class _Order(NamedTuple):
    """A column, what it holds, what comes after, which way; and what bounds a stretch of it."""

    column: str
    kind: str
    past: str
    way: str
    bounds: str = ""
    until: str = ""
    """Where a function of the database goes through an index of names: the last of them."""


_WITHIN: Final = "and joined_at >= $4::timestamptz and joined_at < $5::timestamptz"
_ORDERS: Final = {
    "oldest": _Order("joined_at", "timestamptz", ">", "asc", _WITHIN),
    "newest": _Order("joined_at", "timestamptz", "<", "desc", _WITHIN),
    "name": _Order(_NAME, "text", ">", "asc", until="chr(1114111)"),
    "nameless": _Order(_NAME, "text", ">", "asc", f"and {_NAME} = ''", "''"),
}
_LASTLY: Final = {"name": "nameless", "visit": "unvisited", "points": "pointless"}
"""Who comes after all others: who told no given name, who was never here, who never had points."""
_BEFORE_LAST: Final = Place("", _ZERO)
"""Before all of those; they come in the order of their ids."""


def _window(order: _Order, people: str = "member") -> str:
    """Those who come next in this order, matching or not."""
    return f"""
select *, {order.column} as at from {people}
 where program_id = $1::int
   and ({order.column}, member_id) {order.past} ($2::{order.kind}, $3::uuid)
   {order.bounds}"""  # noqa: S608


def _by(order: _Order, column: str = "at") -> str:
    return f"order by {column} {order.way}, member_id {order.way}"


def _part(order: _Order, most: str) -> str:
    """So many of those who come next, by an index that has them in this order."""
    if not order.until:
        return f"{_window(order)} {_by(order, order.column)} limit {most}"
    return f"""
select n.*, w.at collate "C" as at
  from members_by_name($2::text, $3::uuid, {order.until}, {most}) w
  join member n on n.program_id = $1::int and n.member_id = w.member_id"""  # noqa: S608


# The sum of what is looked at is bounded inside.
_NEXT: Final = (
    richest.next_of(_COLUMNS, _FITS)
    | visits.next_of(_COLUMNS, _FITS)
    | {
        name: f"""select {_COLUMNS} from ({_part(one, "$19::int")}) m
 where true {_FITS} {_by(one)} limit $18::int"""  # noqa: S608
        for name, one in _ORDERS.items()
    }
)
# Each is looked up by their id: a plan made for many would go through everybody in their order.
_ONE_BY_ONE: Final = """(select n.* from unnest($19::uuid[]) as f (id) cross join lateral (
    select * from member where program_id = $1::int and member_id = f.id offset 0) n) as member"""
_AMONG: Final = (
    richest.among_of(_COLUMNS, _FITS)
    | visits.among_of(_COLUMNS, _FITS)
    | {
        name: f"""select {_COLUMNS} from ({_window(one, _ONE_BY_ONE)}) m
 where true {_FITS} {_by(one)} limit $18::int"""  # noqa: S608
        for name, one in _ORDERS.items()
    }
)
# Where a window ends.
_ENDS: Final = (
    richest.ENDS
    | visits.ENDS
    | {
        name: f"""select at, member_id from ({_part(one, "$6::int")}) m
 where $4::timestamptz < $5::timestamptz {_by(one)} offset $6::int - 1 limit 1"""  # noqa: S608
        for name, one in _ORDERS.items()
    }
)


async def find(
    tx: Tx, wanted: Wanted, after: Place | None, limit: int, window: int = WINDOW
) -> Found:
    """The next members who match, at most so many, looking at no more than a window of members.

    Order: as `wanted.sort` says; who joined at one instant by id, who has no name last.
    Keeps: where those who can match are few, all of them are looked at and nobody else.
    Example: 3 of a million match; they are among 120 who can, and come in one page.
    """
    last = _LASTLY.get(wanted.sort, "")
    order = last if last and after is not None and after.at == "" else wanted.sort
    found = await _next(tx, (wanted, order), after, limit, window)
    if last and order != last and found.after is None:
        return found._replace(after=_BEFORE_LAST, all=False)
    return found


async def _next(
    tx: Tx, what: tuple[Wanted, str], after: Place | None, limit: int, window: int
) -> Found:
    """The same, of those who are in one of the orders."""
    wanted, order = what
    ids = await few(tx, wanted)
    if ids is not None:
        rows = await _rows(tx, _AMONG[order], wanted, after, (limit + 1, ids))
        found = [member_of(row) for row in rows[:limit]]
        last = _place(rows[limit - 1]) if len(rows) > limit else None
        return Found(found, last, len(ids), after is None and last is None)
    rows = await _rows(tx, _NEXT[order], wanted, after, (limit + 1, window))
    found = [member_of(row) for row in rows[:limit]]
    if len(rows) > limit:
        return Found(found, _place(rows[limit - 1]), window, False)
    begin = (*_begin(wanted, after), *_joined(wanted))
    ends = await tx.fetch(_ENDS[order], tx.program_id, *begin, window)
    end = _place(ends[0]) if ends else None
    return Found(found, end, window, after is None and end is None)


async def _rows(
    tx: Tx, sql: str, wanted: Wanted, after: Place | None, ends: tuple[int, Any]
) -> list[Any]:
    told = (*told_for(tx.program_id, wanted, after, tx.now), *ends, wanted.tag, wanted.buys_next)
    return list(await tx.fetch(sql, *told))


def told_for(
    program_id: int, wanted: Wanted, after: Place | None, now: datetime
) -> tuple[Any, ...]:
    """What every question of these is told, up to how many it may answer with."""
    channel, allowed = wanted.consent or ("", False)
    return (
        program_id,
        *_begin(wanted, after),
        *_joined(wanted),
        wanted.state,
        wanted.tier,
        wanted.wallet,
        *wanted.points,
        wanted.lapses_before,
        channel,
        "given" if allowed else "withdrawn",
        *wanted.visited,
        wanted.name,
        now,
    )


def _begin(wanted: Wanted, after: Place | None) -> tuple[datetime | str, UUID]:
    """Before whom everybody comes: the place a page ended, or an end of what is looked for."""
    if after is not None:
        return after.at, after.member_id
    since, until = _joined(wanted)
    if wanted.sort == "visit":
        return str(_LAST), _ZERO
    if wanted.sort == "points":
        return _MOST_UNITS, _LAST
    if wanted.sort == "name":
        return "", _LAST  # who has no name stands before everybody here, and follows
    return since if wanted.sort == "oldest" else until, _ZERO


def _joined(wanted: Wanted) -> tuple[datetime, datetime]:
    since, until = wanted.joined
    return since or _BEGUN, until or _EVER


def _place(row: Any) -> Place:
    return Place(row["at"], row["member_id"])
