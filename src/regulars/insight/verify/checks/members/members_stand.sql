-- I2: Every member has exactly one standing, by which all that is decided about them is put in
--   order.
-- Fails when: a member cannot earn or redeem, or two tills could decide about them at once.
-- Do: report it; `regulars rebuild --repair` adds a standing that is missing.
-- Counts: member
select program_id, member_id, m.member_id is not null as is_member,
       s.member_id is not null as has_standing
  from member m
  full join standing s using (program_id, member_id)
 where m.member_id is null or s.member_id is null
