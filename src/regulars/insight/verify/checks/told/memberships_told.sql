-- I35: Everything that happens to a membership is told once.
-- Fails when: whoever opens doors for paying members does not know of it, or of what never was.
-- Do: tell those who listen to read the memberships named here anew; report it.
-- Counts: membership_turn
with wanted as (
    select program_id, 'membership.' || what as type, replace(turn_id::text, '-', '') as about
      from membership_turn t
     where not exists (select from came_along c  -- from elsewhere, where it was told
                        where c.program_id = t.program_id and c.about = t.turn_id)
), told as (
    select program_id, type, replace(payload ->> 'turn_id', '-', '') as about, count(*) as times
      from outbox
     where type like 'membership.%'
     group by 1, 2, 3
)
select program_id, type, about, coalesce(t.times, 0) as told, (w.about is not null)::int as due
  from wanted w
  full join told t using (program_id, type, about)
 where coalesce(t.times, 0) <> (w.about is not null)::int
