-- Tiers that were brought over from another system.
select member_id, move_id, to_tier, cause_id, until_at, occurred_at, recorded_at
  from tier_move
 where program_id = $1 and recorded_at < $2 and reason = 'brought_over'
