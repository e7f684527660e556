-- What remains of a lot is what was put in and moved since; reserved is what open holds name.
with moved as (
    select program_id, member_id, wallet, lot_id, sum(delta) as points
      from lot_move
     group by program_id, member_id, wallet, lot_id
), reserved as (
    select o.program_id, o.member_id, h.wallet, o.lot_id, sum(o.amount) as points
      from hold_lot o
      join hold h using (program_id, member_id, hold_id)
     where h.state = 'open'
     group by o.program_id, o.member_id, h.wallet, o.lot_id
)
select program_id, member_id, wallet, lot_id, l.remaining, l.pinned,
       l.amount + coalesce(m.points, 0) as remaining_due, coalesce(r.points, 0) as pinned_due
  from lot l
  left join moved m using (program_id, member_id, wallet, lot_id)
  left join reserved r using (program_id, member_id, wallet, lot_id)
 where l.remaining <> l.amount + coalesce(m.points, 0) or l.pinned <> coalesce(r.points, 0)
