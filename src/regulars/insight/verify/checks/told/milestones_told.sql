-- I35: Whoever listens is told of every entry that a milestone made, once, and of no other.
-- Fails when: a member's app does not know of points for a milestone, or of some that are not.
-- Do: tell those who listen to read the members named here anew, and report it.
-- Counts: entry where kind = 'milestone'
with told as (
    select program_id, member_id,
           right(replace(payload ->> 'entry_id', '-', ''), 32) as about, count(*) as times
      from outbox
     where starts_with(type, 'milestone.') and payload ->> 'entry_id' is not null
     group by 1, 2, 3
), due as (
    select program_id, member_id, replace(entry_id::text, '-', '') as about
      from entry
     where kind = 'milestone' and not starts_with(actor, 'import:')
)
select program_id, member_id, about, coalesce(t.times, 0) as told,
       (d.about is not null)::int as due
  from due d
  full join told t using (program_id, member_id, about)
 where coalesce(t.times, 0) <> (d.about is not null)::int
