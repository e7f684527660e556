"""Members in the order in which they were last here: along what was recorded, the latest first.

Ids of activities grow with the time of recording, and every till writes them anyway: no index more
for it, and nothing to keep up when somebody earns (ADR 0445).
"""

from __future__ import annotations

from typing import Final

# An empty place of the partial indexes: nobody is no member.
_SOMEBODY: Final = "member_id <> '00000000-0000-0000-0000-000000000000'"
_LAST_OF: Final = f"""
select l.activity_id from activity l
 where l.program_id = $1::int and l.member_id = {{}} and l.{_SOMEBODY}
 order by l.occurred_at desc, l.activity_id desc limit 1"""  # noqa: S608


def _walk(most: str) -> str:
    """The next so many activities, each with whose it is."""
    return f"""
select activity_id, member_id from activity
 where program_id = $1::int and activity_id < $2::text::uuid and $3::uuid is not null
   and {_SOMEBODY} order by activity_id desc limit {most}"""  # noqa: S608


def _stay_away(most: str) -> str:
    """The next so many members by their ids."""
    return f"""
select *, '' as at from member
 where program_id = $1::int and $2::text = '' and member_id > $3::uuid
 order by member_id limit {most}"""  # noqa: S608


_NEVER_HERE: Final = f"""not exists (select from activity l
 where l.program_id = $1::int and l.member_id = m.member_id and l.{_SOMEBODY})"""


def next_of(columns: str, fits: str) -> dict[str, str]:
    """The members who come next: who was here, and who never was.

    Keeps: each is looked up by their id and nothing else (`offset 0`); with the days they joined in
    the same question, the index of joining is gone through three times for each of them.
    """
    return {
        "visit": f"""
select {columns} from (
    select n.*, w.activity_id as visit, w.activity_id::text as at
      from ({_walk("$19::int")}) w cross join lateral (
          select * from member
           where program_id = $1::int and member_id = w.member_id offset 0) n
     where w.activity_id = ({_LAST_OF.format("w.member_id")})) m
 where true {fits} order by m.visit desc limit $18::int""",  # noqa: S608
        "unvisited": f"""
select {columns} from ({_stay_away("$19::int")}) m
 where {_NEVER_HERE} {fits} order by m.member_id limit $18::int""",  # noqa: S608
    }


def among_of(columns: str, fits: str) -> dict[str, str]:
    """The same of those who can be only few."""
    return {
        "visit": f"""
select {columns} from (
    select n.*, v.activity_id as visit, v.activity_id::text as at
      from member n cross join lateral ({_LAST_OF.format("n.member_id")}) v
     where n.program_id = $1::int and n.member_id = any($19::uuid[])
       and v.activity_id < $2::text::uuid and $3::uuid is not null) m
 where true {fits} order by m.visit desc limit $18::int""",  # noqa: S608
        "unvisited": f"""
select {columns} from (
    select *, '' as at from member
     where program_id = $1::int and $2::text = '' and member_id > $3::uuid
       and member_id = any($19::uuid[])) m
 where {_NEVER_HERE} {fits} order by m.member_id limit $18::int""",  # noqa: S608
    }


ENDS: Final = {
    "visit": f"""
select activity_id::text as at, member_id from ({_walk("$6::int")}) w
 where $4::timestamptz < $5::timestamptz order by activity_id desc offset $6::int - 1 limit 1
""",  # noqa: S608
    "unvisited": f"""
select at, member_id from ({_stay_away("$6::int")}) m
 where $4::timestamptz < $5::timestamptz order by member_id offset $6::int - 1 limit 1
""",  # noqa: S608
}
"""Where a stretch of them ends."""
