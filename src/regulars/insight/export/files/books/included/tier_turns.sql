-- What became of tiers given by hand: begun, declined, withdrawn, ended before their time.
-- Table: tier_turn
-- Delta: members
-- turn_id uuid: its number
-- grant_id tgr: what was given
-- member_id mem: the member
-- what text: begun, declined, withdrawn or ended
-- at instant: when
-- until_at instant?: until before when it holds; nothing when it never ends by itself
-- was_tier text?: the tier the member stood on by themselves before
-- was_until instant?: until before when that was sure
-- had int: credit when it began, of the running window
-- actor text: who did it
-- reason text: why
select turn_id, grant_id, member_id, what, at, until_at, was_tier, was_until, had, actor, reason
  from tier_turn where program_id = $1
