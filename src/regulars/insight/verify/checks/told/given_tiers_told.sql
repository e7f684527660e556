-- I35: Every invitation, every tier given by hand and every end of one is told once.
-- Fails when: whoever writes to members does not know of it, or tells of what never was.
-- Do: tell those who listen to read the tiers named here anew; report it.
-- Counts: tier_grant
with due as (
    select program_id, member_id, 'tier.invited' as type, grant_id, given_at as at from tier_grant
     where kind = 'invited'
    union all
    select program_id, member_id,
           case when what = 'begun' then 'tier.given' else 'tier.given_ended' end, grant_id, at
      from tier_turn
), wanted as (
    select program_id, type, replace(grant_id::text, '-', '') as about from due
     where not exists (select from came_along c  -- from elsewhere, where it was told
                        where c.program_id = due.program_id and c.about = due.grant_id
                          and due.at <= c.opened_at)
), told as (
    select program_id, type, replace(payload ->> 'grant_id', '-', '') as about, count(*) as times
      from outbox
     where type in ('tier.invited', 'tier.given', 'tier.given_ended')
     group by 1, 2, 3
)
select program_id, type, about, coalesce(t.times, 0) as told, (w.about is not null)::int as due
  from wanted w
  full join told t using (program_id, type, about)
 where coalesce(t.times, 0) <> (w.about is not null)::int
