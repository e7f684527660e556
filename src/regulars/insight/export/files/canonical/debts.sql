-- What members owe, per wallet; debts of erased members are in the books alone.
-- Table: balance
-- Delta: members
-- Totals: owed
-- member_id mem: the member
-- wallet text: name of the wallet in the program file
-- owed int: points owed
-- since instant?: since when it never came to nothing
select b.member_id, w.name as wallet, b.debt as owed, o.since
  from balance b
  -- As `records/ledger/ends` has it, of all at once: forgiving goes by the same instant.
  left join (
       select member_id, wallet, min(since) as since
         from (select d.program_id, d.member_id, d.wallet, d.since,
                      sum(case when d.owed = 0 then 1 else 0 end)
                          over (partition by d.program_id, d.member_id, d.wallet
                                order by d.entry_id desc) as ended
                 from (select p.program_id, p.member_id, p.wallet, p.entry_id,
                              min(debt_begins(e, p.wallet, p.amount < 0)) as since,
                              -sum(sum(p.amount)) over (
                                  partition by p.program_id, p.member_id, p.wallet
                                  order by p.entry_id) as owed
                         from posting p
                         join entry e on e.program_id = p.program_id and e.member_id = p.member_id
                                     and e.entry_id = p.entry_id
                        where p.program_id = $1 and p.account = 4
                        group by p.program_id, p.member_id, p.wallet, p.entry_id) d) s
        where s.ended = 0
        group by member_id, wallet) o on o.member_id = b.member_id and o.wallet = b.wallet
  join program_code w on w.program_id = b.program_id and w.kind = 'wallet' and w.code = b.wallet
 where b.program_id = $1 and b.debt > 0
   and not exists (select from erasure x
                    where x.program_id = b.program_id and x.member_id = b.member_id)
