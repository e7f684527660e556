-- The program files, word for word, in the order they were published.
-- Table: program_version
-- Delta: whole
-- version int: number of the version
-- effective_from instant: in force from then on
-- source text: the program file itself
-- published_at instant: when it was published
-- published_by text: by whom
select version, effective_from, source, published_at, published_by
  from program_version where program_id = $1
