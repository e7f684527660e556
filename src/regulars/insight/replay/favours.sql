-- What the shop did for its members: longer lives, points given back, debts forgiven by hand,
-- notices that were shown, erasures. Of points the cause is what had brought their lot about; of a
-- notice that nobody was active, the end it told of is said.
select case y.kind when 'spare' then 'extend' else y.kind end as what, y.member_id,
       y.entry_id as id, e.recorded_at, c.name as wallet, y.points as units, l.cause_id,
       y.from_at, y.to_at
  from courtesy y
  join entry e on e.program_id = y.program_id and e.member_id = y.member_id
              and e.entry_id = y.entry_id
  join lot l on l.program_id = y.program_id and l.member_id = y.member_id and l.lot_id = y.lot_id
  join program_code c on c.program_id = y.program_id and c.kind = 'wallet' and c.code = y.wallet
 where y.program_id = $1 and e.recorded_at < $2
       -- What came back with a return lives longer by that return; an erasure takes the words.
   and not (e.reason in ('came back with a return', 'erased')
            and exists (select from entry r
                         where r.program_id = e.program_id and r.member_id = e.member_id
                           and r.kind = 'refund' and r.recorded_at = e.recorded_at))
       -- What came over with a merge lives longer by that merge.
   and not (e.reason in ('came over with a merge', 'erased')
            and exists (select from entry r
                         where r.program_id = e.program_id and r.member_id = e.member_id
                           and r.kind = 'merge' and r.recorded_at = e.recorded_at))
union all
select 'forgive', e.member_id, e.entry_id, e.recorded_at, c.name, p.amount, e.cause_id, null, null
  from entry e
  join posting p on p.program_id = e.program_id and p.member_id = e.member_id
                and p.entry_id = e.entry_id and p.account = 17
  join program_code c on c.program_id = e.program_id and c.kind = 'wallet' and c.code = p.wallet
 where e.program_id = $1 and e.recorded_at < $2 and e.kind = 'write_off' and e.actor <> 'midnight'
union all
select 'show', m.member_id, m.message_id, m.delivered_at, c.name, m.points, l.cause_id,
       case m.kind when 'idle_notice' then m.lapses_at end, null
  from message m
  join notice_lot n on n.program_id = m.program_id and n.member_id = m.member_id
                   and n.message_id = m.message_id
  join lot l on l.program_id = n.program_id and l.member_id = n.member_id and l.lot_id = n.lot_id
  join program_code c on c.program_id = m.program_id and c.kind = 'wallet' and c.code = m.wallet
 where m.program_id = $1 and m.delivered_at < $2
union all
select 'erase', member_id, member_id, recorded_at, '', 0, member_id, null, null
  from erasure
 where program_id = $1 and recorded_at < $2
