-- Claims that partners told of by a number of their own.
-- Table: partner_claim_match
-- Delta: whole
-- claim_id uuid: the claim
-- partner_id uuid: the partner
-- external_id text: the partner's number
-- entry_id uuid: the line that stands for both
-- matched_at instant: when they were found to be the same
select claim_id, partner_id, external_id, entry_id, matched_at
  from partner_claim_match where program_id = $1
