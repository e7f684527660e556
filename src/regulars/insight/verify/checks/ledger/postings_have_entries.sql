-- I2: Points move only in an entry of the same program and member, which says why.
-- Fails when: points moved without a reason, or a posting lies with another member than its
--   entry.
-- Do: stop the tills and keep the database as it is. Compare the postings named here with the
--   last backup and report it as a bug.
-- Counts: posting
select program_id, member_id, entry_id, line, wallet, amount
  from posting p
 where not exists (select from entry e
                    where e.program_id = p.program_id and e.member_id = p.member_id
                      and e.entry_id = p.entry_id)
