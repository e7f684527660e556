-- I35: Every grant and use of a benefit is told once, and every use that was taken back once more.
-- Fails when: whoever serves members was not told, or was told of a use that does not exist.
-- Do: tell those who listen to read the uses named here anew; report it.
-- Counts: benefit_use
with due as (
    select program_id, member_id, 'benefit.used' as type, use_id as about from benefit_use
    union all
    select program_id, member_id, 'benefit.undone', use_id from benefit_use where state = 'undone'
    union all
    select program_id, member_id, 'benefit.missed', use_id from benefit_use where state = 'missed'
    union all
    select program_id, member_id, 'benefit.granted', grant_id from benefit_grant g
     where not exists (select from came_along c  -- from elsewhere, where it was told
                        where c.program_id = g.program_id and c.about = g.grant_id)
       and not exists (select from offer f  -- what an offer gave access to is the offer's to tell
                        where f.program_id = g.program_id and 'offer-' || f.code = g.reason)
), wanted as (
    select d.program_id, coalesce(a.into_id, d.member_id) as member_id, d.type,
           replace(d.about::text, '-', '') as about
      from due d
      left join member_alias a using (program_id, member_id)
), told as (
    select o.program_id, coalesce(a.into_id, o.member_id) as member_id, o.type,
           right(replace(coalesce(payload ->> 'use_id', payload ->> 'grant_id'), '-', ''), 32)
               as about,
           count(*) as times
      from outbox o
      left join member_alias a using (program_id, member_id)
     where starts_with(o.type, 'benefit.')
     group by 1, 2, 3, 4
)
select program_id, member_id, type, about, coalesce(t.times, 0) as told,
       (w.about is not null)::int as due
  from wanted w
  full join told t using (program_id, member_id, type, about)
 where coalesce(t.times, 0) <> (w.about is not null)::int
