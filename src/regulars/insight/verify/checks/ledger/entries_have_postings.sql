-- I1: Every entry in the books moves something.
-- Fails when: an entry is there, but what it moved is gone.
-- Do: stop the tills and keep the database as it is. The postings of the entries named here were
--   deleted or never written; compare with the last backup and report it as a bug.
-- Counts: entry
select program_id, member_id, entry_id, kind
  from entry e
 where not exists (select from posting p
                    where p.program_id = e.program_id and p.member_id = e.member_id
                      and p.entry_id = e.entry_id)
