-- I7: All members together hold what the program issued, less what was redeemed, lapsed or
--   corrected.
-- Fails when: the sum of what you owe your members is not the sum of your books.
-- Do: the other checks say at which member it went wrong; start with those of I1 and I4.
-- Counts: posting
with booked as (
    select p.program_id, p.wallet, sum(p.amount) as off_by,
           sum(p.amount) filter (where n.side = 'member') as members
      from posting p
      join account_name n using (account)
     group by p.program_id, p.wallet
), owed as (
    select program_id, wallet, sum(available + pending + held - debt) as members
      from balance
     group by program_id, wallet
)
select program_id, wallet, coalesce(b.off_by, 0) as off_by,
       coalesce(b.members, 0) as members_booked, coalesce(o.members, 0) as members_shown
  from booked b
  full join owed o using (program_id, wallet)
 where coalesce(b.off_by, 0) <> 0 or coalesce(b.members, 0) <> coalesce(o.members, 0)
