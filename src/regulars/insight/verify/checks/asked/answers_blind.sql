-- I97: Rules are told that somebody answered a survey, and nothing of what they said.
-- Fails when: there are more points for praise than for blame.
-- Do: report it with the rows named here; look at what made the activity.
-- Counts: survey_answer
select t.program_id, t.activity_id, t.body -> 'details' as details
  from activity t
 where t.kind = 'survey' and t.source = 'regulars-survey'
   and (select count(*) from jsonb_object_keys(coalesce(t.body -> 'details', '{}')) as k (name)
         where k.name not in ('survey', 'question')) > 0
