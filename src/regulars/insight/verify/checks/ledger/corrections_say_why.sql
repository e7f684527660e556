-- I29: Every correction, courtesy, merge, block and forgiven debt says why it was made and by whom.
-- Fails when: somebody gave or took points and nobody can tell who.
-- Do: find out from the server's log who made the entries named here, and note it with the
--   member.
-- Counts: entry where kind in ('adjust', 'extend', 'reinstate', 'write_off')
select program_id, member_id, entry_id, actor, reason
  from entry
 where kind in ('adjust', 'extend', 'reinstate', 'write_off', 'merge', 'unmerge')
   and (trim(actor) = '' or trim(reason) = '')
union all
select program_id, member_id, block_id, actor, reason
  from block
 where trim(actor) = '' or trim(reason) = ''
