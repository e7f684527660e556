-- What members owe, per wallet; debts of erased members are in the books alone.
-- Table: balance
-- Delta: members
-- Totals: owed
-- member_id mem: the member
-- wallet text: name of the wallet in the program file
-- owed int: points owed
select b.member_id, w.name as wallet, b.debt as owed
  from balance b
  join program_code w on w.program_id = b.program_id and w.kind = 'wallet' and w.code = b.wallet
 where b.program_id = $1 and b.debt > 0
   and not exists (select from erasure x
                    where x.program_id = b.program_id and x.member_id = b.member_id)
