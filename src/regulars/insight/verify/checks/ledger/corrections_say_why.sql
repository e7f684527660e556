-- I29: Every correction by hand says why it was made and by whom.
-- Fails when: somebody gave or took points and nobody can tell who.
-- Do: find out from the server's log who made the entries named here, and note it with the
--   member.
-- Counts: entry where kind = 'adjust'
select program_id, member_id, entry_id, actor, reason
  from entry
 where kind = 'adjust' and (trim(actor) = '' or trim(reason) = '')
