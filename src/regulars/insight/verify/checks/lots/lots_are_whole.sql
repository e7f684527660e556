-- I2: Every lot was opened by an entry, and whatever moved in it is explained by one.
-- Fails when: points are there that nobody earned, or left without anybody taking them.
-- Do: stop the tills and keep the database as it is. Compare the rows named here with the last
--   backup and report it as a bug.
-- Counts: lot
select program_id, member_id, lot_id, entry_id, 'lot without entry' as missing
  from lot l
 where not exists (select from entry e
                    where e.program_id = l.program_id and e.member_id = l.member_id
                      and e.entry_id = l.entry_id)
union all
select program_id, member_id, lot_id, entry_id, 'move without entry'
  from lot_move m
 where not exists (select from entry e
                    where e.program_id = m.program_id and e.member_id = m.member_id
                      and e.entry_id = m.entry_id)
union all
select program_id, member_id, lot_id, entry_id, 'move without lot'
  from lot_move m
 where not exists (select from lot l
                    where l.program_id = m.program_id and l.member_id = m.member_id
                      and l.wallet = m.wallet and l.lot_id = m.lot_id)
