-- I31: A return that came before its purchase is either waiting or was taken, and not both.
-- Fails when: a return was lost on the way, or was taken although it still waits.
-- Do: compare the returns named here with the till's journal, send again what is missing; report
--   it.
-- Counts: waiting_return
select program_id, activity_id, settled_at, a.activity_id is not null as recorded
  from waiting_return w
  left join activity a using (program_id, activity_id)
 where (w.settled_at is not null) <> (a.activity_id is not null)
