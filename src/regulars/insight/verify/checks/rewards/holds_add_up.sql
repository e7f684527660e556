-- I16: A reservation is as large as its parts, ends once, and what is captured is within it.
-- Fails when: it is not clear how many points a redemption costs, or whether it is over.
-- Do: stop redemptions, keep the database and report it with the rows named here.
-- Counts: hold
with parts as (
    select program_id, member_id, hold_id, sum(amount) as points
      from hold_lot
     group by program_id, member_id, hold_id
)
select program_id, member_id, hold_id, h.state, h.amount, coalesce(p.points, 0) as parts,
       h.captured, h.closed_at
  from hold h
  left join parts p using (program_id, member_id, hold_id)
 where h.amount <> coalesce(p.points, 0)
    or h.captured not between 0 and h.amount
    or (h.state = 'open') <> (h.closed_at is null)
    -- Of an open one it says what is due, because something came back meanwhile.
    or (h.state in ('voided', 'lapsed') and h.captured <> 0)
