-- I2: Every member is found by their own loyalty number; who was merged, as the one they are now.
-- Fails when: a card is read and nobody, or somebody else, comes up.
-- Do: report it; `regulars rebuild --repair` links the number to its member again.
-- Counts: member
select m.program_id, m.member_id, m.number, i.member_id as found_member_id,
       coalesce(a.into_id, m.member_id) as stands_as
  from member m
  left join member_alias a on a.program_id = m.program_id and a.member_id = m.member_id
  left join identifier i on i.program_id = m.program_id and i.kind = 'number' and i.value = m.number
 where i.member_id is distinct from coalesce(a.into_id, m.member_id)
