-- What was noted of service cases.
-- Table: case_note
-- Delta: whole
-- case_id cas: of which one
-- note_id uuid: which note
-- says text: what was said or done
-- made_at instant: when
-- made_by text: by whom
select case_id, note_id, says, made_at, made_by from case_note where program_id = $1
