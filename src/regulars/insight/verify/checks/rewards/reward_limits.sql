-- I18: Nobody has more of a reward than its limit allows, and each member's count is right.
-- Fails when: a member took a limited reward too often, or is refused one they may have.
-- Do: the redemptions decide, the counter follows from them: `regulars rebuild --repair`. Report it.
-- Counts: counter
--
-- What was taken before it came here counts as well. Members who were merged count together, and
-- each of them had a limit of their own before.
with counted as (
    select program_id, coalesce(a.into_id, r.member_id) as member_id,
           (terms ->> 'limit_counter')::int as counter,
           (terms ->> 'limit_period')::int as period, count(*) as times, max(version) as version,
           min(reward) as reward
      from redemption r
      left join member_alias a using (program_id, member_id)
     where state in ('held', 'captured') and (terms ->> 'limit_counter')::int <> 0
     group by 1, 2, 3, 4
), limits as (
    select * from jsonb_to_recordset($1::jsonb -> 'reward_limits')
               as l (program_id int, version int, reward text, most bigint)
), kept as (
    select c.program_id, coalesce(a.into_id, c.member_id) as member_id, c.counter::int, c.period,
           sum(c.value) as value
      from counter c
      join program_code k on k.program_id = c.program_id and k.kind = 'counter'
                         and k.code = c.counter and starts_with(k.name, 'reward:')
      left join member_alias a on a.program_id = c.program_id and a.member_id = c.member_id
     group by 1, 2, 3, 4
), before as (
    select program_id, coalesce(a.into_id, b.member_id) as member_id, b.counter::int, b.period,
           sum(b.value) as times
      from used_before b
      join program_code k using (program_id)
      left join member_alias a using (program_id, member_id)
     where k.kind = 'counter' and k.code = b.counter and starts_with(k.name, 'reward:')
     group by 1, 2, 3, 4
), united as (
    select program_id, into_id as member_id, count(*) as merged
      from member_alias
     group by 1, 2
)
select program_id, member_id, counter, period,
       coalesce(d.times, 0) + coalesce(b.times, 0) as taken, coalesce(k.value, 0) as counted, l.most
  from counted d
  full join before b using (program_id, member_id, counter, period)
  full join kept k using (program_id, member_id, counter, period)
  left join limits l using (program_id, version, reward)
  left join united u using (program_id, member_id)
 where coalesce(d.times, 0) + coalesce(b.times, 0) <> coalesce(k.value, 0)
    or d.times + coalesce(b.times, 0) > l.most * (1 + coalesce(u.merged, 0))
