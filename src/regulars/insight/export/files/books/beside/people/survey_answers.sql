-- What members answered when they were asked; of erased ones the score alone.
-- Table: survey_answer
-- Delta: whole
-- survey text: the code of the survey
-- invitation_id uuid: to which invitation
-- member_id mem: who answered
-- answered_at instant: when
-- score int?: from 0 to 10, or 1 to 5; none where none is asked
-- says json: by question what they wrote or chose
-- language text: in which language they were asked
-- tier text?: on which tier they stood
-- store text?: about which store
-- due_at instant?: until when somebody should look after them, where they were unhappy
-- owner text?: who does
-- done_at instant?: when that was over
-- done_by text?: by whom
-- outcome text?: solved, unsolved or not_reached
-- note text?: what was written of it
select s.code as survey, a.invitation_id, coalesce(l.into_id, a.member_id) as member_id,
       a.answered_at, a.score, a.says, a.language, nullif(a.tier, '') as tier,
       nullif(a.store, '') as store, a.due_at, nullif(a.owner, '') as owner, a.done_at, a.done_by,
       nullif(a.outcome, '') as outcome, nullif(a.note, '') as note
  from survey_answer a join survey s using (program_id, survey_id)
  left join member_alias l on l.program_id = a.program_id and l.member_id = a.member_id
 where a.program_id = $1
