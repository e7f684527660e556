-- What was told of erased members afterwards; nothing of it was booked.
-- Table: quarantine
-- Delta: appended by quarantine_id
-- quarantine_id uuid: its number
-- member_id mem: the pseudonym
-- about text: activity or member
-- reason text: why it is here
-- kind text: kind of activity
-- source text: who told it
-- external_id text: its number there
-- store text: where
-- occurred_at instant?: when it happened
-- amount_minor int?: what was paid
-- actor text: who told it
-- recorded_at instant: when it came
select quarantine_id, member_id, about, reason, kind, source, external_id, store, occurred_at,
       amount_minor, actor, recorded_at, xmin as written
  from quarantine where program_id = $1
