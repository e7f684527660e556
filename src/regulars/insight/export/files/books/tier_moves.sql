-- Ups, confirmations and downs, with their reason.
-- Table: tier_move
-- Delta: members
-- move_id uuid: the move
-- member_id mem: the member
-- from_tier text?: tier before
-- to_tier text?: tier after
-- reason text: reached, kept, lost, returned …
-- cause_id act?: the activity behind it
-- until_at instant?: end of the tier
-- occurred_at instant: when it happened
-- recorded_at instant: when it was booked
-- counted int?: the credit it was decided by
select move_id, member_id, from_tier, to_tier, reason, cause_id, until_at, occurred_at, recorded_at,
       counted
  from tier_move where program_id = $1
