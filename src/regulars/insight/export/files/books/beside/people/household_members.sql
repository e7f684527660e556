-- Who belongs to which household, and who did.
-- Table: household_member
-- Delta: whole
-- place_id uuid: the place
-- household_id uuid: the household
-- member_id mem: the member
-- role text: head, member, minor or buyer
-- joined_at instant: since when
-- left_at instant?: until when
-- actor text: who decided it
-- limits json: of a buyer: units per wallet in a period, where it is not as the program says
select place_id, household_id, member_id, role, joined_at, left_at, actor, limits
  from household_member where program_id = $1
