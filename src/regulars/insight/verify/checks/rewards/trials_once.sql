-- I46: Nobody has two trials.
-- Fails when: a person tried a plan for nothing more than once.
-- Do: see with the members named here whether they are one person; merge them if so. Report it.
-- Counts: membership_turn where what = 'started' and in_trial
select t.program_id, coalesce(a.into_id, t.member_id) as member_id, count(*) as trials,
       min(t.at) as first_at, max(t.at) as last_at
  from membership_turn t
  left join member_alias a using (program_id, member_id)
 where t.what = 'started' and t.in_trial
   -- Two people who had one each and turned out to be one did nothing wrong.
   and (a.into_id is null or t.at >= (select max(g.merged_at) from member_merge g
                                       where g.program_id = t.program_id
                                         and g.from_id = t.member_id))
 group by 1, 2
having count(*) > 1
