-- Pay-outs that a bank sent back: the money is in the wallet again.
-- Table: payout_return
-- Delta: members
-- return_id uuid: its number
-- redemption_id red: the pay-out
-- member_id mem: the member it was paid to
-- reference text: the bank's number of it
-- code text: the bank's reason
-- reason text: the same in words
-- at instant: when it was told
-- entry_id ent: the money in the wallet again
-- amount_minor int: how much, in the smallest unit of money
-- actor text: who told it
select return_id, redemption_id, member_id, reference, code, reason, at, entry_id, amount_minor,
       actor
  from payout_return where program_id = $1
