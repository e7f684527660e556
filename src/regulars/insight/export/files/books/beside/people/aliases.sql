-- As whom members stand who were merged.
-- Table: member_alias
-- Delta: whole
-- member_id mem: the member who was merged
-- into_id mem: as whom they stand
select member_id, into_id from member_alias where program_id = $1
