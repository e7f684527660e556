-- I10: What an entry adds to a member's points opens lots, and what it takes comes out of lots.
-- Fails when: points were booked that belong to no purchase, or were taken from none.
-- Do: stop the tills and keep the database as it is; compare the entries named here with the last
--   backup and report it as a bug.
-- Counts: entry
with booked as (
    select program_id, member_id, entry_id, wallet, sum(amount) as points
      from posting
     where account in (1, 2, 3)
     group by program_id, member_id, entry_id, wallet
    having sum(amount) <> 0
), moved as (
    select program_id, member_id, entry_id, wallet, sum(points) as points
      from (select program_id, member_id, entry_id, wallet, amount as points from lot
            union all
            select program_id, member_id, entry_id, wallet, delta from lot_move) as both_ways
     group by program_id, member_id, entry_id, wallet
)
select program_id, member_id, entry_id, wallet, coalesce(b.points, 0) as booked,
       coalesce(m.points, 0) as in_lots
  from booked b
  full join moved m using (program_id, member_id, entry_id, wallet)
 where coalesce(b.points, 0) <> coalesce(m.points, 0)
