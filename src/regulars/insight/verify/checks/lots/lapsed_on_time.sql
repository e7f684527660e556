-- I13: Points lapse not before their end, never more than were there, and dead ones are not
--   spent.
-- Fails when: a member lost points too early, or paid with points that were gone.
-- Do: give the members named here back what lapsed too early by an adjustment; report it.
-- Counts: entry where kind = 'expire'
--
-- What lapsed before its end in a wallet that asks for activity is judged by what that asks for
-- (idle/long_enough).
with rules as (
    select distinct program_id, wallet
      from jsonb_to_recordset($1::jsonb -> 'idle') as r (program_id int, wallet int)
)
select e.program_id, e.member_id, l.lot_id, e.entry_id as id, l.expires_at, e.recorded_at as at,
       'lapsed before its end' as wrong
  from entry e
  join lot l on l.program_id = e.program_id and l.member_id = e.member_id and l.lot_id = e.cause_id
 where e.kind = 'expire' and (e.recorded_at < l.expires_at or e.occurred_at <> l.expires_at)
   and not (e.occurred_at < l.expires_at and e.occurred_at <= e.recorded_at
            and (l.program_id, l.wallet) in (select program_id, wallet from rules))
union all
select h.program_id, h.member_id, l.lot_id, h.hold_id, l.expires_at, h.opened_at,
       'reserved after its end'
  from hold h
  join hold_lot o using (program_id, member_id, hold_id)
  join lot l on l.program_id = o.program_id and l.member_id = o.member_id and l.lot_id = o.lot_id
 where h.opened_at >= l.expires_at
union all
select e.program_id, e.member_id, m.lot_id, e.entry_id, null, e.recorded_at,
       'touched another lot than its own'
  from entry e
  join lot_move m using (program_id, member_id, entry_id)
 where e.kind = 'expire' and m.lot_id <> e.cause_id
