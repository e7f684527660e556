-- Pay-outs: what one member got in a run, and where it went.
-- Table: payout
-- Delta: members
-- redemption_id red: the redemption that took it, and the end-to-end id of the bank's file
-- member_id mem: the member
-- run_id uuid: the run
-- place int: its place in the file, without a gap
-- amount_minor int: how much, in the smallest unit of money
-- holder text: whose account; empty once its member was erased
-- iban text: which account; empty once its member was erased
-- bic text: at which bank, where it was said
select redemption_id, member_id, run_id, place, amount_minor, holder, iban, bic
  from payout where program_id = $1
