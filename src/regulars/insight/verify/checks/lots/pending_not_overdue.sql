-- I17: After a night's work no points are pending whose wait was over by then.
-- Fails when: points wait on after their time; they can be spent, but nobody was told.
-- Do: run `regulars doctor` and look whether the worker runs; the next night takes them with it.
-- Counts: midnight_step where step = 'activate_pending' and done_at is not null
--
-- Points that were recorded while the night ran are the next night's.
with nights as (
    select program_id, max(done_at) as done_at
      from midnight_step
     where step = 'activate_pending' and done_at is not null
     group by program_id
)
select l.program_id, l.member_id, l.wallet, l.lot_id, l.activates_at, l.cancels_at, l.remaining
  from lot l
  join nights n using (program_id)
  join entry e using (program_id, member_id, entry_id)
 where l.state = 'pending' and l.remaining > 0
   and coalesce(l.activates_at, l.cancels_at) <= n.done_at
   and e.recorded_at < n.done_at - interval '10 minutes'
