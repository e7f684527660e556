-- I95: A step of a journey says its message to a member at most once on their way, and never without having been passed.
-- Fails when: somebody gets the same letter again, or one that they never came to.
-- Do: pause the journey named here, and report it with the rows.
-- Counts: campaign_message
with told as (
    select m.program_id, c.journey_id, m.member_id, m.run_id, c.code as step, count(*) as messages
      from campaign_message m join campaign c using (program_id, campaign_id)
     where c.journey_id is not null
     group by 1, 2, 3, 4, 5
)
select t.program_id, t.journey_id, t.member_id, t.run_id, t.step, t.messages, 'twice' as wrong
  from told t where t.messages > 1
union all
select t.program_id, t.journey_id, t.member_id, t.run_id, t.step, t.messages, 'never came to it'
  from told t
  left join journey_pass p on p.program_id = t.program_id and p.run_id = t.run_id
                          and p.step = t.step and p.outcome = 'asked'
 where p.outcome is null
union all
select p.program_id, p.journey_id, r.member_id, p.run_id, p.step, 0, 'came to it and has none'
  from journey_pass p
  left join journey_run r on r.program_id = p.program_id and r.run_id = p.run_id
  left join told t on t.program_id = p.program_id and t.run_id = p.run_id and t.step = p.step
 where p.outcome = 'asked' and t.messages is null
