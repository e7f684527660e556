-- I1: Whatever a member gains or loses has another side, and the two come to nothing.
-- Fails when: points came from nowhere or vanished, because an entry was changed or written in
--   part.
-- Do: stop the tills and keep the database as it is. Compare the entries named here with the last
--   backup, find out who can write to the database besides Regulars, and report it as a bug.
-- Counts: posting
select program_id, member_id, entry_id, wallet, sum(amount) as off_by, count(*) as sides
  from posting
 group by program_id, member_id, entry_id, wallet
having sum(amount) <> 0 or count(*) < 2
