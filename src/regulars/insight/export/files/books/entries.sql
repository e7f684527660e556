-- Every movement in the books with its cause; never changed.
-- Table: entry
-- Delta: appended by entry_id
-- entry_id ent: the entry
-- member_id mem: the member
-- kind text: earn, return, hold, capture, void, lapse, expire, adjust …
-- cause_id uuid: the activity, redemption, lot or adjustment that brought it about
-- reverses ent?: the entry it takes back
-- occurred_at instant: when it happened
-- recorded_at instant: when it was booked
-- actor text: who caused it
-- reason text: of a correction by hand: why
select entry_id, member_id, kind, cause_id, reverses, occurred_at, recorded_at, actor, reason,
       xmin as written
  from entry where program_id = $1
