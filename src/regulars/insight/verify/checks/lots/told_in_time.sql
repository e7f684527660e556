-- I14: An end moves only by an entry that says so, one move after the other up to where it stands.
-- Fails when: points live longer and nothing says why, or the books say that they do and they do
--   not.
-- Do: the postponements say what was decided; settle the members named here by an adjustment and
--   report it as a bug.
-- Counts: postponement
select p.program_id, p.member_id, p.lot_id, p.entry_id, p.to_at as ends,
       null::timestamptz as at, 'postponed without an entry' as wrong
  from postponement p
 where not exists (select from entry e
                    where e.program_id = p.program_id and e.member_id = p.member_id
                      and e.entry_id = p.entry_id and e.kind = 'postpone'
                      and e.cause_id = p.lot_id)
union all
select e.program_id, e.member_id, e.cause_id, e.entry_id, null, null, 'entry without postponement'
  from entry e
 where e.kind = 'postpone'
   and not exists (select from postponement p
                    where p.program_id = e.program_id and p.member_id = e.member_id
                      and p.entry_id = e.entry_id)
union all
select m.program_id, m.member_id, n.lot_id, m.message_id, m.delivered_at, m.recorded_at,
       'shown before it was written'
  from message m
  join notice_lot n using (program_id, member_id, message_id)
 where m.delivered_at < m.recorded_at
union all
select n.program_id, n.member_id, n.lot_id, n.message_id, null, null, 'notice of nothing'
  from notice_lot n
 where not exists (select from lot l
                    where l.program_id = n.program_id and l.member_id = n.member_id
                      and l.lot_id = n.lot_id)
    or not exists (select from message m
                    where m.program_id = n.program_id and m.member_id = n.member_id
                      and m.message_id = n.message_id)
