-- Program files somebody works on.
-- Table: program_draft
-- Delta: whole
-- name text: name of the draft
-- revision int: how often it was written
-- based_on int: the newest version when it was begun; 0 before the first
-- source text: the program file as it was written
-- author text: who began it
-- created_at instant: when it was begun
-- changed_by text: who wrote it last
-- changed_at instant: when it was written last
-- before text?: what it said until then
select name, revision, based_on, source, author, created_at, changed_by, changed_at, before
  from program_draft where program_id = $1
