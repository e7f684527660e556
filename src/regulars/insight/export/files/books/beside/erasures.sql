-- Whose personal data were erased, and when: take what you hold of them out of your warehouse too.
-- Table: erasure
-- Delta: unseen
-- member_id mem: the pseudonym
-- erased_at instant: when
-- actor text: who asked for it
select member_id, erased_at, actor, xmin as written from erasure where program_id = $1
