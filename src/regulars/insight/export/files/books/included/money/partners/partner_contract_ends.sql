-- Contracts with partners that end before their time.
-- Table: partner_contract_end
-- Delta: whole
-- contract_id uuid: its number
-- partner_id uuid: the partner
-- ends_at instant: from then on nothing is collected or spent by it
-- made_at instant: when that was said
-- actor text: who said so
-- reason text: why
select contract_id, partner_id, ends_at, made_at, actor, reason
  from partner_contract_end
 where program_id = $1
