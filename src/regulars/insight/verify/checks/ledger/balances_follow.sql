-- I4, I6: A balance is exactly what was ever put in and taken out, in each of its parts.
-- Fails when: what a member sees is not what the books say.
-- Do: the books (postings) decide, the balance is a copy of them. Keep a backup, report it with the
--   rows named here, and have it copied again: `regulars rebuild --repair`.
-- Counts: balance
with booked as (
    select program_id, member_id, wallet,
           sum(amount) filter (where account = 1) as available,
           sum(amount) filter (where account = 2) as pending,
           sum(amount) filter (where account = 3) as held,
           -sum(amount) filter (where account = 4) as debt
      from posting
     where account in (1, 2, 3, 4)
     group by program_id, member_id, wallet
)
select program_id, member_id, wallet,
       b.available, coalesce(p.available, 0) as available_booked,
       b.pending, coalesce(p.pending, 0) as pending_booked,
       b.held, coalesce(p.held, 0) as held_booked,
       b.debt, coalesce(p.debt, 0) as debt_booked
  from booked p
  full join balance b using (program_id, member_id, wallet)
 where coalesce(b.available, 0) <> coalesce(p.available, 0)
    or coalesce(b.pending, 0) <> coalesce(p.pending, 0)
    or coalesce(b.held, 0) <> coalesce(p.held, 0)
    or coalesce(b.debt, 0) <> coalesce(p.debt, 0)
