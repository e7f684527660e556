-- I17: Pending points become usable or are cancelled, once and one of the two, and no more of them
--   than were pending.
-- Fails when: a member got points twice, or points that were cancelled, or lost confirmed ones.
-- Do: the entries named here say what happened; settle the difference by an adjustment and report
--   it as a bug.
-- Counts: lot where activates_at is not null or cancels_at is not null
--
-- A lot that was told too late to wait was never pending: its earning went to the usable points.
with waits as (
    select l.program_id, l.member_id, l.wallet, l.lot_id, l.state, sum(p.amount) as pending
      from lot l
      join posting p using (program_id, member_id, entry_id, wallet)
     where (l.activates_at is not null or l.cancels_at is not null) and p.account = 2
     group by l.program_id, l.member_id, l.wallet, l.lot_id, l.state
), ends as (
    select e.program_id, e.member_id, p.wallet, e.cause_id as lot_id,
           count(*) filter (where e.kind = 'activate') as activated,
           count(*) filter (where e.kind = 'cancel') as cancelled, sum(-p.amount) as points
      from entry e
      join posting p using (program_id, member_id, entry_id)
     where e.kind in ('activate', 'cancel') and p.account = 2
     group by e.program_id, e.member_id, p.wallet, e.cause_id
)
select program_id, member_id, wallet, lot_id, w.state, w.pending, e.activated, e.cancelled, e.points
  from waits w
  full join ends e using (program_id, member_id, wallet, lot_id)
 where w.state is null
    or coalesce(e.points, 0) > w.pending
    or coalesce(e.activated, 0) <> (w.state = 'open')::int
    or coalesce(e.cancelled, 0) <> (w.state = 'cancelled')::int
union all
select program_id, member_id, wallet, lot_id, state, amount, null, null, remaining
  from lot
 where state <> 'open' and activates_at is null and cancels_at is null
