-- Bank accounts: where members' money goes.
-- Table: bank_account
-- Delta: whole
-- member_id mem: the member
-- holder text: whose account
-- iban text: which account
-- bic text: at which bank, where it was said
-- set_at instant: when it was told
-- usable text: whether money is sent there
-- why text: the bank's reason why it is not
select member_id, holder, iban, bic, set_at, usable::text as usable, why
  from bank_account where program_id = $1
