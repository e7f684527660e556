-- Draws: what was announced, and what was drawn. The secret is told once it is drawn.
-- Table: draw
-- Delta: whole
-- draw text: which one, as in the program file
-- version int: the version whose promise it is
-- commitment text: SHA-256 of the secret
-- announced_at instant: when that was told
-- announced_by text: by whom
-- secret text?: the secret itself
-- public text?: words nobody could know before
-- list_digest text?: SHA-256 of the list of who took part
-- tickets int?: how many tickets there were
-- drawn_at instant?: when it was drawn
-- drawn_by text?: by whom
select draw, version, commitment, announced_at, announced_by,
       case when drawn_at is not null then secret end as secret, public, list_digest, tickets,
       drawn_at, drawn_by
  from draw
 where program_id = $1
