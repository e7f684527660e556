-- I35: Every redemption is told once when it begins and once when it ends, and nothing else is.
-- Fails when: whoever hands out rewards was not told, or was told of one that does not exist.
-- Do: tell those who listen to read the redemptions named here anew; report it.
-- Counts: redemption
with due as (
    select program_id, member_id, 'reward.held' as type, redemption_id from redemption
    union all
    select program_id, member_id, 'reward.' || case state when 'returned' then 'captured' else state end, redemption_id
      from redemption
     where state <> 'held'
), wanted as (
    select program_id, member_id, type, replace(redemption_id::text, '-', '') as about from due
), told as (
    select program_id, member_id, type,
           right(replace(payload ->> 'redemption_id', '-', ''), 32) as about, count(*) as times
      from outbox
     where starts_with(type, 'reward.')
     group by 1, 2, 3, 4
)
select program_id, member_id, type, about, coalesce(t.times, 0) as told,
       (w.about is not null)::int as due
  from wanted w
  full join told t using (program_id, member_id, type, about)
 where coalesce(t.times, 0) <> (w.about is not null)::int
