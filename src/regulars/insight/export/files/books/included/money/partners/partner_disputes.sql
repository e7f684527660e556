-- Lines of accounts that partners disputed.
-- Table: partner_dispute
-- Delta: whole
-- dispute_id uuid: its number
-- partner_id uuid: the partner
-- entry_id uuid: the line
-- opened_at instant: when
-- actor text: who did it
-- reason text: why
select dispute_id, partner_id, entry_id, opened_at, actor, reason
  from partner_dispute where program_id = $1
