-- Words the shop put on members.
-- Table: member_tag
-- Delta: members
-- member_id mem: the member
-- tag text: the word
-- at instant: since when
select member_id, tag, at from member_tag where program_id = $1
