-- Missing activities that were claimed, and what became of them.
-- Table: partner_claim
-- Delta: whole
-- claim_id uuid: its number
-- member_id mem: the member
-- partner_id uuid: the partner
-- contract_id uuid: by which contract
-- units int: how many
-- occurred_at instant: when it happened
-- filed_at instant: when it was claimed
-- decide_by instant: until before when it is decided
-- external_id text: the partner's number
-- actor text: who claimed it
-- reason text: why
select claim_id, member_id, partner_id, contract_id, units, occurred_at, filed_at, decide_by,
       external_id, actor, reason
  from partner_claim where program_id = $1
