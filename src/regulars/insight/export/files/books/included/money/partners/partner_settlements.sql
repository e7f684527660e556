-- Settlements with partners: stretches of their accounts, and what they come to.
-- Table: partner_settlement
-- Delta: whole
-- settlement_id uuid: its number
-- partner_id uuid: the partner
-- number int: which of the partner's settlements it is
-- after_step int: behind which line of the account it begins
-- to_step int: with which line it ends
-- from_at instant?: what was booked since; empty for the first
-- until_at instant: what was booked before
-- opening_minor int: what stood there before, in the smallest unit of money
-- payments_minor int: what was paid
-- accruals_minor int: what customers of the partner collected
-- redemptions_minor int: what members spent there
-- returns_minor int: what came back
-- corrections_minor int: what was given back by disputes
-- closing_minor int: what stands there after
-- made_at instant: when it was made
-- actor text: who made it
select settlement_id, partner_id, number, after_step, to_step, from_at, until_at, opening_minor,
       payments_minor, accruals_minor, redemptions_minor, returns_minor, corrections_minor,
       closing_minor, made_at, actor
  from partner_settlement where program_id = $1
