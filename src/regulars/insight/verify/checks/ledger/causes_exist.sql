-- I2: Every entry names what brought it about, and that is there, with the same member.
-- Fails when: an entry points to a purchase, redemption or lot that is missing or somebody
--   else's.
-- Do: look up the entries named here with their members; if the purchase or redemption was
--   deleted, restore it from the last backup. Regulars deletes neither, so report it as a bug.
-- Counts: entry
select program_id, member_id, entry_id, kind, cause_id
  from entry e
 where kind in ('earn', 'return', 'refund', 'repay')
   and not exists (select from activity a
                    where a.program_id = e.program_id and a.member_id = e.member_id
                      and a.activity_id = e.cause_id)
union all
select program_id, member_id, entry_id, kind, cause_id
  from entry e
 where kind in ('hold', 'capture', 'void', 'lapse')
   and not exists (select from redemption r
                    where r.program_id = e.program_id and r.member_id = e.member_id
                      and r.redemption_id = e.cause_id)
union all
select program_id, member_id, entry_id, kind, cause_id
  from entry e
 where kind in ('expire', 'activate', 'cancel')
   and not exists (select from lot l
                    where l.program_id = e.program_id and l.member_id = e.member_id
                      and l.lot_id = e.cause_id)
union all
select program_id, member_id, entry_id, kind, cause_id
  from entry
 where kind = 'adjust' and cause_id <> entry_id
union all
select program_id, member_id, entry_id, kind, cause_id
  from entry e
 where kind = 'open'
   and not exists (select from import i
                    where i.program_id = e.program_id and i.import_id = e.cause_id)
