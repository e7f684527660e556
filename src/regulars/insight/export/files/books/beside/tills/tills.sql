-- Tills: devices that are paired with a store.
-- Table: till
-- Delta: whole
-- till_id uuid: its number
-- store text: the code of its store
-- name text: the name people read
-- public_key text: by which its records are proved, the point in hexadecimal digits
-- state text: paired, suspended or unpaired
-- reason text: why it is not paired
-- paired_at instant: since when
-- paired_by text: who made the code
-- changed_at instant: when its state changed last
-- seen_at instant: when it was heard of last
select till_id, store, name, encode(public_key, 'hex') as public_key, state, reason, paired_at,
       paired_by, changed_at, seen_at
  from till where program_id = $1
