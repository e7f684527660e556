-- I35: Every change of tier is told, as often as it happened, and nothing else is.
-- Fails when: a member was not told of their new tier, or of one they do not have.
-- Do: tell those who listen to read the members named here anew; report it.
-- Counts: tier_move
--
-- What an import brought over is told to nobody (ADR 0070).
with due as (
    select program_id, member_id, coalesce(from_tier, '') as from_tier,
           coalesce(to_tier, '') as to_tier, reason, count(*) as times
      from tier_move m
     where from_tier is distinct from to_tier
       and not exists (select from import i
                        where i.program_id = m.program_id and i.import_id = m.cause_id)
       and not exists (select from activity a
                        where a.program_id = m.program_id and a.member_id = m.member_id
                          and a.activity_id = m.cause_id and starts_with(a.actor, 'import:'))
       and not exists (select from came_along c  -- what was given elsewhere holds them here
                        where c.program_id = m.program_id and c.about = m.cause_id
                          and c.opened_at = m.recorded_at)
     group by 1, 2, 3, 4, 5
), told as (
    select program_id, member_id, coalesce(payload ->> 'from', '') as from_tier,
           coalesce(payload ->> 'to', '') as to_tier, payload ->> 'reason' as reason,
           count(*) as times
      from outbox
     where type = 'tier.changed'
     group by 1, 2, 3, 4, 5
)
select program_id, member_id, from_tier, to_tier, reason, coalesce(t.times, 0) as told,
       coalesce(d.times, 0) as due
  from due d
  full join told t using (program_id, member_id, from_tier, to_tier, reason)
 where coalesce(t.times, 0) <> coalesce(d.times, 0)
