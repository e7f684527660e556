"""Say what members buy from next, for rules to ask."""

from __future__ import annotations

from typing import Final

import msgspec

from regulars.base.tx import Tx, Write
from regulars.records.standing.categories.types import ATTRIBUTE, CategoryRun, Stretch

# What we say of a member changes only where it is other than before. It is put into the row as it
# is when it is written: what somebody else says meanwhile stays.
_SAY: Final = f"""
update member m
   set derived = nullif((coalesce(m.derived, '{{}}'::jsonb) - '{ATTRIBUTE}')
               || jsonb_strip_nulls(jsonb_build_object('{ATTRIBUTE}', v.category)), '{{}}'::jsonb)
  from (select o.member_id, a.category
          from member o
          left join unnest($4::uuid[], $5::text[]) as a (member_id, category)
                 on a.member_id = o.member_id
         where o.program_id = $1::int and o.member_id > $2::uuid and o.member_id <= $3::uuid
           and o.state not in ('erased', 'merged')
           and (o.derived ->> '{ATTRIBUTE}') is distinct from a.category) v
 where m.program_id = $1::int and m.member_id = v.member_id
   and m.state not in ('erased', 'merged')
"""  # noqa: S608 - a name of ours
_RUN: Final = """
insert into category_run (program_id, as_of, at, members, version, found)
values ($1::int, $2::date, $3::timestamptz, $4::int, $5::text, $6::text::jsonb)
    on conflict (program_id, as_of) do update
   set at = excluded.at, members = excluded.members, version = excluded.version,
       found = excluded.found
"""


def say(tx: Tx, these: Stretch) -> list[Write]:
    """Of these members this is said from now on, and of the others between them nothing."""
    ids, categories = list(these.said), list(these.said.values())
    return [Write(_SAY, (tx.program_id, these.after, these.upto, ids, categories))]


def keep_run(tx: Tx, run: CategoryRun) -> list[Write]:
    """This day was reckoned."""
    found = msgspec.json.encode(run.found).decode()
    return [Write(_RUN, (tx.program_id, run.as_of, run.at, run.members, run.version, found))]
