-- I35: Every use of a member's code is told once, and nothing else is told of codes.
-- Fails when: whoever serves members was not told, or was told of a use that did not happen.
-- Do: tell those who listen to read the codes named here anew; report it.
-- Counts: reward_code where state = 'used' and member_id is not null
with wanted as (
    select c.program_id, coalesce(a.into_id, c.member_id) as member_id,
           replace(c.code_id::text, '-', '') as about
      from reward_code c
      left join member_alias a using (program_id, member_id)
     where c.state = 'used' and c.member_id is not null
), told as (
    select o.program_id, coalesce(a.into_id, o.member_id) as member_id,
           right(replace(payload ->> 'code_id', '-', ''), 32) as about, count(*) as times
      from outbox o
      left join member_alias a using (program_id, member_id)
     where o.type = 'code.used'
     group by 1, 2, 3
)
select program_id, member_id, about, coalesce(t.times, 0) as told, (w.about is not null)::int as due
  from wanted w
  full join told t using (program_id, member_id, about)
 where coalesce(t.times, 0) <> (w.about is not null)::int
