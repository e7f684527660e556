-- I2: Every member is found by their own loyalty number.
-- Fails when: a card is read and nobody, or somebody else, comes up.
-- Do: report it; `regulars rebuild --repair` links the number to its member again.
-- Counts: member
select m.program_id, m.member_id, m.number, i.member_id as found_member_id
  from member m
  left join identifier i on i.program_id = m.program_id and i.kind = 'number' and i.value = m.number
 where i.member_id is distinct from m.member_id
