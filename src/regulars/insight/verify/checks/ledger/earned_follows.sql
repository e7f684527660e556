-- I4: What a member has earned so far is everything that was issued, less what returns took back.
-- Fails when: a member's lifetime figure is wrong; what they can spend is another check.
-- Do: the books (postings) decide. Report it; `regulars rebuild --repair` sets it right.
-- Counts: balance
with booked as (
    select program_id, member_id, wallet, -sum(amount) as earned
      from posting
     where account = 11
     group by program_id, member_id, wallet
)
select program_id, member_id, wallet, b.earned, coalesce(p.earned, 0) as earned_booked
  from booked p
  full join balance b using (program_id, member_id, wallet)
 where coalesce(b.earned, 0) <> coalesce(p.earned, 0)
