-- I73: What is counted of points by the month they were earned is what lots were given and lost.
-- Fails when: breakage and liability are estimated from points that never were.
-- Do: the lots decide. Have it worked out again: `regulars rebuild --repair`. Report it with the
--   rows named here.
-- Counts: lot_month
with reach as (
    select program_id, below_tx from prepared_reach where after_id is null
), booked as (
    select e.program_id, e.member_id, e.entry_id, e.kind
      from entry e join reach r using (program_id) where e.recorded_tx < r.below_tx
), moves as (
    select l.program_id, l.wallet, b.kind, true as opens, -l.amount as gone
      from lot l join booked b using (program_id, member_id, entry_id)
    union all
    select m.program_id, m.wallet, b.kind, false, -m.delta
      from lot_move m join booked b using (program_id, member_id, entry_id)
), held as (
    select program_id, wallet, -sum(gone) as remaining,
           sum(gone) filter (where kind in ('capture', 'refund')) as redeemed,
           sum(gone) filter (where kind in ('expire', 'reinstate')) as expired
      from moves group by 1, 2
), counted as (
    select program_id, wallet, sum(given - redeemed - expired - other) as remaining,
           sum(redeemed) as redeemed, sum(expired) as expired
      from lot_month join reach using (program_id) group by 1, 2
)
select program_id, wallet, h.remaining, c.remaining as remaining_counted, h.redeemed,
       c.redeemed as redeemed_counted, h.expired, c.expired as expired_counted
  from held h full join counted c using (program_id, wallet)
 where row(coalesce(h.remaining, 0), coalesce(h.redeemed, 0), coalesce(h.expired, 0)) <>
       row(coalesce(c.remaining, 0), coalesce(c.redeemed, 0), coalesce(c.expired, 0))
