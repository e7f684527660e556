"""Members in the order of what they have in the first wallet, the most first.

The list follows the books some seconds behind (ADR 0535); who never had anything comes last.
"""

from __future__ import annotations

from typing import Final

_HAS: Final = "exists (select from richness r where r.program_id = $1::int and r.member_id = "


# Each is looked up in the order of the list, as far as a page goes: a plan made for any number of
# them would read many thousands and sort them.
_ONE: Final = """
select * from member where program_id = $1::int and member_id = w.member_id offset 0"""


def _walk(most: str) -> str:
    """The next so many of the list."""
    return f"""
select units, member_id from richness
 where program_id = $1::int and (units, member_id) < ($2::text::bigint, $3::uuid)
 order by units desc, member_id desc limit {most}"""  # noqa: S608


def _others(most: str) -> str:
    """The next so many members by their ids."""
    return f"""
select *, '' as at from member
 where program_id = $1::int and $2::text = '' and member_id > $3::uuid
 order by member_id limit {most}"""  # noqa: S608


def next_of(columns: str, fits: str) -> dict[str, str]:
    """The members who come next: who is on the list, and who is not."""
    return {
        "points": f"""
select {columns} from (
    select n.*, w.units, w.member_id as whose, w.units::text as at
      from ({_walk("$19::int")}) w
     cross join lateral ({_ONE}) n) m
 where true {fits} order by m.units desc, m.whose desc limit $18::int""",  # noqa: S608
        "pointless": f"""
select {columns} from ({_others("$19::int")}) m
 where not {_HAS}m.member_id) {fits} order by m.member_id limit $18::int""",  # noqa: S608
    }


def among_of(columns: str, fits: str) -> dict[str, str]:
    """The same of those who can be only few."""
    return {
        "points": f"""
select {columns} from (
    select n.*, r.units, r.units::text as at
      from unnest($19::uuid[]) as f (id)
      join richness r on r.program_id = $1::int and r.member_id = f.id
      join member n on n.program_id = $1::int and n.member_id = f.id
     where (r.units, r.member_id) < ($2::text::bigint, $3::uuid)) m
 where true {fits} order by m.units desc, m.member_id desc limit $18::int""",  # noqa: S608
        "pointless": f"""
select {columns} from (
    select n.*, '' as at from unnest($19::uuid[]) as f (id)
      join member n on n.program_id = $1::int and n.member_id = f.id
     where $2::text = '' and n.member_id > $3::uuid) m
 where not {_HAS}m.member_id) {fits} order by m.member_id limit $18::int""",  # noqa: S608
    }


ENDS: Final = {
    "points": f"""
select units::text as at, member_id from ({_walk("$6::int")}) w
 where $4::timestamptz < $5::timestamptz order by units desc, member_id desc
offset $6::int - 1 limit 1
""",  # noqa: S608
    "pointless": f"""
select at, member_id from ({_others("$6::int")}) m
 where $4::timestamptz < $5::timestamptz order by member_id offset $6::int - 1 limit 1
""",  # noqa: S608
}
"""Where a stretch of them ends."""
