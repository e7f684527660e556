-- What tills recorded while they were cut off, and what became of it.
-- Table: till_record
-- Delta: whole
-- record_id uuid: its number
-- till_id uuid: the till
-- sequence int: its number at the till
-- hash text: of the signed text, in hexadecimal digits
-- previous text: the hash of the record before
-- signature text: by the till's key
-- kind text: what it tells
-- cashier text: who stood at the till
-- device_at instant?: when, by the device's clock
-- occurred_at instant: when, as it was decided
-- clock text: why the device's clock was not believed
-- state text: taken, applied, duplicate, quarantined or dismissed
-- reason text: why
-- says text: why, in words
-- member_id mem?: whose it is
-- subject_id uuid?: the activity, redemption or member it became
-- recorded_at instant: when it came
-- ended_at instant?: when it ended
-- ended_by text: who ended it
select record_id, till_id, sequence, encode(hash, 'hex') as hash, encode(previous, 'hex') as previous,
       encode(signature, 'hex') as signature, kind, cashier, device_at, occurred_at, clock, state,
       reason, says, member_id, subject_id, recorded_at, ended_at, ended_by
  from till_record where program_id = $1
