"""What must fit between lines: each check notes the lines that do not, and they are left out."""

from __future__ import annotations

from typing import Final

from regulars.records.imports.types import Part
from regulars.records.imports.whose import WHOSE

FORGOTTEN: Final = "'00000000-0000-0000-0000-000000000000'::uuid"
"""What is kept of the erased in place of what they were told of."""
LOTS_BY_BALANCES: Final = "(s.part = 7 and not exists (select from staged where part = 5))"
"""Balances that become lots, since no lots are told beside them."""
# A tier of somebody who is here: which they have, by which ids they were known, and whether they
# have the one that is told, or were brought over with it before.
TIERS_HERE: Final = f"""
select s.file, s.line, n.tier, f.ids,
       coalesce(n.tier = s.label and case when s.at is not null then n.tier_since = s.at
            else s.units = 1 or n.tier_until is not distinct from s.ends end, false)
       or exists (select from tier_move m
                   where m.program_id = $1::int and m.member_id = any(f.ids)
                     and m.reason = 'brought_over' and m.to_tier = s.label
                     and case when s.at is not null then m.occurred_at = s.at
                         else s.units = 1 or m.until_at is not distinct from s.ends end) as the_same
  from staged s
{WHOSE}
  join standing n on n.program_id = $1::int and n.member_id = coalesce(a.into_id, w.member_id)
 cross join lateral (select array_agg(b.member_id) || n.member_id as ids from member_alias b
                      where b.program_id = $1::int and b.into_id = n.member_id) f
 where s.part = 4
"""  # noqa: S608 - statements of ours
# Notes: file, line, column, what is wrong, what to do.
CHECKS: Final = (
    # Two members of the files with one name, or one member on two lines.
    """
insert into slip
select file, line, kind, format('line %s gives the same %s %s', first_line, kind, value),
       'Keep one line per member; if they are two people, take it away from one of them'
  from (select *, first_value(line) over w as first_line, first_value(file) over w as first_file,
               first_value(part) over w as first_part,
               first_value(member_key) over w as first_key
          from staged_name window w as (partition by kind, value order by part, file, line)) n
 where (file, line) <> (first_file, first_line)
   and (member_key <> first_key or (part = 1 and first_part = 1))
""",
    # A name of somebody who is here already, and did not come by this very line before. A card that
    # collected unregistered becomes the member's, unless they claim two of those.
    """
insert into slip
select n.file, n.line, n.kind,
       format('a member who is here already has this %s: %s', n.kind, n.value),
       'If they are one person, leave the line out; if not, take it away or mend it'
  from staged_name n
  join staged s on s.part = 1 and s.file = n.file and s.line = n.line
  join identifier i on i.program_id = $1::int and i.kind = n.kind and i.value = n.value
  join member m on m.program_id = $1::int and m.member_id = i.member_id
 where n.part = 1
   and not exists (select from once o where o.program_id = $1::int and o.key = s.key)
   and (m.state <> 'unregistered' or n.kind = 'number' or exists (
            select from staged_name w
              join identifier j on j.program_id = $1::int and j.kind = w.kind and j.value = w.value
             where w.file = n.file and w.line = n.line and w.kind <> 'number'
               and j.member_id <> i.member_id))
""",
    # The same of an id of ours.
    """
insert into slip
select n.file, n.line, n.kind,
       format('a member who is here already has this %s: %s', n.kind, n.value),
       'If they are one person, leave the line out; if not, take it away or mend it'
  from staged_name n
  join staged s on s.part = 1 and s.file = n.file and s.line = n.line
  join member m on m.program_id = $1::int
               and m.member_id = case when n.kind = 'id' then n.value::uuid end
 where n.part = 1
   and not exists (select from once o where o.program_id = $1::int and o.key = s.key)
""",
    # A further name of a member that somebody else has.
    """
insert into slip
select n.file, n.line, n.kind,
       format('a member who is here already has this %s: %s', n.kind, n.value),
       'If they are one person, leave the line out; if not, take it away or mend it'
  from staged_name n
  join staged s on s.part = 2 and s.file = n.file and s.line = n.line
  join identifier i on i.program_id = $1::int and i.kind = n.kind and i.value = n.value
 where n.part = 2
   and not (s.ref_kind = 'id' and s.ref_value = i.member_id::text)
   and not exists (select from member_alias a where a.program_id = $1::int
                      and a.member_id::text = s.ref_value and a.into_id = i.member_id)
   and not exists (select from identifier w where w.program_id = $1::int and w.kind = s.ref_kind
                      and w.value = s.ref_value and w.member_id = i.member_id)
   and not exists (select from staged_name w
                     join identifier j on j.program_id = $1::int and j.kind = w.kind
                                      and j.value = w.value and j.member_id = i.member_id
                    where w.part = 1 and w.member_key = n.member_key)
""",
    # A receipt, a lot or a tier that is told twice in different words.
    """
insert into slip
select file, line, case part when 6 then 'external_id' when 5 then 'lot_id'
                             when 4 then 'tier' when 8 then 'owed'
                             when 7 then 'balance' when 11 then 'remaining'
                             when 12 then 'code' else 'used' end,
       format('line %s tells the same one differently (%s there, %s here)', first_line,
              case when part = 4 then first_label else first_units::text end,
              case when part = 4 then label else units::text end),
       'Find out which line is right and take the other one away'
  from (select *, first_value(line) over w as first_line, first_value(units) over w as first_units,
               first_value(label) over w as first_label,
               first_value(content) over w as first_content
          from staged where key is not null and part > 1
        window w as (partition by part, key order by file, line)) s
 where content <> first_content
""",
    # A receipt that is in the books in other words, as booking it would say. A return is told by
    # its pieces; of the erased nothing is known but that it was there.
    """
insert into slip
select s.file, s.line, 'external_id',
       case when s.label <> 'return' and a.amount_minor <> s.units
            then format('the books tell the same one differently (%s there, %s here)',
                        a.amount_minor, s.units)
            else 'the books tell the same one differently '
                 '(its lines, payments, time, place or whose it is)' end,
       'Leave the line out; if it is right, put right by hand what is in the books'
  from staged s
  join once o on o.program_id = $1::int and o.key = s.key
  join activity a on a.program_id = $1::int and a.activity_id = o.subject_id
 where s.part = 6 and o.content not in (s.content, '00000000-0000-0000-0000-000000000000')
""",
    # Balances and lots of the same files must say the same; left out members count for nothing.
    """
insert into slip
select b.file, b.line, 'balance',
       format('the balance is %s, its lots come to %s', b.units, coalesce(l.units, 0)),
       'Export both at the same moment, or leave the balances out if the lots are right'
  from staged b
  left join (select member_key, label, sum(units) as units from staged where part = 5
              group by member_key, label) l using (member_key, label)
 where b.part = 7 and exists (select from staged where part = 5)
   and b.units <> coalesce(l.units, 0)
""",
    # Somebody nobody knows; a card that is new opens a member when something happens to it.
    """
insert into slip
select s.file, s.line, s.ref_kind, format('nobody is known by %s %s', s.ref_kind, s.ref_value),
       'Check it for a slip, or bring this member over too'
  from staged s
 where s.part > 1 and s.ref_kind <> '' and not (s.part = 6 and s.ref_kind = 'card')
   and not exists (select from staged_name n
                    where n.kind = s.ref_kind and n.value = s.ref_value)
   and not exists (select from identifier i where i.program_id = $1::int
                    and i.kind = s.ref_kind and i.value = s.ref_value)
   and not exists (select from member m where m.program_id = $1::int and s.ref_kind = 'id'
                    and m.member_id::text = s.ref_value)
""",
)
# What is looked for in the books at last, where the files tell of it at all: by then it is known
# that they fit each other. Parts, and the check.
AGAINST_THE_BOOKS: Final = (
    # Points and debts that are there in other words.
    (
        (Part.LOTS, Part.BALANCES, Part.DEBTS),
        f"""
insert into slip
select s.file, s.line, case s.part when 5 then 'lot_id' when 7 then 'balance' else 'owed' end,
       case when b.units <> s.units
            then format('the books tell the same one differently (%s there, %s here)',
                        b.units, s.units)
            else 'the books tell the same one differently (its dates, its origin or whose it is)'
       end,
       'Leave the line out; if it is right, put right by hand what is in the books'
  from staged s
  join once o on o.program_id = $1::int and o.key = s.key
  left join lateral (select sum(abs(p.amount)) as units from posting p
                      where p.program_id = $1::int and p.member_id = o.member_id
                        and p.entry_id = o.subject_id and p.account = 18) b on true
 where (s.part in (5, 8) or {LOTS_BY_BALANCES}) and o.content not in (s.content, {FORGOTTEN})
""",  # noqa: S608 - statements of ours
    ),
    # A tier of somebody who has or had one by what they did, by hand, or by another import.
    (
        (Part.TIERS,),
        f"""
insert into slip
select t.file, t.line, 'tier', format('this member has the tier %s already', t.tier),
       'Leave the line out; if it is right, give the tier by hand'
  from ({TIERS_HERE}) t
 where not t.the_same and t.tier is not null
   and (t.tier <> all($2::text[])
        or exists (select from tier_move m
                    where m.program_id = $1::int and m.member_id = any(t.ids)
                      and m.to_tier <> all($2::text[])))
""",  # noqa: S608 - statements of ours
    ),
)
LEAVE_OUT: Final = (
    """
delete from staged s using slip x where s.file = x.file and s.line = x.line
""",
    """
delete from staged_name n using slip x where n.file = x.file and n.line = x.line
""",
)
COUNT: Final = "select count(distinct (file, line)) as lines from slip"
