-- I96: Each answer is to an invitation of its survey, given while that stood, with a score of its
--   scale; and there is one activity for it.
-- Fails when: somebody answers what they were not asked, or answered and there is nothing for it.
-- Do: report it with the rows named here; answers are kept as they came.
-- Counts: survey_answer
select a.program_id, a.invitation_id, a.survey_id, a.score,
       case when i.invitation_id is null then 'nobody was asked'
            when i.survey_id <> a.survey_id then 'of another survey'
            when a.answered_at not between i.made_at and i.expires_at then 'not in time'
            when (s.kind = 'feedback') <> (a.score is null)
              or (s.kind = 'csat' and a.score not between 1 and 5) then 'no score of its scale'
            else 'no activity' end as wrong
  from survey_answer a
  left join survey_invitation i using (program_id, invitation_id)
  left join survey s on s.program_id = a.program_id and s.survey_id = a.survey_id
 where i.invitation_id is null or s.survey_id is null or i.survey_id <> a.survey_id
    or a.answered_at not between i.made_at and i.expires_at
    or (s.kind = 'feedback') <> (a.score is null)
    or (s.kind = 'csat' and a.score not between 1 and 5)
    or not exists (select from activity t
                    where t.program_id = a.program_id and t.kind = 'survey'
                      and t.source = 'regulars-survey'
                      and t.external_id = replace(a.invitation_id::text, '-', ''))
