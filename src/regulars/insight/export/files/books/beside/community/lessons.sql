-- Lessons with their quiz.
-- Table: lesson
-- Delta: whole
-- lesson text: its code
-- name text: how it is called
-- says json: by language what is taught
-- questions json: what is asked, with what is right
-- needed int: how many right answers pass
-- club text?: for whoever is in this club
-- state text: open or closed
-- version int: how often it was written
-- made_at instant: when first
-- made_by text: by whom
-- changed_at instant: when last
-- changed_by text: by whom
-- held bool: whether only who came to an event that teaches it reads it
select s.code as lesson, s.name, s.says, s.questions, s.needed, c.code as club, s.state, s.version,
       s.made_at, s.made_by, s.changed_at, s.changed_by, s.held
  from lesson s left join club c using (program_id, club_id) where s.program_id = $1
