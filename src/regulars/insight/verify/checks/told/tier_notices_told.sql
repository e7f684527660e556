-- I35: Every notice that a tier, or a step of a further ladder, will be lost lies in an inbox, was
--   told once, and of its time.
-- Fails when: a member does not know what is missing to keep their tier, or was told wrongly.
-- Do: tell those who listen to read the messages named here anew; report it.
-- Counts: tier_notice where message_id is not null
with due as (
    select n.program_id, n.message_id, n.until_at, m.message_id is not null as lies
      from tier_notice n
      left join message m on m.program_id = n.program_id and m.member_id = n.member_id
                         and m.message_id = n.message_id and m.kind = 'tier_notice'
                         and m.lapses_at = n.until_at and n.looked_at < n.until_at
     where n.message_id is not null
), told as (
    select program_id, (payload ->> 'message_id')::uuid as message_id, count(*) as times
      from outbox
     where type = 'tier.lost_soon'
     group by 1, 2
), heard as (
    select program_id, (payload ->> 'message_id')::uuid as message_id, count(*) as times
      from outbox
     where type = 'ladder.lost_soon'
     group by 1, 2
), laid as (
    select program_id, message_id, lapses_at from message where kind = 'ladder_notice'
)
select program_id, message_id, d.until_at, coalesce(d.lies, false) as lies,
       coalesce(t.times, 0) as told
  from due d
  full join told t using (program_id, message_id)
 where not coalesce(d.lies, false) or coalesce(t.times, 0) <> 1
union all
select program_id, message_id, lapses_at, true, 0
  from message m
 where kind = 'tier_notice'
   and not exists (select from tier_notice n
                    where n.program_id = m.program_id and n.message_id = m.message_id)
union all
select program_id, message_id, l.lapses_at, l.lapses_at is not null, coalesce(h.times, 0)
  from laid l
  full join heard h using (program_id, message_id)
 where l.lapses_at is null or coalesce(h.times, 0) <> 1
