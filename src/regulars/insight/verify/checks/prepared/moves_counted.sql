-- I71: What is counted as issued, redeemed, expired and adjusted of a member is what was posted.
-- Fails when: finance reads other sums than the books have.
-- Do: the postings decide. Have it worked out again: `regulars rebuild --repair`. Report it with
--   the rows named here.
-- Counts: points_day
--
-- Of whoever had something booked since the rows were last brought up nothing is said.
with reach as (
    select program_id, below_tx from prepared_reach where after_id is null
), fresh as (
    select program_id, member_id from entry join reach using (program_id)
     where recorded_tx >= below_tx
     union select program_id, member_id from outbox join reach using (program_id)
     where recorded_tx >= below_tx
     union select program_id, member_id from erasure join reach using (program_id)
     where recorded_tx >= below_tx
), passed as (
    select f.program_id, coalesce(a.into_id, f.member_id) as member_id
      from fresh f left join member_alias a using (program_id, member_id)
     union select * from fresh
), never as (
    select program_id, member_id from import_undone where made and state = 'undone'
), posted as (
    select p.program_id, coalesce(i.into_id, p.member_id) as member_id, p.wallet,
           -coalesce(sum(amount) filter (where account = 11), 0) as issued,
           coalesce(sum(amount) filter (where account = 12), 0) as redeemed,
           coalesce(sum(amount) filter (where account = 13), 0) as expired,
           -coalesce(sum(amount) filter (where account = 14), 0) as adjusted,
           -coalesce(sum(amount) filter (where account > 14), 0) as other
      from posting p
      join reach using (program_id)
      left join member_alias i on i.program_id = p.program_id and i.member_id = p.member_id
      left join never n on n.program_id = p.program_id and n.member_id = p.member_id
     where p.account >= 11 and n.member_id is null
     group by 1, 2, 3
), counted as (
    select program_id, member_id, wallet, sum(issued) as issued, sum(redeemed) as redeemed,
           sum(expired) as expired, sum(adjusted) as adjusted, sum(other) as other
      from points_day join reach using (program_id) group by 1, 2, 3
)
select program_id, member_id, wallet, p.issued, c.issued as issued_counted, p.redeemed,
       c.redeemed as redeemed_counted, p.expired, c.expired as expired_counted
  from posted p full join counted c using (program_id, member_id, wallet)
  left join passed x using (program_id, member_id)
 where x.member_id is null
   and row(p.issued, p.redeemed, p.expired, p.adjusted, p.other)
       is distinct from row(c.issued, c.redeemed, c.expired, c.adjusted, c.other)
