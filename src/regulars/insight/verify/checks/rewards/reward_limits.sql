-- I18: Nobody has more of a reward than its limit allows, and each member's count is right.
-- Fails when: a member took a limited reward too often, or is refused one they may have.
-- Do: the redemptions decide, the counter follows from them: `regulars rebuild --repair`. Report it.
-- Counts: counter
with counted as (
    select program_id, member_id, (terms ->> 'limit_counter')::int as counter,
           (terms ->> 'limit_period')::int as period, count(*) as times, max(version) as version,
           min(reward) as reward
      from redemption
     where state in ('held', 'captured') and (terms ->> 'limit_counter')::int <> 0
     group by 1, 2, 3, 4
), limits as (
    select * from jsonb_to_recordset($1::jsonb -> 'reward_limits')
               as l (program_id int, version int, reward text, most bigint)
), kept as (
    select c.program_id, c.member_id, c.counter::int, c.period, c.value
      from counter c
      join program_code k on k.program_id = c.program_id and k.kind = 'counter'
                         and k.code = c.counter and starts_with(k.name, 'reward:')
)
select program_id, member_id, counter, period, coalesce(d.times, 0) as taken,
       coalesce(k.value, 0) as counted, l.most
  from counted d
  full join kept k using (program_id, member_id, counter, period)
  left join limits l using (program_id, version, reward)
 where coalesce(d.times, 0) <> coalesce(k.value, 0) or d.times > l.most
