-- I11: Of every lot exactly that much is reserved as open redemptions have reserved.
-- Fails when: points are blocked that nobody waits for, or are promised twice.
-- Do: report it; `regulars rebuild --repair` reserves again just what open redemptions reserve.
-- Counts: hold where state = 'open'
with reserved as (
    select o.program_id, o.member_id, h.wallet, o.lot_id, sum(o.amount) as points
      from hold_lot o
      join hold h using (program_id, member_id, hold_id)
     where h.state = 'open'
     group by o.program_id, o.member_id, h.wallet, o.lot_id
), pins as (
    select program_id, member_id, wallet, lot_id, pinned from lot where pinned <> 0
)
select program_id, member_id, wallet, lot_id, coalesce(l.pinned, 0) as pinned,
       coalesce(r.points, 0) as reserved
  from pins l
  full join reserved r using (program_id, member_id, wallet, lot_id)
 where coalesce(l.pinned, 0) <> coalesce(r.points, 0)
