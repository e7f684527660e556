-- I17: Nobody spends points before they are usable, and by the clock they turn at their instant.
-- Fails when: points that were pending were reserved or lapsed, or turned too early.
-- Do: take back from the members named here by an adjustment what they had too early; report it.
-- Counts: entry where kind in ('activate', 'cancel')
--
-- What was confirmed is usable from that instant on, so its entry and its lot say the same. Which
-- of reserving and turning came first is told by their ids, as clocks may be set back.
select h.program_id, h.member_id, l.lot_id, h.hold_id as id, l.activates_at as due, h.opened_at as at,
       'reserved while it was pending' as wrong
  from hold h
  join hold_lot o using (program_id, member_id, hold_id)
  join lot l on l.program_id = o.program_id and l.member_id = o.member_id and l.lot_id = o.lot_id
  left join entry e on e.program_id = l.program_id and e.member_id = l.member_id
                   and e.cause_id = l.lot_id and e.kind = 'activate'
 where l.state <> 'open'
    or left(e.entry_id::text, 13) collate "C" > left(h.hold_id::text, 13) collate "C"
union all
select e.program_id, e.member_id, l.lot_id, e.entry_id, l.activates_at, e.occurred_at,
       'usable at another instant'
  from entry e
  join lot l on l.program_id = e.program_id and l.member_id = e.member_id and l.lot_id = e.cause_id
 where e.kind = 'activate'
   and (l.activates_at <> e.occurred_at or e.recorded_at < e.occurred_at
        or e.occurred_at >= l.cancels_at)
union all
select e.program_id, e.member_id, l.lot_id, e.entry_id, l.cancels_at, e.occurred_at,
       'cancelled after its time'
  from entry e
  join lot l on l.program_id = e.program_id and l.member_id = e.member_id and l.lot_id = e.cause_id
 where e.kind = 'cancel' and (e.occurred_at > l.cancels_at or e.recorded_at < e.occurred_at)
union all
select program_id, member_id, lot_id, entry_id, activates_at, expires_at, 'lapses before it is usable'
  from lot
 where activates_at > expires_at
