-- I11: What remains of all lots is what the member has, what is reserved of them is what is held,
--   and what waits in them is what is pending.
-- Fails when: a member could spend points that are in no lot, or has some that never lapse.
-- Do: look at the checks of I4 and I10 first; they say on which side it went wrong.
-- Counts: lot where remaining > 0
with in_lots as (
    select program_id, member_id, wallet, sum(remaining) as remaining, sum(pinned) as pinned,
           coalesce(sum(remaining) filter (where state = 'pending'), 0) as pending
      from lot
     where remaining <> 0 or pinned <> 0
     group by program_id, member_id, wallet
)
select program_id, member_id, wallet, coalesce(l.remaining, 0) as in_lots,
       coalesce(b.available + b.pending + b.held, 0) as in_balance,
       coalesce(l.pinned, 0) as pinned, coalesce(b.held, 0) as held,
       coalesce(l.pending, 0) as waiting, coalesce(b.pending, 0) as pending
  from in_lots l
  full join balance b using (program_id, member_id, wallet)
 where coalesce(l.remaining, 0) <> coalesce(b.available + b.pending + b.held, 0)
    or coalesce(l.pinned, 0) <> coalesce(b.held, 0)
    or coalesce(l.pending, 0) <> coalesce(b.pending, 0)
