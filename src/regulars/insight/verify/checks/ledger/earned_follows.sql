-- I4: What a member has earned so far is everything that was issued, less what returns took back.
-- Fails when: a member's lifetime figure is wrong; what they can spend is another check.
-- Do: the books (postings) decide. Report it; `regulars rebuild --repair` sets it right.
-- Counts: balance
--
-- A merged member's figure went to the one they stand under; so the two are looked at together.
with booked as (
    select program_id, coalesce(a.into_id, p.member_id) as member_id, wallet,
           -sum(amount) as earned
      from posting p
      left join member_alias a using (program_id, member_id)
     where account = 11
     group by 1, 2, 3
), kept as (
    select program_id, coalesce(a.into_id, b.member_id) as member_id, wallet,
           sum(earned) as earned
      from balance b
      left join member_alias a using (program_id, member_id)
     group by 1, 2, 3
)
select program_id, member_id, wallet, b.earned, coalesce(p.earned, 0) as earned_booked
  from booked p
  full join kept b using (program_id, member_id, wallet)
 where coalesce(b.earned, 0) <> coalesce(p.earned, 0)
