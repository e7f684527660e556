-- Households: members who spend together; each keeps their own points.
-- Table: household
-- Delta: whole
-- household_id uuid: its number
-- name text: its name, empty when not told
-- actor text: who founded it
-- recorded_at instant: when
select household_id, name, actor, recorded_at from household where program_id = $1
