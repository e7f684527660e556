-- Who belongs to which household, and who did.
-- Table: household_member
-- Delta: whole
-- place_id uuid: the place
-- household_id uuid: the household
-- member_id mem: the member
-- role text: head or member
-- joined_at instant: since when
-- left_at instant?: until when
-- actor text: who decided it
select place_id, household_id, member_id, role, joined_at, left_at, actor
  from household_member where program_id = $1
