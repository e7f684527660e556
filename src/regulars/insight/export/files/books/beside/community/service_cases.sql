-- Service cases of members; of erased ones no word.
-- Table: service_case
-- Delta: whole
-- case_id cas: which one
-- member_id mem: whose
-- subject text?: what it is
-- reason text?: what it is about, as a code
-- store text?: where
-- priority int: 1 first, 3 last
-- tier text?: on which the member stood as it was opened
-- state text: open, closed or forgotten
-- outcome text?: how it ended
-- opened_at instant: when
-- opened_by text: by whom
-- due_at instant: until when somebody should have answered
-- closed_at instant?: when
-- closed_by text?: by whom
-- booked bool: whether that it was closed is an activity
select c.case_id, coalesce(l.into_id, c.member_id) as member_id, nullif(c.subject, '') as subject,
       nullif(c.reason, '') as reason, nullif(c.store, '') as store, c.priority,
       nullif(c.tier, '') as tier, c.state, nullif(c.outcome, '') as outcome, c.opened_at,
       c.opened_by, c.due_at, c.closed_at, nullif(c.closed_by, '') as closed_by, c.booked
  from service_case c
  left join member_alias l on l.program_id = c.program_id and l.member_id = c.member_id
 where c.program_id = $1
