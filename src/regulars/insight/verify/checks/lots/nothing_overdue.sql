-- I13: After a night's work nothing is left that had to lapse by then.
-- Fails when: points live on after their end; they cannot be spent, but your liability is too
--   high.
-- Do: run `regulars doctor` and look whether the worker runs; the next night takes them with it.
-- Counts: midnight_step where step = 'expire_lots' and done_at is not null
--
-- Points that were recorded while the night ran are the next night's.
with nights as (
    select program_id, max(done_at) as done_at
      from midnight_step
     where step = 'expire_lots' and done_at is not null
     group by program_id
)
select l.program_id, l.member_id, l.wallet, l.lot_id, l.expires_at, l.remaining - l.pinned as free
  from lot l
  join nights n using (program_id)
  join entry e using (program_id, member_id, entry_id)
 where l.remaining > l.pinned and l.expires_at <= n.done_at
   and e.recorded_at < n.done_at - interval '10 minutes'
