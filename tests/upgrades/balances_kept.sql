-- What must hold right after a step: balances are still the sums of the postings.
select b.program_id, b.member_id, b.wallet
  from balance b
 where b.available <> coalesce((select sum(p.amount) from posting p
                                 where p.program_id = b.program_id and p.member_id = b.member_id
                                   and p.wallet = b.wallet and p.account = 1), 0);
