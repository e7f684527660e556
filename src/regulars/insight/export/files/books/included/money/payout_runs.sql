-- Runs of pay-outs: everything that went to bank accounts at once.
-- Table: payout_run
-- Delta: whole
-- run_id uuid: its number, and the message id of the bank's file
-- version int: version of the program
-- wallet text: the wallet it was taken from
-- made_at instant: when
-- execute_on text: the day the bank was to do it
-- currency text: of all amounts
-- from_name text: whose account of the shop
-- from_iban text: which one
-- from_bic text: at which bank, where it was said
-- says text: what stands on the bank statements
-- payouts int: how many members were paid
-- total_minor int: how much in all, in the smallest unit of money
-- reference text: the word it was made under
-- actor text: who had it made
select r.run_id, r.version, c.name as wallet, r.made_at, r.execute_on::text as execute_on,
       r.currency, r.from_name, r.from_iban, r.from_bic, r.says, r.payouts, r.total_minor,
       r.reference, r.actor
  from payout_run r
  join program_code c on c.program_id = r.program_id and c.kind = 'wallet' and c.code = r.wallet
 where r.program_id = $1
