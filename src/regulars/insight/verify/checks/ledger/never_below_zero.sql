-- I5: Nobody has less than nothing: what is owed is called debt and stands apart.
-- Fails when: a member spent more than they had.
-- Do: stop redemptions. The constraint on `balance` is missing or was not in force; run `regulars
--   doctor`, report it, and correct the members named here by an adjustment.
-- Counts: balance
select program_id, member_id, wallet, available, pending, held, debt, earned
  from balance
 where least(available, pending, held, debt, earned) < 0
