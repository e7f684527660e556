-- I2: Whatever is reserved belongs to a redemption and names lots of the same member.
-- Fails when: points are blocked and nobody knows for what.
-- Do: compare the rows named here with the last backup and report it as a bug.
-- Counts: hold
select program_id, member_id, hold_id, redemption_id as other_id,
       'hold without redemption' as missing
  from hold h
 where not exists (select from redemption r
                    where r.program_id = h.program_id and r.member_id = h.member_id
                      and r.redemption_id = h.redemption_id)
union all
select program_id, member_id, hold_id, lot_id, 'reserved lot without hold'
  from hold_lot o
 where not exists (select from hold h
                    where h.program_id = o.program_id and h.member_id = o.member_id
                      and h.hold_id = o.hold_id)
union all
select o.program_id, o.member_id, o.hold_id, o.lot_id, 'reserved lot without lot'
  from hold_lot o
  join hold h using (program_id, member_id, hold_id)
 where not exists (select from lot l
                    where l.program_id = o.program_id and l.member_id = o.member_id
                      and l.wallet = h.wallet and l.lot_id = o.lot_id)
