-- I18: Nobody used a benefit more often than its allowance says, and each member's count is right.
-- Fails when: a companion ticket was used a third time, or a member is refused one they still have.
-- Do: the uses decide, the counter follows from them: `regulars rebuild --repair`. Report it.
-- Counts: benefit_use
--
-- What was taken before it came here counts as well, for whatever is used after it came: what was
-- used here until then nobody could know. Members who were merged count together, and
-- each of them had an allowance of their own before.
with counted as (
    select program_id, coalesce(a.into_id, u.member_id) as member_id,
           (terms ->> 'counter')::int as counter, (terms ->> 'period')::int as period,
           -- Guests may count as well, and who did not come to an appointment.
           sum(coalesce((terms ->> 'times')::int, 1)) as times,
           max(version) as version, min(benefit) as benefit, max(used_at) as last_at
      from benefit_use u
      left join member_alias a using (program_id, member_id)
     where state <> 'undone' and (terms ->> 'counter')::int <> 0
     group by 1, 2, 3, 4
), allowances as (
    select * from jsonb_to_recordset($1::jsonb -> 'allowances')
               as l (program_id int, version int, benefit text, most bigint)
), kept as (
    select c.program_id, coalesce(a.into_id, c.member_id) as member_id, c.counter::int, c.period,
           sum(c.value) as value
      from counter c
      join program_code k on k.program_id = c.program_id and k.kind = 'counter'
                         and k.code = c.counter and starts_with(k.name, 'benefit:')
      left join member_alias a on a.program_id = c.program_id and a.member_id = c.member_id
     group by 1, 2, 3, 4
), before as (
    select program_id, coalesce(a.into_id, b.member_id) as member_id, b.counter::int, b.period,
           sum(b.value) as times, max(b.opened_at) as came_at
      from used_before b
      join program_code k using (program_id)
      left join member_alias a using (program_id, member_id)
     where k.kind = 'counter' and k.code = b.counter and starts_with(k.name, 'benefit:')
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
  left join allowances l using (program_id, version, benefit)
  left join united u using (program_id, member_id)
 where coalesce(d.times, 0) + coalesce(b.times, 0) <> coalesce(k.value, 0)
    or d.times > l.most * (1 + coalesce(u.merged, 0))
    or d.last_at > b.came_at and d.times + b.times > l.most * (1 + coalesce(u.merged, 0))
