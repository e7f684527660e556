-- What members are found by; the loyalty number stands with the member.
-- Table: identifier
-- Delta: members
-- member_id mem: the member
-- kind text: phone, email, card or external
-- value text: in its one spelling, such as +4930901820
select member_id, kind, value from identifier where program_id = $1 and kind <> 'number'
