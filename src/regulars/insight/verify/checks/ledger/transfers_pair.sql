-- I28: What one member hands over another one gets, to the last point.
-- Fails when: points vanished on their way from one member to another, or came from nowhere.
-- Do: look up both entries by the cause named here; settle the difference with the members by an
--   adjustment, and report it as a bug.
-- Counts: posting where account = 16
select e.program_id, e.cause_id, e.kind, p.wallet, sum(p.amount) as off_by,
       count(distinct e.member_id) as members
  from entry e
  join posting p using (program_id, member_id, entry_id)
 where p.account = 16
 group by e.program_id, e.cause_id, e.kind, p.wallet
having sum(p.amount) <> 0 or count(distinct e.member_id) < 2
    or e.kind not in ('transfer', 'pool', 'merge', 'unmerge')
