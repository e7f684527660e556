-- I8: No amount is nothing, and none is larger than every reader keeps exactly (2^53-1).
-- Fails when: an amount would be shown wrongly by browsers and tills.
-- Do: the constraint on the table is missing or was not in force; run `regulars doctor`, report
--   it, and reverse the entries named here by an adjustment.
-- Counts: posting
select program_id, member_id, entry_id as id, 'posting' as kept_in, amount
  from posting
 where amount = 0 or amount not between -9007199254740991 and 9007199254740991
union all
select program_id, member_id, lot_id, 'lot', amount
  from lot
 where amount not between 1 and 9007199254740991
union all
select program_id, member_id, null, 'balance', greatest(available, pending, held, debt, earned)
  from balance
 where greatest(available, pending, held, debt, earned) > 9007199254740991
