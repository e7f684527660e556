-- Partners: other businesses whose customers collect or spend points here.
-- Table: partner
-- Delta: whole
-- partner_id uuid: its number
-- slug text: its short name
-- name text: the name people read
-- made_at instant: since when
-- actor text: who said so
select partner_id, slug, name, made_at, actor from partner where program_id = $1
